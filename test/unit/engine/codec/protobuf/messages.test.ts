// Whole messages, with Kitex's head and bare: what a real Kitex client and server said to each other (test/golden/kitex/protobuf.json), and what
// a mock answers. The frames around them are cut off here.

import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import type { Envelope, MethodCodec } from '../../../../../src-main/engine/codec/codec.ts'
import { createCodec } from '../../../../../src-main/engine/codec/codecs.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { findMethod } from '../../../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../../../src-main/engine/idl/load.ts'

interface Capture {
  readonly name: string
  readonly order: { readonly service: string; readonly method: string; readonly args: { readonly Req: object } }
  readonly outcome: { readonly result: { readonly Success: object | null }; readonly error: { readonly kind: string; readonly code: number; readonly message: string } | null }
  readonly sent: string
  readonly received: string
}

const captures = JSON.parse(readFileSync('test/golden/kitex/protobuf.json', 'utf8')) as readonly Capture[]
const english = createTranslator('en')
const codec = createProtobuf()
let idl: IdlSet

beforeAll(async () => {
  idl = await loadIdl({ paths: ['test/peers/kitex/idl/peerpb.proto'] })
})

function methodOf(name: string, envelope: Envelope = 'message'): MethodCodec {
  const found = findMethod(idl, name)
  if (!found.ok) throw new Error(`believed: the IDL has ${name}`)
  return codec.forMethod(idl, found.value.service, found.value.method, { envelope })
}

/** Behind the TTHeader (its size in words stands at 12) and the length of the framed message. */
function messageOf(hex: string): Buffer {
  const frame = Buffer.from(hex, 'hex')
  return frame.subarray(14 + frame.readUInt16BE(12) * 4 + 4)
}

// Kitex v0.16 writes the int32 -1 in five bytes, against the specification and every other runtime, which take ten; all read both. The list
// that holds it is shorter then.
const asKitex = (message: Buffer): string => message.toString('hex').replaceAll('ffffffffffffffffff01', 'ffffffff0f').replace('92010c01ffffffff0f00', '92010701ffffffff0f00').replace('18fbffffffff0f', '18fbffffffffffffffff01')

function errorOf(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return english.error(thrown.data)
    throw thrown
  }
}

// The names of the source, as Go's JSON has them, and without its member for an unset oneof.
const originalNames = (json: string): unknown => JSON.parse(json, (_, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'Choice').map(([key, one]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), one])) : value)

describe('what Kitex wrote', () => {
  it.each(captures.map((capture) => [capture.name, capture] as const))('%s: the request is read, and written to the same bytes', (_, { order, sent }) => {
    const method = methodOf(`peerpb.${order.service}/${order.method}`)
    const message = messageOf(sent)
    const { head, json, warnings } = method.decodeRequest(message, { int64: 'number', enums: 'number', binary: 'base64', defaults: false })
    expect({ ...head, warnings }).toEqual({ type: 'call', method: order.method, seqId: 1, length: 12 + order.method.length, warnings: [] })
    expect(originalNames(json)).toEqual(order.args.Req)
    expect(asKitex(method.encodeRequest(json, 1))).toBe(message.toString('hex'))
    expect(asKitex(method.encodeRequest(JSON.stringify(order.args.Req), 1))).toBe(message.toString('hex'))
    expect(codec.peekHead(message)).toEqual(head)
  })

  it.each(captures.map((capture) => [capture.name, capture] as const))('%s: the reply is read', (_, { order, outcome, received }) => {
    const method = methodOf(`peerpb.${order.service}/${order.method}`)
    const reply = method.decodeReply(messageOf(received), { int64: 'number', enums: 'number', binary: 'base64', defaults: false })
    if (reply.kind === 'remote-exception') {
      expect({ kind: 'exception', code: reply.typeId, message: reply.message }).toEqual(outcome.error)
      expect(method.encodeReply({ kind: 'remote-exception', typeId: reply.typeId, message: reply.message }, reply.head?.seqId ?? 0).equals(messageOf(received))).toBe(true)
    } else {
      expect(reply.kind).toBe('reply')
      if (reply.kind === 'reply') expect(originalNames(reply.json)).toEqual(originalNames(JSON.stringify(outcome.result.Success)))
    }
  })
})

describe('messages of our own', () => {
  it('bare ones have no head', () => {
    const say = methodOf('Say', 'bare')
    expect(say.encodeRequest('{"text":"hi"}', 7).toString('hex')).toBe('0a026869')
    expect(say.decodeReply(Buffer.from('0a026869', 'hex'))).toEqual({ kind: 'reply', head: undefined, json: '{"text":"hi"}', warnings: [] })
    expect(say.encodeReply({ kind: 'empty' }, 0)).toHaveLength(0)
    expect(say.decodeRequest(Buffer.alloc(0))).toEqual({ head: undefined, json: '{}', warnings: [] })
  })

  it('a business error comes beside an empty message', () => {
    expect(methodOf('Biz').encodeReply({ kind: 'empty' }, 9).toString('hex')).toBe('900100020000000342697a00000009')
  })

  it('an exception may come under any name and without a sequence id', () => {
    const unknown = methodOf('Say').decodeReply(Buffer.from('90010003 00000006 4e6f53756368 00000000 0814 1204 6f6f7073'.replaceAll(' ', ''), 'hex'))
    expect(unknown).toEqual({ kind: 'remote-exception', head: { type: 'exception', method: 'NoSuch', seqId: 0, length: 18 }, typeId: 20, message: 'oops' })
  })

  it('an exception without words says its type', () => {
    expect(methodOf('Say').decodeReply(Buffer.from('900100030000000353617900000001' + '0806', 'hex'))).toMatchObject({ kind: 'remote-exception', typeId: 6, message: 'InternalError' })
  })

  it.each([
    ['Thrift', '80010002 00000003 536179 00000001 00', '+0: These bytes are no Kitex Protobuf message: they begin with 8001000200000003, expected 9001.'],
    ['another method', '90010002 00000003 536173 00000001', '+8: Expected the method Say, found "Sas": the message belongs to another call.'],
    ['a request', '90010001 00000003 536179 00000001', '+0: Expected a message of type reply / exception, found call.'],
    ['type 9', '90010009 00000003 536179 00000001', '+2: Expected a message type from 1 to 4, found 9.'],
    ['a name of 4 GB', '90010002 ffffffff 536179 00000001', '+4: The length of the method name is -1, expected 0 to 65536.'],
    ['half a head', '90010002 00000003 53', '+9: The message ends inside its head.'],
    ['nothing', '', '+0: The message ends inside its head.'],
  ])('%s is no reply', (_, hex, expected) => {
    expect(errorOf(() => methodOf('Say').decodeReply(Buffer.from(hex.replaceAll(' ', ''), 'hex')))).toBe(expected)
  })

  it('heads of others are not taken for ours', () => {
    for (const hex of ['', '9001', '80010001000000', '900100', '00000019', '9001000a000000005361790000000100']) expect(codec.peekHead(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  it('Protobuf declares no exceptions, and a bare message has no room for any', () => {
    expect(errorOf(() => methodOf('Say').encodeReply({ kind: 'declared-exception', type: 'Oops', json: '{}' }, 1))).toBe('Say cannot answer the exception "Oops": Protobuf declares none. Answer a remote exception or a business error.')
    expect(errorOf(() => methodOf('Say', 'bare').encodeReply({ kind: 'remote-exception', typeId: 6, message: 'no' }, 1))).toBe('The exception "no" has no place in a bare message: answer it as the status of the transport.')
  })

  it('a method is compiled once', () => {
    expect(methodOf('Say')).toBe(methodOf('Say'))
    expect(methodOf('Say')).not.toBe(methodOf('Say', 'bare'))
  })

  it('the codec is found by its name', async () => {
    expect((await createCodec('protobuf')).name).toBe('protobuf')
    expect((await createCodec('json')).name).toBe('json')
  })
})
