// What the pool of HTTP connections holds: a connection that carries one request at a time, whichever version of HTTP it speaks.

import type { Dialled } from '../dial.ts'
import type { ExclusiveConnection } from '../exclusive-pool.ts'
import type { HttpReply, HttpRequestOptions, HttpRequestParts } from './types.ts'

export interface RequestConnection extends ExclusiveConnection {
  /** As it was dialled. */
  readonly address: string
  readonly dialMs: number
  /** What the handshake came to; undefined: plaintext. */
  readonly tls: Dialled['tls']
  readonly local: string
  readonly remote: string
  /** Requests begun on it so far. */
  readonly uses: number
  /** Sends a request; resolves with the head of its reply. */
  request(parts: HttpRequestParts, signal: AbortSignal, options?: HttpRequestOptions): Promise<HttpReply>
}
