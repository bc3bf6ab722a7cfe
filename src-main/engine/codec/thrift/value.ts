// What compiled decoders make and compiled encoders take: plain JavaScript values in which every Thrift value fits exactly.

/**
 * bool: boolean · integers: number, or bigint where a number would lose digits · double: number · string: string (text.ts tells how
 * other bytes fare) · binary: Buffer · uuid: canonical text · enum: number · list, set: array · map, struct: below.
 */
export type ThriftValue = boolean | number | bigint | string | Buffer | readonly ThriftValue[] | ThriftMap | ThriftStruct

/** Keys and values side by side, in the order of the wire: a repeated key, legal there, is kept. */
export class ThriftMap {
  readonly keys: readonly ThriftValue[]
  /** As many as keys. */
  readonly values: readonly ThriftValue[]

  constructor(keys: readonly ThriftValue[], values: readonly ThriftValue[]) {
    this.keys = keys
    this.values = values
  }
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

/** A set field, or undefined. */
export const fieldOf = (value: ThriftStruct, { property }: { readonly property: string }): ThriftValue | undefined => value[property] as ThriftValue | undefined

// A value has the JavaScript type of its plan, whoever made it; anything else is a bug, and ends here.
const misfit = (value: ThriftValue, wanted: string): never => {
  throw new Error(`believed: a value planned as ${wanted} is one, got ${typeof value}`)
}

export const asText = (value: ThriftValue): string => (typeof value === 'string' ? value : misfit(value, 'string'))
export const asNumber = (value: ThriftValue): number => (typeof value === 'number' ? value : misfit(value, 'number'))
export const asBytes = (value: ThriftValue): Buffer => (Buffer.isBuffer(value) ? value : misfit(value, 'binary'))
export const asList = (value: ThriftValue): readonly ThriftValue[] => (Array.isArray(value) ? value : misfit(value, 'list'))
export const asMap = (value: ThriftValue): ThriftMap => (value instanceof ThriftMap ? value : misfit(value, 'map'))

export function asStruct(value: ThriftValue): ThriftStruct {
  if (typeof value !== 'object' || value instanceof ThriftMap || Buffer.isBuffer(value) || isList(value)) return misfit(value, 'struct')
  return value
}

// Array.isArray alone does not take readonly arrays out of a union.
const isList = (value: object): value is readonly ThriftValue[] => Array.isArray(value)
