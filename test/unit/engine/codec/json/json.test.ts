// JSON as a payload: canonical ProtoJSON of Protobuf messages, and any other JSON untouched.

import { fromJsonString, toBinary } from '@bufbuild/protobuf'
import { beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import type { MethodCodec } from '../../../../../src-main/engine/codec/codec.ts'
import { createJson } from '../../../../../src-main/engine/codec/json/json.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { findMethod } from '../../../../../src-main/engine/idl/find-method.ts'
import { mutations, seededRandom } from '../../../../support/fuzz/mutate.ts'
import { codecIdl, codecRegistry, descOf, randomJson } from '../../../../support/proto-idl.ts'
import { base, idlSet, method } from '../idl-builder.ts'

const english = createTranslator('en')
const codec = createJson()
let idl: IdlSet
let echo: MethodCodec

beforeAll(async () => {
  idl = await codecIdl()
  const found = findMethod(idl, 'codec.v3.Codec/Echo')
  if (!found.ok) throw new Error('believed: the fixtures have Echo')
  echo = codec.forMethod(idl, found.value.service, found.value.method, { envelope: 'bare' })
})

function errorOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return `${thrown.data.code}: ${english.error(thrown.data)}`
    throw thrown
  }
}

describe('a Protobuf message', () => {
  it('goes in canonical form', () => {
    expect(echo.encodeRequest('{"scalars":{"f_int64":9007199254740993,"f_color":1,"f_bytes":"-_8"}}', 1).toString()).toBe('{"scalars":{"fInt64":"9007199254740993","fBytes":"+/8=","fColor":"RED"}}')
    expect(echo.encodeRequest('', 1).toString()).toBe('{}')
  })

  it('comes in the format of the reader', () => {
    const reply = echo.decodeReply(Buffer.from('{"scalars":{"fInt64":"9007199254740993","fColor":"RED"}}'))
    expect(reply).toEqual({ kind: 'reply', head: undefined, json: '{"scalars":{"fInt64":9007199254740993,"fColor":"RED"}}', warnings: [] })
    expect(echo.decodeRequest(Buffer.from('{"scalars":{"fColor":"RED"}}'), { int64: 'string', enums: 'number', binary: 'hex', defaults: false }).json).toBe('{"scalars":{"fColor":1}}')
  })

  it('is what @bufbuild/protobuf reads', () => {
    const registry = codecRegistry()
    const desc = descOf(registry, 'codec.v3.Everything')
    const binary = createProtobuf()
    for (let seed = 0; seed < 20; seed++) {
      const json = JSON.stringify(randomJson(desc, seededRandom(seed)))
      const wire = echo.encodeRequest(json, 1).toString()
      expect(Buffer.from(toBinary(desc, fromJsonString(desc, wire, { registry }))).toString('hex')).toBe(binary.encodeType(idl, desc.typeName, json).toString('hex'))
    }
  })

  it('keeps what only we understand at home', () => {
    expect(echo.encodeRequest('{"$unknown":[{"id":99,"type":"varint","value":1}],"choice":{"text":"a"}}', 1).toString()).toBe('{"choice":{"text":"a"}}')
  })

  it('is checked before it goes', () => {
    expect(errorOf(() => echo.encodeRequest('{"scalars":{"fInt32":"x"}}', 1))).toBe('body: 1:22 scalars.fInt32: Expected an integer (int32), found string.')
  })

  it('is shown as it came, with a warning, where the message cannot hold it', () => {
    for (const [text, warning] of [
      ['{"scalars":{"fInt32":"x"}}', '1:22 scalars.fInt32: Expected an integer (int32), found string.'],
      ['{ "scalars": {"since": 12345678901234567890} }', '1:15 scalars.since: Scalars has no field "since".'],
    ] as const) {
      const reply = echo.decodeReply(Buffer.from(text))
      expect(reply.kind === 'reply' && { json: reply.json, warnings: reply.warnings.map((one) => english.error(one)) }).toEqual({ json: text, warnings: [warning] })
    }
  })

  it('is refused where it is no JSON', () => {
    expect(errorOf(() => echo.decodeReply(Buffer.from([0xff])))).toBe('protocol: +0: The bytes are no UTF-8, so they are no JSON.')
    expect(errorOf(() => echo.decodeReply(Buffer.from('<html>')))).toContain('protocol: 1:1')
  })

  it('never opens a file that a peer names', () => {
    const reads: string[] = []
    const reading = createJson({ readFile: (path) => { reads.push(path); return Buffer.from('secret') } })
    const { json, warnings } = reading.decodeType(idl, 'codec.v3.Scalars', Buffer.from('{"fBytes":{"$file":"/etc/passwd"}}'))
    expect([json, warnings.map(({ text }) => text.key)]).toEqual(['{"fBytes":{"$file":"/etc/passwd"}}', ['codec.body.noFiles']])
    expect(reading.encodeType(idl, 'codec.v3.Scalars', '{"fBytes":{"$file":"a"}}').toString()).toBe('{"fBytes":"c2VjcmV0"}')
    expect(reads).toEqual(['a'])
  })

  it('carries no exceptions', () => {
    expect(errorOf(() => echo.encodeReply({ kind: 'remote-exception', typeId: 6, message: 'no' }, 1))).toBe('unsupported: The exception "no" has no place in a JSON body: answer it as the status of the transport.')
    expect(echo.encodeReply({ kind: 'empty' }, 1).toString()).toBe('{}')
  })
})

describe('any other JSON', () => {
  const { idl: thrift, service } = idlSet([], {}, [method('Any', [[1, 'x', base('i64')]], base('i64'))])
  const any = codec.forMethod(thrift, service, service.methods[0] ?? method('Any', [], base('i64')), { envelope: 'bare' })

  it.each([['{"b":1, "a":12345678901234567890.10,\n"a":1e400}'], ['"text"'], ['[1 , 2]'], ['']])('passes as it is: %s', (text) => {
    expect(any.encodeRequest(text, 1).toString()).toBe(text)
    expect(any.decodeReply(Buffer.from(text))).toEqual({ kind: 'reply', head: undefined, json: text === '' ? 'null' : text, warnings: [] })
  })

  it('goes without what only we read', () => {
    expect(JSON.parse(any.encodeRequest('{"a":[1,], /* c */ "n":12345678901234567890}', 1).toString())).toEqual({ a: [1], n: 12345678901234567890 })
  })

  it('is refused where it is none, with its place', () => {
    expect(errorOf(() => any.encodeRequest('{"a":}', 1))).toContain('body: 1:6')
    expect(errorOf(() => any.decodeReply(Buffer.from('{"a":}')))).toContain('protocol: 1:6')
  })

  it('is one node of the byte view', () => {
    expect(codec.explain(Buffer.from('{"a":1}'), 5)).toEqual([{ start: 5, end: 12, name: 'json', kind: 'value', type: 'json', value: '{"a":1}' }])
    expect(codec.explain(Buffer.from('{"a"'), 0)).toEqual([{ start: 0, end: 4, name: 'json', kind: 'unknown', type: 'json', value: '{"a"' }])
    expect(codec.explain(Buffer.from([0xff]), 0)).toEqual([{ start: 0, end: 1, name: 'json', kind: 'unknown', value: 'protobuf.json.notUtf8' }])
    expect(codec.peekHead(Buffer.from('{}'))).toBeUndefined()
  })
})

it('damaged texts are read or refused', () => {
  const samples = [1, 2, 3].map((seed) => Buffer.from(JSON.stringify(randomJson(descOf(codecRegistry(), 'codec.v3.Everything'), seededRandom(seed)))))
  const outcomes = new Set<string>()
  for (const damaged of mutations(samples, 2000, 5)) outcomes.add(errorOf(() => echo.decodeReply(damaged)) === 'accepted' ? 'accepted' : 'refused')
  expect([...outcomes].sort()).toEqual(['accepted', 'refused'])
})
