// One stream as Kitex's client has it (pkg/remote/trans/ttstream/stream_client.go): Header to open, Data both ways, Trailer to close one side, Rst to end
// both. A client that ends abnormally, or hears the end before it has half-closed, sends an empty Trailer too, for peers that know no Rst.

import { assert } from '../../../../shared/base/assert.ts'
import { fail, KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import { type Captured, type HeaderInfo, type MessageStream, noHeader, type StreamOpening, type StreamPart } from '../transport.ts'
import { stringKey } from '../ttheader/keys.ts'
import { FrameCapture } from './capture.ts'
import { encodeException, type StreamException } from './exception.ts'
import { connectionLost, hintForSilence, reasonFor, reasonIn, resetFault, streamCode, trailerFault } from './faults.ts'
import { dataHead, encodeData, encodeFrame, frameHeader, payloadOf, type StreamFrame } from './frame.ts'

/** What a stream asks of its connection. */
export interface StreamOwner {
  readonly address: string
  write(frame: Buffer, rest?: Buffer): boolean
  whenDrained(resume: () => void): void
  /** Whether a message of so many bytes is copied behind its head. */
  joins(bytes: number): boolean
  grew(unreadBytes: number): void
  eased(): void
  closed(stream: TtStream): void
  /** We ended it, before the server did. */
  gaveUp(stream: TtStream): void
  destroy(error: KiteError): void
}

const nothing: readonly StreamPart[] = []

export class TtStream implements MessageStream {
  readonly id: number
  readonly maxMessageBytes: number
  /** On the monotonic clock. */
  readonly beganAt = performance.now()
  /** Bytes of messages that came and were not taken. */
  unreadBytes = 0
  readonly #owner: StreamOwner
  readonly #method: string
  readonly #opening: StreamOpening
  readonly #head: Buffer
  readonly #sent: FrameCapture | undefined
  readonly #received: FrameCapture | undefined
  #forgetAbort: () => void = () => undefined
  #parts: StreamPart[] = []
  #take: ((parts: readonly StreamPart[]) => void) | undefined
  /** Senders that wait for the system to take bytes. */
  readonly #blocked = new Set<() => void>()
  #halfClosed = false
  #headerCame = false
  #touched = false
  /** Set when the stream is over; then why nothing can be sent. */
  #over: KiteError | undefined

  constructor(owner: StreamOwner, id: number, opening: StreamOpening) {
    this.#owner = owner
    this.id = id
    this.#opening = opening
    this.maxMessageBytes = opening.maxMessageBytes
    this.#method = opening.route.method
    this.#head = dataHead(id, this.#method)
    if (opening.capture) {
      this.#sent = new FrameCapture()
      this.#received = new FrameCapture()
    }
  }

  /** Whether a reader waits for parts. */
  get isWaiting(): boolean {
    return this.#take !== undefined
  }

  /** Throws KiteError when the header's pairs do not fit. */
  begin(signal: AbortSignal): void {
    const { header } = this.#opening
    this.#write(encodeFrame('header', this.id, this.#method, header.strings, undefined, header))
    this.#forgetAbort = whenAborted(signal, () => {
      const error = abortError(signal)
      this.#abandon(error, reasonFor(error))
    })
  }

  async send(message: Buffer): Promise<number> {
    if (this.#over !== undefined) throw this.#over
    if (this.#halfClosed) throw fail('internal', 'connection', 'ttstream.sendAfterClose')
    const taken = this.#owner.joins(message.length) ? this.#write(encodeData(this.#head, message)) : this.#writeApart(message)
    if (taken) return 0
    const from = performance.now()
    await new Promise<void>((resolve) => {
      const resume = (): void => {
        this.#blocked.delete(resume)
        resolve()
      }
      this.#blocked.add(resume)
      this.#owner.whenDrained(resume)
    })
    const over = this.#endedMeanwhile()
    if (over !== undefined) throw over
    return performance.now() - from
  }

  closeSend(): Promise<void> {
    this.#sendTrailer()
    return Promise.resolve()
  }

  receive(): Promise<readonly StreamPart[]> {
    if (this.#parts.length > 0) return Promise.resolve(this.#taken())
    if (this.#over !== undefined) return Promise.resolve(nothing)
    assert(this.#take === undefined, 'a stream has one reader')
    return new Promise((resolve) => {
      this.#take = resolve
      this.#owner.eased()
    })
  }

  cancel(reason: string): void {
    this.#abandon(fail('cancelled', 'connection', 'error.cancelled'), reasonIn(reason))
  }

  captured(): { readonly sent: Captured; readonly received: Captured } | undefined {
    const [sent, received] = [this.#sent, this.#received]
    return sent === undefined || received === undefined ? undefined : { sent: sent.captured(), received: received.captured() }
  }

  /** A frame of this stream came. */
  frame(frame: StreamFrame): void {
    this.#touched = true
    this.#received?.add(frame.raw)
    switch (frame.type) {
      case 'data':
        return this.#message(payloadOf(frame))
      case 'header':
        return this.#header(frameHeader(frame))
      case 'trailer':
        return this.#trailer(frameHeader(frame), payloadOf(frame))
      case 'rst':
        return this.#finish(noHeader, resetFault(frameHeader(frame), payloadOf(frame)))
      case 'meta':
        // A hook that stock Kitex does not use.
        return
    }
  }

  /** A message beyond the limit was on its way: the rest of the stream is of no use. */
  tooLarge(bytes: number): void {
    const error = fail('remote_or_network', 'frame', 'ttstream.messageTooLarge', { bytes, limit: this.maxMessageBytes }, { hint: { key: 'ttstream.messageTooLargeHint' } })
    this.#abandon(error, { typeId: streamCode.bizCancel, message: `message of ${bytes} bytes exceeds the limit of ${this.maxMessageBytes}` })
  }

  /** The connection is gone. */
  lost(cause: KiteError): void {
    if (this.#over !== undefined) return
    this.#end(noHeader, cause.data.code === 'cancelled' ? cause.data : connectionLost(cause, this.#owner.address, !this.#touched))
  }

  #header(header: HeaderInfo): void {
    if (this.#headerCame) return this.#owner.destroy(fail('remote_or_network', 'frame', 'ttstream.duplicateHeader', { streamId: this.id }))
    this.#headerCame = true
    this.#hand({ kind: 'header', header })
  }

  #message(message: Buffer): void {
    this.unreadBytes += message.length
    this.#hand({ kind: 'message', message, wireBytes: message.length, compressed: false })
    this.#owner.grew(this.unreadBytes)
  }

  #trailer(header: HeaderInfo, payload: Buffer): void {
    this.#finish(header, trailerFault(header, payload))
  }

  /** The server ended it. */
  #finish(header: HeaderInfo, fault: ErrorData | undefined): void {
    this.#sendTrailer()
    this.#end(header, fault)
  }

  /** We end it, and tell the server why. */
  #abandon(error: KiteError, told: StreamException): void {
    if (this.#over !== undefined) return
    const { caller = '' } = this.#opening
    const path: readonly Pair[] = caller === '' ? [] : [[stringKey.ttstreamCancelPath, caller]]
    this.#write(encodeFrame('rst', this.id, this.#method, path, encodeException(this.#method, this.id, told)))
    this.#sendTrailer()
    const { route: { service, method } } = this.#opening
    const silent = error.data.code === 'rpc_timeout' && !this.#touched
    this.#end(noHeader, silent ? { ...error.data, hint: hintForSilence(service, method) } : error.data)
    this.#owner.gaveUp(this)
  }

  #end(header: HeaderInfo, fault: ErrorData | undefined): void {
    this.#over = fault === undefined ? fail('remote_or_network', 'remote', 'ttstream.overForSending') : new KiteError(fault)
    this.#forgetAbort()
    for (const resume of this.#blocked) resume()
    this.#hand(fault === undefined ? { kind: 'trailer', header } : { kind: 'trailer', header, fault })
    this.#owner.closed(this)
  }

  #hand(part: StreamPart): void {
    this.#parts.push(part)
    const take = this.#take
    if (take === undefined) return
    this.#take = undefined
    // Handed over with whatever else this chunk of bytes brings.
    queueMicrotask(() => take(this.#taken()))
  }

  #taken(): readonly StreamPart[] {
    const parts = this.#parts
    this.#parts = []
    if (this.unreadBytes > 0) {
      this.unreadBytes = 0
      this.#owner.eased()
    }
    return parts
  }

  #endedMeanwhile(): KiteError | undefined {
    return this.#over
  }

  #sendTrailer(): void {
    if (this.#halfClosed || this.#over !== undefined) return
    this.#halfClosed = true
    this.#write(encodeFrame('trailer', this.id, this.#method, [], undefined))
  }

  #write(frame: Buffer): boolean {
    this.#sent?.add(frame)
    return this.#owner.write(frame)
  }

  /** A large message is not copied; its head goes before it. */
  #writeApart(message: Buffer): boolean {
    if (this.#sent !== undefined) return this.#write(encodeData(this.#head, message))
    const head = Buffer.from(this.#head)
    head.writeUInt32BE(head.length + message.length - 4, 0)
    return this.#owner.write(head, message)
  }
}
