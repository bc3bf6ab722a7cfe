// About how many bytes a span takes in memory. Exact is impossible and needless: it bounds what a sender of huge attributes can hold.

import type { Attributes, AttributeValue, Span } from '../../../../shared/model/trace.ts'

const spanBytes = 400
const valueBytes = 32

/** Resources are shared by the spans of a request and counted once for each trace by nobody: they are small. */
export function weigh(span: Span): number {
  let bytes = spanBytes + span.name.length + (span.statusMessage?.length ?? 0) + weighAll(span.attributes)
  for (const event of span.events) bytes += valueBytes + weighAll(event.attributes)
  for (const link of span.links) bytes += spanBytes / 2 + weighAll(link.attributes)
  return bytes
}

function weighAll(attributes: Attributes): number {
  let bytes = 0
  for (const key in attributes) bytes += valueBytes + weighValue(attributes[key])
  return bytes
}

function weighValue(value: AttributeValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length
  if (typeof value !== 'object') return 8
  return Object.values(value).reduce<number>((sum, item: AttributeValue) => sum + valueBytes + weighValue(item), 0)
}
