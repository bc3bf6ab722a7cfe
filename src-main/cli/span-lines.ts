// Spans as lines, for whoever prints them as they come: `kite trace tail` and `kite receive`.

import type { Span } from '../../shared/model/trace.ts'
import { formatDuration } from '../../shared/logic/format.ts'
import type { Host } from './command.ts'

/** One line a span: columns for eyes, an object for `json` and `ndjson`. */
export async function printSpans(host: Host, spans: readonly Span[]): Promise<void> {
  const lines = spans.map((span) => (host.output === 'text' ? textLine(span) : JSON.stringify(jsonOf(span))))
  if (lines.length > 0) await host.write(`${lines.join('\n')}\n`)
}

function textLine(span: Span): string {
  const failed = span.status === 'error' ? `  ! ${span.statusMessage ?? ''}` : ''
  return `${span.traceId.slice(0, 8)}  ${formatDuration(Number(span.endNs - span.startNs)).padStart(8)}  ${span.kind.padEnd(8)}  ${span.service}  ${span.name}${failed}`.trimEnd()
}

/** The span with 64-bit integers as text, as everywhere on the command line. */
function jsonOf({ startNs, endNs, ...span }: Span): unknown {
  return {
    traceId: span.traceId, spanId: span.spanId, parentSpanId: span.parentSpanId, service: span.service, name: span.name, kind: span.kind,
    startTimeUnixNano: String(startNs), durationNs: String(endNs - startNs), status: span.status, statusMessage: span.statusMessage,
    attributes: exact(span.attributes), events: span.events.map((event) => ({ name: event.name, timeUnixNano: String(event.atNs), attributes: exact(event.attributes) })),
    scope: span.scope.name,
  }
}

/** Integers that a double holds stay numbers; longer ones and bytes become text. */
function exact(value: unknown): unknown {
  if (typeof value === 'bigint') return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(exact)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, exact(item)]))
  return value
}
