// A small OTLP/HTTP exporter for the servers that this engine runs (mocks, the demo). It never blocks the one who ends a span: the
// queue is bounded, what does not fit or cannot be delivered is counted and dropped.

import { Agent, request } from 'node:http'
import type { Disposable } from '../../../shared/base/disposable.ts'
import type { Span } from '../../../shared/model/trace.ts'
import { encodeTraces } from './otlp/encode-traces.ts'

const queueSpans = 8192
const batchSpans = 512
const delayMs = 100
const answerMs = 5000
const firstBackoffMs = 500
const maxBackoffMs = 10_000
/** What the specification allows to send again. */
const retryable = new Set([429, 502, 503, 504])

export interface ExporterCounts {
  readonly sent: number
  readonly dropped: number
  readonly waiting: number
}

export interface SpanExporter extends Disposable {
  add(span: Span): void
  /** Sends what waits now; resolves when it is sent or could not be. */
  flush(signal: AbortSignal): Promise<void>
  readonly counts: ExporterCounts
}

/** `endpoint` is a base such as `http://127.0.0.1:4318`; the path is appended as the specification says. */
export function createExporter(endpoint: string): SpanExporter {
  return new HttpExporter(new URL('/v1/traces', endpoint))
}

/** Keeps spans in the same process, for a console that mocks and receives at once. */
export function createLocalExporter(keep: (spans: readonly Span[]) => void): SpanExporter {
  let sent = 0
  return {
    add: (span) => {
      sent += 1
      keep([span])
    },
    flush: async () => undefined,
    get counts() { return { sent, dropped: 0, waiting: 0 } },
    dispose: () => undefined,
  }
}

class HttpExporter implements SpanExporter {
  readonly #url: URL
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #queue: Span[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #sending: Promise<void> | undefined
  #backoffMs = firstBackoffMs
  #sent = 0
  #dropped = 0
  #disposed = false

  constructor(url: URL) {
    this.#url = url
  }

  get counts(): ExporterCounts {
    return { sent: this.#sent, dropped: this.#dropped, waiting: this.#queue.length }
  }

  add(span: Span): void {
    if (this.#disposed || this.#queue.length >= queueSpans) {
      this.#dropped += 1
      return
    }
    this.#queue.push(span)
    this.#schedule(this.#queue.length >= batchSpans ? 0 : delayMs)
  }

  async flush(signal: AbortSignal): Promise<void> {
    while (this.#queue.length > 0 || this.#sending !== undefined) {
      if (signal.aborted) return
      const before = this.#queue.length
      await (this.#sending ?? this.#send())
      if (this.#queue.length >= before && before > 0) return
    }
  }

  dispose(): void {
    this.#disposed = true
    clearTimeout(this.#timer)
    this.#dropped += this.#queue.length
    this.#queue.length = 0
    this.#agent.destroy()
  }

  #schedule(afterMs: number): void {
    if (this.#timer !== undefined || this.#sending !== undefined) return
    this.#timer = setTimeout(() => void this.#send(), afterMs).unref()
  }

  #send(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#sending ??= this.#sendBatch().finally(() => {
      this.#sending = undefined
      if (this.#queue.length > 0) this.#schedule(this.#backoffMs === firstBackoffMs ? 0 : this.#backoffMs)
    })
    return this.#sending
  }

  async #sendBatch(): Promise<void> {
    const batch = this.#queue.splice(0, batchSpans)
    if (batch.length === 0) return
    const status = await this.#post(encodeTraces(batch)).catch(() => undefined)
    if (status === undefined || retryable.has(status)) this.#putBack(batch)
    else {
      this.#backoffMs = firstBackoffMs
      if (status === 200) this.#sent += batch.length
      else this.#dropped += batch.length
    }
  }

  #putBack(batch: readonly Span[]): void {
    this.#backoffMs = Math.min(this.#backoffMs * 2, maxBackoffMs)
    if (this.#disposed) return
    const kept = batch.slice(0, Math.max(0, queueSpans - this.#queue.length))
    this.#queue.unshift(...kept)
    this.#dropped += batch.length - kept.length
  }

  #post(body: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request(this.#url, { method: 'POST', agent: this.#agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } }, (response) => {
        response.resume()
        response.once('end', () => resolve(response.statusCode ?? 0))
        response.once('error', reject)
      })
      sent.setTimeout(answerMs, () => sent.destroy(new Error('no answer in time')))
      sent.once('error', reject)
      sent.end(body)
    })
  }
}
