// Bodies to start from: they read as ProtoJSON of their message, which @bufbuild/protobuf checks here.

import { createFileRegistry, fromBinary, fromJsonString, toBinary, create, type JsonValue } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, file_google_protobuf_any, file_google_protobuf_duration, file_google_protobuf_field_mask, file_google_protobuf_struct, file_google_protobuf_timestamp, file_google_protobuf_wrappers } from '@bufbuild/protobuf/wkt'
import { expect, it } from 'vitest'
import { exampleBody, exampleValueOf } from '../../../../../src-main/engine/idl/example.ts'
import { loadTexts } from '../load-text.ts'

const text = `syntax = "proto3";
package p;
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
message All {
  int64 some_number = 1;
  optional string told = 2;
  oneof pick { All again = 3; string text = 4; bytes raw = 5; }
  repeated Kind kinds = 6;
  map<int32, Leaf> leaves = 7;
  map<bool, double> flags = 8;
  google.protobuf.Any any = 9;
  google.protobuf.Duration duration = 10;
  google.protobuf.FieldMask mask = 11;
  google.protobuf.Struct struct = 12;
  google.protobuf.Value value = 13;
  google.protobuf.ListValue list = 14;
  google.protobuf.NullValue null = 15;
  google.protobuf.Timestamp time = 16;
  google.protobuf.Int64Value wrapped = 17;
  google.protobuf.BytesValue bytes_value = 18;
  uint64 big = 19 [json_name = "BIG"];
  bytes data = 20;
  float ratio = 21;
  All inner = 22;
}
message Leaf { string name = 1; }
enum Kind { KIND_NONE = 0; KIND_ONE = 1; }
service S { rpc Call(All) returns (Leaf); rpc Pour(stream All) returns (stream Leaf); }
`

const expected = {
  someNumber: 1, told: 'told', text: 'text', kinds: ['KIND_ONE'], leaves: { 1: { name: 'name' } }, flags: { true: 1.5 }, any: {}, duration: '1.5s', mask: 'name', struct: { key: 'text' }, value: 'text', list: ['text'],
  time: '2024-01-01T00:00:00Z', wrapped: 1, bytesValue: 'dGV4dA==', BIG: 1, data: 'ZGF0YQ==', ratio: 1.5,
}

it('fills what can be filled, one member of a oneof, under JSON names', async () => {
  const idl = await loadTexts({ 'a.proto': text })
  const [call, pour] = idl.services[0]?.methods ?? []
  expect(call === undefined ? undefined : JSON.parse(exampleBody(idl, call))).toEqual(expected)
  expect(pour === undefined ? undefined : JSON.parse(exampleBody(idl, pour))).toEqual(expected)
  expect(call === undefined ? '' : exampleValueOf(idl, call.returns)).toBe('{\n  "name": "name"\n}')
})

it('is ProtoJSON that another implementation reads', () => {
  const scalar = (name: string, number: number, type: number): object => ({ name, number, type, label: 1, jsonName: name })
  const known = [file_google_protobuf_any, file_google_protobuf_duration, file_google_protobuf_field_mask, file_google_protobuf_struct, file_google_protobuf_timestamp, file_google_protobuf_wrappers]
  const special = { time: '.google.protobuf.Timestamp', duration: '.google.protobuf.Duration', mask: '.google.protobuf.FieldMask', struct: '.google.protobuf.Struct', value: '.google.protobuf.Value', list: '.google.protobuf.ListValue', any: '.google.protobuf.Any', wrapped: '.google.protobuf.Int64Value' }
  const fields = Object.entries(special).map(([name, typeName], index) => ({ ...scalar(name, index + 1, 11), typeName }))
  const file = { name: 'x.proto', syntax: 'proto3', dependency: known.map(({ proto }) => proto.name), messageType: [{ name: 'X', field: fields }] }
  const bytes = toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: [...known.map(({ proto }) => proto), file] }))
  const message = createFileRegistry(fromBinary(FileDescriptorSetSchema, bytes)).getMessage('X')
  const body = Object.fromEntries(Object.keys(special).map((name) => [name, Reflect.get(expected, name) as JsonValue]))
  expect(message === undefined ? undefined : () => fromJsonString(message, JSON.stringify(body))).not.toThrow()
})

it('gives required fields of messages that lead to themselves an end', async () => {
  const idl = await loadTexts({ 'a.proto': 'syntax = "proto2"; message A { required B b = 1; optional A a = 2; } message B { required int32 x = 1; repeated A as = 2; } service S { rpc F(A) returns (B); }' })
  const method = idl.services[0]?.methods[0]
  expect(method === undefined ? undefined : JSON.parse(exampleBody(idl, method))).toEqual({ b: { x: 1, as: [] } })
})
