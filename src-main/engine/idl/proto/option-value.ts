// Values of options and defaults: from the syntax to what their type makes of them, and from there to text. Printing is protobuf's text
// format on one line, in the order of field numbers, so that one option reads the same whether it came as text or in a descriptor set.

import type { ConstValue, ProtoScalar } from '../../../../shared/model/idl.ts'
import type { ValueNode } from './ast.ts'
import { literalBytes, literalText, readInteger } from './literals.ts'
import type { EnumProto, FieldProto, MessageProto, MessageValue, OptionValue } from './model.ts'

export type Converted = { readonly value: OptionValue } | { readonly wrong: 'type' | 'range' | 'enum' }

/** Lowest and highest of each integer type. */
export const integerBounds: Readonly<Partial<Record<string, readonly [bigint, bigint]>>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n], sint32: [-(2n ** 31n), 2n ** 31n - 1n], sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n], sint64: [-(2n ** 63n), 2n ** 63n - 1n], sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint32: [0n, 2n ** 32n - 1n], fixed32: [0n, 2n ** 32n - 1n], uint64: [0n, 2n ** 64n - 1n], fixed64: [0n, 2n ** 64n - 1n],
}

const wrongType: Converted = { wrong: 'type' }

/** A scalar or enum value as its type takes it. */
export function convertScalar(node: ValueNode, field: Pick<FieldProto, 'type' | 'ref'>, options: { readonly inText: boolean }): Converted {
  const { type } = field
  if (type === undefined || type === 'message' || type === 'group') return wrongType
  if (type === 'enum') return convertEnum(node, field.ref, options.inText)
  const bounds = integerBounds[type]
  if (bounds !== undefined) return convertInteger(node, type, bounds)
  if (type === 'string') return node.kind === 'string' ? { value: literalText(node.literals) } : wrongType
  if (type === 'bytes') return node.kind === 'string' ? { value: literalBytes(node.literals) } : wrongType
  if (type === 'bool') return convertBool(node, options.inText)
  return convertFloat(node, type === 'float')
}

function convertInteger(node: ValueNode, type: ProtoScalar, [low, high]: readonly [bigint, bigint]): Converted {
  if (node.kind !== 'int') return wrongType
  const digits = readInteger(node.text)
  if (digits === undefined) return wrongType
  const value = node.negative ? -digits : digits
  if (value < low || value > high) return { wrong: 'range' }
  return { value: type.endsWith('64') ? value : Number(value) }
}

function convertFloat(node: ValueNode, single: boolean): Converted {
  let value: number
  if (node.kind === 'name') {
    const word = node.text.toLowerCase()
    if (word !== 'inf' && word !== 'nan' && word !== 'infinity') return wrongType
    value = word === 'nan' ? Number.NaN : Number.POSITIVE_INFINITY
  } else if (node.kind === 'int') value = Number(readInteger(node.text) ?? Number.NaN)
  else if (node.kind === 'float') value = Number(node.text)
  else return wrongType
  if (node.negative) value = -value
  return { value: single ? Math.fround(value) : value }
}

function convertBool(node: ValueNode, inText: boolean): Converted {
  if (node.kind === 'name' && !node.negative) {
    if (node.text === 'true' || node.text === 'false') return { value: node.text === 'true' }
    if (inText && /^(t|True)$/.test(node.text)) return { value: true }
    if (inText && /^(f|False)$/.test(node.text)) return { value: false }
  }
  return inText && node.kind === 'int' && /^[01]$/.test(node.text) ? { value: node.text === '1' } : wrongType
}

function convertEnum(node: ValueNode, ref: FieldProto['ref'], inText: boolean): Converted {
  if (ref?.kind !== 'enum') return wrongType
  if (node.kind === 'name' && !node.negative) return valuesOf(ref).byName.has(node.text) ? { value: node.text } : { wrong: 'enum' }
  if (!inText || node.kind !== 'int') return wrongType
  const number = Number(node.text) * (node.negative ? -1 : 1)
  return { value: enumText(ref, number) }
}

interface Values {
  readonly byName: ReadonlySet<string>
  readonly byNumber: ReadonlyMap<number, string>
}

const known = new WeakMap<EnumProto, Values>()

// Of two names for a number the first counts.
function valuesOf(one: EnumProto): Values {
  const before = known.get(one)
  if (before !== undefined) return before
  const values = { byName: new Set(one.values.map(({ name }) => name)), byNumber: new Map([...one.values].reverse().map(({ number, name }) => [number, name])) }
  known.set(one, values)
  return values
}

/** The name of an enum's number, or the number. */
export const enumText = (ref: EnumProto, number: number): string | number => valuesOf(ref).byNumber.get(number) ?? number

/** A converted value as constants of the contract are: bytes in base64, numbers that JSON lacks as words. */
export function constOf(value: OptionValue): ConstValue {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (typeof value === 'number' && !Number.isFinite(value)) return floatWord(value)
  if (typeof value === 'bigint') return value >= -(2n ** 53n) && value <= 2n ** 53n ? Number(value) : value
  return typeof value === 'object' ? {} : value
}

const floatWord = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity')

/** An option's value as an annotation: a string or enum as it is, a message in braces. */
export function annotationText(value: OptionValue, field: FieldProto): string {
  return typeof value === 'string' ? value : scalarText(value, field)
}

function scalarText(value: OptionValue, field: FieldProto): string {
  if (typeof value === 'string') return field.type === 'enum' ? value : quoted(Buffer.from(value, 'utf8'), true)
  if (Buffer.isBuffer(value)) return quoted(value, false)
  if (typeof value === 'number') return Number.isFinite(value) ? shortest(value, field) : floatWord(value).toLowerCase().replace('infinity', 'inf')
  return typeof value === 'object' ? messageText(value) : String(value)
}

// A float is kept as the double that it rounds to; its shortest text is of seven to nine digits.
function shortest(value: number, field: FieldProto): string {
  if (Object.is(value, -0)) return '-0'
  if (field.type !== 'float') return String(value)
  for (const digits of [6, 7, 8]) {
    const text = Number(value.toPrecision(digits))
    if (Math.fround(text) === value) return String(text)
  }
  return String(Number(value.toPrecision(9)))
}

/** Text format on one line, braces around it. */
export function messageText(message: MessageValue): string {
  if (message.any !== undefined) return `{ [${message.any.url}] ${messageText(message.any.value)} }`
  const members = [...message.fields.values()].sort((a, b) => Number(a.field.isExtension) - Number(b.field.isExtension) || a.field.number - b.field.number)
  const parts = members.flatMap(({ field, values }) => values.map((value) => memberText(field, value)))
  return parts.length === 0 ? '{}' : `{ ${parts.join(' ')} }`
}

function memberText(field: FieldProto, value: OptionValue): string {
  const name = field.isExtension ? `[${field.fullName}]` : field.type === 'group' && field.ref !== undefined ? field.ref.name : field.name
  return typeof value === 'object' && !Buffer.isBuffer(value) ? `${name} ${messageText(value)}` : `${name}: ${scalarText(value, field)}`
}

const escapes: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 34: '\\"', 39: '\\\'', 92: '\\\\' }

function quoted(bytes: Buffer, isText: boolean): string {
  if (isText) return JSON.stringify(bytes.toString('utf8'))
  let out = ''
  for (const byte of bytes) out += escapes[byte] ?? (byte < 32 || byte > 126 ? `\\${byte.toString(8).padStart(3, '0')}` : String.fromCharCode(byte))
  return `"${out}"`
}

/** A field of a message value by its name. */
export function memberOf(message: MessageValue | undefined, name: string): OptionValue | undefined {
  for (const { field, values } of message?.fields.values() ?? []) if (!field.isExtension && field.name === name) return values[0]
  return undefined
}

/** An empty value of a message type. */
export const emptyValue = (type: MessageProto | undefined): MessageValue => ({ type, fields: new Map() })
