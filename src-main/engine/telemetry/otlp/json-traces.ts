// OTLP in JSON (traces.md 4.1, opentelemetry-proto "JSON Protobuf encoding"): ids in hex of any case, other bytes in base64, 64-bit
// integers as strings or numbers, enums as integers, lowerCamelCase names, unknown names ignored, nulls as if absent. Integers that
// JSON.parse would round are quoted beforehand, so that a sender's bare nanoseconds keep every digit.

import { isRecord } from '../../../../shared/base/is-record.ts'
import type { Attributes, AttributeValue, Span } from '../../../../shared/model/trace.ts'
import { maxValueDepth, ownScope, serviceOf, setAttribute, type MutableAttributes } from './attributes.ts'
import { idProblem, spanKinds, spanStatuses, type DecodedTraces } from './decode-traces.ts'
import { isList } from './encode-traces.ts'
import { parseExact } from './exact-json.ts'
import { groupSpans } from './group-spans.ts'

/** The text is JSON of another shape; `path` says where. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
  readonly path: string

  constructor(what: string, path: string) {
    super(`${what} at ${path === '' ? 'the top' : path}`)
    this.path = path
  }
}

type Json = Readonly<Record<string, unknown>>

/** Throws SyntaxError for what is no JSON and {@link ShapeError} for JSON that is no such request. */
export function decodeTracesJson(text: string): DecodedTraces {
  const root = object(parseExact(text), '')
  const spans: Span[] = []
  let rejected = 0
  let because: string | undefined
  for (const [resourceSpans, path] of members(root, 'resourceSpans', '')) {
    const resource = attributesOf(optional(resourceSpans, 'resource', path), `${path}.resource`)
    const service = serviceOf(resource)
    for (const [scopeSpans, scopePath] of members(resourceSpans, 'scopeSpans', path)) {
      const scope = scopeOf(optional(scopeSpans, 'scope', scopePath))
      for (const [span, spanPath] of members(scopeSpans, 'spans', scopePath)) {
        const read = spanOf(span, spanPath, { resource, service, scope })
        if (typeof read === 'string') {
          rejected += 1
          because ??= read
        } else spans.push(read)
      }
    }
  }
  return { spans, rejected, ...(because === undefined ? {} : { rejectedBecause: because }) }
}

function spanOf(json: Json, path: string, source: { resource: Attributes; service: string; scope: Span['scope'] }): Span | string {
  const traceId = text(json, 'traceId', path).toLowerCase()
  const spanId = text(json, 'spanId', path).toLowerCase()
  const parent = text(json, 'parentSpanId', path).toLowerCase()
  const problem = idProblem(traceId, spanId, parent) ?? (isHex(traceId + spanId + parent) ? undefined : 'span with an id that is not hexadecimal')
  if (problem !== undefined) return problem
  const status = optional(json, 'status', path)
  const statusMessage = text(status, 'message', `${path}.status`)
  const dropped = integer(json, 'droppedAttributesCount', path)
  const flags = integer(json, 'flags', path)
  return {
    traceId,
    spanId,
    ...(parent === '' || /^0+$/.test(parent) ? {} : { parentSpanId: parent }),
    ...((flags & 0x100) === 0 ? {} : { parentIsRemote: (flags & 0x200) !== 0 }),
    name: text(json, 'name', path),
    kind: spanKinds[integer(json, 'kind', path)] ?? 'unspecified',
    service: source.service,
    startNs: nanos(json, 'startTimeUnixNano', path),
    endNs: nanos(json, 'endTimeUnixNano', path),
    status: spanStatuses[integer(status, 'code', `${path}.status`)] ?? 'unset',
    ...(statusMessage === '' ? {} : { statusMessage }),
    attributes: attributesOf(json, path),
    resource: source.resource,
    scope: source.scope,
    events: members(json, 'events', path).map(([event, at]) => ({ name: text(event, 'name', at), atNs: nanos(event, 'timeUnixNano', at), attributes: attributesOf(event, at) })),
    links: members(json, 'links', path).map(([link, at]) => ({
      traceId: text(link, 'traceId', at).toLowerCase(),
      spanId: text(link, 'spanId', at).toLowerCase(),
      attributes: attributesOf(link, at),
    })),
    ...(dropped === 0 ? {} : { droppedAttributes: dropped }),
    own: source.scope.name === ownScope,
  }
}

const isHex = (id: string): boolean => /^[0-9a-f]*$/.test(id)

function scopeOf(json: Json): Span['scope'] {
  const version = text(json, 'version', 'scope')
  return { name: text(json, 'name', 'scope'), ...(version === '' ? {} : { version }) }
}

function attributesOf(json: Json, path: string): MutableAttributes {
  const into: MutableAttributes = {}
  for (const [pair, at] of members(json, 'attributes', path)) setAttribute(into, text(pair, 'key', at), valueOf(optional(pair, 'value', at), at, 0))
  return into
}

function valueOf(json: Json, path: string, depth: number): AttributeValue {
  if (depth > maxValueDepth) throw new ShapeError(`attribute nested deeper than ${maxValueDepth}`, path)
  if (isSet(json['stringValue'])) return text(json, 'stringValue', path)
  if (isSet(json['boolValue'])) return json['boolValue'] === true
  if (isSet(json['intValue'])) return bigintOf(json['intValue'], `${path}.intValue`)
  if (isSet(json['doubleValue'])) return Number(json['doubleValue'])
  if (isSet(json['bytesValue'])) return new Uint8Array(Buffer.from(text(json, 'bytesValue', path), 'base64'))
  if (isSet(json['arrayValue'])) return members(optional(json, 'arrayValue', path), 'values', path).map(([item, at]) => valueOf(item, at, depth + 1))
  if (isSet(json['kvlistValue'])) {
    const into: MutableAttributes = {}
    for (const [pair, at] of members(optional(json, 'kvlistValue', path), 'values', path)) setAttribute(into, text(pair, 'key', at), valueOf(optional(pair, 'value', at), at, depth + 1))
    return into
  }
  return undefined
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null

function object(value: unknown, path: string): Json {
  if (isRecord(value)) return value
  throw new ShapeError('no JSON object', path)
}

function optional(json: Json, key: string, path: string): Json {
  return isSet(json[key]) ? object(json[key], `${path}.${key}`) : {}
}

function members(json: Json, key: string, path: string): readonly (readonly [Json, string])[] {
  const list = json[key]
  const at = path === '' ? key : `${path}.${key}`
  if (!isSet(list)) return []
  if (!Array.isArray(list)) throw new ShapeError('no JSON array', at)
  return list.map((item, index) => [object(item, `${at}[${index}]`), `${at}[${index}]`] as const)
}

function text(json: Json, key: string, path: string): string {
  const value = json[key]
  if (!isSet(value)) return ''
  if (typeof value === 'string') return value
  throw new ShapeError('no string', `${path}.${key}`)
}

function integer(json: Json, key: string, path: string): number {
  const value = json[key]
  if (!isSet(value)) return 0
  if (typeof value === 'number' && Number.isInteger(value)) return value
  if (typeof value === 'string' && /^\d{1,10}$/.test(value)) return Number(value)
  throw new ShapeError('no integer', `${path}.${key}`)
}

function nanos(json: Json, key: string, path: string): bigint {
  return isSet(json[key]) ? BigInt.asUintN(64, bigintOf(json[key], `${path}.${key}`)) : 0n
}

function bigintOf(value: unknown, path: string): bigint {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
  throw new ShapeError('no 64-bit integer', path)
}

/** One message of the `.jsonl` form, on one line and without a newline. */
export function encodeTracesJson(spans: readonly Span[]): string {
  return JSON.stringify({
    resourceSpans: groupSpans(spans).map(({ resource, scopes }) => ({
      resource: { attributes: pairs(resource) },
      scopeSpans: scopes.map(({ scope, spans: members }) => ({ scope, spans: members.map(spanJson) })),
    })),
  })
}

function spanJson(span: Span): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    flags: span.parentIsRemote === undefined ? undefined : span.parentIsRemote ? 0x301 : 0x101,
    name: span.name,
    kind: spanKinds.indexOf(span.kind),
    startTimeUnixNano: String(span.startNs),
    endTimeUnixNano: String(span.endNs),
    attributes: pairs(span.attributes),
    droppedAttributesCount: span.droppedAttributes,
    events: span.events.map((event) => ({ timeUnixNano: String(event.atNs), name: event.name, attributes: pairs(event.attributes) })),
    links: span.links.map((link) => ({ traceId: link.traceId, spanId: link.spanId, attributes: pairs(link.attributes) })),
    status: { message: span.statusMessage, code: span.status === 'unset' ? undefined : spanStatuses.indexOf(span.status) },
  }
}

const pairs = (values: Attributes): unknown[] => Object.entries(values).map(([key, value]) => ({ key, value: valueJson(value) }))

function valueJson(value: AttributeValue): unknown {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value) }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (isList(value)) return { arrayValue: { values: value.map(valueJson) } }
  return value === undefined ? {} : { kvlistValue: { values: pairs(value) } }
}
