// What the pool of HTTP connections holds: a connection that carries one request at a time, whichever version of HTTP it speaks.

import type { Dialled } from '../dial.ts'
import type { HttpReply, HttpRequestOptions, HttpRequestParts } from './types.ts'

export interface RequestConnection {
  /** As it was dialled. */
  readonly address: string
  readonly dialMs: number
  /** What the handshake came to; undefined: plaintext. */
  readonly tls: Dialled['tls']
  readonly local: string
  readonly remote: string
  /** Requests begun on it so far. */
  readonly uses: number
  /** When it last had nothing to do. */
  readonly idleSince: number
  /** Called when it breaks while nobody uses it. */
  onIdleEnd: (() => void) | undefined
  /** Whether another request may follow: not after a failure, a reply that announced a close, or one that was not read to its end. */
  readonly reusable: boolean
  /** Lets the process exit although this connection is open. */
  keepsProcess: boolean
  /** Sends a request; resolves with the head of its reply. */
  request(parts: HttpRequestParts, signal: AbortSignal, options?: HttpRequestOptions): Promise<HttpReply>
  /** Closes it in good order; a request that is still under way ends as cancelled. */
  close(): void
}
