// A gRPC stream on an HTTP/2 connection: messages go as flow control lets them, and come as fast as somebody asks for them. What lies here unread is
// bounded by the stream's window, which is given back only when parts are handed out.

import { fail, KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import { compressionNamed, compressorOf, type Compressor } from '../compress/compress.ts'
import type { Http2Connection } from '../http2/connection.ts'
import { errorCode } from '../http2/constants.ts'
import { NotBegun, streamReset } from '../http2/errors.ts'
import { FrameLog, keptBytes } from '../http2/frame-log.ts'
import type { BeginningStream } from '../http2/restarting-stream.ts'
import type { Http2Stream, StreamOwner } from '../http2/stream.ts'
import { noHeader, type CallRoute, type Captured, type StreamOpening, type StreamPart } from '../transport.ts'
import { GrpcCaptured } from './captured.ts'
import { MessageAssembly, type RawMessage } from './message-assembly.ts'
import { compressorFor, writeMessage } from './outgoing-message.ts'
import { endOf, fieldOf, lateFault, pairsOf, refusalOf, statusOfReset } from './reply-rules.ts'
import { lastingFields, passingFields } from './request-fields.ts'

/** Opens a stream; the server hears of it at once. Aborting resets it. */
export async function openGrpcStream(connection: Http2Connection, opening: StreamOpening, signal: AbortSignal): Promise<BeginningStream> {
  if (signal.aborted) throw abortError(signal)
  const compressor = await compressorFor(opening.route.compress)
  const stream = new GrpcStream(connection.address, opening, compressor)
  const { route, header } = opening
  stream.begin(connection.request({ lasting: lastingFields(route, connection.address, connection.secure), passing: passingFields(route, header), log: stream.log }, stream), signal)
  return stream
}

/** A message that waits to be handed out, and what its bytes are worth to the window. */
interface Arrived {
  readonly message: RawMessage
  readonly credit: number
}

class GrpcStream implements BeginningStream, StreamOwner {
  notBegun: NotBegun | undefined
  readonly log: FrameLog | undefined
  readonly #address: string
  readonly #route: CallRoute
  readonly #method: string
  readonly #startedAt = performance.now()
  readonly #compressor: Compressor | undefined
  readonly #maxBytes: number
  readonly #assembly: MessageAssembly
  readonly #fresh: RawMessage[] = []
  readonly #shown: { readonly sent: Buffer[]; readonly received: Buffer[] } = { sent: [], received: [] }
  #stream: Http2Stream | undefined
  #forgetAbort: (() => void) | undefined
  #arrived: Arrived[] = []
  /** Bytes of a message that has not come whole and of frames around it, not yet given back. */
  #uncredited = 0
  #headers: readonly Pair[] | undefined
  #headersGiven = false
  #end: StreamPart | undefined
  #ended = false
  #sendClosed = false
  /** Wakes whoever waits in `receive`. */
  #wake: (() => void) | undefined
  /** Why it was ended on our side: those who wait hear it. */
  #cancelled: KiteError | undefined
  readonly #sending = new Set<(error: KiteError) => void>()

  constructor(address: string, { route, maxMessageBytes, capture }: StreamOpening, compressor: Compressor | undefined) {
    this.log = capture ? new FrameLog() : undefined
    this.#address = address
    this.#route = route
    this.#method = `${route.service}/${route.method}`
    this.#compressor = compressor
    this.#maxBytes = maxMessageBytes
    this.#assembly = new MessageAssembly(maxMessageBytes)
  }

  begin(stream: Http2Stream, signal: AbortSignal): void {
    this.#stream = stream
    this.#forgetAbort = whenAborted(signal, () => this.#abort(abortError(signal)))
  }

  send(message: Buffer): Promise<number> {
    const stream = this.#stream
    if (stream === undefined || this.#sendClosed || stream.localClosed) return Promise.reject(this.#over())
    const body = this.#compressor === undefined ? message : this.#compressor.compress(message)
    if (this.log !== undefined && this.#compressor !== undefined && this.log.sent.total < keptBytes) this.#shown.sent.push(message)
    const from = performance.now()
    let waited: number | undefined
    const promise = new Promise<number>((resolve, reject) => {
      const refuse = (error: KiteError): void => reject(error)
      this.#sending.add(refuse)
      writeMessage(stream, body, this.#compressor !== undefined, false, () => {
        this.#sending.delete(refuse)
        waited ??= performance.now() - from
        resolve(waited)
      })
    })
    return promise
  }

  closeSend(): Promise<void> {
    const stream = this.#stream
    if (stream !== undefined && !this.#sendClosed && !stream.localClosed) {
      this.#sendClosed = true
      stream.write(nothing, true)
    }
    return Promise.resolve()
  }

  async receive(): Promise<readonly StreamPart[]> {
    for (;;) {
      const parts = await this.#take()
      if (parts.length > 0 || this.#ended) return parts
      if (this.#cancelled !== undefined) throw this.#cancelled
      // Something may have come while that was awaited.
      if (this.#arrived.length > 0 || this.#end !== undefined) continue
      this.#credit()
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = undefined
    }
  }

  cancel(reason: string): void {
    this.#abort(fail('cancelled', 'connection', 'http2.streamCancelled', { reason }))
  }

  captured(): { readonly sent: Captured; readonly received: Captured } | undefined {
    const { log } = this
    return log === undefined ? undefined : { sent: new GrpcCaptured(log.sent, this.#shown.sent), received: new GrpcCaptured(log.received, this.#shown.received) }
  }

  headers(fields: readonly Pair[], last: boolean): void {
    if (last) {
      if (this.#headers === undefined) this.#headersGiven = true
      const headers = this.#headers ?? fields
      return this.#finish(fields, endOf(fields, headers, this.#method) ?? this.#cutShort())
    }
    this.#headers = fields
    const refusal = refusalOf(fields, this.#method)
    if (refusal === undefined) return this.#wake?.()
    this.#stream?.cancel(errorCode.cancel)
    this.#finish([], refusal)
  }

  data(bytes: Buffer, start: number, end: number, last: boolean): void {
    this.#uncredited += end - start
    try {
      this.#assembly.push(bytes, start, end, this.#fresh)
    } catch (caught) {
      this.#stream?.cancel(errorCode.cancel)
      return this.#finish([], KiteError.from(caught, 'frame').data)
    }
    if (this.#fresh.length > 0) this.#arrive()
    if (last) return this.#finish([], endOf([], this.#headers ?? [], this.#method))
    if (this.#wake === undefined) return
    // Somebody waits for the rest of a message that may be larger than the window.
    if (this.#arrived.length === 0) this.#credit()
    else this.#wake()
  }

  reset(code: number): void {
    const fault = lateFault(code, this.#startedAt, this.#route)
    if (fault === undefined) this.failed(streamReset(this.#address, code, statusOfReset(code)))
    else this.#finish([], fault)
  }

  failed(error: KiteError): void {
    // A server that has answered has begun, whatever it says.
    if (error instanceof NotBegun && this.#headers === undefined) this.notBegun = error
    this.#finish([], error.data)
  }

  #arrive(): void {
    const credit = Math.floor(this.#uncredited / this.#fresh.length)
    for (const message of this.#fresh) this.#arrived.push({ message, credit })
    this.#uncredited -= credit * this.#fresh.length
    this.#fresh.length = 0
  }

  /** Everything that is here, decompressed and given back to the window. */
  async #take(): Promise<readonly StreamPart[]> {
    const parts: StreamPart[] = []
    if (!this.#headersGiven && this.#headers !== undefined) {
      this.#headersGiven = true
      parts.push({ kind: 'header', header: { strings: pairsOf(this.#headers), ints: noHeader.ints } })
    }
    const arrived = this.#arrived
    this.#arrived = []
    let credit = 0
    for (const one of arrived) {
      credit += one.credit
      const { bytes, compressed } = one.message
      try {
        parts.push({ kind: 'message', message: compressed ? await this.#decompressed(bytes) : bytes, wireBytes: bytes.length, compressed })
      } catch (caught) {
        this.#stream?.cancel(errorCode.cancel)
        this.#end = { kind: 'trailer', header: noHeader, fault: KiteError.from(caught, 'frame').data }
        break
      }
    }
    this.#stream?.consume(credit)
    if (this.#end !== undefined && !this.#ended && this.#arrived.length === 0) {
      this.#ended = true
      parts.push(this.#end)
    }
    return parts
  }

  async #decompressed(bytes: Buffer): Promise<Buffer> {
    const name = compressionNamed(fieldOf(this.#headers ?? [], 'grpc-encoding') ?? '')
    if (name === 'none') throw fail('protocol', 'frame', 'http2.grpcCompressedUnnamed', {}, { hint: { key: 'http2.grpcFlagHint' } })
    const message = (await compressorOf(name)).decompress(bytes, this.#maxBytes)
    if (this.log !== undefined && this.#shown.received.length < 64) this.#shown.received.push(message)
    return message
  }

  #credit(): void {
    const credit = this.#uncredited
    this.#uncredited = 0
    this.#stream?.consume(credit)
  }

  #cutShort(): ErrorData | undefined {
    const { unfinished } = this.#assembly
    return unfinished === 0 ? undefined : fail('protocol', 'remote', 'http2.grpcCutShort', { bytes: unfinished, method: this.#method }).data
  }

  #finish(trailer: readonly Pair[], fault: ErrorData | undefined): void {
    this.#forgetAbort?.()
    if (this.#end !== undefined || this.#cancelled !== undefined) return
    const header = trailer.length === 0 ? noHeader : { strings: pairsOf(trailer), ints: noHeader.ints }
    this.#end = { kind: 'trailer', header, ...(fault === undefined ? {} : { fault }) }
    this.#refuseSending(this.#over())
    this.#wake?.()
  }

  #abort(error: KiteError): void {
    this.#forgetAbort?.()
    if (this.#end !== undefined || this.#cancelled !== undefined) return
    this.#cancelled = error
    this.#arrived = []
    this.#stream?.cancel(errorCode.cancel)
    this.#refuseSending(error)
    this.#wake?.()
  }

  #refuseSending(error: KiteError): void {
    for (const refuse of this.#sending) refuse(error)
    this.#sending.clear()
  }

  /** Why nothing more can be sent. */
  #over(): KiteError {
    if (this.#cancelled !== undefined) return this.#cancelled
    const fault = this.#end?.kind === 'trailer' ? this.#end.fault : undefined
    return fault === undefined ? fail('remote_or_network', 'remote', 'http2.streamOver', { method: this.#method }) : new KiteError(fault)
  }
}

const nothing = Buffer.alloc(0)
