// What compiled decoders make and compiled encoders take: plain JavaScript values in which every Thrift value fits exactly.

/**
 * bool: boolean · integers: number, or bigint where a number would lose digits · double: number · string: string (text.ts tells how
 * other bytes fare) · binary: Buffer · uuid: canonical text · enum: number · list, set: array · map, struct: below.
 */
export type ThriftValue = boolean | number | bigint | string | Buffer | readonly ThriftValue[] | ThriftMap | ThriftStruct

/** Keys and values side by side, in the order of the wire: a repeated key, legal there, is kept. */
export interface ThriftMap {
  readonly keys: readonly ThriftValue[]
  readonly values: readonly ThriftValue[]
}

/** Fields by {@link propertyOf} their name; undefined ones are not on the wire. */
export interface ThriftStruct {
  [property: string]: ThriftValue | UnknownField[] | undefined
  $unknown?: UnknownField[] | undefined
}

/** A field that the IDL does not have, or has with another type: kept as it came. */
export interface UnknownField {
  readonly id: number
  /** Wire type. */
  readonly type: number
  /** The value's bytes, without the field header. */
  readonly bytes: Buffer
}

/** Property of a struct value that holds a field: its name, but for names that every object answers to. */
export const propertyOf = (fieldName: string): string => (fieldName in Object.prototype ? `$${fieldName}` : fieldName)
