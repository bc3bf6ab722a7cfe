// The well-known types from their own JSON forms (protobuf.dev/programming-guides/json). Beside them Any, Timestamp, Duration, FieldMask and
// the wrappers are read as plain objects by field name: so a value that has no such form can still be sent.

import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { BodyFault, wrongType } from '../common/fault.ts'
import type { BodyReading } from '../common/read-body.ts'
import { readFieldMask } from './field-mask.ts'
import type { MessagePlan, ValuePlan } from './plan-model.ts'
import { readDuration, readTimestamp } from './times.ts'
import type { MessageValue, ProtoKey, ProtoValue } from './value.ts'
import type { WellKnown } from './well-known.ts'
import { encodeMessage } from './write-message.ts'

/** How this comes back to other messages: handed in, because the two call each other. */
export interface Readers {
  readonly message: (plan: MessagePlan, node: JsonNode, reading: BodyReading) => MessageValue
  readonly plain: (plan: MessagePlan, node: JsonObject, reading: BodyReading, skip?: string) => MessageValue
  readonly value: (plan: ValuePlan, node: JsonNode, reading: BodyReading) => ProtoValue
}

export function wellKnownFromJson(plan: MessagePlan, form: WellKnown, node: JsonNode, reading: BodyReading, readers: Readers): MessageValue {
  switch (form) {
    case 'any':
      return any(plan, node, reading, readers)
    case 'timestamp':
      return moment(plan, node, readTimestamp, 'timestamp', reading, readers)
    case 'duration':
      return moment(plan, node, readDuration, 'duration', reading, readers)
    case 'field-mask':
      return fieldMask(plan, node, reading, readers)
    case 'wrapper':
      return wrapper(plan, node, reading, readers)
    case 'struct':
      return struct(plan, node, reading, readers)
    case 'list':
      return list(plan, node, reading, readers)
    case 'value':
      return value(plan, node, reading, readers)
  }
}

/** A message with values by field number. */
function make(plan: MessagePlan, values: Readonly<Record<number, ProtoValue | undefined>>): MessageValue {
  const made = new plan.shape()
  for (const { id, property } of plan.fields) made[property] = values[id]
  return made
}

function moment(plan: MessagePlan, node: JsonNode, read: typeof readTimestamp, kind: 'timestamp' | 'duration', reading: BodyReading, { plain }: Readers): MessageValue {
  if (node.kind === 'object') return plain(plan, node, reading)
  const found = node.kind === 'string' ? read(node.value) : 'malformed'
  if (found === 'malformed') throw new BodyFault(node, `protobuf.body.expected.${kind}`, { found: node.kind === 'string' ? `"${node.value.slice(0, 60)}"` : node.kind })
  if (found === 'range') throw new BodyFault(node, `protobuf.body.range.${kind}`, { found: node.kind === 'string' ? node.value.slice(0, 60) : '' })
  return make(plan, { 1: found.seconds === 0 ? undefined : found.seconds, 2: found.nanos === 0 ? undefined : found.nanos })
}

function fieldMask(plan: MessagePlan, node: JsonNode, reading: BodyReading, { plain }: Readers): MessageValue {
  if (node.kind === 'object') return plain(plan, node, reading)
  const paths = node.kind === 'string' ? readFieldMask(node.value) : undefined
  if (paths === undefined) throw new BodyFault(node, 'protobuf.body.expected.fieldMask', { found: node.kind === 'string' ? `"${node.value.slice(0, 60)}"` : node.kind })
  return make(plan, { 1: paths })
}

function wrapper(plan: MessagePlan, node: JsonNode, reading: BodyReading, { plain, value: read }: Readers): MessageValue {
  if (node.kind === 'object' && node.members.every(({ key }) => plan.byName.has(key) || key === '$unknown')) return plain(plan, node, reading)
  const [field] = plan.fields
  if (field === undefined) throw new Error('believed: a wrapper wraps')
  const read1 = read(field.value, node, reading)
  const isZero = read1 === false || read1 === '' || Object.is(read1, 0) || (Buffer.isBuffer(read1) && read1.length === 0)
  return make(plan, { 1: isZero ? undefined : read1 })
}

function struct(plan: MessagePlan, node: JsonNode, reading: BodyReading, { message }: Readers): MessageValue {
  const entry = plan.fields[0]?.value
  if (node.kind !== 'object') return wrongType('struct', plan.fullName, node)
  if (entry?.kind !== 'message') throw new Error('believed: a Struct holds Values')
  const fields = new Map<ProtoKey, ProtoValue>()
  for (const { key, value: item } of node.members) fields.set(key, message(entry.message, item, reading))
  return make(plan, { 1: fields })
}

function list(plan: MessagePlan, node: JsonNode, reading: BodyReading, { message }: Readers): MessageValue {
  const element = plan.fields[0]?.value
  if (node.kind !== 'array') return wrongType('list', plan.fullName, node)
  if (element?.kind !== 'message') throw new Error('believed: a ListValue holds Values')
  return make(plan, { 1: node.items.map((item) => message(element.message, item, reading)) })
}

const idOf = { null: 1, number: 2, string: 3, boolean: 4, object: 5, array: 6 } as const

function value(plan: MessagePlan, node: JsonNode, reading: BodyReading, { value: read }: Readers): MessageValue {
  const id = idOf[node.kind]
  const field = plan.byId.get(id)
  if (field === undefined) throw new Error('believed: a Value has a field for each kind')
  const found = node.kind === 'null' ? 0 : read(field.value, node, reading)
  if (typeof found === 'number' && !Number.isFinite(found)) throw new BodyFault(node, 'protobuf.body.valueNotFinite')
  return make(plan, { [id]: found })
}

function any(plan: MessagePlan, node: JsonNode, reading: BodyReading, readers: Readers): MessageValue {
  if (node.kind !== 'object') return wrongType('struct', plan.fullName, node)
  const type = node.members.find(({ key }) => key === '@type')
  if (type === undefined) return anyAsItIs(plan, node, reading, readers)
  if (type.value.kind !== 'string') return wrongType('string', '@type', type.value)
  const url = type.value.value
  const inner = plan.lookUp(url.slice(url.lastIndexOf('/') + 1))
  if (inner === undefined) throw new BodyFault(type.value, 'protobuf.body.anyUnknown', { type: url.slice(0, 120) })
  const bytes = encodeMessage(inner, anyContent(inner, node, reading, readers))
  return make(plan, { 1: url, 2: bytes.length === 0 ? undefined : bytes })
}

function anyAsItIs(plan: MessagePlan, node: JsonObject, reading: BodyReading, { plain }: Readers): MessageValue {
  const strange = node.members.find(({ key }) => !plan.byName.has(key) && key !== '$unknown')
  if (strange !== undefined) throw new BodyFault(node, 'protobuf.body.anyNeedsType')
  return plain(plan, node, reading)
}

// Messages with a JSON form of their own, which need be no object, stand under "value"; Empty may.
function anyContent(inner: MessagePlan, node: JsonObject, reading: BodyReading, { message, plain }: Readers): MessageValue {
  const content = node.members.find(({ key }) => key === 'value')
  if (inner.fullName === 'google.protobuf.Empty' && content?.value.kind === 'object') return plain(inner, content.value, reading)
  if (inner.wellKnown === undefined) return plain(inner, node, reading, '@type')
  const strange = node.members.find(({ key }) => key !== 'value' && key !== '@type')
  if (content === undefined || strange !== undefined) throw new BodyFault(node, 'protobuf.body.anyNeedsValue', { type: inner.fullName })
  return message(inner, content.value, reading)
}
