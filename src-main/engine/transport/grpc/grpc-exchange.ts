// One unary gRPC call on an HTTP/2 connection: one message each way, then the trailers.

import { fail, KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import { compressionNamed, compressorOf } from '../compress/compress.ts'
import type { Http2Connection } from '../http2/connection.ts'
import { errorCode } from '../http2/constants.ts'
import { NotBegun, streamReset } from '../http2/errors.ts'
import { FrameLog } from '../http2/frame-log.ts'
import type { Http2Stream, StreamOwner } from '../http2/stream.ts'
import { noHeader, type CallRoute, type Exchange, type ExchangeOptions, type IncomingMessage, type OutgoingMessage } from '../transport.ts'
import { GrpcCaptured } from './captured.ts'
import { MessageAssembly, type RawMessage } from './message-assembly.ts'
import { compressorFor, writeMessage } from './outgoing-message.ts'
import { endOf, fieldOf, lateFault, pairsOf, refusalOf, statusOfReset } from './reply-rules.ts'
import { lastingFields, passingFields } from './request-fields.ts'

const nothing = Buffer.alloc(0)
const none: readonly Buffer[] = []

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** Sends one message and waits for the reply. Aborting resets the stream and leaves the connection to others. */
export async function grpcExchange(connection: Http2Connection, outgoing: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  const { route } = outgoing
  if (route === undefined) throw new Error('believed: a gRPC message has a route')
  if (signal.aborted) throw abortError(signal)
  const compressor = route.compress === 'none' ? undefined : await compressorFor(route.compress)
  const body = compressor === undefined ? outgoing.message : compressor.compress(outgoing.message)
  const call = new UnaryCall(connection.address, route, options)
  const head = { lasting: lastingFields(route, connection.address, connection.secure), passing: passingFields(route, outgoing.header), log: call.log }
  return await new Promise((resolve, reject) => {
    const stream = connection.request(head, call)
    const forgetAbort = whenAborted(signal, () => {
      stream.cancel(errorCode.cancel)
      reject(abortError(signal))
    })
    call.begin(stream, (error) => {
      forgetAbort()
      if (error !== undefined) reject(error)
      else if (call.compressed) resolve(call.decompressed(outgoing.message))
      else resolve(call.result(outgoing.message))
    })
    writeMessage(stream, body, compressor !== undefined, true, () => call.wrote())
  })
}

class UnaryCall implements StreamOwner {
  readonly log: FrameLog | undefined
  readonly #address: string
  readonly #route: CallRoute
  readonly #options: ExchangeOptions
  readonly #assembly: MessageAssembly
  readonly #messages: RawMessage[] = []
  readonly #writeStart = performance.now()
  #writeFinish: number | undefined
  #readStart: number | undefined
  #readFinish: number | undefined
  #stream: Http2Stream | undefined
  #settle: ((error?: KiteError) => void) | undefined
  #headers: readonly Pair[] = []
  #trailer: readonly Pair[] = []
  #fault: ErrorData | undefined

  constructor(address: string, route: CallRoute, options: ExchangeOptions) {
    this.log = options.capture === false ? undefined : new FrameLog()
    this.#address = address
    this.#route = route
    this.#options = options
    this.#assembly = new MessageAssembly(options.maxFrameBytes)
  }

  begin(stream: Http2Stream, settle: (error?: KiteError) => void): void {
    this.#stream = stream
    this.#settle = settle
  }

  wrote(): void {
    this.#writeFinish = performance.now()
  }

  headers(fields: readonly Pair[], last: boolean): void {
    if (this.#readStart !== undefined) {
      this.#trailer = fields
      return this.#finish()
    }
    this.#readStart = performance.now()
    if (last) {
      this.#trailer = fields
      return this.#finish()
    }
    this.#headers = fields
    this.#fault = refusalOf(fields, this.#method)
    if (this.#fault === undefined) return
    this.#stream?.cancel(errorCode.cancel)
    this.#done()
  }

  data(bytes: Buffer, start: number, end: number, last: boolean): void {
    try {
      this.#assembly.push(bytes, start, end, this.#messages)
      if (this.#messages.length > 1) throw fail('protocol', 'remote', 'http2.grpcTwoMessages', { method: this.#method })
    } catch (caught) {
      this.#stream?.cancel(errorCode.cancel)
      return this.#fail(KiteError.from(caught, 'frame'))
    }
    if (last) return this.#finish()
    this.#stream?.consume(end - start)
  }

  reset(code: number): void {
    this.#fault = lateFault(code, this.#writeStart, this.#route)
    if (this.#fault === undefined) this.#fail(streamReset(this.#address, code, statusOfReset(code)))
    else this.#done()
  }

  failed(error: KiteError): void {
    this.#fail(error)
  }

  /** The one message has to be decompressed. */
  get compressed(): boolean {
    return this.#messages[0]?.compressed === true
  }

  /** What came of it, once it has settled without an error. */
  result(message: Buffer, body = this.#messages[0]?.bytes ?? nothing): Exchange {
    const { log } = this
    const readStart = this.#readStart ?? this.#writeStart
    const marks = { writeStart: this.#writeStart, writeFinish: this.#writeFinish ?? readStart, readStart, readFinish: this.#readFinish ?? readStart }
    const reply = this.#options.oneway && this.#fault === undefined ? undefined : this.#incoming(body, log)
    if (log === undefined) return reply === undefined ? { sent: message, marks } : { sent: message, marks, reply }
    // Member by member, here and below: copying an object by spread and adding to it makes half of all young objects survive (measured).
    const [sent, sentBytes, sentCaptured] = [log.sent.bytes, log.sent.total, new GrpcCaptured(log.sent, [message])]
    return reply === undefined ? { sent, sentBytes, sentCaptured, marks } : { sent, sentBytes, sentCaptured, marks, reply }
  }

  /** The same, with the message decompressed within its limit. */
  async decompressed(message: Buffer): Promise<Exchange> {
    const [first] = this.#messages
    const name = compressionNamed(fieldOf(this.#headers, 'grpc-encoding') ?? '')
    if (name === 'none') throw fail('protocol', 'frame', 'http2.grpcCompressedUnnamed', {}, { hint: { key: 'http2.grpcFlagHint' } })
    return this.result(message, (await compressorOf(name)).decompress(first?.bytes ?? nothing, this.#options.maxFrameBytes))
  }

  get #method(): string {
    return `${this.#route.service}/${this.#route.method}`
  }

  #incoming(message: Buffer, log: FrameLog | undefined): IncomingMessage {
    const header = this.#headers.length === 0 ? noHeader : { strings: pairsOf(this.#headers), ints: noHeader.ints }
    const trailer = pairsOf(this.#trailer)
    const reply: Writable<IncomingMessage> = log === undefined
      ? { transport: 'grpc', header, trailer, message, raw: message, messageOffset: 0 }
      : {
          transport: 'grpc', header, trailer, message, raw: log.received.bytes, messageOffset: 0,
          rawBytes: log.received.total, captured: new GrpcCaptured(log.received, this.compressed ? [message] : none),
        }
    if (this.#fault !== undefined) reply.fault = this.#fault
    return reply
  }

  #finish(): void {
    this.#fault ??= endOf(this.#trailer, this.#headers.length === 0 ? this.#trailer : this.#headers, this.#method) ?? this.#missing()
    this.#done()
  }

  /** Success without a message is none. */
  #missing(): ErrorData | undefined {
    if (this.#assembly.unfinished > 0) return fail('protocol', 'remote', 'http2.grpcCutShort', { bytes: this.#assembly.unfinished, method: this.#method }).data
    return this.#messages.length === 0 ? fail('protocol', 'remote', 'http2.grpcNoMessage', { method: this.#method }).data : undefined
  }

  #done(): void {
    this.#readFinish = performance.now()
    this.#settle?.()
  }

  #fail(error: KiteError): void {
    // A server that has answered has begun, whatever it says.
    this.#settle?.(error instanceof NotBegun && this.#readStart !== undefined ? new KiteError(error.data) : error)
  }
}
