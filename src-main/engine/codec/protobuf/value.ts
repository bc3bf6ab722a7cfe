// What compiled decoders make and compiled encoders take: plain JavaScript values in which every Protobuf value fits exactly. A field that
// would not be written is undefined: zeros of fields without presence never stand in a value.

/** Keys of a map; 64-bit ones are bigint only where a number would lose digits, so equal keys are equal here. */
export type ProtoKey = string | number | bigint | boolean

/**
 * bool: boolean · integers: number, or bigint where a number would lose digits · float, double: number · enum: number · string: string
 * (`../thrift/text.ts` tells how bytes that are no UTF-8 fare) · bytes: Buffer · repeated: array · map: Map · message, group: below.
 */
export type ProtoValue = boolean | number | bigint | string | Buffer | readonly ProtoValue[] | ReadonlyMap<ProtoKey, ProtoValue> | MessageValue

/** Fields by their plan's property; undefined ones are not on the wire. */
export interface MessageValue {
  [property: string]: ProtoValue | UnknownFields | undefined
  $unknown?: UnknownFields | undefined
}

/** A field that the IDL does not have, or has with another wire type: kept as it came. */
export interface UnknownField {
  readonly id: number
  /** Wire type. */
  readonly type: number
  /** Without the tag; of a group without the closing tag. */
  readonly bytes: Buffer
}

/** A class of its own, so that it is told from values at run time. */
export class UnknownFields {
  readonly list: UnknownField[] = []
}

/** Property of a message value that holds a field: its name, but for names that every object answers to. */
export const propertyOf = (name: string): string => (name in Object.prototype ? `$${name}` : name)

/** A set field, or undefined. */
export function fieldOf(value: MessageValue, { property }: { readonly property: string }): ProtoValue | undefined {
  const found = value[property]
  return found instanceof UnknownFields ? undefined : found
}

// A value has the JavaScript type of its plan, whoever made it; anything else is a bug, and ends here.
const misfit = (value: ProtoValue, wanted: string): never => {
  throw new Error(`believed: a value planned as ${wanted} is one, got ${typeof value}`)
}

export const asText = (value: ProtoValue): string => (typeof value === 'string' ? value : misfit(value, 'string'))
export const asNumber = (value: ProtoValue): number => (typeof value === 'number' ? value : misfit(value, 'number'))
export const asBytes = (value: ProtoValue): Buffer => (Buffer.isBuffer(value) ? value : misfit(value, 'bytes'))
export const asList = (value: ProtoValue): readonly ProtoValue[] => (isList(value) ? value : misfit(value, 'repeated'))
export const asMap = (value: ProtoValue): ReadonlyMap<ProtoKey, ProtoValue> => (value instanceof Map ? value : misfit(value, 'map'))

export function asMessage(value: ProtoValue): MessageValue {
  if (typeof value !== 'object' || value instanceof Map || Buffer.isBuffer(value) || isList(value)) return misfit(value, 'message')
  return isMap(value) ? misfit(value, 'message') : value
}

// Array.isArray alone does not take readonly arrays out of a union, nor instanceof readonly maps.
const isList = (value: ProtoValue): value is readonly ProtoValue[] => Array.isArray(value)
const isMap = (value: MessageValue | ReadonlyMap<ProtoKey, ProtoValue>): value is ReadonlyMap<ProtoKey, ProtoValue> => value instanceof Map
