// Compact's own numbers for the types (Apache Thrift doc/specs/thrift-compact-protocol.md). Everything above speaks those of `../wire.ts`.

import { wire, wireName } from '../wire.ts'

/** A field's header holds a bool; elements of containers have type 1, older writers 2, and then a byte of 1 or 2 each. */
export const compact = { true: 1, false: 2 } as const

const wireTypes: readonly number[] = [
  wire.stop, wire.bool, wire.bool, wire.i8, wire.i16, wire.i32, wire.i64, wire.double, wire.string, wire.list, wire.set, wire.map, wire.struct, wire.uuid,
]

/** The type of `wire.ts` that four bits stand for; 0 where they stand for none. */
export const wireOfCompact = (bits: number): number => wireTypes[bits] ?? wire.stop

/** Name of what four bits stand for; `type 0x0e` for what no Thrift knows. */
export const compactName = (bits: number): string => (wireOfCompact(bits) === wire.stop && bits !== 0 ? `type 0x${bits.toString(16).padStart(2, '0')}` : wireName(wireOfCompact(bits)))

/** The four bits of a type; of a bool those of an element, or of a field that is true. */
export const compactOfWire = (type: number): number => Math.max(0, wireTypes.indexOf(type))

/** Least bytes of one element: fixed widths are a double's, a uuid's; all else begins with one byte. */
export const minCompactSize = (type: number): number => (type === wire.double ? 8 : type === wire.uuid ? 16 : 1)
