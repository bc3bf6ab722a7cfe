// Traces as the rest of the engine sees them: one store, the receivers that fill it from outside, and the door through which the
// console's own spans come.

import type { Disposable } from '../../../shared/base/disposable.ts'
import type { Event } from '../../../shared/base/emitter.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { ReceiverStatus, Span } from '../../../shared/model/trace.ts'
import { spansOfRecord } from './own-spans.ts'
import { Receiver, type ReceiverOptions } from './receiver/receiver.ts'
import { MemoryTraceStore } from './store/memory-store.ts'
import type { TraceStore } from './store/trace-store.ts'

export { createExporter, createLocalExporter, type ExporterCounts, type SpanExporter } from './exporter.ts'
export { spansOfRecord } from './own-spans.ts'
export { openTraceSource, type TailItem, type TraceSource, type TraceSourceOptions } from './query-client.ts'
export { defaultPorts, type ReceiverOptions } from './receiver/receiver.ts'
export { summaryJson, type SummaryJson } from './receiver/query.ts'
export { decodeTracesJson, encodeTracesJson } from './otlp/json-traces.ts'
export { readTraceFile } from './trace-file.ts'
export type { StoreCounts, TraceStore } from './store/trace-store.ts'

export interface Telemetry extends Disposable {
  readonly store: TraceStore
  /** Starts the receivers, or moves them to other ports. A taken port is told in the status, not thrown. */
  start(options: ReceiverOptions): Promise<ReceiverStatus>
  stop(): Promise<ReceiverStatus>
  readonly status: ReceiverStatus
  /** At most ten times a second. */
  readonly onDidChangeStatus: Event<ReceiverStatus>
  /** The console's own spans; they need no receiver. */
  addOwn(spans: readonly Span[]): void
  /** The spans of a finished call. */
  addRecord(record: CallRecord): void
}

/** Makes the store and the receivers, which listen only once started. */
export function createTelemetry(store: TraceStore = new MemoryTraceStore()): Telemetry {
  const receiver = new Receiver(store)
  return {
    store,
    start: (options) => receiver.start(options),
    stop: () => receiver.stop(),
    get status() { return receiver.status },
    onDidChangeStatus: receiver.onDidChange,
    addOwn: (spans) => store.add(spans),
    addRecord: (record) => store.add(spansOfRecord(record)),
    dispose: () => {
      receiver.dispose()
      store.dispose()
    },
  }
}
