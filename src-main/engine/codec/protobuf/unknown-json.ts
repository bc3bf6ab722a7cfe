// `$unknown`: fields that the IDL does not have, as JSON and back, told by their wire types alone (cli.md "Values as JSON"). Lengths hold
// text, bytes or messages, which the wire does not tell apart: what is readable text is shown as such, all else as base64.

import { isUtf8 } from 'node:buffer'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import { readBase64 } from '../common/binary-text.ts'
import { BodyFault } from '../common/fault.ts'
import { readInteger } from '../common/integers.ts'
import { ByteReader, defaultLimits } from './reader.ts'
import { UnknownFields, type UnknownField } from './value.ts'
import { maxFieldNumber, wire, wireName, wireNames } from './wire.ts'
import { ByteWriter } from './writer.ts'

/** The list that stands under `$unknown`; `bytes` of each field were checked when they were read. */
export const unknownToJson = ({ list }: UnknownFields): string => `[${list.map(fieldToJson).join(',')}]`

function fieldToJson({ id, type, bytes }: UnknownField): string {
  const reader = new ByteReader(bytes, 0, { maxDepth: defaultLimits.maxDepth + 2, budgetBytes: Number.MAX_SAFE_INTEGER })
  return entry(id, type, reader)
}

function entry(id: number, type: number, reader: ByteReader): string {
  return `{"id":${id},"type":"${wireName(type)}","value":${valueText(id, type, reader)}}`
}

function valueText(id: number, type: number, reader: ByteReader): string {
  switch (type) {
    case wire.varint:
      return String(reader.uint64())
    case wire.i64:
      reader.at += 8
      return String(reader.fixed64(reader.at - 8))
    case wire.i32:
      reader.at += 4
      return String(reader.view.getUint32(reader.at - 4, true))
    case wire.len:
      return lengthText(reader)
    default:
      return groupText(id, reader)
  }
}

function lengthText(reader: ByteReader): string {
  const bytes = reader.binary(reader.end)
  return isReadable(bytes) ? quoteJson(bytes.toString('utf8')) : `{"base64":"${bytes.toString('base64')}"}`
}

// eslint would have these escaped one by one; what matters is that tab and line breaks may stand in a text and no other control may.
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** Whether bytes read as text: UTF-8 without control characters. */
export const isReadable = (bytes: Buffer): boolean => isUtf8(bytes) && !control.test(bytes.toString('utf8'))

function groupText(id: number, reader: ByteReader): string {
  const entries: string[] = []
  while (reader.at < reader.end) {
    const tag = reader.tag()
    if (tag === id * 8 + wire.endGroup) break
    entries.push(entry(tag >>> 3, tag & 7, reader))
  }
  return `[${entries.join(',')}]`
}

/** Reads what {@link unknownToJson} wrote; throws {@link BodyFault}. */
export function unknownFromJson(node: JsonNode): UnknownFields {
  const fields = new UnknownFields()
  if (node.kind !== 'array') throw new BodyFault(node, 'protobuf.body.badUnknown')
  for (const item of node.items) fields.list.push(fieldFromJson(item))
  return fields
}

function fieldFromJson(node: JsonNode): UnknownField {
  const id = member(node, 'id')
  const type = member(node, 'type')
  const value = member(node, 'value')
  const number = id?.kind === 'number' ? readInteger(id.raw, 'i32') : 'malformed'
  if (typeof number !== 'number' || number < 1 || number > maxFieldNumber || type?.kind !== 'string' || value === undefined) throw new BodyFault(node, 'protobuf.body.badUnknown')
  const found = wireNames.findIndex((name) => name === type.value)
  if (found < 0 || found === wire.endGroup) throw new BodyFault(type, 'protobuf.body.unknownWireType', { type: type.value.slice(0, 40) })
  return { id: number, type: found, bytes: bytesOf(found, value) }
}

const member = (node: JsonNode, key: string): JsonNode | undefined => (node.kind === 'object' ? node.members.find((one) => one.key === key)?.value : undefined)

function bytesOf(type: number, node: JsonNode): Buffer {
  const writer = new ByteWriter()
  if (type === wire.group) writer.unknown(unknownFromJson(node))
  else if (type === wire.len) writeLength(writer, node)
  else writeNumber(writer, type, node)
  return writer.take()
}

function writeNumber(writer: ByteWriter, type: number, node: JsonNode): void {
  const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : ''
  const value = readInteger(raw, type === wire.i32 ? 'u32' : 'u64')
  if (typeof value === 'string') throw new BodyFault(node, 'protobuf.body.badUnknown')
  if (type === wire.varint) writer.at = writer.int64(writer.at, value)
  else if (type === wire.i64) writer.at = writer.fixed64(writer.at, value)
  else writer.view.setUint32((writer.at -= 4), Number(value), true)
}

function writeLength(writer: ByteWriter, node: JsonNode): void {
  if (node.kind === 'string') return writer.longString(node.value)
  const base64 = node.kind === 'object' ? soleMember(node, 'base64') : undefined
  const bytes = base64?.kind === 'string' ? readBase64(base64.value) : undefined
  if (bytes === undefined) throw new BodyFault(node, 'protobuf.body.badUnknown')
  writer.binary(bytes)
}

const soleMember = (node: JsonObject, key: string): JsonNode | undefined => (node.members.length === 1 && node.members[0]?.key === key ? node.members[0].value : undefined)
