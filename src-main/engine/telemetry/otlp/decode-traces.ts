// OTLP's ExportTraceServiceRequest from protobuf to spans (opentelemetry-proto 1.11, trace.proto, common.proto, resource.proto).
// The schema is small and never renumbers a field, so a reader written by hand is both the fastest and the safest way: no
// reflection, no objects that are thrown away. A span with an invalid id is dropped and counted, never its batch.

import type { Attributes, AttributeValue, Span } from '../../../../shared/model/trace.ts'
import { maxValueDepth, ownScope, serviceOf, setAttribute, type MutableAttributes } from './attributes.ts'
import { WireError, WireReader, wireBytes, wireFixed32, wireFixed64, wireVarint } from './wire-reader.ts'

/** What one request held. */
export interface DecodedTraces {
  readonly spans: readonly Span[]
  readonly rejected: number
  /** Why the first one was rejected, for `partial_success.error_message`. */
  readonly rejectedBecause?: string
}

type Scope = Span['scope']
interface Source {
  readonly resource: Attributes
  readonly service: string
  readonly scope: Scope
}
type Sink = { readonly spans: Span[]; rejected: number; because: string | undefined }
type OnField = (reader: WireReader, field: number, wire: number) => void

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export const spanStatuses = ['unset', 'ok', 'error'] as const

/** Throws {@link WireError} for bytes that are no such message. */
export function decodeTraces(bytes: Buffer): DecodedTraces {
  const sink: Sink = { spans: [], rejected: 0, because: undefined }
  const reader = new WireReader(bytes)
  while (reader.pos < reader.end) {
    const tag = reader.uint32()
    if (tag === 0x0a) resourceSpans(reader, sink)
    else skip(reader, tag)
  }
  return { spans: sink.spans, rejected: sink.rejected, ...(sink.because === undefined ? {} : { rejectedBecause: sink.because }) }
}

function skip(reader: WireReader, tag: number): void {
  if (tag >>> 3 === 0) throw new WireError('field number 0', reader.pos)
  reader.skip(tag & 7)
}

/** Runs over the fields of the sub-message that begins here. */
function fields(reader: WireReader, onField: OnField): void {
  const outer = reader.end
  const end = reader.length()
  reader.end = end
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag >>> 3 === 0) throw new WireError('field number 0', reader.pos)
    onField(reader, tag >>> 3, tag & 7)
  }
  reader.end = outer
}

/** ResourceSpans: fields may come in any order, so the scopes are read once the resource is known. */
function resourceSpans(reader: WireReader, sink: Sink): void {
  const resource: MutableAttributes = {}
  const scopes: number[] = []
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) readResource(r, resource)
    else if (field === 2 && wire === wireBytes) {
      scopes.push(r.pos)
      r.skip(wireBytes)
    } else r.skip(wire)
  })
  const after = reader.pos
  const service = serviceOf(resource)
  for (const at of scopes) {
    reader.pos = at
    scopeSpans(reader, resource, service, sink)
  }
  reader.pos = after
}

function readResource(reader: WireReader, into: MutableAttributes): void {
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) keyValue(r, into, 0)
    else r.skip(wire)
  })
}

function scopeSpans(reader: WireReader, resource: Attributes, service: string, sink: Sink): void {
  let scope: Scope = { name: '' }
  const spans: number[] = []
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) scope = readScope(r)
    else if (field === 2 && wire === wireBytes) {
      spans.push(r.pos)
      r.skip(wireBytes)
    } else r.skip(wire)
  })
  const after = reader.pos
  const source: Source = { resource, service, scope }
  for (const at of spans) {
    reader.pos = at
    readSpan(reader, source, sink)
  }
  reader.pos = after
}

function readScope(reader: WireReader): Scope {
  let name = ''
  let version = ''
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) name = r.string()
    else if (field === 2 && wire === wireBytes) version = r.string()
    else r.skip(wire)
  })
  return version === '' ? { name } : { name, version }
}

/** The hot loop: one flat switch, no closures. */
function readSpan(reader: WireReader, source: Source, sink: Sink): void {
  reader.spend()
  const outer = reader.end
  const end = reader.length()
  reader.end = end
  let traceId = ''
  let spanId = ''
  let parentSpanId = ''
  let name = ''
  let kind = 0
  let startNs = 0n
  let endNs = 0n
  let status = 0
  let statusMessage = ''
  let flags = 0
  let dropped = 0
  const attributes: MutableAttributes = {}
  let events: Span['events'][number][] | undefined
  let links: Span['links'][number][] | undefined
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case (1 << 3) | wireBytes: traceId = reader.hex(); break
      case (2 << 3) | wireBytes: spanId = reader.hex(); break
      case (4 << 3) | wireBytes: parentSpanId = reader.hex(); break
      case (5 << 3) | wireBytes: name = reader.string(); break
      case (6 << 3) | wireVarint: kind = reader.uint32(); break
      case (7 << 3) | wireFixed64: startNs = reader.fixed64(); break
      case (8 << 3) | wireFixed64: endNs = reader.fixed64(); break
      case (9 << 3) | wireBytes: keyValue(reader, attributes, 0); break
      case (10 << 3) | wireVarint: dropped = reader.uint32(); break
      case (11 << 3) | wireBytes: (events ??= []).push(readEvent(reader)); break
      case (13 << 3) | wireBytes: (links ??= []).push(readLink(reader)); break
      case (15 << 3) | wireBytes: {
        const outcome = readStatus(reader)
        status = outcome.code
        statusMessage = outcome.message
        break
      }
      case (16 << 3) | wireFixed32: flags = reader.fixed32(); break
      default: skip(reader, tag)
    }
  }
  reader.end = outer
  const problem = idProblem(traceId, spanId, parentSpanId)
  if (problem !== undefined) {
    sink.rejected += 1
    sink.because ??= problem
    return
  }
  // Filled in place: spreading optional parts would make four objects a span for the collector to sweep.
  const span: MutableSpan = {
    traceId, spanId, name, kind: spanKinds[kind] ?? 'unspecified', service: source.service, startNs, endNs, status: spanStatuses[status] ?? 'unset',
    attributes, resource: source.resource, scope: source.scope, events: events ?? none, links: links ?? none, own: source.scope.name === ownScope,
  }
  if (parentSpanId !== '' && parentSpanId !== zeroSpanId) span.parentSpanId = parentSpanId
  if ((flags & 0x100) !== 0) span.parentIsRemote = (flags & 0x200) !== 0
  if (statusMessage !== '') span.statusMessage = statusMessage
  if (dropped !== 0) span.droppedAttributes = dropped
  sink.spans.push(span)
}

type MutableSpan = { -readonly [K in keyof Span]: Span[K] }

const none: readonly never[] = []
const zeroTraceId = '0'.repeat(32)
const zeroSpanId = '0'.repeat(16)

/** Why a span cannot be kept, as told to the exporter; undefined when it can. Ids are lower-case hex here. */
export function idProblem(traceId: string, spanId: string, parentSpanId: string): string | undefined {
  if (traceId.length !== 32 || traceId === zeroTraceId) return 'span with an invalid trace id: 16 bytes, not all zero, are required'
  if (spanId.length !== 16 || spanId === zeroSpanId) return 'span with an invalid span id: 8 bytes, not all zero, are required'
  if (parentSpanId !== '' && parentSpanId.length !== 16) return 'span with an invalid parent span id: 8 bytes or none are required'
  return undefined
}

function readStatus(reader: WireReader): { code: number; message: string } {
  let code = 0
  let message = ''
  fields(reader, (r, field, wire) => {
    if (field === 2 && wire === wireBytes) message = r.string()
    else if (field === 3 && wire === wireVarint) code = r.uint32()
    else r.skip(wire)
  })
  return { code, message }
}

function readEvent(reader: WireReader): Span['events'][number] {
  reader.spend()
  let atNs = 0n
  let name = ''
  const attributes: MutableAttributes = {}
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireFixed64) atNs = r.fixed64()
    else if (field === 2 && wire === wireBytes) name = r.string()
    else if (field === 3 && wire === wireBytes) keyValue(r, attributes, 0)
    else r.skip(wire)
  })
  return { name, atNs, attributes }
}

function readLink(reader: WireReader): Span['links'][number] {
  reader.spend()
  let traceId = ''
  let spanId = ''
  const attributes: MutableAttributes = {}
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) traceId = r.hex()
    else if (field === 2 && wire === wireBytes) spanId = r.hex()
    else if (field === 4 && wire === wireBytes) keyValue(r, attributes, 0)
    else r.skip(wire)
  })
  return { traceId, spanId, attributes }
}

function keyValue(reader: WireReader, into: MutableAttributes, depth: number): void {
  const outer = reader.end
  const end = reader.length()
  reader.end = end
  let key = ''
  let value: AttributeValue
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 0x0a) key = reader.string()
    else if (tag === 0x12) value = anyValue(reader, depth)
    else skip(reader, tag)
  }
  reader.end = outer
  setAttribute(into, key, value)
}

function anyValue(reader: WireReader, depth: number): AttributeValue {
  reader.spend()
  if (depth > maxValueDepth) throw new WireError(`attribute nested deeper than ${maxValueDepth}`, reader.pos)
  const outer = reader.end
  const end = reader.length()
  reader.end = end
  let value: AttributeValue
  while (reader.pos < end) {
    const tag = reader.uint32()
    switch (tag) {
      case (1 << 3) | wireBytes: value = reader.string(); break
      case (2 << 3) | wireVarint: value = reader.uint32() !== 0; break
      case (3 << 3) | wireVarint: value = reader.int64(); break
      case (4 << 3) | wireFixed64: value = reader.double(); break
      case (5 << 3) | wireBytes: value = arrayValue(reader, depth + 1); break
      case (6 << 3) | wireBytes: value = mapValue(reader, depth + 1); break
      case (7 << 3) | wireBytes: value = reader.copy(); break
      default: skip(reader, tag)
    }
  }
  reader.end = outer
  return value
}

function arrayValue(reader: WireReader, depth: number): AttributeValue {
  const values: AttributeValue[] = []
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) values.push(anyValue(r, depth))
    else r.skip(wire)
  })
  return values
}

function mapValue(reader: WireReader, depth: number): AttributeValue {
  const values: MutableAttributes = {}
  fields(reader, (r, field, wire) => {
    if (field === 1 && wire === wireBytes) keyValue(r, values, depth)
    else r.skip(wire)
  })
  return values
}
