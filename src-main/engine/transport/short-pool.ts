// Kitex's short connections: dialled for one call, closed after it.

import { dialWire } from './dial-wire.ts'
import { SerialConnection } from './serial-connection.ts'
import { SerialLease } from './serial-lease.ts'
import type { ConnectionPool, Lease, Secure } from './transport.ts'

/** Makes a pool that keeps nothing. */
export function createShortPool(): ConnectionPool {
  return new ShortPool()
}

class ShortPool implements ConnectionPool {
  readonly kind = 'short'
  readonly #open = new Map<string, Set<SerialConnection>>()

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    const { wire, dialMs, tls } = await dialWire(address, connectTimeoutMs, signal, secure)
    const connection = new SerialConnection(wire, dialMs, tls)
    const open = this.#open.get(address) ?? new Set()
    this.#open.set(address, open.add(connection))
    const close = (): void => {
      connection.close()
      open.delete(connection)
      if (open.size === 0 && this.#open.get(address) === open) this.#open.delete(address)
    }
    return new SerialLease(connection, { pool: 'short', reused: false, idleMs: 0, poolIdle: 0, poolTotal: open.size }, close)
  }

  /** Nothing lies idle in this pool. */
  forget(): void {}

  dispose(): void {
    for (const open of this.#open.values()) for (const connection of open) connection.close()
    this.#open.clear()
  }
}
