// Dials an HTTP/2 connection for a pool. The first request goes out with the preface: nothing waits for the server's settings.

import { dial } from '../dial.ts'
import type { ConnectionFacts, Secure } from '../transport.ts'
import { Http2Connection } from './connection.ts'
import type { KeepAliveOptions } from './keep-alive.ts'

/** A connection as its pool keeps it. */
export interface PooledConnection {
  readonly connection: Http2Connection
  readonly dialMs: number
  readonly tls: ConnectionFacts['tls']
  /** Calls that hold it. */
  leases: number
  uses: number
  idleSince: number
  /** Its address is no longer wanted: it ends with its last call. */
  retired: boolean
}

/** Read at once by one system call. */
const readBytes = 64 * 1024

/** Connects, or throws KiteError of code `get_connection`. */
export async function dialHttp2(address: string, timeoutMs: number, signal: AbortSignal, secure: Secure | undefined, keepAlive?: KeepAliveOptions): Promise<PooledConnection> {
  const buffer = Buffer.allocUnsafeSlow(secure === undefined ? readBytes : 0)
  let connection: Http2Connection | undefined
  const inbox = { buffer, take: (length: number): void => connection?.read(buffer, length) }
  const { socket, dialMs, tls } = await dial(address, timeoutMs, signal, secure, inbox)
  connection = new Http2Connection(socket, address, secure !== undefined, keepAlive)
  if (secure !== undefined) socket.on('data', (chunk: Buffer) => connection?.read(chunk, chunk.length))
  return { connection, dialMs, tls, leases: 0, uses: 0, idleSince: performance.now(), retired: false }
}
