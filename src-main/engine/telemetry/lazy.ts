// What hosts ask of traces without an engine. Loaded on first use, so that other commands do not pay for it.

import type { CallRecord } from '../../../shared/model/call.ts'
import type { Span } from '../../../shared/model/trace.ts'
import type { DecodedTraces } from './otlp/decode-traces.ts'
import type { TraceSource, TraceSourceOptions } from './query-client.ts'

/** The document of OTLP JSON. */
export async function encodeTracesJson(spans: readonly Span[]): Promise<string> {
  return (await import('./otlp/json-traces.ts')).encodeTracesJson(spans)
}

/** Throws KiteError `file` for a file that cannot be read; a receiver is asked only when it is used. */
export async function openTraceSource(options: TraceSourceOptions): Promise<TraceSource> {
  return (await import('./query-client.ts')).openTraceSource(options)
}

/** Gives a call's spans to a receiver of ours that runs on this machine, if there is one. Never throws. */
export async function offerSpans(record: CallRecord, address?: string): Promise<boolean> {
  return (await import('./offer.ts')).offerSpans(record, address)
}

/** Spans of a file of OTLP JSON. Throws KiteError `file`. */
export async function readTraceFile(path: string): Promise<DecodedTraces> {
  return (await import('./trace-file.ts')).readTraceFile(path)
}
