// `$unknown`: fields that the IDL does not have, as JSON and back, told by their wire types alone (cli.md "Values as JSON").
// A struct is a list of such fields. An element that is itself a container says its own type: `{"type":"list<i32>","value":[…]}`.

import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import { readBase64 } from '../common/binary-text.ts'
import { BodyFault } from '../common/fault.ts'
import { doubleText } from '../common/float-text.ts'
import { readInteger } from '../common/integers.ts'
import { hasEscapedBytes, strangeSurrogate } from '../common/text.ts'
import { defaultLimits } from './limits.ts'
import { ByteReader } from './reader.ts'
import type { UnknownField } from './value.ts'
import { wire, wireByName, wireName } from './wire.ts'
import { ByteWriter } from './writer.ts'

/** The list that stands under `$unknown`; `bytes` of each field were checked when they were read. */
export function unknownToJson(fields: readonly UnknownField[]): string {
  return `[${fields.map(fieldToJson).join(',')}]`
}

function fieldToJson({ id, type, bytes }: UnknownField): string {
  const reader = new ByteReader(bytes, 0, { maxDepth: defaultLimits.maxDepth + 2, budgetBytes: Number.MAX_SAFE_INTEGER })
  return `{"id":${id},${typedValue(reader, type)}}`
}

/** `"type":…,"value":…` of the value at the reader. */
function typedValue(reader: ByteReader, type: number): string {
  if (type !== wire.list && type !== wire.set && type !== wire.map) return `"type":"${wireName(type)}","value":${plainValue(reader, type)}`
  const first = reader.bytes[reader.at] ?? 0
  const second = type === wire.map ? (reader.bytes[reader.at + 1] ?? 0) : undefined
  reader.at += second === undefined ? 1 : 2
  const count = reader.view.getInt32(reader.at)
  reader.at += 4
  const items: string[] = []
  for (let i = 0; i < count; i++) {
    const key = elementValue(reader, first)
    items.push(second === undefined ? key : `[${key},${elementValue(reader, second)}]`)
  }
  const element = (id: number): string => (count === 0 && id === 0 ? 'stop' : wireName(id))
  const inner = second === undefined ? element(first) : `${element(first)},${element(second)}`
  return `"type":"${wireName(type)}<${inner}>","value":[${items.join(',')}]`
}

const isContainer = (type: number): boolean => type === wire.list || type === wire.set || type === wire.map

const elementValue = (reader: ByteReader, type: number): string => (isContainer(type) ? `{${typedValue(reader, type)}}` : plainValue(reader, type))

function plainValue(reader: ByteReader, type: number): string {
  switch (type) {
    case wire.bool:
      return String((reader.bytes[reader.at++] ?? 0) === 1)
    case wire.void:
      reader.at++
      return 'null'
    case wire.i8:
      return String(reader.view.getInt8(reader.at++))
    case wire.i16:
      reader.at += 2
      return String(reader.view.getInt16(reader.at - 2))
    case wire.i32:
      reader.at += 4
      return String(reader.view.getInt32(reader.at - 4))
    case wire.i64:
      return String(reader.i64())
    case wire.double:
      reader.at += 8
      return doubleText(reader.view.getFloat64(reader.at - 8))
    case wire.uuid:
      return quoteJson(reader.uuid())
    case wire.string:
      return stringOrBinary(reader)
    default:
      return structValue(reader)
  }
}

// The wire does not tell text from bytes: what is UTF-8 is shown as text, all else as base64 beside its own type.
function stringOrBinary(reader: ByteReader): string {
  const start = reader.at
  const text = reader.string()
  return hasEscapedBytes(text) ? `{"base64":"${reader.bytes.toString('base64', start + 4, reader.at)}"}` : quoteJson(text)
}

function structValue(reader: ByteReader): string {
  const fields: string[] = []
  for (;;) {
    const type = reader.bytes[reader.at++] ?? 0
    if (type === wire.stop) return `[${fields.join(',')}]`
    const id = reader.view.getInt16(reader.at)
    reader.at += 2
    fields.push(`{"id":${id},${typedValue(reader, type)}}`)
  }
}

/** Reads what {@link unknownToJson} wrote. */
export function unknownFromJson(node: JsonNode): UnknownField[] {
  if (node.kind !== 'array') throw new BodyFault(node, 'codec.body.badUnknown')
  return node.items.map((item) => {
    const entry = readEntry(item)
    const writer = new ByteWriter()
    const type = writeTyped(writer, entry.type, entry.value, item)
    return { id: entry.id, type, bytes: writer.take() }
  })
}

interface Entry { readonly id: number; readonly type: string; readonly value: JsonNode }

function readEntry(node: JsonNode): Entry {
  const id = member(node, 'id')
  const number = id?.kind === 'number' ? readInteger(id.raw, 'i16') : 'malformed'
  if (typeof number !== 'number') throw new BodyFault(node, 'codec.body.badUnknown')
  return { id: number, ...readTyped(node) }
}

function readTyped(node: JsonNode): Omit<Entry, 'id'> {
  const type = member(node, 'type')
  const value = member(node, 'value')
  if (type?.kind !== 'string' || value === undefined) throw new BodyFault(node, 'codec.body.badUnknown')
  return { type: type.value, value }
}

const member = (node: JsonNode, key: string): JsonNode | undefined => (node.kind === 'object' ? node.members.find((entry) => entry.key === key)?.value : undefined)

const containerType = /^(list|set|map)<([a-z0-9]+)(?:,\s*([a-z0-9]+))?>$/

/** Writes a value by the name of its type; gives the wire type. */
function writeTyped(writer: ByteWriter, typeName: string, value: JsonNode, at: JsonNode): number {
  const container = containerType.exec(typeName)
  if (container === null) {
    const type = wireByName(typeName)
    if (type === undefined || isContainer(type)) throw new BodyFault(at, 'codec.body.unknownWireType', { type: typeName.slice(0, 40) })
    writePlain(writer, type, value)
    return type
  }
  const [, kind = '', first = '', second] = container
  const type = wireByName(kind) ?? 0
  const isMap = type === wire.map
  if (isMap !== (second !== undefined)) throw new BodyFault(at, 'codec.body.unknownWireType', { type: typeName.slice(0, 40) })
  if (value.kind !== 'array') throw new BodyFault(value, 'codec.body.badUnknown')
  const ids = [first, ...(second === undefined ? [] : [second])].map((name) => (name === 'stop' && value.items.length === 0 ? 0 : wireByName(name)))
  for (const id of ids) {
    if (id === undefined) throw new BodyFault(at, 'codec.body.unknownWireType', { type: typeName.slice(0, 40) })
    writer.u8(id)
  }
  writer.i32(value.items.length)
  for (const item of value.items) {
    const parts = isMap ? pairOf(item) : [item]
    parts.forEach((part, index) => writeElement(writer, ids[index] ?? 0, part))
  }
  return type
}

function pairOf(node: JsonNode): readonly JsonNode[] {
  if (node.kind !== 'array' || node.items.length !== 2) throw new BodyFault(node, 'codec.body.badUnknown')
  return node.items
}

function writeElement(writer: ByteWriter, type: number, node: JsonNode): void {
  if (!isContainer(type)) return writePlain(writer, type, node)
  const entry = readTyped(node)
  const written = writeTyped(writer, entry.type, entry.value, node)
  if (written !== type) throw new BodyFault(node, 'codec.body.badUnknown')
}

function writePlain(writer: ByteWriter, type: number, node: JsonNode): void {
  switch (type) {
    case wire.bool:
      if (node.kind !== 'boolean') throw new BodyFault(node, 'codec.body.badUnknown')
      return writer.u8(node.value ? 1 : 0)
    case wire.i8:
      return writer.u8(Number(integerOf(node, 'i8')) & 0xff)
    case wire.i16: {
      const value = Number(integerOf(node, 'i16'))
      writer.u8((value >> 8) & 0xff)
      return writer.u8(value & 0xff)
    }
    case wire.i32:
      return writer.i32(Number(integerOf(node, 'i32')))
    case wire.i64:
      return writer.i64(integerOf(node, 'i64'))
    case wire.double: {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(doubleOf(node))
      return writer.raw(bytes)
    }
    case wire.uuid:
      if (node.kind !== 'string' || !/^[0-9a-f-]{36}$/i.test(node.value)) throw new BodyFault(node, 'codec.body.badUnknown')
      return writer.uuid(node.value)
    case wire.string:
      return writeString(writer, node)
    case wire.struct:
      return writeStruct(writer, node)
    default:
      throw new BodyFault(node, 'codec.body.unknownWireType', { type: wireName(type) })
  }
}

function integerOf(node: JsonNode, kind: 'i8' | 'i16' | 'i32' | 'i64'): number | bigint {
  const value = node.kind === 'number' || node.kind === 'string' ? readInteger(node.kind === 'number' ? node.raw : node.value, kind) : 'malformed'
  if (typeof value === 'string') throw new BodyFault(node, 'codec.body.badUnknown')
  return value
}

function doubleOf(node: JsonNode): number {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : ''
  const value = Number(raw)
  if (raw === '' || (Number.isNaN(value) && raw !== 'NaN')) throw new BodyFault(node, 'codec.body.badUnknown')
  return value
}

function writeString(writer: ByteWriter, node: JsonNode): void {
  const base64: JsonNode | undefined = node.kind === 'object' ? soleMember(node, 'base64') : undefined
  const bytes = base64?.kind === 'string' ? readBase64(base64.value) : undefined
  if (bytes !== undefined) return writer.binary(bytes)
  if (node.kind !== 'string' || strangeSurrogate(node.value) !== -1) throw new BodyFault(node, 'codec.body.badUnknown')
  writer.string(node.value)
}

const soleMember = (node: JsonObject, key: string): JsonNode | undefined => (node.members.length === 1 && node.members[0]?.key === key ? node.members[0].value : undefined)

function writeStruct(writer: ByteWriter, node: JsonNode): void {
  if (node.kind !== 'array') throw new BodyFault(node, 'codec.body.badUnknown')
  for (const item of node.items) {
    const entry = readEntry(item)
    const header = writer.at
    writer.raw(Buffer.from([0, (entry.id >> 8) & 0xff, entry.id & 0xff]))
    const type = writeTyped(writer, entry.type, entry.value, item)
    writer.bytes[header] = type
  }
  writer.u8(wire.stop)
}
