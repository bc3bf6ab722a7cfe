// A stream of a server over HTTP/1.1: one message goes with the request, any number come back. The request leaves when sending is closed, since
// HTTP/1.1 servers may answer only then.

import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Compressor } from '../compress/compress.ts'
import type { HttpLease, HttpReply, HttpRequestParts } from '../http/types.ts'
import type { Captured, MessageStream, StreamOpening, StreamPart } from '../transport.ts'
import { envelopedCaptured } from './captured.ts'
import { writeEnvelope } from './envelope-reader.ts'
import { EnvelopedReply, type EnvelopeRules, pairsInfo } from './enveloped-reply.ts'

export interface EnvelopedStreamOptions {
  readonly lease: HttpLease
  readonly opening: StreamOpening
  readonly rules: EnvelopeRules
  readonly compressor: Compressor | undefined
  readonly request: (body: Buffer) => HttpRequestParts
}

/** What is kept of each direction for the byte view. */
const capturedBytes = 64 * 1024

export class EnvelopedStream implements MessageStream {
  readonly #options: EnvelopedStreamOptions
  readonly #abort = new AbortController()
  readonly #signal: AbortSignal
  readonly #begun: Promise<EnvelopedReply>
  #begin: (reply: Promise<EnvelopedReply>) => void = () => undefined
  #message: Buffer | undefined
  #isClosed = false
  #isOver = false
  #http: HttpReply | undefined
  #reply: EnvelopedReply | undefined

  constructor(options: EnvelopedStreamOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = AbortSignal.any([signal, this.#abort.signal])
    this.#begun = new Promise((resolve) => (this.#begin = resolve))
    // Whoever receives hears of it; who never does must not be told by a rejection that nobody handles.
    this.#begun.catch(() => undefined)
    if (this.#signal.aborted) this.#aborted()
    else this.#signal.addEventListener('abort', () => this.#aborted(), { once: true })
  }

  send(message: Buffer): Promise<number> {
    if (this.#isOver || this.#isClosed) return Promise.reject(fail('protocol', 'connection', 'grpc.streamOver'))
    if (this.#message !== undefined) return Promise.reject(fail('unsupported', 'frame', 'grpc.oneMessageOnly', { transport: this.#options.opening.transport }))
    this.#message = message
    return Promise.resolve(0)
  }

  closeSend(): Promise<void> {
    if (!this.#isClosed && !this.#isOver && !this.#signal.aborted) this.#begin(this.#start())
    this.#isClosed = true
    return Promise.resolve()
  }

  async receive(): Promise<readonly StreamPart[]> {
    if (this.#isOver) return []
    try {
      const parts = await (await this.#begun).next()
      if (parts.some(({ kind }) => kind === 'trailer')) this.#isOver = true
      return parts
    } catch (caught) {
      this.#isOver = true
      // Who ended it knows; a connection that broke is how the stream ended.
      if (this.#signal.aborted) throw KiteError.from(caught, 'connection')
      this.#abort.abort()
      return [{ kind: 'trailer', header: pairsInfo([]), fault: KiteError.from(caught, 'connection').data }]
    }
  }

  cancel(_reason: string): void {
    this.#abort.abort()
  }

  captured(): { readonly sent: Captured; readonly received: Captured } | undefined {
    const http = this.#options.opening.capture ? this.#http?.captured() : undefined
    if (http === undefined) return undefined
    return { sent: envelopedCaptured(http.sent, this.#message === undefined ? [] : [this.#message]), received: envelopedCaptured(http.received, this.#reply?.decompressed ?? []) }
  }

  #aborted(): void {
    if (!this.#isClosed) this.#begin(Promise.reject(fail('cancelled', 'connection', 'error.cancelled')))
  }

  async #start(): Promise<EnvelopedReply> {
    const { lease, opening, rules, compressor, request } = this.#options
    const { service, method } = opening.route
    const message = this.#message ?? Buffer.alloc(0)
    const body = writeEnvelope(compressor === undefined ? message : compressor.compress(message), compressor !== undefined)
    this.#http = await lease.request(request(body), this.#signal, { captureBytes: opening.capture ? capturedBytes : 0 })
    this.#reply = new EnvelopedReply(this.#http, { rules, maxMessageBytes: opening.maxMessageBytes, method: `${service}/${method}` })
    return this.#reply
  }
}
