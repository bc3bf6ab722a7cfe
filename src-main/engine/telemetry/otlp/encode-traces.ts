// Spans to OTLP's ExportTraceServiceRequest in protobuf: what the exporter of our own servers sends.

import type { Attributes, AttributeValue, Span } from '../../../../shared/model/trace.ts'
import { spanKinds, spanStatuses } from './decode-traces.ts'
import { groupSpans } from './group-spans.ts'
import { WireWriter } from './wire-writer.ts'

export function encodeTraces(spans: readonly Span[]): Buffer {
  const writer = new WireWriter(spans.length * 256 + 64)
  for (const group of groupSpans(spans)) {
    writer.message(1, () => {
      writer.message(1, () => attributes(writer, 1, group.resource))
      for (const { scope, spans: members } of group.scopes) writer.message(2, () => scopeSpans(writer, scope, members))
    })
  }
  return writer.finish()
}

function scopeSpans(writer: WireWriter, scope: Span['scope'], spans: readonly Span[]): void {
  writer.message(1, () => {
    writer.string(1, scope.name)
    if (scope.version !== undefined) writer.string(2, scope.version)
  })
  for (const span of spans) writer.message(2, () => oneSpan(writer, span))
}

function oneSpan(writer: WireWriter, span: Span): void {
  writer.bytes(1, Buffer.from(span.traceId, 'hex'))
  writer.bytes(2, Buffer.from(span.spanId, 'hex'))
  if (span.parentSpanId !== undefined) writer.bytes(4, Buffer.from(span.parentSpanId, 'hex'))
  writer.string(5, span.name)
  writer.uint32(6, spanKinds.indexOf(span.kind))
  writer.fixed64(7, span.startNs)
  writer.fixed64(8, span.endNs)
  attributes(writer, 9, span.attributes)
  if (span.droppedAttributes !== undefined) writer.uint32(10, span.droppedAttributes)
  for (const event of span.events) {
    writer.message(11, () => {
      writer.fixed64(1, event.atNs)
      writer.string(2, event.name)
      attributes(writer, 3, event.attributes)
    })
  }
  for (const link of span.links) {
    writer.message(13, () => {
      writer.bytes(1, Buffer.from(link.traceId, 'hex'))
      writer.bytes(2, Buffer.from(link.spanId, 'hex'))
      attributes(writer, 4, link.attributes)
    })
  }
  if (span.status !== 'unset' || span.statusMessage !== undefined) {
    writer.message(15, () => {
      if (span.statusMessage !== undefined) writer.string(2, span.statusMessage)
      writer.uint32(3, spanStatuses.indexOf(span.status))
    })
  }
  if (span.parentIsRemote !== undefined) writer.fixed32(16, span.parentIsRemote ? 0x301 : 0x101)
}

function attributes(writer: WireWriter, field: number, values: Attributes): void {
  for (const [key, value] of Object.entries(values)) {
    writer.message(field, () => {
      writer.string(1, key)
      writer.message(2, () => anyValue(writer, value))
    })
  }
}

function anyValue(writer: WireWriter, value: AttributeValue): void {
  if (typeof value === 'string') writer.string(1, value)
  else if (typeof value === 'boolean') writer.uint32(2, value ? 1 : 0)
  else if (typeof value === 'bigint') writer.int64(3, value)
  else if (typeof value === 'number') writer.double(4, value)
  else if (value instanceof Uint8Array) writer.bytes(7, value)
  else if (isList(value)) writer.message(5, () => value.forEach((item) => writer.message(1, () => anyValue(writer, item))))
  else if (value !== undefined) writer.message(6, () => attributes(writer, 1, value))
}

/** `Array.isArray` does not narrow readonly arrays away. */
export const isList = (value: AttributeValue): value is readonly AttributeValue[] => Array.isArray(value)
