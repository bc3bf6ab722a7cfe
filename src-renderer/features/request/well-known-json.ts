// How Protobuf's well-known types are written in JSON (the ProtoJSON specification), since none of them is written as the message that it is.

const wrappers: Readonly<Record<string, string>> = {
  DoubleValue: '1.5', FloatValue: '1.5', Int64Value: '"42"', UInt64Value: '"42"', Int32Value: '42', UInt32Value: '42', BoolValue: 'true', StringValue: '"text"', BytesValue: '"aGk="',
}

const forms: Readonly<Record<string, string>> = {
  ...wrappers,
  Timestamp: '"2024-01-31T12:30:00.5Z"', Duration: '"1.5s"', FieldMask: '"user.displayName,photo"', Struct: '{"any": ["JSON"]}', Value: '"any JSON"', ListValue: '["any", "JSON"]', NullValue: 'null',
  Empty: '{}', Any: '{"@type": "type.googleapis.com/package.Message", …}',
}

const prefix = 'google.protobuf.'

/** An example; undefined for what is written as a message. */
export const wellKnownJson = (fullName: string | undefined): string | undefined => (fullName?.startsWith(prefix) === true ? forms[fullName.slice(prefix.length)] : undefined)
