// A JSON value as a server sent it, written as the contract of the command line has it: enums by name, 64-bit integers and bytes as asked,
// members by their field names in id order. What does not fit its type is shown as it came and told of, since this is for looking.

import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { quoteJson, stringifyExact } from '../../../../shared/logic/json/write.ts'
import type { FieldDescriptor, IdlSet, IdlType, StructDescriptor } from '../../../../shared/model/idl.ts'
import type { ValueFormat } from '../codec.ts'
import { readBase64 } from '../common/binary-text.ts'
import { isIntegerKind, readInteger } from '../common/integers.ts'
import { namesOf } from './field-source.ts'
import { passed } from './wire-json.ts'

/** Why a value is doubtful, and where. */
export interface Doubt {
  readonly key: 'http.map.otherType' | 'http.map.unknownMember'
  readonly node: JsonNode
  readonly params: Readonly<Record<string, string>>
}

export interface Showing {
  readonly idl: IdlSet
  readonly format: ValueFormat
  readonly doubt: (doubt: Doubt) => void
}

/** JSON text of a value. */
export function showJson(type: IdlType, node: JsonNode, showing: Showing): string {
  return shown(type, node, showing) ?? otherType(type, node, showing)
}

function otherType(type: IdlType, node: JsonNode, { doubt }: Showing): string {
  if (node.kind !== 'null') doubt({ key: 'http.map.otherType', node, params: { type: type.written, found: node.kind } })
  return passed(node)
}

/** Undefined where the value has another shape. */
function shown(type: IdlType, node: JsonNode, showing: Showing): string | undefined {
  switch (type.kind) {
    case 'bool':
      return node.kind === 'boolean' ? String(node.value) : undefined
    case 'i8':
    case 'i16':
    case 'i32':
    case 'u32':
    case 'i64':
    case 'u64':
      return integer(type, node, showing)
    case 'double':
    case 'float':
      return node.kind === 'number' ? passed(node) : undefined
    case 'string':
    case 'uuid':
      return node.kind === 'string' ? quoteJson(node.value) : undefined
    case 'binary':
      return bytes(node, showing)
    case 'enum':
      return enumName(type.id, node, showing)
    case 'list':
    case 'set':
      return node.kind === 'array' ? `[${node.items.map((item) => showJson(type.element, item, showing)).join(',')}]` : undefined
    case 'map':
      return map(type, node, showing)
    case 'struct':
      return struct(type.id, node, showing)
    case 'void':
      return passed(node)
  }
}

/** Numbers, and the strings that `api.js_conv` makes of them. */
function integer(type: IdlType, node: JsonNode, { format }: Showing): string | undefined {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : undefined
  const value = raw === undefined || !isIntegerKind(type.kind) ? undefined : readInteger(raw, type.kind)
  if (value === undefined || typeof value === 'string') return undefined
  const is64 = type.kind === 'i64' || type.kind === 'u64'
  return is64 && format.int64 === 'string' ? `"${value}"` : String(value)
}

function bytes(node: JsonNode, { format }: Showing): string | undefined {
  if (node.kind !== 'string' || format.binary === 'base64') return node.kind === 'string' ? quoteJson(node.value) : undefined
  const read = readBase64(node.value)
  return read === undefined ? undefined : quoteJson(read.toString(format.binary === 'hex' ? 'hex' : 'utf8'))
}

function enumName(id: string, node: JsonNode, { idl, format }: Showing): string | undefined {
  const values = idl.enums[id]?.values ?? []
  const found = node.kind === 'number' ? values.find(({ value }) => String(value) === node.raw) : node.kind === 'string' ? values.find(({ name }) => name === node.value) : undefined
  if (found !== undefined) return format.enums === 'name' ? quoteJson(found.name) : String(found.value)
  return node.kind === 'number' && /^-?\d+$/.test(node.raw) ? node.raw : undefined
}

function map(type: IdlType & { kind: 'map' }, node: JsonNode, showing: Showing): string | undefined {
  if (node.kind !== 'object') return undefined
  return `{${node.members.map(({ key, keyStart, keyEnd, value }) => {
    const name = type.key.kind === 'enum' ? enumName(type.key.id, { kind: 'number', raw: key, start: keyStart, end: keyEnd }, showing) : undefined
    return `${name === undefined ? quoteJson(key) : name.startsWith('"') ? name : quoteJson(name)}:${showJson(type.value, value, showing)}`
  }).join(',')}}`
}

function struct(id: string, node: JsonNode, showing: Showing): string | undefined {
  const descriptor = showing.idl.structs[id]
  if (descriptor === undefined || node.kind !== 'object') return undefined
  if (descriptor.proto?.fullName.startsWith('google.protobuf.') === true) return passed(node)
  const members = takeMembers(descriptor, node, showing)
  return `{${[...descriptor.fields.flatMap((field) => memberText(field, members.byField.get(field), showing)), ...members.rest].join(',')}}`
}

/** Members of an object by the field that they mean; those of no field as `"key":value` text. */
export function takeMembers({ name: owner, fields }: Pick<StructDescriptor, 'name' | 'fields'>, node: JsonObject, { doubt }: Showing): { readonly byField: ReadonlyMap<FieldDescriptor, JsonNode>; readonly rest: readonly string[] } {
  const byName = new Map(fields.flatMap((field) => namesOf(field).map((name) => [name, field] as const)).reverse())
  const byField = new Map<FieldDescriptor, JsonNode>()
  const rest: string[] = []
  for (const { key, value } of node.members) {
    const field = byName.get(key)
    if (field !== undefined) byField.set(field, value)
    else {
      doubt({ key: 'http.map.unknownMember', node: value, params: { name: key, owner } })
      rest.push(`${quoteJson(key)}:${passed(value)}`)
    }
  }
  return { byField, rest }
}

/** `"name":value`, or nothing for an absent field that is not asked for. */
export function memberText(field: FieldDescriptor, node: JsonNode | undefined, showing: Showing): readonly string[] {
  if (node !== undefined && node.kind !== 'null') return [`${quoteJson(field.name)}:${showJson(field.type, node, showing)}`]
  return showing.format.defaults ? [`${quoteJson(field.name)}:${absent(field)}`] : []
}

const absent = ({ requiredness, defaultValue, type }: FieldDescriptor): string => (defaultValue !== undefined ? stringifyExact(defaultValue) : requiredness === 'optional' ? 'null' : zeros[type.kind] ?? '0')

const zeros: Readonly<Partial<Record<IdlType['kind'], string>>> = { bool: 'false', string: '""', binary: '""', uuid: '"00000000-0000-0000-0000-000000000000"', list: '[]', set: '[]', map: '{}', struct: 'null', void: 'null' }
