// The byte view of Protobuf, drawn as text: every byte belongs to a tag, a length or a value, with an IDL and without.

import { beforeAll, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../../shared/model/layout.ts'
import type { MethodCodec } from '../../../../../src-main/engine/codec/codec.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { findMethod } from '../../../../../src-main/engine/idl/find-method.ts'
import { codecIdl } from '../../../../support/proto-idl.ts'

const codec = createProtobuf()
let idl: IdlSet

beforeAll(async () => {
  idl = await codecIdl()
})

const bytes = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** One node a line: range, name, type, value. */
function draw(nodes: readonly ByteNode[], indent = ''): string {
  return nodes
    .map(({ start, end, name, kind, type, value, children }) => `${indent}${start}-${end} ${name}${kind === 'field' ? '' : ` (${kind})`}${type === undefined ? '' : `: ${type}`}${value === undefined ? '' : ` = ${value}`}\n${draw(children ?? [], `${indent}  `)}`)
    .join('')
}

function methodOf(name: string, envelope: 'message' | 'bare'): MethodCodec {
  const found = findMethod(idl, name)
  if (!found.ok) throw new Error(`believed: the fixtures have ${name}`)
  return codec.forMethod(idl, found.value.service, found.value.method, { envelope })
}

describe('with an IDL', () => {
  it('a message with a head, nested, offset by its place in the frame', () => {
    expect(draw(methodOf('codec.v3.Peer/Echo', 'message').explain(bytes('90010001 00000004 4563686f 00000001 0a026869 5202 4005'), 100))).toBe(`\
100-124 message (message)
  100-104 version and message type (message): u32 = call
  104-112 method (message): string = Echo
  112-116 sequence id (message): i32 = 1
  116-120 text: string = hi
    116-117 tag (header): len
    117-118 length (header): varint = 2
    118-120 value (value): string = hi
  120-124 again: Choice
    120-121 tag (header): len
    121-122 length (header): varint = 2
    122-124 maybe: int32 = 5
      122-123 tag (header): varint
      123-124 value (value): int32 = 5
`)
  })

  it('an exception', () => {
    expect(draw(methodOf('codec.v3.Peer/Echo', 'message').explain(bytes('90010003 00000004 4563686f 00000001 0806 12026e6f'), 0))).toContain('TypeID: int32 = 6')
  })

  it('lists, packed or not, and maps', () => {
    const message = bytes('0a02 0801 120e 1a03018001 7a01ff 7a00 fa7f0105 1a0b 0a05 0801 120161 1202 0801')
    const drawn = draw(methodOf('codec.v3.Codec/Echo', 'bare').explain(message, 0, 'request'))
    expect(drawn).toContain('[1] (value): int32 = 128')
    expect(drawn).toContain('fBytes[0]: repeated bytes = ff')
    expect(drawn).toContain('fBytes[1]')
    expect(drawn).toContain('loose: repeated int32')
    expect(drawn).toMatch(/byInt32\[0\].*\n.*tag.*\n.*length.*\n.*key: int32 = 1\n/)
  })

  it('groups to their ends', () => {
    expect(draw(codecOfOrder().explain(bytes('0801 3b 0a0161 3c'), 0))).toBe(`\
0-7 message (message): codec.v2.Order
  0-2 id: int64 = 1
    0-1 tag (header): varint
    1-2 value (value): int64 = 1
  2-7 part: Part
    2-3 tag (header): group
    3-6 label: string = a
      3-4 tag (header): len
      4-5 length (header): varint = 1
      5-6 value (value): string = a
    6-7 end of group (stop): end group
`)
  })

  it('a field that came with another wire type is read for what it is', () => {
    expect(draw(methodOf('codec.v3.Peer/Echo', 'bare').explain(bytes('0805'), 0))).toContain('text: varint = 5 (zigzag -3)')
  })

  it('a reply is explained by its own message', () => {
    const nothing = methodOf('codec.v3.Codec/Nothing', 'bare')
    expect(draw(nothing.explain(bytes('0a0161'), 0, 'reply'))).toContain('0-3 value: string = a')
    expect(draw(nothing.explain(bytes('0a0161'), 0, 'request'))).toContain('0-3 field 1: len = a')
  })

  it('looks into an Any whose type is loaded', () => {
    const body = (json: string): string => draw(methodOf('codec.v3.Codec/Echo', 'bare').explain(codec.encodeType(idl, 'codec.v3.Everything', json), 0))
    const url = 'a/codec.v3.Choice'
    expect(body(`{"known":{"any":{"@type":"${url}","text":"hi"}}}`)).toMatch(/value: bytes\n.*tag.*\n.*length.*\n.*text: string = hi\n/)
    expect(body(`{"known":{"any":{"typeUrl":"${url}","value":"CgVoaQ=="}}}`)).toContain('value: bytes = 0a056869')
    expect(body('{"known":{"any":{"typeUrl":"a/b.C","value":"CgJoaQ=="}}}')).toContain('value: bytes = 0a026869')
  })

  it('names enums', () => {
    expect(draw(codecOfOrder().explain(bytes('1802 1807'), 0))).toMatch(/size: .*Size = LARGE \(2\)[^]*size: .*Size = 7\n/)
  })
})

const codecOfOrder = (): MethodCodec => methodOf('codec.v2.Orders/Place', 'bare')

describe('without an IDL', () => {
  it('guesses as protoc --decode_raw does', () => {
    expect(draw(codec.explain(bytes('0896 01 1205 68656c6c6f 1a04 0805 1001 2203 ff0001 2d0000803f 31000000000000f03f'), 0, 'bare')).replace(/^.*(tag|length) \(header.*\n/gm, '')).toBe(`\
0-35 message (message)
  0-3 field 1: varint = 150 (zigzag 75)
    1-3 value (value): varint = 150 (zigzag 75)
  3-10 field 2: len = hello
    5-10 value (value): string = hello
  10-16 field 3: len
    12-14 field 1: varint = 5 (zigzag -3)
      13-14 value (value): varint = 5 (zigzag -3)
    14-16 field 2: varint = 1 (zigzag -1)
      15-16 value (value): varint = 1 (zigzag -1)
  16-21 field 4: len = ff0001
    18-21 value (value): bytes = ff0001
  21-26 field 5: i32 = 1065353216 (float 1)
    22-26 value (value): i32 = 1065353216 (float 1)
  26-35 field 6: i64 = 4607182418800017408 (double 1)
    27-35 value (value): i64 = 4607182418800017408 (double 1)
`)
  })

  it('takes text for text, even if it parses', () => {
    expect(draw(codec.explain(bytes('0a026869'), 0, 'bare'))).toContain('field 1: len = hi')
  })

  it('says where it stops understanding, and reaches to the end', () => {
    expect(draw(codec.explain(bytes('0801 0a05 68'), 0, 'bare'))).toBe(`\
0-5 message (message)
  0-2 field 1: varint = 1 (zigzag -1)
    0-1 tag (header): varint
    1-2 value (value): varint = 1 (zigzag -1)
  2-5 field 1: len
    2-3 tag (header): len
    3-5 not understood (unknown) = protobuf.bytes.longLength
`)
    expect(draw(codec.explain(bytes('80010001'), 0))).toBe('0-4 message (message)\n  0-4 not understood (unknown) = protobuf.head.notKitex\n')
  })

  it('ends with what no view shows', () => {
    const [node] = codec.explain(Buffer.alloc(200_000, bytes('0801')), 0, 'bare')
    expect(node?.children?.at(-1)?.end).toBe(200_000)
    expect(node?.children?.length).toBeLessThan(20_000)
  })
})
