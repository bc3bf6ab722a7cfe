// JSON nodes to Thrift values, checked against the type at each place. Reads what both of Kitex's generic engines read (numbers as
// strings, null for absent); where the two differ or lose data without a word, this refuses (DECISIONS.md).

import { assertNever } from '../../../../shared/base/assert.ts'
import type { JsonArray, JsonMember, JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { stringifyExact } from '../../../../shared/logic/json/write.ts'
import { bytesFromJson } from '../common/bytes-from-json.ts'
import { BodyFault, unknownName, wrongType } from '../common/fault.ts'
import { integerRanges, isIntegerKind, readInteger, type IntegerKind } from '../common/integers.ts'
import type { BodyReading } from '../common/read-body.ts'
import { strangeSurrogate } from '../common/text.ts'
import type { EnumPlan, FieldPlan, StructPlan, TypePlan } from './plan-model.ts'
import { unknownFromJson } from './unknown-json.ts'
import { ThriftMap, type ThriftStruct, type ThriftValue } from './value.ts'

/** A value of a type; throws {@link BodyFault}. */
export function fromJson(type: TypePlan, node: JsonNode, reading: BodyReading): ThriftValue {
  switch (type.kind) {
    case 'bool':
      return node.kind === 'boolean' ? node.value : misfit(type, node)
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
      return integer(type.kind, type, node)
    case 'double':
      return double(type, node)
    case 'string':
      return string(type, node)
    case 'binary':
      return bytesFromJson(type.written, node, reading.readFile)
    case 'uuid':
      return uuid(type, node)
    case 'enum':
      return enumeration(type.enum, type, node)
    case 'list':
    case 'set':
      return elements(type, node, reading)
    case 'map':
      return map(type, node, reading)
    case 'struct':
      return struct(type.struct, type, node, reading)
    case 'void':
      return misfit(type, node)
    default:
      return assertNever(type)
  }
}

const misfit = ({ kind, written }: TypePlan, node: JsonNode): never => wrongType(isIntegerKind(kind) ? 'integer' : kind, written, node)

function integer(kind: IntegerKind, type: TypePlan, node: JsonNode): number | bigint {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value.trim() : misfit(type, node)
  const value = readInteger(raw, kind)
  if (typeof value !== 'string') return value
  if (value === 'malformed') return misfit(type, node)
  const [low, high] = integerRanges[kind]
  throw new BodyFault(node, `codec.body.integer.${value}`, { type: type.written, raw: raw.slice(0, 60), low: String(low), high: String(high) })
}

const doubleText = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function double(type: TypePlan, node: JsonNode): number {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value.trim() : misfit(type, node)
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return Number(raw)
  if (!doubleText.test(raw)) return misfit(type, node)
  const value = Number(raw)
  if (!Number.isFinite(value)) throw new BodyFault(node, 'codec.body.doubleRange', { raw: raw.slice(0, 60) })
  return value
}

function string(type: TypePlan, node: JsonNode): string {
  if (node.kind !== 'string') return misfit(type, node)
  const strange = strangeSurrogate(node.value)
  if (strange !== -1) throw new BodyFault(node, 'codec.body.loneSurrogate', { code: node.value.charCodeAt(strange).toString(16) })
  return node.value
}

const uuidText = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function uuid(type: TypePlan, node: JsonNode): string {
  if (node.kind !== 'string' || !uuidText.test(node.value)) return misfit(type, node)
  return node.value.toLowerCase()
}

function enumeration(plan: EnumPlan, type: TypePlan, node: JsonNode): number {
  if (node.kind === 'string') {
    const named = plan.byName.get(node.value)
    if (named !== undefined) return named
    if (!/^-?\d+$/.test(node.value)) throw unknownName(node, 'codec.body.unknownEnumName', node.value, plan.name, plan.byName.keys())
  }
  return Number(integer('i32', type, node))
}

function elements(type: TypePlan & { kind: 'list' | 'set' }, node: JsonNode, reading: BodyReading): ThriftValue[] {
  if (node.kind !== 'array') return misfit(type, node)
  const values = node.items.map((item) => element(type.element, item, reading))
  if (type.kind === 'set') warnOfRepeats(type.element, node, values, reading)
  return values
}

// Kitex's two engines disagree on null here (zero value against dropped), so it is refused.
function element(type: TypePlan, node: JsonNode, reading: BodyReading): ThriftValue {
  if (node.kind === 'null') throw new BodyFault(node, 'codec.body.nullElement', { type: type.written })
  return fromJson(type, node, reading)
}

function warnOfRepeats(element: TypePlan, node: JsonArray, values: readonly ThriftValue[], { warn }: BodyReading): void {
  const seen = new Set<string>()
  values.forEach((value, index) => {
    const key = identity(value)
    const item = node.items[index]
    if (seen.has(key) && item !== undefined) warn(new BodyFault(item, 'codec.body.setRepeats', { type: element.written }))
    seen.add(key)
  })
}

/** A text that is equal for equal values, for finding repeats. */
export function identity(value: ThriftValue): string {
  if (typeof value === 'object' && !Array.isArray(value)) return Buffer.isBuffer(value) ? `b${value.toString('hex')}` : stringifyExact(value)
  return Array.isArray(value) ? `[${value.map((item: ThriftValue) => identity(item)).join()}]` : `${typeof value} ${String(value)}`
}

function map(type: TypePlan & { kind: 'map' }, node: JsonNode, reading: BodyReading): ThriftMap {
  if (node.kind === 'array') return mapOfPairs(type, node, reading)
  if (node.kind !== 'object') return misfit(type, node)
  const keys: ThriftValue[] = []
  const values: ThriftValue[] = []
  for (const member of node.members) {
    keys.push(mapKey(type.key, member, reading))
    values.push(element(type.value, member.value, reading))
  }
  return new ThriftMap(keys, values)
}

function mapOfPairs(type: TypePlan & { kind: 'map' }, node: JsonArray, reading: BodyReading): ThriftMap {
  const keys: ThriftValue[] = []
  const values: ThriftValue[] = []
  for (const pair of node.items) {
    const [key, value] = pair.kind === 'array' ? pair.items : []
    if (pair.kind !== 'array' || pair.items.length !== 2 || key === undefined || value === undefined) throw new BodyFault(pair, 'codec.body.badPair', { type: type.written })
    keys.push(element(type.key, key, reading))
    values.push(element(type.value, value, reading))
  }
  return new ThriftMap(keys, values)
}

function mapKey(type: TypePlan, { key, keyStart, keyEnd }: JsonMember, reading: BodyReading): ThriftValue {
  const node: JsonNode = { kind: 'string', start: keyStart, end: keyEnd, value: key }
  if (type.kind === 'bool' && (key === 'true' || key === 'false')) return key === 'true'
  if (type.kind === 'struct' || type.kind === 'list' || type.kind === 'set' || type.kind === 'map') {
    throw new BodyFault(node, 'codec.body.mapNeedsPairs', { type: type.written })
  }
  return fromJson(type, node, reading)
}

/** A struct value from an object: repeated keys were reported by the reader and the last one counts. */
export function structFromJson(plan: StructPlan, node: JsonObject, reading: BodyReading): ThriftStruct {
  const value = new plan.shape()
  for (const member of node.members) setField(plan, value, member, reading)
  if (plan.kind === 'union') checkUnion(plan, value, node)
  else for (const field of plan.fields) if (value[field.property] === undefined) fillAbsent(field, value, plan, node)
  return value
}

function struct(plan: StructPlan, type: TypePlan, node: JsonNode, reading: BodyReading): ThriftStruct {
  return node.kind === 'object' ? structFromJson(plan, node, reading) : misfit(type, node)
}

function setField(plan: StructPlan, value: ThriftStruct, member: JsonMember, reading: BodyReading): void {
  const field = plan.byName.get(member.key)
  if (field !== undefined) {
    value[field.property] = member.value.kind === 'null' ? undefined : fromJson(field.type, member.value, reading)
  } else if (member.key === '$unknown') {
    value.$unknown = unknownFromJson(member.value)
  } else {
    throw unknownName({ start: member.keyStart }, 'codec.body.unknownField', member.key, plan.name, plan.byName.keys())
  }
}

function checkUnion(plan: StructPlan, value: ThriftStruct, node: JsonNode): void {
  const set = plan.fields.filter(({ property }) => value[property] !== undefined)
  const count = set.length + (value.$unknown?.length ?? 0)
  if (count === 1) return
  const members = (count === 0 ? plan.fields : set).map(({ name }) => name).join(', ')
  throw new BodyFault(node, count === 0 ? 'codec.body.unionEmpty' : 'codec.body.unionMany', { name: plan.name, members })
}

/** What stands on the wire for a field that the body leaves out (DECISIONS.md). */
function fillAbsent(field: FieldPlan, value: ThriftStruct, plan: StructPlan, node: JsonNode): void {
  if (field.requiredness === 'optional') return
  if (field.requiredness === 'required') {
    throw new BodyFault(node, 'codec.body.requiredMissing', { name: field.name, owner: plan.name, type: field.type.written }, { field: field.name })
  }
  value[field.property] = defaultOf(field) ?? zeroOf(field.type)
}

const defaults = new WeakMap<FieldPlan, ThriftValue>()

/** The IDL's default of a field as a value. */
export function defaultOf(field: FieldPlan): ThriftValue | undefined {
  if (field.defaultValue === undefined) return undefined
  let value = defaults.get(field)
  if (value === undefined) {
    const { root } = readJson(stringifyExact(field.defaultValue))
    if (root === undefined) throw new Error('believed: a linked default value is JSON')
    value = fromJson(field.type, root, { readFile: undefined, warn: () => undefined })
    defaults.set(field, value)
  }
  return value
}

/** Thrift's zero; none for structs, since an empty struct breaks on its required fields. */
export function zeroOf(type: TypePlan): ThriftValue | undefined {
  switch (type.kind) {
    case 'bool':
      return false
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'double':
    case 'enum':
      return 0
    case 'string':
      return ''
    case 'binary':
      return Buffer.alloc(0)
    case 'uuid':
      return '00000000-0000-0000-0000-000000000000'
    case 'list':
    case 'set':
      return []
    case 'map':
      return new ThriftMap([], [])
    default:
      return undefined
  }
}
