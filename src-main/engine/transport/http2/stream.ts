// One request and its reply on a connection: what waits to be sent, both flow-control windows, and who is told of what comes. Knows no gRPC;
// bodies are bytes. Its owner is called directly and synchronously, without events and promises, since this runs for every frame.

import { assert } from '../../../../shared/base/assert.ts'
import type { KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { errorCode } from './constants.ts'
import type { FrameLog } from './frame-log.ts'
import { ReceiveWindow } from './receive-window.ts'
import { firstStreamWindow } from './window-growth.ts'

/** Whoever made the request. Exactly one of: a call with `last`, `reset`, `failed`, ends the stream, and nothing follows. */
export interface StreamOwner {
  /** The reply's headers, then its trailers; interim (1xx) ones are left out. */
  headers(fields: readonly Pair[], last: boolean): void
  /** Part of the body, `[start, end)`; the memory is good during the call only. What has been read is given back by `stream.consume`. */
  data(bytes: Buffer, start: number, end: number, last: boolean): void
  /** The peer reset the stream, with this HTTP/2 error code. */
  reset(code: number): void
  /** The connection ended, the server broke the protocol, or it did not begin the stream. */
  failed(error: KiteError): void
}

/** What a stream asks of its connection. */
export interface StreamHost {
  sendable(stream: Http2Stream): void
  consumed(stream: Http2Stream, bytes: number): void
  cancelled(stream: Http2Stream, code: number): void
}

interface Chunk {
  readonly bytes: Buffer
  readonly last: boolean
  readonly done: (() => void) | undefined
}

export class Http2Stream {
  /** 0 until it has begun: a server bounds how many run at once. */
  id = 0
  readonly owner: StreamOwner
  /** Keeps the frames for the byte view, where that is wanted. */
  readonly log: FrameLog | undefined
  readonly receive = new ReceiveWindow(firstStreamWindow)
  /** What may still be sent; negative after the peer made its windows smaller. */
  sendWindow = 0
  /** On the monotonic clock. */
  readonly beganAt = performance.now()
  /** HEADERS came. */
  answered = false
  localClosed = false
  remoteClosed = false
  readonly #host: StreamHost
  #queue: Chunk[] = []
  #at = 0

  constructor(host: StreamHost, owner: StreamOwner, log: FrameLog | undefined) {
    this.#host = host
    this.owner = owner
    this.log = log
  }

  get closed(): boolean {
    return this.localClosed && this.remoteClosed
  }

  /** The bytes that are next, or undefined when nothing waits. */
  get next(): Chunk | undefined {
    return this.#queue[0]
  }

  /** How much of {@link next} has gone. */
  get nextAt(): number {
    return this.#at
  }

  /** Queues part of the body; `done` runs when flow control has taken all of it. The memory must not change until then. */
  write(bytes: Buffer, last: boolean, done?: () => void): void {
    assert(!this.localClosed, 'nothing is sent after the end')
    this.#queue.push({ bytes, last, done })
    this.#host.sendable(this)
  }

  /** So many bytes of {@link next} have gone. */
  sent(bytes: number): void {
    const chunk = this.#queue[0]
    if (chunk === undefined) return
    this.#at += bytes
    if (this.#at < chunk.bytes.length) return
    this.#queue.shift()
    this.#at = 0
    if (chunk.last) this.localClosed = true
    chunk.done?.()
  }

  /** So much has been read: the peer may send as much again. */
  consume(bytes: number): void {
    if (bytes > 0 && !this.remoteClosed) this.#host.consumed(this, bytes)
  }

  /** Ends both directions at once. The owner hears nothing more. */
  cancel(code: number = errorCode.cancel): void {
    if (!this.closed) this.#host.cancelled(this, code)
  }

  /** Forgets what waits to be sent: the connection has ended the stream. */
  drop(): void {
    this.localClosed = true
    this.remoteClosed = true
    this.#queue = []
  }
}
