import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import { createMessageMeter, createThriftBinary, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { base, idlSet, list, map, method, nothing, ref, struct } from './idl-builder.ts'

const english = createTranslator('en')
const structs = [struct('Node', [[1, 'next', ref('Node')], [2, 'name', base('string')], [3, 'ids', list(base('i64'))], [4, 'kids', list(ref('Empty'))], [5, 'm', map(base('string'), base('i32'))]]), struct('Empty', [])]
const echo = method('Echo', [[1, 'node', ref('Node')]], nothing)
const { idl, service } = idlSet(structs, {}, [echo])
const binary = createThriftBinary()
const codec = binary.forMethod(idl, service, echo)
const head = '80010001 00000004 4563686f 00000001'
const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

function errorOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return english.error(thrown.data)
    throw thrown
  }
}

describe('declared sizes', () => {
  it.each([
    ['a string of 2 GB', '0c0001 0b0002 7fffffff 6869', 'node.name +22: A length of 2147483647 bytes is declared, 2 left: the message is cut short or no Thrift.'],
    ['a negative length', '0c0001 0b0002 ffffffff 00 00', 'node.name +22: The length is -1, expected 0 or more.'],
    ['2 billion elements', '0c0001 0f0003 0a 7fffffff 00', 'node.ids +23: 2147483647 elements are declared, which 1 bytes cannot hold: the message is cut short or no Thrift.'],
    ['a negative count', '0c0001 0f0003 0a 80000000', 'node.ids +23: The number of elements is -2147483648, expected 0 or more.'],
    ['elements of another type', '0c0001 0f0003 08 00000001 00000001 00 00', 'node.ids +22: Expected elements of type i64, found i32: the peer has another IDL.'],
    ['keys of another type', '0c0001 0d0005 08 08 00000001 00000001 00000001 00 00', 'node.m +22: Expected keys of type string, found i32: the peer has another IDL.'],
    ['a type that is none', '0c0001 070001 00 00', 'node +19: Expected a Thrift type, found type 0x07.'],
    ['a cut in a field header', '0c0001 0b00', 'node +19: Expected 3 more bytes, 2 left: the message is cut short.'],
    ['an unknown field that lies', '0c0001 0f0063 0c 7fffffff 00 00', 'node["field 99"] +23: 2147483647 elements are declared, which 2 bytes cannot hold: the message is cut short or no Thrift.'],
  ])('%s is refused with offset and path', (_, body, expected) => {
    expect(errorOf(() => codec.decodeRequest(bytes(`${head} ${body}`)))).toBe(expected)
  })

  it('an empty list of any element type is read', () => {
    expect(codec.decodeRequest(bytes(`${head} 0c0001 0f0003 00 00000000 00 00`)).json).toBe('{"ids":[]}')
  })
})

describe('nesting and budget', () => {
  const nested = (levels: number): Buffer => Buffer.concat([bytes(head), Buffer.from('0c0001'.repeat(levels) + '00'.repeat(levels + 1), 'hex')])

  it('63 levels are read, 64 more are refused, a million do not overflow', () => {
    expect(codec.decodeRequest(nested(63)).warnings).toEqual([])
    for (const levels of [64, 65, 1_000_000]) {
      expect(errorOf(() => codec.decodeRequest(nested(levels)))).toContain('Nested deeper than 64 levels')
      expect(errorOf(() => measureMessage(nested(levels), 0))).toContain('Nested deeper than 64 levels')
      expect(codec.explain(nested(levels), 0)).toHaveLength(1)
    }
  })

  it('a few bytes cannot become gigabytes of objects', () => {
    const count = 4_000_000
    const list32 = Buffer.from('0c00010f00040c00000000', 'hex')
    list32.writeInt32BE(count, 7)
    const message = Buffer.concat([bytes(head), list32, Buffer.alloc(count + 2)])
    expect(errorOf(() => binary.forMethod(idl, service, echo, { limits: { maxDepth: 64, budgetBytes: 32 * 1024 * 1024 } }).decodeRequest(message))).toContain('Decoding would take more memory than allowed')
  })

  it('a flood of unknown fields is read in time that grows with its length', () => {
    const field = Buffer.from('0300ff01', 'hex')
    const message = Buffer.concat([bytes(head), Buffer.from('0c0001', 'hex'), ...Array.from({ length: 200_000 }, () => field), Buffer.alloc(2)])
    expect(codec.decodeRequest(message).warnings).toHaveLength(100)
  })
})

describe('what is no strict Thrift Binary', () => {
  const cases = [
    ['the old form', '00000004 4563686f 01 00000001 00', 'This message is in the old, non-strict form of Thrift Binary'],
    ['Thrift Compact', '82210104 4563686f 00', 'This message is in Thrift Compact'],
    ['HTTP', '47455420 2f204854', 'These bytes are no Thrift Binary message: they begin with 474554202f204854, expected 8001'],
    ['a type of message that is none', '80010009 00000004', 'Expected a message type from 1 to 4, found 9'],
    ['an endless name', '80010001 7fffffff', 'The length of the method name is 2147483647, expected 0 to 65536'],
  ] as const

  it.each(cases)('%s is named', (_, text, expected) => {
    expect(errorOf(() => codec.decodeRequest(bytes(text)))).toContain(expected)
    // The meter measures either form.
    if (!text.startsWith('82')) expect(errorOf(() => measureMessage(bytes(text), 0))).toContain(expected)
    expect(binary.peekHead(bytes(text))).toBeUndefined()
    expect(binary.explain(bytes(text), 0)[0]?.children?.[0]).toMatchObject({ kind: 'unknown', start: expect.any(Number) as number, end: bytes(text).length })
  })
})

describe('replies', () => {
  it('of another method or type are refused, bytes after the end are reported', () => {
    expect(errorOf(() => codec.decodeReply(bytes('80010002 00000003 466f6f 00000001 00')))).toBe('+8: Expected the method Echo, found "Foo": the message belongs to another call.')
    expect(errorOf(() => codec.decodeReply(bytes(`${head} 00`)))).toBe('+0: Expected a message of type reply / exception, found call.')
    expect(codec.decodeReply(bytes('80010002 00000004 4563686f 00000001 00 0102'))).toMatchObject({
      json: 'null', warnings: [{ text: { key: 'codec.warning.trailingBytes', params: { count: 2 } }, at: { offset: 17 } }],
    })
  })
})

describe('measuring a message that arrives in small pieces', () => {
  it('walks it once, and does not confuse two that look alike', () => {
    const one = codec.encodeRequest(JSON.stringify({ ids: Array.from({ length: 100 }, (_, n) => n), next: { name: 'a'.repeat(50) } }), 1)
    const two = codec.encodeRequest(JSON.stringify({ ids: Array.from({ length: 100 }, (_, n) => n), next: { name: 'a'.repeat(20) } }), 1)
    const meter = createMessageMeter()
    for (let end = 0; end < Math.min(one.length, two.length) - 1; end += 7) {
      expect([meter(one.subarray(0, end), 0), meter(two.subarray(0, end), 0)]).toEqual([undefined, undefined])
    }
    expect([meter(one, 0), meter(two, 0)]).toEqual([one.length, two.length])
  })

  it('refuses at once what could never fit', () => {
    expect(errorOf(() => createMessageMeter({ maxBytes: 1000 })(bytes(`${head} 0b0001 7fffffff`), 0))).toContain('more than the limit of 1000')
  })
})
