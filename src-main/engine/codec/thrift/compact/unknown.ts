// Fields that the IDL does not have, in Compact. They are kept in Binary's form, in which `$unknown` is shown and read, so a value read in
// one form can be written in the other; only what Compact leaves to the writer (longer headers, longer varints) is not kept.

import { Breach } from '../../common/breach.ts'
import { endlessLimits } from '../limits.ts'
import { ByteReader } from '../reader.ts'
import type { ThriftStruct, UnknownField } from '../value.ts'
import { wire } from '../wire.ts'
import { ByteWriter } from '../writer.ts'
import type { CompactReader } from './reader.ts'
import { compact, compactName, compactOfWire, wireOfCompact } from './types.ts'
import type { CompactWriter } from './writer.ts'

const scratch = new ByteWriter()

/** Keeps the field whose header was just passed. */
export function readUnknown(reader: CompactReader, value: ThriftStruct, depth: number, id: number, bits: number): void {
  const type = wireOfCompact(bits)
  if (type === wire.stop) throw new Breach(reader.at - 1, 'codec.bytes.unknownType', { type: compactName(bits) })
  if (id > 0x7fff) throw new Breach(reader.at - 1, 'codec.bytes.fieldId', { id })
  scratch.at = 0
  if (type === wire.bool) scratch.u8(bits === compact.true ? 1 : 0)
  else toBinary(reader, type, depth + 1, scratch)
  reader.spend(48)
  const field: UnknownField = { id, type, bytes: scratch.take() }
  if (value.$unknown === undefined) value.$unknown = [field]
  else value.$unknown.push(field)
}

function toBinary(reader: CompactReader, type: number, depth: number, writer: ByteWriter): void {
  switch (type) {
    case wire.bool:
      return writer.u8(reader.u8() === compact.true ? 1 : 0)
    case wire.i8:
      return writer.u8(reader.u8())
    case wire.i16: {
      const value = reader.zigzag16()
      writer.u8((value >> 8) & 0xff)
      return writer.u8(value & 0xff)
    }
    case wire.i32:
      return writer.i32(reader.zigzag32())
    case wire.i64:
      return writer.i64(reader.zigzag64())
    case wire.double:
      return writer.raw(reader.take(8).reverse())
    case wire.uuid:
      return writer.raw(reader.take(16))
    case wire.string:
      return writer.binary(reader.take(reader.length()))
    default:
      if (depth > reader.maxDepth) reader.tooDeep()
      if (type === wire.struct) structToBinary(reader, depth, writer)
      else elementsToBinary(reader, type, depth, writer)
  }
}

function structToBinary(reader: CompactReader, depth: number, writer: ByteWriter): void {
  let before = 0
  for (;;) {
    const header = reader.field(before)
    if (header === undefined) break
    reader.at += header.length
    reader.spend(8)
    writer.u8(header.type)
    writer.u8((header.id >> 8) & 0xff)
    writer.u8(header.id & 0xff)
    if (header.held === undefined) toBinary(reader, header.type, depth + 1, writer)
    else writer.u8(header.held === 'true' ? 1 : 0)
    before = header.id
  }
  reader.at++
  writer.u8(wire.stop)
}

function elementsToBinary(reader: CompactReader, type: number, depth: number, writer: ByteWriter): void {
  const { types, count, length } = reader.container(type)
  const [first = wire.stop, second = wire.stop] = types
  reader.at += length
  // Binary takes at most eight times the bytes.
  reader.spend(count * types.length * 8)
  writer.u8(first)
  if (type === wire.map) writer.u8(second)
  writer.i32(count)
  for (let i = 0; i < count; i++) {
    toBinary(reader, first, depth + 1, writer)
    if (type === wire.map) toBinary(reader, second, depth + 1, writer)
  }
}

/** Writes kept fields behind the field with id `before`. */
export function writeUnknown(writer: CompactWriter, fields: readonly UnknownField[], before: number): void {
  let last = before
  for (const { id, type, bytes } of fields) {
    // Only Kitex's generic server writes these, in Binary, and they hold nothing.
    if (type === wire.void) continue
    const isFalse = type === wire.bool && bytes[0] !== 1
    writer.fieldHeader(isFalse ? compact.false : compactOfWire(type), id, last)
    if (type !== wire.bool) fromBinary(new ByteReader(bytes, 0, endlessLimits), type, writer)
    last = id
  }
}

// These bytes were checked when they were read or made.
function fromBinary(reader: ByteReader, type: number, writer: CompactWriter): void {
  const { at } = reader
  switch (type) {
    case wire.bool:
      reader.at = at + 1
      return writer.u8(reader.bytes[at] === 1 ? compact.true : compact.false)
    case wire.i8:
      reader.at = at + 1
      return writer.u8(reader.bytes[at] ?? 0)
    case wire.i16:
      reader.at = at + 2
      return writer.zigzag32(reader.view.getInt16(at))
    case wire.i32:
      reader.at = at + 4
      return writer.zigzag32(reader.view.getInt32(at))
    case wire.i64:
      return writer.zigzag64(reader.i64())
    case wire.double:
      return writer.raw(reader.copy(8).reverse())
    case wire.uuid:
      return writer.raw(reader.copy(16))
    case wire.string:
      return writer.binary(reader.binary())
    case wire.struct:
      return structFromBinary(reader, writer)
    default:
      return elementsFromBinary(reader, type, writer)
  }
}

function structFromBinary(reader: ByteReader, writer: CompactWriter): void {
  let before = 0
  for (;;) {
    const type = reader.bytes[reader.at++] ?? wire.stop
    if (type === wire.stop) return writer.u8(wire.stop)
    const id = reader.view.getInt16(reader.at)
    reader.at += 2
    if (type === wire.void) {
      reader.at++
      continue
    }
    const isBool = type === wire.bool
    const isFalse = isBool && reader.bytes[reader.at] !== 1
    writer.fieldHeader(isFalse ? compact.false : compactOfWire(type), id, before)
    if (isBool) reader.at++
    else fromBinary(reader, type, writer)
    before = id
  }
}

function elementsFromBinary(reader: ByteReader, type: number, writer: CompactWriter): void {
  const isMap = type === wire.map
  const first = reader.bytes[reader.at] ?? 0
  const second = reader.bytes[reader.at + 1] ?? 0
  const count = reader.view.getInt32(reader.at + (isMap ? 2 : 1))
  reader.at += isMap ? 6 : 5
  if (!isMap) writer.listHeader(compactOfWire(first), count)
  else {
    writer.varint32(count)
    if (count > 0) writer.u8((compactOfWire(first) << 4) | compactOfWire(second))
  }
  for (let i = 0; i < count; i++) {
    fromBinary(reader, first, writer)
    if (isMap) fromBinary(reader, second, writer)
  }
}
