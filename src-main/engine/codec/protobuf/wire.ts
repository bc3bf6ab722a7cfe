// Protobuf's wire types and what each scalar has of them (protobuf.dev/programming-guides/encoding).

import type { ProtoScalar } from '../../../../shared/model/idl.ts'

export const wire = { varint: 0, i64: 1, len: 2, group: 3, endGroup: 4, i32: 5 } as const

/** Names as they stand in `$unknown` and in the byte view. */
export const wireNames = ['varint', 'i64', 'len', 'group', 'end group', 'i32'] as const

/** `len` for 2, `wire type 7` for what no Protobuf knows. */
export const wireName = (type: number): string => wireNames[type] ?? `wire type ${type}`

/** Field numbers are 29 bits wide. */
export const maxFieldNumber = 0x1fff_ffff

/** Tag of a field: its number and wire type as one unsigned number. */
export const tagOf = (id: number, type: number): number => id * 8 + type

const fixed32: ReadonlySet<string> = new Set(['float', 'fixed32', 'sfixed32'])
const fixed64: ReadonlySet<string> = new Set(['double', 'fixed64', 'sfixed64'])

/** Wire type of a scalar, message, group or enum. */
export function wireOf(type: ProtoScalar | 'message' | 'group' | 'enum'): number {
  if (type === 'group') return wire.group
  if (type === 'string' || type === 'bytes' || type === 'message') return wire.len
  return fixed32.has(type) ? wire.i32 : fixed64.has(type) ? wire.i64 : wire.varint
}
