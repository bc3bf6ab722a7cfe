// Bytes that nobody should send: each is refused with offset and field path, or read without a crash, a hang or memory beyond the budget.

import { beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import type { ByteNode } from '../../../../../shared/model/layout.ts'
import type { MethodCodec } from '../../../../../src-main/engine/codec/codec.ts'
import { createProtobuf } from '../../../../../src-main/engine/codec/protobuf/protobuf.ts'
import { findMethod } from '../../../../../src-main/engine/idl/find-method.ts'
import { mutations, seededRandom } from '../../../../support/fuzz/mutate.ts'
import { codecIdl, codecRegistry, descOf, randomJson } from '../../../../support/proto-idl.ts'

const english = createTranslator('en')
const codec = createProtobuf()
let idl: IdlSet

beforeAll(async () => {
  idl = await codecIdl()
})

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

const decode = (type: string, hex: string): string => errorOf(() => codec.decodeType(idl, type, bytes(hex)))

function methodOf(name: string, limits?: { maxDepth: number; budgetBytes: number }): MethodCodec {
  const found = findMethod(idl, name)
  if (!found.ok) throw new Error(`believed: the fixtures have ${name}`)
  return codec.forMethod(idl, found.value.service, found.value.method, { envelope: 'bare', ...(limits === undefined ? {} : { limits }) })
}

describe('what cannot be read', () => {
  it.each([
    ['a string longer than the message', 'codec.v3.Choice', '0a 05 6869', 'text +1: A length of 5 bytes is declared, 2 left: the message is cut short or no Protobuf.'],
    ['a length of 4 GB', 'codec.v3.Choice', '0a ffffffff0f 6869', 'text +1: A length of 4294967295 bytes is declared, 2 left: the message is cut short or no Protobuf.'],
    ['a length of 64 bits', 'codec.v3.Choice', '0a ffffffffffffffffff01 6869', 'text +1: A length of -1 bytes is declared, 2 left: the message is cut short or no Protobuf.'],
    ['a message longer than the one that it is in', 'codec.v3.Choice', '5205 0a026869', 'again +1: A length of 5 bytes is declared, 4 left: the message is cut short or no Protobuf.'],
    ['a string longer than the message that it is in', 'codec.v3.Choice', '5203 0a05 68 4001', 'again.text +3: A length of 5 bytes is declared, 1 left: the message is cut short or no Protobuf.'],
    ['a number that never ends', 'codec.v3.Choice', '10 ffffffffffffffffffff01', 'number +1: A number takes more than 10 bytes: these bytes are no Protobuf.'],
    ['a number cut short', 'codec.v3.Choice', '10 ff', 'number +2: Expected 1 more bytes, 0 left: the message is cut short.'],
    ['a number beyond its message', 'codec.v3.Choice', '5202 40ff 4001', 'again.maybe +4: The value reaches beyond the end of the message that it stands in.'],
    ['a tag of field 0', 'codec.v3.Choice', '00 01', '["field 0"] +0: The tag 0 has no valid field number: these bytes are no Protobuf.'],
    ['a tag of more than 32 bits', 'codec.v3.Choice', 'ffffffff7f 01', '+0: A tag takes more than 32 bits: these bytes are no Protobuf.'],
    ['wire type 6', 'codec.v3.Choice', '0e 01', 'text +0: Field 1 has wire type 6, expected 0 to 5: these bytes are no Protobuf.'],
    ['wire type 7 of an unknown field', 'codec.v3.Choice', 'a706 01', '["field 100"] +1: Field 100 has wire type 7, expected 0 to 5: these bytes are no Protobuf.'],
    ['an end of a group that never began', 'codec.v3.Choice', '0c', 'text +0: The group of field 1 ends here and never began.'],
    ['a group without an end', 'codec.v2.Order', '0801 3b 0a0161', 'part +6: The group of field 7 does not end: the message is cut short or no Protobuf.'],
    ['a group with the end of another', 'codec.v2.Order', '0801 3b 44', 'part["field 8"] +3: The group of field 8 ends here and never began.'],
    ['an unknown group without an end', 'codec.v3.Choice', 'a306 0801', '["field 100"] +4: The group of field 100 does not end: the message is cut short or no Protobuf.'],
    ['doubles that do not fit', 'codec.v3.Lists', '0a07 00000000000000', 'fDouble +2: Packed elements of 8 bytes do not fit in 7 bytes.'],
    ['a double cut short', 'codec.v3.Scalars', '09 000000', 'fDouble +1: Expected 8 more bytes, 3 left: the message is cut short.'],
    ['a string that is no UTF-8', 'codec.v3.Choice', '0a02 ff61', 'text +2: The bytes of this string are no UTF-8, as its field requires.'],
  ])('%s', (_, type, hex, expected) => {
    expect(decode(type, hex)).toBe(expected)
  })
})

describe('what is odd and fine', () => {
  it.each([
    ['tags and lengths with more bytes than needed', 'codec.v3.Choice', '8a00 828000 6869', '{"text":"hi"}'],
    ['an int32 as 64 bits', 'codec.v3.Scalars', '18 8180808010', '{"fInt32":1}'],
    ['a bool other than 1', 'codec.v3.Scalars', '68 02', '{"fBool":true}'],
    ['a bool of ten bytes', 'codec.v3.Scalars', '68 80808080808080808001', '{"fBool":true}'],
    ['packed where it is expanded and expanded where it is packed', 'codec.v3.Lists', 'fa7f 02 0102 1801 1a020203', '{"fInt32":[1,2,3],"loose":[1,2]}'],
    ['no elements at all', 'codec.v3.Lists', '1a00 0a00', '{}'],
    ['a map entry with neither key nor value', 'codec.v3.Maps', '0a00 4200', '{"byInt32":{"0":""},"byFixed64":{"0":{}}}'],
    ['a map entry with more than that, and the value first', 'codec.v3.Maps', '0a07 120161 0805 1801', '{"byInt32":{"5":"a"}}'],
    ['a map key that comes twice', 'codec.v3.Maps', '0a05 0801 120161 0a05 0801 120162', '{"byInt32":{"1":"b"}}'],
    ['two members of a oneof: the last counts', 'codec.v3.Choice', '0a0161 1005', '{"number":5}'],
    ['a zero where zero is absent', 'codec.v3.Scalars', '1805 1800', '{}'],
    ['a zero where zero is present', 'codec.v3.Choice', '4000', '{"maybe":0}'],
    ['minus zero', 'codec.v3.Scalars', '09 0000000000000080 15 00000080', '{"fDouble":-0.0,"fFloat":-0.0}'],
    ['a string that is no UTF-8 where that is allowed', 'codec.e2023.Node', '1801 5202 ff61', '{"required":1,"loose":"\\udcffa"}'],
  ])('%s', (_, type, hex, expected) => {
    expect(codec.decodeType(idl, type, bytes(hex)).json).toBe(expected)
  })
})

describe('nesting and budget', () => {
  // Each level of `again` in `Choice`, from the inside out.
  function nested(levels: number): Buffer {
    let inner = Buffer.alloc(0)
    for (let i = 1; i < levels; i++) {
      const length: number[] = []
      for (let rest = inner.length; ; rest >>>= 7) {
        length.push(rest > 127 ? (rest & 127) | 128 : rest)
        if (rest <= 127) break
      }
      inner = Buffer.concat([Buffer.from([0x52, ...length]), inner])
    }
    return inner
  }

  it('100 levels are read, 101 and more are refused', () => {
    expect(codec.decodeType(idl, 'codec.v3.Choice', nested(100)).warnings).toEqual([])
    for (const levels of [101, 2000]) {
      expect(errorOf(() => codec.decodeType(idl, 'codec.v3.Choice', nested(levels)))).toContain('Nested deeper than 100 levels')
      expect(codec.explain(nested(levels), 0, 'bare')).toHaveLength(1)
    }
  })

  it('groups within groups, known or not, do not overflow', () => {
    for (const open of ['23', 'a306', '3b13']) {
      const message = Buffer.concat([bytes('0801'), Buffer.from(open.repeat(500_000), 'hex')])
      expect(errorOf(() => codec.decodeType(idl, 'codec.v2.Order', message))).not.toBe('accepted')
      expect(codec.explain(message, 0, 'bare')).toHaveLength(1)
    }
  })

  it('an Any in an Any counts as levels', () => {
    const url = 'type.googleapis.com/google.protobuf.Any'
    let json = '{}'
    for (let i = 0; i < 60; i++) json = `{"@type":"${url}","value":${json}}`
    const body = (inner: string): string => `{"any":${inner}}`
    expect(codec.decodeType(idl, 'codec.v3.Known', codec.encodeType(idl, 'codec.v3.Known', body(json))).json).toBe(body(json))
    for (let i = 0; i < 60; i++) json = `{"@type":"${url}","value":${json}}`
    const { warnings } = codec.decodeType(idl, 'codec.v3.Known', codec.encodeType(idl, 'codec.v3.Known', body(json)))
    expect(warnings.map(({ text }) => text.key)).toContain('protobuf.warning.anyBroken')
  })

  it('a few bytes cannot become gigabytes of objects', () => {
    const many = Buffer.alloc(2_000_000, bytes('3200'))
    const limited = methodOf('codec.v3.Codec/Echo', { maxDepth: 100, budgetBytes: 32 * 1024 * 1024 })
    expect(errorOf(() => limited.decodeRequest(many))).toContain('Decoding would take more memory than allowed')
  })

  it('a flood of unknown fields is read in time that grows with its length', () => {
    expect(codec.decodeType(idl, 'codec.v3.Choice', Buffer.alloc(399_999, bytes('a00601'))).warnings).toHaveLength(100)
  })

  it('fields in the worst order are read in time that grows with their number', () => {
    const fields = ['7a00', '7200', '6800', '5d00000000', '4d00000000', '4000', '3800', '3000', '2800', '2000', '1800'].join('')
    expect(codec.decodeType(idl, 'codec.v3.Scalars', Buffer.from(fields.repeat(20_000), 'hex')).json).toBe('{}')
  })
})

interface Sample { readonly type: string; readonly message: Buffer }

// Short ones, in which a change is likely to hit something that matters.
function samples(): readonly Sample[] {
  const registry = codecRegistry()
  return ['codec.v3.Scalars', 'codec.v3.Lists', 'codec.v3.Maps', 'codec.v3.Choice', 'codec.v3.Known', 'codec.v2.Order', 'codec.e2023.Node'].flatMap((type) => {
    const desc = descOf(registry, type)
    const made = Array.from({ length: 40 }, (_, seed) => codec.encodeType(idl, type, JSON.stringify(randomJson(desc, seededRandom(seed)))))
    return made.filter(({ length }) => length > 20).sort((a, b) => a.length - b.length).slice(0, 3).map((message) => ({ type, message }))
  })
}

describe('damage', () => {
  it('a message cut at any byte is read or refused, never misread as a crash', () => {
    for (const { type, message } of samples()) {
      for (let end = 0; end < message.length; end++) {
        const cut = message.subarray(0, end)
        expect(['accepted', 'refused']).toContain(outcome(type, cut))
        checkNodes(codec.explain(cut, 0, 'bare'), 0, cut.length)
      }
    }
  })

  it('20,000 damaged messages are read or refused, and explained', () => {
    const all = samples()
    let refused = 0
    all.forEach(({ type, message }, index) => {
      for (const damaged of mutations([message], Math.ceil(20_000 / all.length), index)) {
        if (outcome(type, damaged) === 'refused') refused++
        checkNodes(codec.explain(damaged, 7, 'bare'), 7, damaged.length + 7)
      }
    })
    expect(refused).toBeGreaterThan(2000)
  })

  it('what is read of a damaged message is written so that it reads the same', () => {
    for (const { type, message } of samples()) {
      for (const damaged of mutations([message], 60, 99)) {
        if (outcome(type, damaged) === 'refused') continue
        const first = codec.decodeType(idl, type, damaged)
        if (first.warnings.some(({ text }) => text.key === 'codec.warning.requiredMissing' || text.key.startsWith('protobuf.warning.'))) continue
        expect(codec.decodeType(idl, type, codec.encodeType(idl, type, first.json)).json).toBe(first.json)
      }
    }
  })
})

function outcome(type: string, message: Buffer): 'accepted' | 'refused' {
  try {
    JSON.parse(codec.decodeType(idl, type, message).json)
    return 'accepted'
  } catch (thrown) {
    if (thrown instanceof KiteError) return 'refused'
    throw thrown
  }
}

/** Ranges lie within their parent, in order and without a gap, and say where they are not understood. */
function checkNodes(nodes: readonly ByteNode[], start: number, end: number): void {
  let at = start
  for (const node of nodes) {
    if (node.start !== at || node.end > end || node.end < node.start) throw new Error(`a gap at ${at}: ${JSON.stringify(node).slice(0, 300)}`)
    if (node.children !== undefined && node.children.length > 0) checkNodes(node.children, node.start, node.end)
    at = node.end
  }
  if (nodes.length > 0 && at !== end) throw new Error(`${end - at} bytes are not explained`)
}
