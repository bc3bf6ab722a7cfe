// Spans in memory within two bounds, spans and bytes. Beyond them the traces that were silent longest go, whole, since half a trace
// misleads; what goes is counted. A trace that alone exceeds the bounds keeps what it has and takes no more.

import { Emitter } from '../../../../shared/base/emitter.ts'
import { traceFilterSchema, type Span, type TraceFilterInput, type TraceSummary } from '../../../../shared/model/trace.ts'
import { matches, summarise } from './summarise.ts'
import type { StoreCounts, TraceStore } from './trace-store.ts'
import { weigh } from './weigh.ts'

export interface MemoryBounds {
  readonly maxSpans: number
  readonly maxBytes: number
}

export const defaultBounds: MemoryBounds = { maxSpans: 100_000, maxBytes: 256 * 1024 * 1024 }

interface Trace {
  readonly spans: Span[]
  readonly byId: Map<string, Span>
  bytes: number
  summary: TraceSummary | undefined
}

export class MemoryTraceStore implements TraceStore {
  /** Order of insertion is order of last arrival: a trace that gets a span moves to the end. */
  readonly #traces = new Map<string, Trace>()
  readonly #bounds: MemoryBounds
  readonly #added = new Emitter<readonly Span[]>()
  readonly onDidAdd = this.#added.event
  #spans = 0
  #bytes = 0
  #evicted = 0
  #duplicates = 0

  constructor(bounds: MemoryBounds = defaultBounds) {
    this.#bounds = bounds
  }

  get counts(): StoreCounts {
    return { spans: this.#spans, traces: this.#traces.size, evicted: this.#evicted, duplicates: this.#duplicates }
  }

  add(spans: readonly Span[]): void {
    const kept = spans.filter((span) => this.#keep(span))
    if (kept.length > 0) this.#added.fire(kept)
  }

  async list(input: TraceFilterInput): Promise<readonly TraceSummary[]> {
    const filter = traceFilterSchema.parse(input)
    const found: TraceSummary[] = []
    for (const [traceId, trace] of this.#traces) {
      const summary = this.#summaryOf(traceId, trace)
      if (matches(summary, trace.spans, filter)) found.push(summary)
    }
    return found.sort((a, b) => (a.startNs < b.startNs ? 1 : a.startNs > b.startNs ? -1 : 0)).slice(0, filter.limit)
  }

  async get(traceId: string): Promise<readonly Span[]> {
    return [...(this.#traces.get(traceId)?.spans ?? [])]
  }

  async find(prefix: string): Promise<readonly string[]> {
    const found: string[] = []
    for (const traceId of this.#traces.keys()) if (traceId.startsWith(prefix.toLowerCase()) && found.push(traceId) === 10) break
    return found
  }

  async summary(traceId: string): Promise<TraceSummary | undefined> {
    const trace = this.#traces.get(traceId)
    return trace === undefined ? undefined : this.#summaryOf(traceId, trace)
  }

  clear(): void {
    this.#traces.clear()
    this.#spans = 0
    this.#bytes = 0
  }

  dispose(): void {
    this.clear()
    this.#added.dispose()
  }

  #keep(span: Span): boolean {
    const trace = this.#traces.get(span.traceId) ?? { spans: [], byId: new Map<string, Span>(), bytes: 0, summary: undefined }
    const known = trace.byId.get(span.spanId)
    if (known !== undefined && sameSpan(known, span)) {
      this.#duplicates += 1
      return false
    }
    const bytes = weigh(span)
    this.#traces.delete(span.traceId)
    this.#traces.set(span.traceId, trace)
    this.#makeRoom(bytes, span.traceId)
    if (this.#overflows(bytes)) {
      this.#evicted += 1
      if (trace.spans.length === 0) this.#traces.delete(span.traceId)
      return false
    }
    trace.spans.push(span)
    if (known === undefined) trace.byId.set(span.spanId, span)
    trace.bytes += bytes
    trace.summary = undefined
    this.#spans += 1
    this.#bytes += bytes
    return true
  }

  #overflows(bytes: number): boolean {
    return this.#spans + 1 > this.#bounds.maxSpans || this.#bytes + bytes > this.#bounds.maxBytes
  }

  #makeRoom(bytes: number, except: string): void {
    for (const [traceId, trace] of this.#traces) {
      if (!this.#overflows(bytes) || traceId === except) return
      this.#traces.delete(traceId)
      this.#spans -= trace.spans.length
      this.#bytes -= trace.bytes
      this.#evicted += trace.spans.length
    }
  }

  #summaryOf(traceId: string, trace: Trace): TraceSummary {
    trace.summary ??= summarise(traceId, trace.spans)
    return trace.summary
  }
}

/** Whether a resend: what an exporter sends twice is the same in all of these. */
function sameSpan(a: Span, b: Span): boolean {
  return a.startNs === b.startNs && a.endNs === b.endNs && a.kind === b.kind && a.name === b.name && a.service === b.service && a.parentSpanId === b.parentSpanId
}
