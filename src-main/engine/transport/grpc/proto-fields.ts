// Protobuf's wire format one field at a time, for the few small messages that gRPC itself defines (google.rpc.Status, reflection). The
// user's own messages are the codec's affair. Bytes nobody vouches for: a length that lies ends in undefined, never in a read beyond it.

/** One field as it stands; `bytes` of length-delimited fields, `int` of the others. */
export interface ProtoFieldOnWire {
  readonly number: number
  readonly int: bigint
  readonly bytes: Buffer
}

const none = Buffer.alloc(0)
/** Of one message. Two bytes make a field that takes a hundred here, and the messages meant have a few thousand at most. */
const maxFields = 500_000

/** All fields of a message in their order; undefined where the bytes are no message, or one of far too many fields. */
export function protoFields(message: Buffer): readonly ProtoFieldOnWire[] | undefined {
  const found: ProtoFieldOnWire[] = []
  for (let at = 0; at < message.length;) {
    const tag = varint(message, at)
    const field = tag === undefined || tag.value >> 3n === 0n || tag.value > 0xffffffffn ? undefined : fieldAt(message, tag.end, Number(tag.value >> 3n), Number(tag.value & 7n))
    if (field === undefined || found.length >= maxFields) return undefined
    found.push(field.field)
    at = field.end
  }
  return found
}

function fieldAt(message: Buffer, at: number, number: number, wireType: number): { readonly field: ProtoFieldOnWire; readonly end: number } | undefined {
  if (wireType === 1) return at + 8 > message.length ? undefined : { field: { number, int: message.readBigUInt64LE(at), bytes: none }, end: at + 8 }
  if (wireType === 5) return at + 4 > message.length ? undefined : { field: { number, int: BigInt(message.readUInt32LE(at)), bytes: none }, end: at + 4 }
  if (wireType !== 0 && wireType !== 2) return undefined
  const read = varint(message, at)
  if (read === undefined) return undefined
  if (wireType === 0) return { field: { number, int: read.value, bytes: none }, end: read.end }
  if (read.value > BigInt(message.length - read.end)) return undefined
  const end = read.end + Number(read.value)
  return { field: { number, int: 0n, bytes: message.subarray(read.end, end) }, end }
}

function varint(bytes: Buffer, from: number): { readonly value: bigint; readonly end: number } | undefined {
  let value = 0n
  for (let at = from; at < bytes.length && at < from + 10; at += 1) {
    const byte = bytes[at] ?? 0
    value |= BigInt(byte & 0x7f) << BigInt(7 * (at - from))
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: at + 1 }
  }
  return undefined
}

/** A length-delimited field as bytes. */
export function protoBytes(number: number, content: Buffer | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return Buffer.concat([protoVarint(number * 8 + 2), protoVarint(bytes.length), bytes])
}

function protoVarint(value: number): Buffer {
  const out: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...out, rest])
    out.push((rest % 128) | 0x80)
  }
}
