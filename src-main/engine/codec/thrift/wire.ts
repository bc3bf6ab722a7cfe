// Thrift's type ids on the wire and what they imply (kitex.md 1.3; Apache Thrift doc/specs/thrift-binary-protocol.md).

/** Type ids of Thrift Binary. VOID is written by Kitex's generic server only. */
export const wire = {
  stop: 0, void: 1, bool: 2, i8: 3, double: 4, i16: 6, i32: 8, i64: 10, string: 11, struct: 12, map: 13, set: 14, list: 15, uuid: 16,
} as const

const names: readonly (string | undefined)[] = [
  'stop', 'void', 'bool', 'i8', 'double', undefined, 'i16', undefined, 'i32', undefined, 'i64', 'string', 'struct', 'map', 'set', 'list', 'uuid',
]

/** `i32` for 8, `type 0x7f` for what no Thrift knows. */
export const wireName = (type: number): string => names[type] ?? `type 0x${type.toString(16).padStart(2, '0')}`

/** Type id of a name as `wireName` gives it; `byte` is an alias of i8, `binary` of string. */
export function wireByName(name: string): number | undefined {
  if (name === 'byte') return wire.i8
  if (name === 'binary') return wire.string
  const type = names.indexOf(name)
  return type > wire.void ? type : undefined
}

// The least that one value takes, so that a declared count can be checked against what has arrived before anything is made.
const minSizes: readonly number[] = [0, 1, 1, 1, 8, 0, 2, 0, 4, 0, 8, 4, 1, 6, 5, 5, 16]

/** Least bytes of one value of a type; 0 for ids that are no value type. */
export const minSize = (type: number): number => minSizes[type] ?? 0

/** Types whose size is fixed by the type alone. */
export function fixedSize(type: number): number | undefined {
  switch (type) {
    case wire.void:
    case wire.bool:
    case wire.i8:
      return 1
    case wire.i16:
      return 2
    case wire.i32:
      return 4
    case wire.double:
    case wire.i64:
      return 8
    case wire.uuid:
      return 16
    default:
      return undefined
  }
}

/** True for ids that may stand in a field header or as an element type. */
export const isValueType = (type: number): boolean => type >= wire.bool && minSize(type) > 0

export const messageTypes = ['call', 'reply', 'exception', 'oneway'] as const
