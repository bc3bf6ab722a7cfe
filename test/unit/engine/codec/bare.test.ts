// Messages without a head, as gRPC and TTHeader Streaming carry Thrift.

import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import type { MethodKind } from '../../../../shared/model/idl.ts'
import { createThriftBinary, createThriftCompact } from '../../../../src-main/engine/codec/index.ts'
import { base, idlSet, method, nothing, ref, struct } from './idl-builder.ts'

const structs = [
  struct('Req', [[1, 'name', base('string')], [2, 'n', base('i32'), { requiredness: 'optional' }]]),
  struct('Res', [[1, 'text', base('string')]]),
  struct('Oops', [[1, 'code', base('i32')]], 'exception'),
]
const unary = method('Ask', [[1, 'req', ref('Req')]], ref('Res'), [[1, 'oops', ref('Oops')]])
const streaming = (kind: MethodKind) => method('Talk', [[1, 'req', ref('Req')]], ref('Res'), [], kind)
const { idl, service } = idlSet(structs, {}, [unary])
const binary = createThriftBinary()
const bare = (called: typeof unary, codec = binary) => codec.forMethod(idl, service, called, { envelope: 'bare' })
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

function keyOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return thrown.data.text.key
    throw thrown
  }
}

describe('a unary method', () => {
  const codec = bare(unary)

  it('sends its args struct and reads its result struct', () => {
    const args = hex('0c0001 0b0001 00000002 6869 00 00')
    expect(codec.encodeRequest('{"name":"hi"}', 7)).toEqual(args)
    expect(codec.decodeRequest(args)).toEqual({ head: undefined, json: '{"name":"hi"}', warnings: [] })
    const result = hex('0c0000 0b0001 00000002 6f6b 00 00')
    expect(codec.decodeReply(result)).toEqual({ kind: 'reply', head: undefined, json: '{"text":"ok"}', warnings: [] })
    expect(codec.encodeReply({ kind: 'reply', json: '{"text":"ok"}' }, 7)).toEqual(result)
    expect(codec.encodeReply({ kind: 'empty' }, 7)).toEqual(hex('00'))
  })

  it('throws what it declares, and leaves other exceptions to the transport', () => {
    const thrown = codec.encodeReply({ kind: 'declared-exception', type: 'Oops', json: '{"code":3}' }, 7)
    expect(codec.decodeReply(thrown)).toEqual({ kind: 'declared-exception', head: undefined, type: 'Oops', field: 'oops', json: '{"code":3}' })
    expect(keyOf(() => codec.encodeReply({ kind: 'remote-exception', typeId: 6, message: 'no' }, 7))).toBe('codec.bare.noException')
  })

  it('is explained by the direction it went, and without any IDL', () => {
    const result = hex('0c0000 0b0001 00000002 6f6b 00 00')
    const names = (nodes: ReturnType<typeof codec.explain>): readonly string[] => nodes.flatMap(({ name, start, end, children }) => [`${start}-${end} ${name}`, ...names(children ?? [])])
    expect(names(codec.explain(result, 10, 'reply'))).toEqual([
      '10-24 message', '10-23 success', '10-13 field header', '13-22 text', '13-16 field header', '16-22 value', '22-23 stop', '23-24 stop',
    ])
    expect(names(codec.explain(result, 10))[1]).toBe('10-23 field 0')
    expect(names(binary.explain(result, 10, 'bare'))[3]).toBe('13-22 field 1')
  })

  it('says where bytes break off', () => {
    expect(keyOf(() => codec.decodeReply(hex('0c0000 0b0001 000000ff')))).toBe('codec.bytes.longLength')
    expect(codec.decodeReply(hex('00 01')).kind === 'reply' && codec.decodeReply(hex('00 01'))).toMatchObject({
      warnings: [{ text: { key: 'codec.warning.missingResult' } }, { text: { key: 'codec.warning.trailingBytes' }, at: { offset: 1 } }],
    })
  })
})

describe.each(['client', 'server', 'bidi'] as const)('a %s stream', (kind) => {
  const codec = bare(streaming(kind))

  it('carries the message structs themselves', () => {
    const request = hex('0b0001 00000002 6869 00')
    expect(codec.encodeRequest('{"name":"hi"}', 7)).toEqual(request)
    expect(codec.encodeRequest('{"req":{"name":"hi"}}', 7)).toEqual(request)
    expect(codec.encodeRequest('', 7)).toEqual(hex('0b0001 00000000 00'))
    expect(codec.decodeRequest(request)).toEqual({ head: undefined, json: '{"name":"hi"}', warnings: [] })
    const reply = hex('0b0001 00000002 6f6b 00')
    expect(codec.encodeReply({ kind: 'reply', json: '{"text":"ok"}' }, 7)).toEqual(reply)
    expect(codec.decodeReply(reply)).toEqual({ kind: 'reply', head: undefined, json: '{"text":"ok"}', warnings: [] })
    expect(codec.explain(reply, 0, 'reply')[0]?.children?.[0]).toMatchObject({ name: 'text', value: 'ok' })
  })

  it('refuses bodies that are no struct, exceptions, and methods whose messages are none', () => {
    expect(keyOf(() => codec.encodeRequest('5', 7))).toBe('codec.body.expected.struct')
    expect(keyOf(() => codec.encodeReply({ kind: 'declared-exception', type: 'Oops', json: '{}' }, 7))).toBe('codec.bare.noException')
    expect(keyOf(() => bare(method('Talk', [[1, 'req', base('string')]], ref('Res'), [], kind)))).toBe('codec.bare.oneStruct')
    expect(keyOf(() => bare(method('Talk', [[1, 'a', ref('Req')], [2, 'b', ref('Req')]], ref('Res'), [], kind)))).toBe('codec.bare.oneStruct')
    expect(keyOf(() => bare(method('Talk', [[1, 'req', ref('Req')]], nothing, [], kind)))).toBe('codec.bare.structReply')
  })
})

it('Compact has bare messages too', () => {
  const codec = bare(unary, createThriftCompact())
  expect(codec.encodeRequest('{"name":"hi"}', 7)).toEqual(hex('1c 18 02 6869 00 00'))
  expect(codec.decodeReply(hex('0c00 18 02 6f6b 00 00'))).toMatchObject({ kind: 'reply', json: '{"text":"ok"}' })
  expect(codec.explain(hex('0c00 18 02 6f6b 00 00'), 0, 'reply')[0]?.children?.[0]).toMatchObject({ name: 'success', start: 0, end: 7 })
})
