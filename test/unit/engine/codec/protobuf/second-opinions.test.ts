// Every message of the fixtures, proto2, proto3 and editions, filled at random: the bytes must be those of @bufbuild/protobuf to the last
// one, the JSON must be its JSON, and protobufjs must read and write the same.

import { fromBinary, fromJson, fromJsonString, toBinary, toJson, type FileRegistry } from '@bufbuild/protobuf'
import type protobufjs from 'protobufjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { idlSetFromDescriptors } from '../../../../../src-main/engine/idl/proto/index.ts'
import { seededRandom } from '../../../../support/fuzz/mutate.ts'
import { codecDescriptors, codecIdl, codecRegistry, codecRoot, descOf, randomJson } from '../../../../support/proto-idl.ts'

const codec = createProtobuf()
const messages = ['codec.v3.Scalars', 'codec.v3.Lists', 'codec.v3.Maps', 'codec.v3.Choice', 'codec.v3.Known', 'codec.v3.Everything', 'codec.v2.Order', 'codec.e2023.Node']
const format = { int64: 'string', enums: 'name', binary: 'base64', defaults: false } as const
let idl: IdlSet
let registry: FileRegistry
let root: protobufjs.Root

beforeAll(async () => {
  idl = await codecIdl()
  registry = codecRegistry()
  root = await codecRoot()
})

it('the fixtures and what protoc made of them are the same to our loader', async () => {
  const compiled = await idlSetFromDescriptors(codecDescriptors().file)
  const shapes = (set: IdlSet): unknown => Object.fromEntries(
    Object.values(set.structs).filter(({ proto }) => proto?.fullName.startsWith('codec.')).map(({ proto, fields }) => [proto?.fullName, [...fields, ...(proto?.extensions ?? [])].map(({ id, name, proto: field }) => ({ id, name, field }))]),
  )
  expect(shapes(compiled)).toEqual(shapes(idl))
})

describe.each(messages)('%s', (name) => {
  it('has the bytes and the JSON of @bufbuild/protobuf', () => {
    const desc = descOf(registry, name)
    for (let seed = 0; seed < (name === 'codec.v3.Everything' ? 40 : 100); seed++) {
      const json = randomJson(desc, seededRandom(seed))
      const message = fromJson(desc, JSON.parse(JSON.stringify(json)), { registry })
      const bytes = codec.encodeType(idl, name, JSON.stringify(json))
      expect(bytes.toString('hex'), JSON.stringify(json)).toBe(Buffer.from(toBinary(desc, message)).toString('hex'))
      const shown = codec.decodeType(idl, name, bytes, format)
      expect(shown.warnings).toEqual([])
      expect(JSON.parse(shown.json)).toEqual(JSON.parse(JSON.stringify(toJson(desc, message, { registry }))))
      expect(codec.encodeType(idl, name, shown.json).equals(bytes)).toBe(true)
    }
  })

  it('shows the zeros that @bufbuild/protobuf shows', () => {
    const desc = descOf(registry, name)
    for (let seed = 0; seed < 20; seed++) {
      const message = fromJson(desc, JSON.parse(JSON.stringify(randomJson(desc, seededRandom(seed)))), { registry })
      const shown = codec.decodeType(idl, name, Buffer.from(toBinary(desc, message)), { ...format, defaults: true })
      expect(JSON.parse(shown.json)).toEqual(JSON.parse(JSON.stringify(toJson(desc, message, { registry, alwaysEmitImplicit: true }))))
    }
  })

  it('is read and written by protobufjs to the same bytes', () => {
    const type = root.lookupType(name)
    const desc = descOf(registry, name)
    for (let seed = 0; seed < 40; seed++) {
      const bytes = codec.encodeType(idl, name, JSON.stringify(randomJson(desc, seededRandom(seed))))
      expect(Buffer.from(type.encode(type.decode(bytes)).finish()).toString('hex')).toBe(bytes.toString('hex'))
    }
  })
})

it('merges what comes in pieces, as @bufbuild/protobuf does', () => {
  for (const name of messages) {
    const desc = descOf(registry, name)
    for (let seed = 0; seed < 25; seed++) {
      const pieces = [seed, seed + 1000].map((one) => codec.encodeType(idl, name, JSON.stringify(randomJson(desc, seededRandom(one)))))
      const both = Buffer.concat(pieces)
      const merged = fromBinary(desc, both)
      const shown = codec.decodeType(idl, name, both, format)
      // What merging leaves may have no JSON form there: the seconds of one time with the nanoseconds of another.
      const theirs = attempt(() => JSON.stringify(toJson(desc, merged, { registry })))
      if (theirs !== undefined) expect(JSON.parse(shown.json), name).toEqual(JSON.parse(theirs))
    }
  }
})

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

it('fields in any order read the same', () => {
  const desc = descOf(registry, 'codec.v3.Scalars')
  const fields = desc.fields.map((field) => Buffer.from(toBinary(desc, fromJson(desc, { [field.jsonName]: field.fieldKind === 'enum' ? 'RED' : field.jsonName === 'fBool' ? true : field.jsonName === 'fBytes' ? 'AQ==' : '1' }))))
  const forward = codec.decodeType(idl, desc.typeName, Buffer.concat(fields)).json
  expect(codec.decodeType(idl, desc.typeName, Buffer.concat([...fields].reverse())).json).toBe(forward)
  expect(Object.keys(JSON.parse(forward))).toHaveLength(16)
})

it('messages of all sizes, one after another, are each what they should be', () => {
  const desc = descOf(registry, 'codec.v3.Everything')
  const made = [1, 3000, 10, 40_000, 10, 200_000, 5, 9000, 1].map((length, n) => {
    const json = JSON.stringify({ choice: { again: { text: 'x'.repeat(length), again: { maybe: n } } }, more: [{ lists: { fInt32: Array.from({ length: length / 100 }, () => n) } }] })
    return { bytes: codec.encodeType(idl, desc.typeName, json), theirs: Buffer.from(toBinary(desc, fromJsonString(desc, json))) }
  })
  for (const { bytes, theirs } of made) expect(bytes.equals(theirs)).toBe(true)
})
