// Where spans are kept. Reading is asynchronous because a store on disk will take this place; adding is not awaited by anyone,
// since an exporter must never wait for a disk.

import type { Disposable } from '../../../../shared/base/disposable.ts'
import type { Event } from '../../../../shared/base/emitter.ts'
import type { Span, TraceFilterInput, TraceSummary } from '../../../../shared/model/trace.ts'

/** What is kept, and what was let go. */
export interface StoreCounts {
  readonly spans: number
  readonly traces: number
  /** Spans that were dropped to stay within bounds. */
  readonly evicted: number
  /** Spans that came again, as exporters resend them. */
  readonly duplicates: number
}

export interface TraceStore extends Disposable {
  /** Keeps what is new. The same span sent again is counted and dropped; the same id with other content is kept as well. */
  add(spans: readonly Span[]): void
  /** Newest first. */
  list(filter: TraceFilterInput): Promise<readonly TraceSummary[]>
  /** The spans of a trace in the order they came; none when it is not (or no longer) known. */
  get(traceId: string): Promise<readonly Span[]>
  /** Ids that begin so, at most ten: people type the first few digits. */
  find(prefix: string): Promise<readonly string[]>
  /** The summary as it is now. */
  summary(traceId: string): Promise<TraceSummary | undefined>
  clear(): void
  readonly counts: StoreCounts
  /** Spans just kept. */
  readonly onDidAdd: Event<readonly Span[]>
}
