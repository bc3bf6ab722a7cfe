// The same requests over HTTP/2, so that whatever rides on an HTTP lease need not know the version. Names are lower case there, and what belongs to
// an HTTP/1.1 connection is left out (RFC 9113 8.2.2).

import type { KiteError } from '../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import type { Dialled } from '../dial.ts'
import type { Http2Connection } from '../http2/connection.ts'
import { errorCode } from '../http2/constants.ts'
import { streamReset } from '../http2/errors.ts'
import { explainFrames, type BodyPart } from '../http2/explain-frames.ts'
import { FrameLog, type FrameTrack } from '../http2/frame-log.ts'
import type { Http2Stream, StreamOwner } from '../http2/stream.ts'
import type { Captured } from '../transport.ts'
import { BodyQueue } from './body-queue.ts'
import { readBody } from './read-body.ts'
import type { RequestConnection } from './request-connection.ts'
import { headerOf, type HttpReply, type HttpRequestOptions, type HttpRequestParts } from './types.ts'

export class Http2RequestConnection implements RequestConnection {
  readonly address: string
  readonly dialMs: number
  readonly tls: Dialled['tls']
  uses = 0
  idleSince = performance.now()
  onIdleEnd: (() => void) | undefined
  readonly #connection: Http2Connection
  #isBusy = false

  constructor(connection: Http2Connection, dialMs: number, tls: Dialled['tls']) {
    this.#connection = connection
    this.address = connection.address
    this.dialMs = dialMs
    this.tls = tls
    connection.onChange = () => {
      if (!connection.usable && !this.#isBusy) this.onIdleEnd?.()
    }
  }

  get local(): string {
    return this.#connection.local
  }

  get remote(): string {
    return this.#connection.remote
  }

  /** A stream that was not read to its end is cancelled and does not harm the connection. */
  get reusable(): boolean {
    return this.#connection.usable
  }

  set keepsProcess(keeps: boolean) {
    this.#connection.keepsProcess = keeps
  }

  async request(parts: HttpRequestParts, signal: AbortSignal, options: HttpRequestOptions = {}): Promise<HttpReply> {
    if (signal.aborted) throw abortError(signal)
    this.uses++
    this.#isBusy = true
    const exchange = new Http2Exchange(this.address, parts, options, () => (this.#isBusy = false))
    return await exchange.run(this.#connection, signal)
  }

  close(): void {
    this.#connection.close()
  }
}

/** Fields that HTTP/2 does not have. */
const ofConnection: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'host'])

function fieldsOf({ method, path, headers, authority, body }: HttpRequestParts, { address, secure }: Http2Connection): readonly Pair[] {
  const host = authority ?? headerOf(headers, 'host') ?? address
  const own = headers.map(([name, value]): Pair => [name.toLowerCase(), value]).filter(([name, value]) => !ofConnection.has(name) && (name !== 'te' || value === 'trailers'))
  const length: readonly Pair[] = body === undefined || headerOf(headers, 'content-length') !== undefined ? [] : [['content-length', String(body.length)]]
  return [[':method', method], [':scheme', secure ? 'https' : 'http'], [':path', path], [':authority', host], ...own, ...length]
}

class Http2Exchange implements StreamOwner {
  readonly #address: string
  readonly #parts: HttpRequestParts
  readonly #onWritten: HttpRequestOptions['onWritten']
  readonly #ended: () => void
  readonly #log: FrameLog
  readonly #marks = { writeStart: performance.now(), writeFinish: 0, readStart: 0, readFinish: 0 }
  readonly #queue: BodyQueue
  #stream: Http2Stream | undefined
  #resolve: (reply: HttpReply) => void = () => undefined
  #reject: (error: KiteError) => void = () => undefined
  #forgetAbort: () => void = () => undefined
  #trailers: readonly Pair[] = []
  #bodyBytes = 0

  constructor(address: string, parts: HttpRequestParts, { onWritten }: HttpRequestOptions, ended: () => void) {
    this.#address = address
    this.#parts = parts
    this.#onWritten = onWritten
    this.#ended = ended
    this.#log = new FrameLog()
    this.#queue = new BodyQueue(() => undefined)
  }

  run(connection: Http2Connection, signal: AbortSignal): Promise<HttpReply> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      const body = this.#parts.body ?? Buffer.alloc(0)
      const stream = connection.request({ lasting: [], passing: fieldsOf(this.#parts, connection), last: body.length === 0, log: this.#log }, this)
      this.#stream = stream
      this.#forgetAbort = whenAborted(signal, () => this.#cancel(abortError(signal)))
      if (body.length === 0) this.#wrote()
      else stream.write(body, true, () => this.#wrote())
    })
  }

  headers(fields: readonly Pair[], last: boolean): void {
    if (this.#marks.readStart === 0) {
      this.#marks.readStart = performance.now()
      this.#resolve(this.#reply(fields))
    } else this.#trailers = fields
    if (last) this.#end()
  }

  data(bytes: Buffer, start: number, end: number, last: boolean): void {
    if (end > start) {
      this.#bodyBytes += end - start
      this.#queue.push(Buffer.from(bytes.subarray(start, end)))
    }
    if (last) this.#end()
  }

  reset(code: number): void {
    this.#fail(streamReset(this.#address, code))
  }

  failed(error: KiteError): void {
    this.#fail(error)
  }

  #wrote(): void {
    this.#marks.writeFinish = performance.now()
    this.#onWritten?.(capturedOf(this.#log.sent, this.#parts.body?.length ?? 0))
  }

  #end(): void {
    this.#marks.readFinish = performance.now()
    this.#forgetAbort()
    this.#queue.end()
    this.#ended()
  }

  #cancel(error: KiteError): void {
    this.#stream?.cancel(errorCode.cancel)
    this.#fail(error)
  }

  #fail(error: KiteError): void {
    this.#forgetAbort()
    this.#reject(error)
    this.#queue.fail(error)
    this.#ended()
  }

  #reply(fields: readonly Pair[]): HttpReply {
    const lengths = (): { readonly sent: number; readonly received: number } => ({ sent: this.#log.sent.total, received: this.#log.received.total })
    const next = async (): Promise<Buffer | undefined> => {
      const bytes = await this.#queue.next()
      if (bytes !== undefined) this.#stream?.consume(bytes.length)
      return bytes
    }
    const headers = fields.filter(([name]) => !name.startsWith(':'))
    return {
      version: '2', status: Number(headerOf(fields, ':status') ?? 0), reason: '', headers, next,
      read: (maxBytes) => readBody({ next, declared: Number(headerOf(headers, 'content-length') ?? 0), maxBytes, refuse: (error) => this.#cancel(error) }),
      trailers: () => this.#trailers,
      bodyBytes: () => this.#bodyBytes,
      captured: () => ({ sent: capturedOf(this.#log.sent, this.#parts.body?.length ?? 0), received: capturedOf(this.#log.received, this.#bodyBytes) }),
      lengths,
      marks: () => this.#marks,
    }
  }
}

/** Frames explained; a body of `length` bytes in one piece, of which all was kept, stands where it is. */
function capturedOf(track: FrameTrack, length: number): Captured {
  const body: BodyPart[] = []
  const nodes: readonly ByteNode[] = explainFrames(track.bytes, track.fields, body)
  const parts = body.filter(({ start, end }) => end > start)
  return { bytes: track.bytes, nodes, messages: parts.filter(({ start, end }) => end - start === length) }
}
