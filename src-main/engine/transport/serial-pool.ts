// Kitex's long and short connections for messages in frames: one exchange at a time, the next message on the socket is the reply.

import { dialWire } from './dial-wire.ts'
import { ExclusivePool, type ExclusiveKind } from './exclusive-pool.ts'
import { SerialConnection } from './serial-connection.ts'
import { SerialLease } from './serial-lease.ts'
import type { ConnectionPool, Lease, PoolOptions } from './transport.ts'

/** Makes a pool of reusable connections. */
export const createLongPool = (options: Partial<PoolOptions> = {}): ConnectionPool => new ExclusivePool('long', serial, options)

/** Makes a pool that keeps nothing: dialled for one call, closed after it. */
export const createShortPool = (): ConnectionPool => new ExclusivePool('short', serial)

const serial: ExclusiveKind<SerialConnection, Lease> = {
  async dial({ address, secure }, connectTimeoutMs, signal) {
    const { wire, dialMs, tls } = await dialWire(address, connectTimeoutMs, signal, secure)
    return new SerialConnection(wire, dialMs, tls)
  },
  lease: (connection, facts, giveBack) => new SerialLease(connection, facts, giveBack),
}
