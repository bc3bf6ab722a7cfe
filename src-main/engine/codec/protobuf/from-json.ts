// JSON nodes to messages as ProtoJSON reads them, both names of a field understood. What other readers pass over in silence is refused
// with its place: unknown fields, two members of a oneof, one field under both of its names, a required field that is missing.

import type { JsonMember, JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { BodyFault, unknownName, wrongType } from '../common/fault.ts'
import type { BodyReading } from '../common/read-body.ts'
import type { FieldPlan, MessagePlan, ValuePlan } from './plan-model.ts'
import { enumFromJson, keyFromJson, scalarFromJson } from './scalars-from-json.ts'
import { unknownFromJson } from './unknown-json.ts'
import type { MessageValue, ProtoKey, ProtoValue } from './value.ts'
import { wellKnownFromJson } from './well-known-from-json.ts'
import { nullValueName } from './well-known.ts'

/** A message from its JSON form, which for some is no object; throws {@link BodyFault}. */
export function messageFromJson(plan: MessagePlan, node: JsonNode, reading: BodyReading): MessageValue {
  if (plan.wellKnown !== undefined) return wellKnownFromJson(plan, plan.wellKnown, node, reading, { message: messageFromJson, plain: objectFromJson, value: valueFromJson })
  return node.kind === 'object' ? objectFromJson(plan, node, reading) : wrongType('struct', plan.fullName, node)
}

/** Reads a value of a field, element or map entry. */
function valueFromJson(plan: ValuePlan, node: JsonNode, reading: BodyReading): ProtoValue {
  switch (plan.kind) {
    case 'scalar':
      return scalarFromJson(plan, node, reading)
    case 'enum':
      return node.kind === 'null' && plan.enum.fullName === nullValueName ? 0 : enumFromJson(plan.enum, node, reading)
    case 'message':
      return messageFromJson(plan.message, node, reading)
  }
}

/** A message from an object by field name; repeated keys were reported by the reader and the last one counts. `skip` is a key that is not meant. */
function objectFromJson(plan: MessagePlan, node: JsonObject, reading: BodyReading, skip?: string): MessageValue {
  const value = new plan.shape()
  for (const member of node.members) if (member.key !== skip) setField(plan, value, member, node, reading)
  for (const field of plan.required) {
    if (value[field.property] !== undefined) continue
    throw new BodyFault(node, 'codec.body.requiredMissing', { name: field.name, owner: plan.name, type: field.written }, { field: field.jsonName })
  }
  return value
}

function setField(plan: MessagePlan, value: MessageValue, member: JsonMember, node: JsonObject, reading: BodyReading): void {
  const field = plan.byName.get(member.key)
  if (field === undefined) return setUnknown(plan, value, member)
  if (member.key !== field.jsonName && node.members.some(({ key }) => key === field.jsonName)) {
    throw new BodyFault({ start: member.keyStart }, 'protobuf.body.twoNames', { one: field.jsonName, other: member.key })
  }
  const isSet = member.value.kind !== 'null' || takesNull(field)
  const read = isSet ? settle(field, fieldFromJson(field, member.value, reading)) : undefined
  if (isSet && field.oneof !== undefined) checkOneof(plan, field, value, member)
  value[field.property] = read
}

function setUnknown(plan: MessagePlan, value: MessageValue, { key, keyStart, value: node }: JsonMember): void {
  if (key !== '$unknown') throw unknownName({ start: keyStart }, 'codec.body.unknownField', key, plan.name, namesOf(plan))
  value.$unknown = unknownFromJson(node)
}

const namesOf = ({ fields }: MessagePlan): Iterable<string> => new Set(fields.flatMap(({ jsonName, name }) => [jsonName, name]))

// Null stands for a value only where there is one that is written so.
function takesNull({ shape, value }: FieldPlan): boolean {
  return shape === 'single' && isNullable(value)
}

const isNullable = (value: ValuePlan): boolean => (value.kind === 'message' ? value.message.wellKnown === 'value' : value.kind === 'enum' && value.enum.fullName === nullValueName)

function checkOneof(plan: MessagePlan, field: FieldPlan, value: MessageValue, member: JsonMember): void {
  const other = plan.fields.find((one) => one !== field && one.oneof === field.oneof && value[one.property] !== undefined)
  if (other === undefined) return
  throw new BodyFault({ start: member.keyStart }, 'protobuf.body.twoMembers', { oneof: field.oneof ?? '', members: `${other.jsonName}, ${field.jsonName}` })
}

// A zero without presence is not written, and an empty container neither.
function settle({ presence, shape }: FieldPlan, value: ProtoValue): ProtoValue | undefined {
  if (shape !== 'single' || presence !== 'implicit') return value
  const isZero = value === false || value === '' || (value === 0 && !Object.is(value, -0)) || (Buffer.isBuffer(value) && value.length === 0)
  return isZero ? undefined : value
}

function fieldFromJson(field: FieldPlan, node: JsonNode, reading: BodyReading): ProtoValue {
  if (field.shape === 'repeated') {
    if (node.kind !== 'array') return wrongType('list', field.written, node)
    return node.items.map((item) => elementFromJson(field.value, item, reading))
  }
  if (field.shape === 'map') return node.kind === 'object' ? mapFromJson(field, node, reading) : wrongType('map', field.written, node)
  return valueFromJson(field.value, node, reading)
}

function elementFromJson(plan: ValuePlan, node: JsonNode, reading: BodyReading): ProtoValue {
  if (node.kind === 'null' && !isNullable(plan)) throw new BodyFault(node, 'codec.body.nullElement', { type: plan.written })
  return valueFromJson(plan, node, reading)
}

function mapFromJson({ key, value }: FieldPlan, node: JsonObject, reading: BodyReading): ReadonlyMap<ProtoKey, ProtoValue> {
  const map = new Map<ProtoKey, ProtoValue>()
  for (const { key: text, keyStart, keyEnd, value: item } of node.members) {
    if (key === undefined) throw new Error('believed: a map has keys')
    map.set(keyFromJson(key, { kind: 'string', start: keyStart, end: keyEnd, value: text }, reading), elementFromJson(value, item, reading))
  }
  return map
}
