// Examples of messages whose JSON is not an object of their fields (ProtoJSON's special forms), and which fields of other messages an example shows.

import type { ConstValue, FieldDescriptor, IdlSet, StructDescriptor } from '../../../../shared/model/idl.ts'

const wrapped: Readonly<Record<string, ConstValue>> = {
  DoubleValue: 1.5, FloatValue: 1.5, Int64Value: 1, UInt64Value: 1, Int32Value: 1, UInt32Value: 1, BoolValue: true, StringValue: 'text', BytesValue: 'dGV4dA==',
}

const special: Readonly<Record<string, ConstValue>> = {
  Timestamp: '2024-01-01T00:00:00Z', Duration: '1.5s', FieldMask: 'name', Empty: {}, Struct: { key: 'text' }, Value: 'text', ListValue: ['text'],
  // An empty one encodes whatever types are known.
  Any: {},
  ...wrapped,
}

/** The example of a well-known type; undefined for other messages. */
export function wellKnownExample(fullName: string): ConstValue | undefined {
  const prefix = 'google.protobuf.'
  if (!fullName.startsWith(prefix)) return undefined
  const name = fullName.slice(prefix.length)
  return Object.hasOwn(special, name) ? special[name] : undefined
}

/** Fields for an example: one of each oneof, the first that fits. A NullValue has no other value than null, so it is left out. */
export function exampleFields(struct: StructDescriptor, idl: IdlSet, fits: (field: FieldDescriptor) => boolean): readonly FieldDescriptor[] {
  const taken = new Set<string>()
  return struct.fields.filter((field) => {
    if (field.requiredness === 'required') return true
    if (field.type.kind === 'enum' && idl.enums[field.type.id]?.proto?.fullName === 'google.protobuf.NullValue') return false
    const oneof = field.proto?.oneof
    if ((oneof !== undefined && taken.has(oneof)) || !fits(field)) return false
    if (oneof !== undefined) taken.add(oneof)
    return true
  })
}
