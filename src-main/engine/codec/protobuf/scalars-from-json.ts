// Scalars and enums from JSON as ProtoJSON reads them (protobuf.dev/programming-guides/json): integers as numbers or strings of digits,
// never cut or wrapped; floating point numbers checked against their range; base64 in either alphabet.

import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import type { ProtoScalar } from '../../../../shared/model/idl.ts'
import { bytesFromJson } from '../common/bytes-from-json.ts'
import { BodyFault, unknownName, wrongType } from '../common/fault.ts'
import { integerRanges, readInteger, type IntegerKind } from '../common/integers.ts'
import type { BodyReading } from '../common/read-body.ts'
import { strangeSurrogate, hasEscapedBytes } from '../common/text.ts'
import type { EnumPlan, ValuePlan } from './plan-model.ts'
import type { ProtoKey, ProtoValue } from './value.ts'

type ScalarPlan = ValuePlan & { readonly kind: 'scalar' }

const kinds: Readonly<Partial<Record<ProtoScalar, IntegerKind>>> = {
  int32: 'i32', sint32: 'i32', sfixed32: 'i32', uint32: 'u32', fixed32: 'u32', int64: 'i64', sint64: 'i64', sfixed64: 'i64', uint64: 'u64', fixed64: 'u64',
}

/** A scalar of its type; throws {@link BodyFault}. */
export function scalarFromJson(plan: ScalarPlan, node: JsonNode, reading: BodyReading): ProtoValue {
  switch (plan.type) {
    case 'bool':
      return node.kind === 'boolean' ? node.value : wrongType('bool', plan.written, node)
    case 'string':
      return string(plan, node)
    case 'bytes':
      return bytesFromJson(plan.written, node, reading.readFile)
    case 'float':
    case 'double':
      return floating(plan, node)
    default:
      return integer(plan.type, plan.written, node)
  }
}

function integer(type: ProtoScalar, written: string, node: JsonNode): number | bigint {
  const kind = kinds[type]
  if (kind === undefined) throw new Error(`believed: ${type} is an integer`)
  return integerOf(kind, written, node)
}

/** An integer of a width; throws {@link BodyFault}. */
export function integerOf(kind: IntegerKind, written: string, node: JsonNode): number | bigint {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : wrongType('integer', written, node)
  const value = readInteger(raw, kind)
  if (typeof value !== 'string') return value
  if (value === 'malformed') return wrongType('integer', written, node)
  const [low, high] = integerRanges[kind]
  throw new BodyFault(node, `codec.body.integer.${value}`, { type: written, raw: raw.slice(0, 60), low: String(low), high: String(high) })
}

const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

function floating({ type, written }: ScalarPlan, node: JsonNode): number {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : wrongType('double', written, node)
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return Number(raw)
  if (node.kind === 'string' && !decimal.test(raw)) return wrongType('double', written, node)
  const value = type === 'float' ? Math.fround(Number(raw)) : Number(raw)
  if (!Number.isFinite(value)) throw new BodyFault(node, 'protobuf.body.floatRange', { raw: raw.slice(0, 60), type: written })
  return value
}

function string({ written, validateUtf8 }: ScalarPlan, node: JsonNode): string {
  if (node.kind !== 'string') return wrongType('string', written, node)
  const { value } = node
  if (!hasEscapedBytes(value)) return value
  const strange = strangeSurrogate(value)
  if (strange !== -1) throw new BodyFault(node, 'codec.body.loneSurrogate', { code: value.charCodeAt(strange).toString(16) })
  if (validateUtf8) throw new BodyFault(node, 'protobuf.body.notUtf8', { type: written })
  return value
}

/** Name or number of an enum; a number that a closed enum does not know is sent with a warning. */
export function enumFromJson(plan: EnumPlan, node: JsonNode, { warn }: BodyReading): number {
  if (node.kind === 'string') {
    const named = plan.byName.get(node.value)
    if (named === undefined) throw unknownName(node, 'codec.body.unknownEnumName', node.value, plan.name, plan.byName.keys())
    return named
  }
  if (node.kind !== 'number') return wrongType('enum', plan.name, node)
  const number = Number(integerOf('i32', plan.name, node))
  if (plan.closed && !plan.byValue.has(number)) warn(new BodyFault(node, 'protobuf.body.closedEnum', { name: plan.name, number }))
  return number
}

/** A key of a map, which in JSON is always a string. */
export function keyFromJson(plan: ValuePlan, node: JsonNode & { readonly kind: 'string' }, reading: BodyReading): ProtoKey {
  if (plan.kind !== 'scalar') throw new Error('believed: keys are scalars')
  if (plan.type === 'bool') return node.value === 'true' ? true : node.value === 'false' ? false : wrongType('bool', plan.written, node)
  const key = scalarFromJson(plan, node, reading)
  if (typeof key === 'object') throw new Error('believed: keys are no bytes')
  return key
}
