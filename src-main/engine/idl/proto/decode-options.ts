// Options of descriptors that came as bytes. Custom ones are extensions that only the set itself knows, so the bytes are read by our own
// descriptors; what is not known or broken is left out.

import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { membersOf, type FieldProto, type MessageProto, type MessageValue, type OptionValue } from './model.ts'
import { emptyValue, enumText, memberOf } from './option-value.ts'

/** What names and numbers in options mean. */
export interface KnownTypes {
  extension(extendee: MessageProto, number: number): FieldProto | undefined
  message(fullName: string): MessageProto | undefined
}

const maxDepth = 64

/** Undefined where the bytes are no such message. */
export function decodeOptions(bytes: Uint8Array, type: MessageProto, known: KnownTypes): MessageValue | undefined {
  try {
    const value = readMessage(new BinaryReader(bytes), type, known, undefined, 0)
    return value.fields.size === 0 ? undefined : value
  } catch {
    return undefined
  }
}

function readMessage(reader: BinaryReader, type: MessageProto, known: KnownTypes, group: number | undefined, depth: number): MessageValue {
  if (depth > maxDepth) throw new Error('nested too deeply')
  const value = emptyValue(type)
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    if (wire === WireType.EndGroup && number === group) return value
    const field = membersOf(type).byNumber.get(number) ?? known.extension(type, number)
    if (field === undefined) {
      reader.skip(wire, number)
      continue
    }
    const read = readField(reader, field, wire, known, depth)
    add(value, field, read)
  }
  if (type.fullName === 'google.protobuf.Any') expand(value, known, depth)
  return value
}

function expand(value: MessageValue, known: KnownTypes, depth: number): void {
  const url = memberOf(value, 'type_url')
  const bytes = memberOf(value, 'value')
  const type = typeof url === 'string' ? known.message(url.slice(url.lastIndexOf('/') + 1)) : undefined
  if (typeof url === 'string' && type !== undefined) value.any = { url, value: readMessage(new BinaryReader(Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0)), type, known, undefined, depth + 1) }
}

// A message that comes in parts is one message: protoc writes `(a).b = 1; (a).c = 2;` so.
function add(value: MessageValue, field: FieldProto, read: OptionValue[]): void {
  const entry = value.fields.get(field.number)
  const [before] = entry?.values ?? []
  const [part] = read
  if (entry === undefined) value.fields.set(field.number, { field, values: read })
  else if (field.label === 'repeated') entry.values.push(...read)
  else if (isMessage(before) && isMessage(part)) for (const one of part.fields.values()) add(before, one.field, one.values)
  else entry.values.splice(0, 1, ...read)
}

const isMessage = (value: OptionValue | undefined): value is MessageValue => typeof value === 'object' && !Buffer.isBuffer(value)

function readField(reader: BinaryReader, field: FieldProto, wire: WireType, known: KnownTypes, depth: number): OptionValue[] {
  const { type, ref } = field
  if (wire === WireType.StartGroup) return ref?.kind === 'message' ? [readMessage(reader, ref, known, field.number, depth + 1)] : (reader.skip(wire, field.number), [])
  if (ref?.kind === 'message') return wire === WireType.LengthDelimited ? [readMessage(new BinaryReader(reader.bytes()), ref, known, undefined, depth + 1)] : (reader.skip(wire, field.number), [])
  if (wire !== WireType.LengthDelimited || type === 'string' || type === 'bytes') return [readScalar(reader, field)]
  const packed = new BinaryReader(reader.bytes())
  const values: OptionValue[] = []
  while (packed.pos < packed.len) values.push(readScalar(packed, field))
  return values
}

function readScalar(reader: BinaryReader, { type, ref }: FieldProto): OptionValue {
  switch (type) {
    case 'double':
      return reader.double()
    case 'float':
      return reader.float()
    case 'int32':
      return reader.int32()
    case 'uint32':
      return reader.uint32()
    case 'sint32':
      return reader.sint32()
    case 'fixed32':
      return reader.fixed32()
    case 'sfixed32':
      return reader.sfixed32()
    case 'int64':
      return BigInt(reader.int64())
    case 'uint64':
      return BigInt(reader.uint64())
    case 'sint64':
      return BigInt(reader.sint64())
    case 'fixed64':
      return BigInt(reader.fixed64())
    case 'sfixed64':
      return BigInt(reader.sfixed64())
    case 'bool':
      return reader.bool()
    case 'string':
      return reader.string()
    case 'bytes':
      return Buffer.from(reader.bytes())
    case 'enum': {
      const number = reader.int32()
      return ref?.kind === 'enum' ? enumText(ref, number) : number
    }
    default:
      throw new Error('no scalar')
  }
}
