// A JSON value as typed, checked against its type in the IDL and written as a server of annotated IDLs reads it: enums as numbers (Kitex and
// Hertz know no names), digits exact, members by their names on the wire.

import { assertNever } from '../../../../shared/base/assert.ts'
import type { JsonMember, JsonNode } from '../../../../shared/logic/json/node.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { FieldDescriptor, IdlSet, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import { readBase64 } from '../common/binary-text.ts'
import { BodyFault, unknownName, wrongType as otherShape } from '../common/fault.ts'
import { integerRanges, isIntegerKind, readInteger } from '../common/integers.ts'
import { bodyName, namesOf } from './field-source.ts'
import { fileOf, readNamed, type BodyTools } from './files.ts'
import { annotation } from './route.ts'

/** What reading a value needs. */
export interface Mapping {
  readonly idl: IdlSet
  readonly tools: BodyTools
  readonly warn: (fault: BodyFault) => void
}

/** A struct or an enum. */
type NamedType = Extract<IdlType, { readonly kind: 'struct' | 'enum' }>

/** JSON text of a value for a body. Throws BodyFault. */
export function wireJson(type: IdlType, node: JsonNode, mapping: Mapping, jsConv = false): string {
  switch (type.kind) {
    case 'bool':
      return node.kind === 'boolean' ? String(node.value) : wrongType(type, node)
    case 'i8':
    case 'i16':
    case 'i32':
    case 'u32':
      return whole(type, node)
    case 'i64':
    case 'u64':
      return jsConv ? `"${whole(type, node)}"` : whole(type, node)
    case 'double':
    case 'float':
      return real(type, node)
    case 'string':
    case 'uuid':
      return node.kind === 'string' ? quoteJson(node.value) : wrongType(type, node)
    case 'binary':
      return `"${bytesOf(type, node, mapping.tools).toString('base64')}"`
    case 'enum':
      return enumNumber(type, node, mapping)
    case 'list':
    case 'set':
      return node.kind === 'array' ? `[${node.items.map((item) => wireJson(type.element, present(type.element, item), mapping, jsConv)).join(',')}]` : wrongType(type, node)
    case 'map':
      return map(type, node, mapping, jsConv)
    case 'struct':
      return struct(type, node, mapping)
    case 'void':
      return wrongType(type, node)
    default:
      return assertNever(type)
  }
}

/** The error that a value has another shape than its type. */
export function wrongType(type: IdlType, node: JsonNode): never {
  return otherShape(isIntegerKind(type.kind) ? 'integer' : type.kind === 'float' ? 'double' : type.kind, type.written, node)
}

/** Digits of an integer. */
export function whole(type: IdlType, node: JsonNode): string {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value.trim() : wrongType(type, node)
  if (!isIntegerKind(type.kind)) return wrongType(type, node)
  const value = readInteger(raw, type.kind)
  if (typeof value !== 'string') return String(value)
  if (value === 'malformed') return wrongType(type, node)
  const [low, high] = integerRanges[type.kind]
  throw new BodyFault(node, `codec.body.integer.${value}`, { type: type.written, raw: raw.slice(0, 60), low: String(low), high: String(high) })
}

/** JSON has no word for infinity and NaN, and Go refuses them quoted, so they are sent quoted and warned of by whoever reads them. */
export function real(type: IdlType, node: JsonNode): string {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value.trim() : wrongType(type, node)
  if (raw === 'NaN' || raw === 'Infinity' || raw === '-Infinity') return `"${raw}"`
  if (!/^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(raw)) return wrongType(type, node)
  if (!Number.isFinite(Number(raw))) throw new BodyFault(node, 'codec.body.doubleRange', { raw: raw.slice(0, 60) })
  return node.kind === 'number' ? raw : String(Number(raw))
}

/** Bytes given as base64 or as a file. */
export function bytesOf(type: IdlType, node: JsonNode, tools: BodyTools): Buffer {
  const file = fileOf(node)
  if (file !== undefined) return readNamed(file.path, tools)
  if (node.kind !== 'string') return wrongType(type, node)
  const bytes = readBase64(node.value)
  if (bytes === undefined) throw new BodyFault(node, 'codec.body.badBase64', { type: type.written })
  return bytes
}

/** The number of an enum given by name or number. */
export function enumNumber(type: NamedType, node: JsonNode, { idl }: Mapping): string {
  const descriptor = idl.enums[type.id]
  if (node.kind === 'string' && descriptor !== undefined) {
    const named = descriptor.values.find(({ name }) => name === node.value)
    if (named !== undefined) return String(named.value)
    if (!/^-?\d+$/.test(node.value)) throw unknownName(node, 'codec.body.unknownEnumName', node.value, descriptor.name, descriptor.values.map(({ name }) => name))
  }
  return whole({ kind: 'i32', written: type.written }, node)
}

function present(type: IdlType, node: JsonNode): JsonNode {
  if (node.kind === 'null') throw new BodyFault(node, 'codec.body.nullElement', { type: type.written })
  return node
}

/** JSON bodies have objects only, so keys become their text. */
function map(type: IdlType & { kind: 'map' }, node: JsonNode, mapping: Mapping, jsConv: boolean): string {
  const entries: string[] = []
  const add = (key: JsonNode, value: JsonNode): void => {
    const name = wireJson(type.key, key, mapping)
    entries.push(`${name.startsWith('"') ? name : quoteJson(name)}:${wireJson(type.value, present(type.value, value), mapping, jsConv)}`)
  }
  if (node.kind === 'object') for (const member of node.members) add(keyNode(type.key, member), member.value)
  else if (node.kind === 'array') {
    for (const pair of node.items) {
      const [key, value] = pair.kind === 'array' && pair.items.length === 2 ? pair.items : []
      if (key === undefined || value === undefined) throw new BodyFault(pair, 'codec.body.badPair', { type: type.written })
      add(key, value)
    }
  } else return wrongType(type, node)
  return `{${entries.join(',')}}`
}

function keyNode(type: IdlType, { key, keyStart, keyEnd }: JsonMember): JsonNode {
  const place = { start: keyStart, end: keyEnd }
  if (type.kind === 'bool' && (key === 'true' || key === 'false')) return { ...place, kind: 'boolean', value: key === 'true' }
  return { ...place, kind: 'string', value: key }
}

function struct(type: NamedType, node: JsonNode, mapping: Mapping): string {
  const descriptor = mapping.idl.structs[type.id]
  if (descriptor === undefined) return wrongType(type, node)
  // Well-known types have a JSON form of their own, which passes as it is.
  if (descriptor.proto?.fullName.startsWith('google.protobuf.') === true) return passed(node)
  if (node.kind !== 'object') return wrongType(type, node)
  const given = membersByField(descriptor, node.members)
  checkComplete(descriptor, given, node)
  return `{${[...given].map(([field, value]) => `${quoteJson(bodyName(field))}:${wireJson(field.type, value, mapping, annotation(field.annotations, 'api.js_conv') !== undefined)}`).join(',')}}`
}

/** Members by the field that they mean; null is absent, of repeated ones the last counts. Throws BodyFault for one that no field has. */
export function membersByField(owner: Pick<StructDescriptor, 'name' | 'fields'>, members: readonly JsonMember[]): ReadonlyMap<FieldDescriptor, JsonNode> {
  const byName = new Map(owner.fields.flatMap((field) => namesOf(field).map((name) => [name, field] as const)).reverse())
  const given = new Map<FieldDescriptor, JsonNode>()
  for (const { key, keyStart, value } of members) {
    const field = byName.get(key)
    if (field === undefined) throw unknownName({ start: keyStart }, 'codec.body.unknownField', key, owner.name, byName.keys())
    if (value.kind === 'null') given.delete(field)
    else given.set(field, value)
  }
  return given
}

/** A required field must be there, and of a union or oneof one member. */
export function checkComplete(owner: StructDescriptor, given: ReadonlyMap<FieldDescriptor, JsonNode>, node: JsonNode): void {
  const missing = owner.kind === 'union' ? undefined : owner.fields.find((field) => field.requiredness === 'required' && field.defaultValue === undefined && !given.has(field))
  if (missing !== undefined) throw new BodyFault(node, 'codec.body.requiredMissing', { name: missing.name, owner: owner.name, type: missing.type.written }, { field: missing.name })
  if (owner.kind === 'union' && given.size !== 1) {
    const members = [...(given.size === 0 ? owner.fields : given.keys())].map(({ name }) => name).join(', ')
    throw new BodyFault(node, given.size === 0 ? 'codec.body.unionEmpty' : 'codec.body.unionMany', { name: owner.name, members })
  }
}

/** A JSON value as it is. */
export function passed(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${node.members.map(({ key, value }) => `${quoteJson(key)}:${passed(value)}`).join(',')}}`
    case 'array':
      return `[${node.items.map(passed).join(',')}]`
    case 'string':
      return quoteJson(node.value)
    case 'number':
      return /^[-\d]/.test(node.raw) && node.raw !== '-Infinity' ? node.raw : `"${node.raw}"`
    case 'boolean':
      return String(node.value)
    case 'null':
      return 'null'
  }
}
