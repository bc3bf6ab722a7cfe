// A trace in one line, and whether it is one that a filter asks for.

import type { AttributeValue, Span, TraceFilter, TraceSummary } from '../../../../shared/model/trace.ts'

/** The spans must not be empty. */
export function summarise(traceId: string, spans: readonly Span[]): TraceSummary {
  const root = rootOf(spans)
  let startNs = root.startNs
  let endNs = root.endNs
  let errors = 0
  const services = new Set<string>()
  for (const span of spans) {
    if (span.startNs < startNs) startNs = span.startNs
    if (span.endNs > endNs) endNs = span.endNs
    if (span.status === 'error') errors += 1
    services.add(span.service)
  }
  const durationNs = endNs > startNs ? endNs - startNs : 0n
  return { traceId, rootName: root.name, rootService: root.service, startNs, durationNs, spans: spans.length, services: [...services], errors }
}

/** A span without a parent, our own before others; else the earliest. */
function rootOf(spans: readonly Span[]): Span {
  return spans.reduce((best, span) => (rank(span) < rank(best) || (rank(span) === rank(best) && span.startNs < best.startNs) ? span : best))
}

const rank = (span: Span): number => (span.parentSpanId !== undefined ? 2 : span.own ? 0 : 1)

/** Cheap tests on the summary first; spans are looked through only for what the summary cannot tell. */
export function matches(summary: TraceSummary, spans: readonly Span[], filter: TraceFilter): boolean {
  if (filter.errorsOnly && summary.errors === 0) return false
  if (filter.service !== undefined && !summary.services.includes(filter.service)) return false
  if (summary.durationNs < BigInt(Math.round(filter.minDurationMs * 1e6))) return false
  const { name, text } = filter
  if (name !== undefined && !spans.some((span) => contains(span.name, name.toLowerCase()))) return false
  return text === undefined || text === '' || hasText(summary, spans, text.toLowerCase())
}

function hasText(summary: TraceSummary, spans: readonly Span[], text: string): boolean {
  if (summary.traceId.startsWith(text) || summary.services.some((service) => contains(service, text))) return true
  return spans.some((span) => contains(span.name, text) || contains(span.statusMessage ?? '', text) || Object.entries(span.attributes).some(([key, value]) => contains(key, text) || valueContains(value, text)))
}

const contains = (where: string, lowerCased: string): boolean => where.toLowerCase().includes(lowerCased)

function valueContains(value: AttributeValue, text: string): boolean {
  if (value === undefined || value instanceof Uint8Array) return false
  if (typeof value !== 'object') return contains(String(value), text)
  return Object.values(value).some((item: AttributeValue) => valueContains(item, text))
}
