// What only Thrift Compact has: varints that may not end, headers that pack two things, and types that two numbers stand for.

import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import { createCodec } from '../../../../src-main/engine/codec/codecs.ts'
import { createMessageMeter, createThriftCompact, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { base, idlSet, list, map, method, nothing, ref, struct } from './idl-builder.ts'

const english = createTranslator('en')
const structs = [
  struct('Node', [
    [-3, 'low', base('i32')], [1, 'next', ref('Node')], [2, 'name', base('string')], [3, 'ids', list(base('i64'))], [4, 'kids', list(ref('Empty'))], [5, 'm', map(base('string'), base('i32'))],
    [6, 'flags', list(base('bool'))], [7, 'short', base('i16')], [8, 'word', base('i32')], [9, 'flag', base('bool')], [10, 'bytes', base('binary')],
  ].map((entry) => [entry[0], entry[1], entry[2], { requiredness: 'optional' }] as Parameters<typeof struct>[1][number])),
  struct('Empty', []),
]
const echo = method('Echo', [[1, 'node', ref('Node')]], nothing)
const { idl, service } = idlSet(structs, {}, [echo])
const compact = createThriftCompact()
const codec = compact.forMethod(idl, service, echo)
const head = '82 21 01 04 4563686f'
const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const jsonOf = (body: string): string => codec.decodeRequest(bytes(`${head} 1c ${body} 00 00`)).json

function errorOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return english.error(thrown.data)
    throw thrown
  }
}

describe('what other writers may write', () => {
  it.each([
    ['bools of a list under the type number of true', '69 31 01 02 00', '{"flags":[true,false,false]}'],
    ['bools of a list under the type number of false', '69 32 01 02 00', '{"flags":[true,false,false]}'],
    ['an id by itself where a distance would do', '08 04 02 6869', '{"name":"hi"}'],
    ['a negative id', '05 05 02', '{"low":1}'],
    ['a count by itself where four bits would do', '39 f6 02 02 04', '{"ids":[1,2]}'],
    ['a number with bytes to spare', '85 82 80 00', '{"word":1}'],
    ['fields in any order', '91 08 04 02 6869', '{"name":"hi","flag":true}'],
    ['a field twice, of which the last counts', '28 01 61 08 04 01 62', '{"name":"b"}'],
    ['an empty map, which has no types', '5b 00', '{"m":{}}'],
  ])('%s', (_, body, json) => expect(jsonOf(body)).toBe(json))
})

describe('numbers and sizes that lie', () => {
  it.each([
    ['a string of 4 GB', '28 ffffffff0f 6869', 'node.name +10: A length of 4294967295 bytes is declared, 2 left: the message is cut short or no Thrift.'],
    ['an i32 of 33 bits', '85 ffffffff1f', 'node.word +10: A number is written with more than 32 bits: the bytes are damaged or the peer has another IDL.'],
    ['an i32 that does not end', '85 808080808080', 'node.word +10: A number is written with more than 32 bits: the bytes are damaged or the peer has another IDL.'],
    ['an i16 of 17 bits', '74 ffff07', 'node.short +10: A number is written with more than 16 bits: the bytes are damaged or the peer has another IDL.'],
    ['an i64 of 65 bits', '39 16 ffffffffffffffffff02', 'node.ids[0] +11: A number is written with more than 64 bits: the bytes are damaged or the peer has another IDL.'],
    ['2 billion elements', '39 f6 ffffffff07 00', 'node.ids +10: 2147483647 elements are declared, which 1 bytes cannot hold: the message is cut short or no Thrift.'],
    ['elements of another type', '39 25 02 02 00 00', 'node.ids +10: Expected elements of type i64, found i32: the peer has another IDL.'],
    ['keys of another type', '5b 01 55 02 02 00 00', 'node.m +11: Expected keys of type string, found i32: the peer has another IDL.'],
    ['a type that is none', '1e 00', 'node +9: Expected a Thrift type, found type 0x0e.'],
    ['an id beyond the last one', '05 feff03 00 15 00', 'node +14: The field id is 32768, expected at most 32767.'],
    ['an id of 17 bits', '05 ffff07', 'node +10: A number is written with more than 16 bits: the bytes are damaged or the peer has another IDL.'],
    ['an unknown field that lies', '09 c601 fc ffffffff07 00', 'node["field 99"] +12: 2147483647 elements are declared, which 1 bytes cannot hold: the message is cut short or no Thrift.'],
  ])('%s is refused with offset and path', (_, body, expected) => {
    expect(errorOf(() => codec.decodeRequest(bytes(`${head} 1c ${body}`)))).toBe(expected)
  })

  it('63 levels are read, more are refused, a million do not overflow', () => {
    const nested = (levels: number): Buffer => Buffer.concat([bytes(head), Buffer.from('1c'.repeat(levels) + '00'.repeat(levels + 1), 'hex')])
    expect(codec.decodeRequest(nested(63)).warnings).toEqual([])
    expect(measureMessage(nested(63), 0)).toBe(nested(63).length)
    for (const levels of [64, 1_000_000]) {
      expect(errorOf(() => codec.decodeRequest(nested(levels)))).toContain('Nested deeper than 64 levels')
      expect(errorOf(() => measureMessage(nested(levels), 0))).toContain('Nested deeper than 64 levels')
      expect(codec.explain(nested(levels), 0)).toHaveLength(1)
    }
  })

  it('a few bytes cannot become gigabytes, whether the IDL knows the field or not', () => {
    const limited = compact.forMethod(idl, service, echo, { limits: { maxDepth: 64, budgetBytes: 32 * 1024 * 1024 } })
    for (const field of ['49', '0968']) {
      const message = Buffer.concat([bytes(`${head} 1c ${field} fc c096b102`), Buffer.alloc(5_000_002)])
      expect(errorOf(() => limited.decodeRequest(message))).toContain('Decoding would take more memory than allowed')
    }
    expect(errorOf(() => createMessageMeter({ maxBytes: 1000 })(bytes(`${head} 18 ffffffff07`), 0))).toContain('more than the limit of 1000')
  })
})

describe('what is no Thrift Compact', () => {
  it.each([
    ['Thrift Binary', '80010001 00000004 4563686f 00000001 00', 'This message is in Thrift Binary, expected Thrift Compact'],
    ['HTTP', '47455420 2f204854', 'These bytes are no Thrift Compact message: they begin with 474554202f204854, expected 82'],
    ['another version', '82 22 01 04 4563686f 00', 'This message is in version 2 of Thrift Compact, expected 1'],
    ['a type of message that is none', '82 a1 01 04 4563686f 00', 'Expected a message type from 1 to 4, found 5'],
    ['an endless name', '82 21 01 ffffffff07', 'The length of the method name is 2147483647, expected 0 to 65536'],
    ['a sequence id of 33 bits', '82 21 ffffffff1f 04', 'A number is written with more than 32 bits'],
  ])('%s is named', (_, text, expected) => {
    expect(errorOf(() => codec.decodeRequest(bytes(text)))).toContain(expected)
    expect(compact.peekHead(bytes(text))).toBeUndefined()
    expect(compact.explain(bytes(text), 0)[0]?.children?.at(-1)).toMatchObject({ kind: 'unknown', end: bytes(text).length })
  })

  it('a reply under another name is refused at the name', () => {
    expect(errorOf(() => codec.decodeReply(bytes('82 41 01 03 466f6f 00')))).toBe('+4: Expected the method Echo, found "Foo": the message belongs to another call.')
  })
})

it('reads and writes named types alone', async () => {
  const made = await createCodec('thrift-compact')
  expect([made.name, made.encodeType(idl, 'Node', '{"name":"hi","flag":false}').toString('hex')]).toEqual(['thrift-compact', '2802686972' + '00'])
  expect(made.decodeType(idl, 'Node', bytes('28 02 6869 72 00 01'))).toMatchObject({ json: '{"name":"hi","flag":false}', warnings: [{ text: { key: 'codec.warning.trailingBytes', params: { count: 1 } } }] })
})
