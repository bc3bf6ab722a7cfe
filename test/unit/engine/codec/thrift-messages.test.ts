import { describe, expect, it } from 'vitest'
import { createThriftBinary } from '../../../../src-main/engine/codec/index.ts'
import { base, idlSet, method, nothing, ref, struct } from './idl-builder.ts'

const methods = [
  method('Say', [[1, 'msg', base('string')]], base('string')),
  method('Echo', [[1, 'msg', base('string')]], base('string')),
  method('Nothing', [[1, 'msg', base('string')]], nothing),
  method('Throw', [[1, 'code', base('i32')]], base('string'), [[1, 'oops', ref('Oops')]]),
  method('Fire', [[1, 'n', base('i32')]], nothing, [], 'oneway'),
]
const { idl, service } = idlSet([struct('Oops', [[1, 'code', base('i32')], [2, 'why', base('string')]], 'exception')], {}, methods)
const codec = createThriftBinary()
const of = (name: string) => {
  const found = methods.find((entry) => entry.name === name)
  if (found === undefined) throw new Error(name)
  return codec.forMethod(idl, service, found)
}
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

// Captured from a Kitex v0.16.3 client and server.
describe('messages of a real Kitex', () => {
  it('writes the call of Say("hi") as Kitex does', () => {
    expect(of('Say').encodeRequest('"hi"', 1).toString('hex')).toBe(hex('80010001 00000003 536179 00000001 0b0001 00000002 6869 00').toString('hex'))
  })

  it('reads the reply of Say', () => {
    expect(of('Say').decodeReply(hex('80010002 00000003 536179 00000001 0b0000 00000002 6869 00'))).toEqual({
      kind: 'reply', head: { type: 'reply', method: 'Say', seqId: 1, length: 15 }, json: '"hi"', warnings: [],
    })
  })

  it.each([
    ['generated code', '80010002 00000007 4e6f7468696e67 00000001 00'],
    ['a generic server', '80010002 00000007 4e6f7468696e67 00000001 01 0000 00 00'],
  ])('reads a void reply of %s', (_, bytes) => {
    expect(of('Nothing').decodeReply(hex(bytes))).toMatchObject({ kind: 'reply', json: 'null', warnings: [] })
  })

  it('reads a declared exception', () => {
    const message = hex('80010002 00000005 5468726f77 00000001 0c0001 080001 00000007 0b0002 00000001 74 00 00')
    expect(of('Throw').decodeReply(message)).toMatchObject({ kind: 'declared-exception', type: 'Oops', field: 'oops', json: '{"code":7,"why":"t"}' })
    expect(of('Throw').encodeReply({ kind: 'declared-exception', type: 'Oops', json: '{"code":7,"why":"t"}' }, 1)).toEqual(message)
  })

  it('reads and writes an exception of the remote', () => {
    const message = hex('80010003 00000004 4563686f 00000001 0b0001 00000004 626f6f6d 080002 00000006 00')
    expect(of('Echo').decodeReply(message)).toMatchObject({ kind: 'remote-exception', typeId: 6, message: 'boom' })
    expect(of('Echo').encodeReply({ kind: 'remote-exception', typeId: 6, message: 'boom' }, 1)).toEqual(message)
  })

  it('sends oneway as type 4', () => {
    expect(codec.peekHead(of('Fire').encodeRequest('5', 9))).toEqual({ type: 'oneway', method: 'Fire', seqId: 9, length: 16 })
  })
})
