// Which messages ProtoJSON writes in a form of their own, and the fields that they must have for it: a message that only bears such a
// name is written as any other.

import type { StructDescriptor } from '../../../../shared/model/idl.ts'

export type WellKnown = 'any' | 'timestamp' | 'duration' | 'field-mask' | 'struct' | 'value' | 'list' | 'wrapper'

const shapes: Readonly<Record<string, readonly [WellKnown, string]>> = {
  'google.protobuf.Any': ['any', '1:string,2:bytes'],
  'google.protobuf.Timestamp': ['timestamp', '1:int64,2:int32'],
  'google.protobuf.Duration': ['duration', '1:int64,2:int32'],
  'google.protobuf.FieldMask': ['field-mask', '1:string'],
  'google.protobuf.Struct': ['struct', '1:message'],
  'google.protobuf.Value': ['value', '1:enum,2:double,3:string,4:bool,5:message,6:message'],
  'google.protobuf.ListValue': ['list', '1:message'],
  'google.protobuf.DoubleValue': ['wrapper', '1:double'],
  'google.protobuf.FloatValue': ['wrapper', '1:float'],
  'google.protobuf.Int64Value': ['wrapper', '1:int64'],
  'google.protobuf.UInt64Value': ['wrapper', '1:uint64'],
  'google.protobuf.Int32Value': ['wrapper', '1:int32'],
  'google.protobuf.UInt32Value': ['wrapper', '1:uint32'],
  'google.protobuf.BoolValue': ['wrapper', '1:bool'],
  'google.protobuf.StringValue': ['wrapper', '1:string'],
  'google.protobuf.BytesValue': ['wrapper', '1:bytes'],
}

const repeatedIn: Readonly<Record<string, 'list' | 'map'>> = { 'field-mask': 'list', list: 'list', struct: 'map' }

/** The form of a message by its full name and fields. */
export function wellKnownOf({ proto, fields }: Pick<StructDescriptor, 'proto' | 'fields'>): WellKnown | undefined {
  const found = proto !== undefined && Object.hasOwn(shapes, proto.fullName) ? shapes[proto.fullName] : undefined
  if (found === undefined) return undefined
  const [form, expected] = found
  const shape = fields.map(({ id, proto: field }) => `${id}:${field?.map?.value ?? field?.type ?? ''}`).join()
  const isRepeated = fields.some(({ type }) => type.kind === 'list' || type.kind === 'map')
  const isRight = shape === expected && (repeatedIn[form] === undefined ? !isRepeated : fields[0]?.type.kind === repeatedIn[form])
  return isRight ? form : undefined
}

export const nullValueName = 'google.protobuf.NullValue'
