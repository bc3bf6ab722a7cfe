// What HTTP/1.1 offers to the protocols that ride on it (plain HTTP, Thrift over HTTP, gRPC-Web, Connect): one request and its reply on a
// leased connection. Kept apart from the pool so that those protocols and the table that lists them never import each other in a circle.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { Captured, Exchange, ExchangeOptions, Lease, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'

/** A request as it is to stand on the wire: order and case of the headers are kept. `Host` and `Content-Length` are added where they are missing. */
export interface HttpRequestParts {
  readonly method: string
  /** Path with query, as in the request line. */
  readonly path: string
  readonly headers: readonly Pair[]
  readonly body?: Buffer
  /** `Host`; default: the dialled address. */
  readonly authority?: string
}

/** The head of a reply. Header names as they came, repeated ones kept. */
export interface ReplyHead {
  /** Such as `1.1`. */
  readonly version: string
  readonly status: number
  readonly reason: string
  readonly headers: readonly Pair[]
}

/** A reply whose head has come; its body follows at the reader's pace: while nobody reads, the peer is held back. */
export interface HttpReply extends ReplyHead {
  /** The next bytes of the body without chunk framing, as sent (still compressed); undefined at its end. Rejects with KiteError when it breaks off. */
  next(): Promise<Buffer | undefined>
  /** The rest of the body at once; more than `maxBytes` is an error and ends the connection. */
  read(maxBytes: number): Promise<Buffer>
  /** Pairs after a chunked body; known once the body has ended. */
  trailers(): readonly Pair[]
  /** Bytes of the body that came so far. */
  bodyBytes(): number
  /** What was captured so far, both ways. */
  captured(): { readonly sent: Captured; readonly received: Captured }
  /** Full lengths, also of what was not kept. */
  lengths(): { readonly sent: number; readonly received: number }
  /** On the monotonic clock; `readFinish` once the body has ended. */
  marks(): { readonly writeStart: number; readonly writeFinish: number; readonly readStart: number; readonly readFinish: number }
}

export interface HttpRequestOptions {
  /** Bytes of each direction that are kept for {@link HttpReply.captured}; default: all. */
  readonly captureBytes?: number
  /** Called when the system has taken the whole request, with its bytes explained. */
  readonly onWritten?: (sent: Captured) => void
}

/** A connection held for one call, that speaks HTTP. */
export interface HttpLease extends Lease {
  /** As it was dialled. */
  readonly address: string
  readonly isTls: boolean
  /** Sends a request; resolves with the head of the reply. One at a time, and the body of the one before must have ended. Aborting destroys the socket. */
  request(parts: HttpRequestParts, signal: AbortSignal, options?: HttpRequestOptions): Promise<HttpReply>
  /** A connection of its own to another address, as a redirect may need; released with this lease. */
  elsewhere(address: string, isTls: boolean, signal: AbortSignal): Promise<HttpLease>
}

/** What a protocol over HTTP makes of a lease. */
export interface HttpProtocol {
  exchange(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange>
  /** Absent: it has no streams. */
  open?(lease: HttpLease, opening: StreamOpening, signal: AbortSignal): Promise<MessageStream>
}

/** The last value of a header, its name in any case. */
export function headerOf(headers: readonly Pair[], name: string): string | undefined {
  const wanted = name.toLowerCase()
  return headers.findLast(([key]) => key.length === wanted.length && key.toLowerCase() === wanted)?.[1]
}

/** All values of a header, in order. */
export function headersOf(headers: readonly Pair[], name: string): readonly string[] {
  const wanted = name.toLowerCase()
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
}
