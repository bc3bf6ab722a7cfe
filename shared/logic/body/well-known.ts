// Protobuf's well-known types as JSON has them: what a body may hold where the IDL says `google.protobuf.Timestamp` is text, not an object
// with seconds and nanos. One table for checking, completion and starting values.

import type { StructDescriptor } from '../../model/idl.ts'

/** `text`: a string; `any`: whatever JSON there is; `wrapped`: the value of its only field; `object` and `list`: those, of anything. */
export type WellKnownForm = 'text' | 'any' | 'wrapped' | 'object' | 'list'

const forms: Readonly<Record<string, { readonly form: WellKnownForm; readonly starter: string }>> = {
  Timestamp: { form: 'text', starter: '"${0:2026-01-01T00:00:00Z}"' },
  Duration: { form: 'text', starter: '"${0:1s}"' },
  FieldMask: { form: 'text', starter: '"$0"' },
  Struct: { form: 'object', starter: '{$0\\}' },
  Value: { form: 'any', starter: '$0' },
  ListValue: { form: 'list', starter: '[$0]' },
  Any: { form: 'object', starter: '{"@type": "type.googleapis.com/$0"\\}' },
  DoubleValue: { form: 'wrapped', starter: '${0:0.0}' },
  FloatValue: { form: 'wrapped', starter: '${0:0.0}' },
  Int64Value: { form: 'wrapped', starter: '${0:0}' },
  UInt64Value: { form: 'wrapped', starter: '${0:0}' },
  Int32Value: { form: 'wrapped', starter: '${0:0}' },
  UInt32Value: { form: 'wrapped', starter: '${0:0}' },
  BoolValue: { form: 'wrapped', starter: '${0:true}' },
  StringValue: { form: 'wrapped', starter: '"$0"' },
  BytesValue: { form: 'wrapped', starter: '"$0"' },
}

const prefix = 'google.protobuf.'

/** The JSON form of a message that has one of its own. */
export function wellKnown(struct: StructDescriptor | undefined): { readonly form: WellKnownForm; readonly starter: string } | undefined {
  const name = struct?.proto?.fullName
  return name?.startsWith(prefix) === true ? forms[name.slice(prefix.length)] : undefined
}
