// The IDLs of `test/fixtures/idl/proto` three times over: as our loader reads them, as protoc compiled them (`codec.binpb`: `protoc
// --include_imports --descriptor_set_out=codec.binpb codec3.proto codec2.proto codec2023.proto`, and so for `codec-bench`) for @bufbuild/protobuf, and
// as protobufjs reads them. And random values in the JSON form of any message.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFileRegistry, fromBinary, ScalarType, type DescField, type DescMessage, type FileRegistry } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema, type FileDescriptorSet } from '@bufbuild/protobuf/wkt'
import protobufjs from 'protobufjs'
import type { IdlSet } from '../../shared/model/idl.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import type { Random } from './fuzz/mutate.ts'
import { root } from './source-files.ts'

const folder = join(root, 'test/fixtures/idl/proto')
const files = ['codec3.proto', 'codec2.proto', 'codec2023.proto'].map((name) => join(folder, name))

/** The set as our own loader makes it. */
export async function codecIdl(): Promise<IdlSet> {
  const idl = await loadIdl({ paths: files })
  if (idl.diagnostics.length > 0) throw new Error(`believed: the fixtures are without fault: ${JSON.stringify(idl.diagnostics)}`)
  return idl
}

/** What protoc made of it. */
export const codecDescriptors = (): FileDescriptorSet => fromBinary(FileDescriptorSetSchema, readFileSync(join(folder, 'codec.binpb')))

/** The set as protoc compiled it. */
export const codecRegistry = (): FileRegistry => createFileRegistry(codecDescriptors())

export function descOf(registry: FileRegistry, name: string): DescMessage {
  const found = registry.getMessage(name)
  if (found === undefined) throw new Error(`believed: the fixtures have ${name}`)
  return found
}

/** The set as protobufjs reads it. */
export async function codecRoot(): Promise<protobufjs.Root> {
  const all = new protobufjs.Root()
  for (const file of files) await all.load(file)
  return all
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A value of a message in ProtoJSON that reads back the same: what it holds depends on the random numbers alone. */
export function randomJson(desc: DescMessage, random: Random, depth = 0): Json {
  const known = wellKnown[desc.typeName]
  if (known !== undefined) return known(random, depth)
  const value: Record<string, Json> = {}
  const chosen = new Map(desc.oneofs.map((oneof) => [oneof, oneof.fields[random(oneof.fields.length)]]))
  for (const field of desc.fields) {
    const isRequired = field.presence === 3
    if (!isRequired && (random(3) === 0 || (field.oneof !== undefined && chosen.get(field.oneof) !== field))) continue
    const member = fieldJson(field, random, depth)
    if (member !== undefined) value[field.jsonName] = member
  }
  return desc.typeName === 'codec.v2.Order' && random(2) === 0 ? { ...value, ...extensions } : value
}

// In order of their numbers, which is the order in which they are written.
const extensions = { '[codec.v2.coupon]': 'spring', '[codec.v2.marks]': ['-1', '9223372036854775807'], '[codec.v2.Order.Note.note]': { text: 'n' }, '[codec.v2.wanted]': 'LARGE' }

function fieldJson(field: DescField, random: Random, depth: number): Json | undefined {
  const isDeep = depth > 3 && field.message !== undefined
  switch (field.fieldKind) {
    case 'list':
      return isDeep ? undefined : Array.from({ length: 1 + random(4) }, () => single(field, random, depth))
    case 'map':
      return isDeep ? undefined : Object.fromEntries(Array.from({ length: 1 + random(3) }, () => [String(scalarJson(field.mapKey, random)), single(field, random, depth)]))
    default:
      return isDeep ? undefined : single(field, random, depth)
  }
}

function single(field: DescField, random: Random, depth: number): Json {
  if (field.message !== undefined) return randomJson(field.message, random, depth + 1)
  if (field.enum !== undefined) {
    if (field.enum.typeName === 'google.protobuf.NullValue') return null
    const { values } = field.enum
    return field.enum.open && random(4) === 0 ? 100 + random(1000) : (values[random(values.length)]?.name ?? 0)
  }
  return scalarJson(field.fieldKind === 'scalar' || field.fieldKind === 'list' || field.fieldKind === 'map' ? (field.scalar ?? ScalarType.INT32) : ScalarType.INT32, random)
}

const big = (random: Random, bits: number): bigint => (BigInt(random(0x1_0000_0000)) * 0x1_0000_0000n + BigInt(random(0x1_0000_0000))) >> BigInt(random(64)) & ((1n << BigInt(bits)) - 1n)

function scalarJson(scalar: ScalarType, random: Random): Json {
  switch (scalar) {
    case ScalarType.BOOL:
      return random(2) === 0
    case ScalarType.STRING:
      return ['', 'a', 'plain text', 'grüße 你好 🚀', 'x'.repeat(random(300)), '\n"\\\u0001', 'toString', '__proto__x'][random(8)] ?? ''
    case ScalarType.BYTES:
      return Buffer.from(Array.from({ length: random(60) }, () => random(256))).toString('base64')
    case ScalarType.DOUBLE:
      return [0, 1.5, -2.25e10, 1e308, 5e-324, 'NaN', 'Infinity', '-Infinity', random(1e6) / 7][random(9)] ?? 0
    case ScalarType.FLOAT:
      return [0, 1.5, -0.125, 'NaN', 'Infinity', '-Infinity', random(4000) / 8][random(7)] ?? 0
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return Number(BigInt.asIntN(32, big(random, 32)))
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return Number(big(random, 32))
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return String(big(random, 64))
    default:
      return String(BigInt.asIntN(64, big(random, 64)))
  }
}

const anyValue = (random: Random, depth: number): Json =>
  [null, true, random(1000) / 8, 'text', depth > 4 ? [] : [anyValue(random, depth + 1)], depth > 4 ? {} : { k: anyValue(random, depth + 1) }][random(6)] ?? null

const wellKnown: Readonly<Record<string, (random: Random, depth: number) => Json>> = {
  'google.protobuf.Any': (random) => {
    const inner = [{ '@type': 'type.googleapis.com/codec.v2.Order', id: String(1 + random(9)) }, { '@type': 'type.googleapis.com/google.protobuf.Duration', value: `${random(9)}s` }, {}]
    return inner[random(inner.length)] ?? {}
  },
  'google.protobuf.Timestamp': (random) => new Date(Number(big(random, 40))).toISOString().replace('.000Z', 'Z'),
  'google.protobuf.Duration': (random) => `${random(2) === 0 ? '-' : ''}${1 + random(1e9)}${['', '.500', '.000001', '.123456789'][random(4)] ?? ''}s`,
  'google.protobuf.FieldMask': (random) => ['', 'a', 'userName,photo.smallUrl'][random(3)] ?? '',
  'google.protobuf.Struct': (random, depth) => ({ a: anyValue(random, depth), [`k${random(9)}`]: anyValue(random, depth) }),
  'google.protobuf.Value': anyValue,
  'google.protobuf.ListValue': (random, depth) => [anyValue(random, depth), anyValue(random, depth)],
  'google.protobuf.DoubleValue': (random) => scalarJson(ScalarType.DOUBLE, random),
  'google.protobuf.FloatValue': (random) => scalarJson(ScalarType.FLOAT, random),
  'google.protobuf.Int64Value': (random) => scalarJson(ScalarType.INT64, random),
  'google.protobuf.UInt64Value': (random) => scalarJson(ScalarType.UINT64, random),
  'google.protobuf.Int32Value': (random) => scalarJson(ScalarType.INT32, random),
  'google.protobuf.UInt32Value': (random) => scalarJson(ScalarType.UINT32, random),
  'google.protobuf.BoolValue': (random) => scalarJson(ScalarType.BOOL, random),
  'google.protobuf.StringValue': (random) => scalarJson(ScalarType.STRING, random),
  'google.protobuf.BytesValue': (random) => scalarJson(ScalarType.BYTES, random),
}
