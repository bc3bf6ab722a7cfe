// What stands in `grpc-status-details-bin`: a google.rpc.Status whose details are messages of google.rpc (error_details.proto). They are shown as
// ProtoJSON, so that a person reads which field was wrong and when to try again; a detail of any other type keeps its type and bytes.

import { protoFields } from './proto-fields.ts'

type Json = string | number | boolean | readonly Json[] | { readonly [name: string]: Json }

type FieldKind = 'string' | 'int32' | 'duration' | 'map' | { readonly message: Shape }
interface ShapeField {
  readonly name: string
  readonly kind: FieldKind
  readonly repeated?: true
}
type Shape = Readonly<Record<number, ShapeField>>

const text = (name: string): ShapeField => ({ name, kind: 'string' })
const texts = (name: string): ShapeField => ({ name, kind: 'string', repeated: true })
const many = (name: string, message: Shape): ShapeField => ({ name, kind: { message }, repeated: true })

const localizedMessage: Shape = { 1: text('locale'), 2: text('message') }
const fieldViolation: Shape = { 1: text('field'), 2: text('description'), 3: text('reason'), 4: { name: 'localizedMessage', kind: { message: localizedMessage } } }

/** google/rpc/error_details.proto. */
const shapes: Readonly<Record<string, Shape>> = {
  'google.rpc.ErrorInfo': { 1: text('reason'), 2: text('domain'), 3: { name: 'metadata', kind: 'map' } },
  'google.rpc.RetryInfo': { 1: { name: 'retryDelay', kind: 'duration' } },
  'google.rpc.DebugInfo': { 1: texts('stackEntries'), 2: text('detail') },
  'google.rpc.QuotaFailure': {
    1: many('violations', {
      1: text('subject'), 2: text('description'), 3: text('apiService'), 4: text('quotaMetric'), 5: text('quotaId'), 6: { name: 'quotaDimensions', kind: 'map' },
    }),
  },
  'google.rpc.PreconditionFailure': { 1: many('violations', { 1: text('type'), 2: text('subject'), 3: text('description') }) },
  'google.rpc.BadRequest': { 1: many('fieldViolations', fieldViolation) },
  'google.rpc.RequestInfo': { 1: text('requestId'), 2: text('servingData') },
  'google.rpc.ResourceInfo': { 1: text('resourceType'), 2: text('resourceName'), 3: text('owner'), 4: text('description') },
  'google.rpc.Help': { 1: many('links', { 1: text('description'), 2: text('url') }) },
  'google.rpc.LocalizedMessage': localizedMessage,
}

/** A google.rpc.Status as ProtoJSON text; where the bytes are none, the bytes themselves in base64 under `$undecoded`. */
export function statusJson(bytes: Buffer): string {
  const fields = protoFields(bytes)
  if (fields === undefined) return JSON.stringify({ $undecoded: bytes.toString('base64') })
  const status: { code?: number; message?: string; details?: Json[] } = {}
  for (const { number, int, bytes: content } of fields) {
    if (number === 1) status.code = Number(BigInt.asIntN(32, int))
    else if (number === 2) status.message = content.toString('utf8')
    else if (number === 3) (status.details ??= []).push(anyJson(content))
  }
  return JSON.stringify(status)
}

/** One detail by its type's full name, as Connect's error documents have it. */
export function detailJson(typeUrl: string, value: Buffer): Json {
  const type = typeUrl.slice(typeUrl.lastIndexOf('/') + 1)
  const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
  const decoded = shape === undefined ? undefined : shaped(value, shape)
  return decoded === undefined ? { '@type': typeUrl, value: value.toString('base64') } : { '@type': typeUrl, ...decoded }
}

function anyJson(bytes: Buffer): Json {
  const fields = protoFields(bytes)
  if (fields === undefined) return { $undecoded: bytes.toString('base64') }
  const last = (number: number): Buffer => fields.findLast((field) => field.number === number)?.bytes ?? Buffer.alloc(0)
  return detailJson(last(1).toString('utf8'), last(2))
}

type JsonObject = Record<string, Json>

function shaped(bytes: Buffer, shape: Shape): JsonObject | undefined {
  const fields = protoFields(bytes)
  if (fields === undefined) return undefined
  const value: JsonObject = {}
  const lists = new Map<string, Json[]>()
  const maps = new Map<string, Map<string, Json>>()
  for (const { number, int, bytes: content } of fields) {
    const field = shape[number]
    if (field === undefined) continue
    const { name, kind } = field
    const item = kind === 'map' ? entryOf(content) : fieldJson(kind, int, content)
    if (item === undefined) return undefined
    if (item instanceof Entry) maps.set(name, (maps.get(name) ?? new Map<string, Json>()).set(item.key, item.value))
    else if (field.repeated !== true) value[name] = item
    else {
      const list = lists.get(name) ?? []
      list.push(item)
      lists.set(name, list)
      value[name] = list
    }
  }
  for (const [name, map] of maps) value[name] = Object.fromEntries(map)
  return value
}

/** One pair of a map. */
class Entry {
  readonly key: string
  readonly value: string

  constructor(key: string, value: string) {
    this.key = key
    this.value = value
  }
}

function entryOf(content: Buffer): Entry | undefined {
  const pair = shaped(content, { 1: text('key'), 2: text('value') })
  return pair === undefined ? undefined : new Entry(String(pair['key'] ?? ''), String(pair['value'] ?? ''))
}

function fieldJson(kind: Exclude<FieldKind, 'map'>, int: bigint, content: Buffer): Json | undefined {
  if (kind === 'string') return content.toString('utf8')
  if (kind === 'int32') return Number(BigInt.asIntN(32, int))
  return kind === 'duration' ? durationJson(content) : shaped(content, kind.message)
}

/** google.protobuf.Duration as `1.500s`, with 0, 3, 6 or 9 digits as ProtoJSON has it. */
function durationJson(bytes: Buffer): string | undefined {
  const fields = protoFields(bytes)
  if (fields === undefined) return undefined
  const last = (number: number): bigint => BigInt.asIntN(64, fields.findLast((field) => field.number === number)?.int ?? 0n)
  const [seconds, nanos] = [last(1), last(2)]
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(9, '0').replace(/(000){1,3}$/, '')
  return `${seconds < 0n || nanos < 0n ? '-' : ''}${seconds < 0n ? -seconds : seconds}${digits === '' ? '' : `.${digits}`}s`
}
