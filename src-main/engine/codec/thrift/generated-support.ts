// What generated code calls besides reader and writer.

import { Breach } from '../common/breach.ts'
import type { ByteReader } from './reader.ts'
import type { ThriftStruct, UnknownField } from './value.ts'
import { isValueType, wire, wireName } from './wire.ts'

/** A type that straight code cannot be made for; the IDL loader should have refused it. */
export class UnsupportedTypeError extends Error {
  override readonly name = 'UnsupportedTypeError'

  constructor(type: string) {
    super(`believed: the codec is never asked for a value of type ${type.slice(0, 80)}`)
  }
}

/** Keeps the field whose header stands at `reader.at`: its id is not in the IDL, or its type is another one there. */
export function unknownField(reader: ByteReader, value: ThriftStruct, depth: number): void {
  const { bytes, at, view } = reader
  const type = bytes[at] ?? 0
  if (!isValueType(type) && type !== wire.void) throw new Breach(at, 'codec.bytes.unknownType', { type: wireName(type) })
  const id = view.getInt16(at + 1)
  reader.at = at + 3
  reader.skip(type, depth + 1)
  reader.spend(48 + reader.at - at)
  const field: UnknownField = { id, type, bytes: Buffer.from(bytes.subarray(at + 3, reader.at)) }
  if (value.$unknown === undefined) value.$unknown = [field]
  else value.$unknown.push(field)
}
