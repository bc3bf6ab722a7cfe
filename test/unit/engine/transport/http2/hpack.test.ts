// HPACK against the examples of RFC 7541 appendix C, against nghttp2 in both directions (node:http2), and against bytes that are no header block.

import * as http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { huffmanLength, huffmanRead, huffmanWrite } from '../../../../../src-main/engine/transport/http2/huffman.ts'
import { HpackDecoder, HpackError } from '../../../../../src-main/engine/transport/http2/hpack-decoder.ts'
import { HpackEncoder } from '../../../../../src-main/engine/transport/http2/hpack-encoder.ts'
import { dialHttp2 } from '../../../../../src-main/engine/transport/http2/dial-http2.ts'
import type { Pair } from '../../../../../shared/model/metainfo.ts'
import { collect } from './collect.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** Blocks of one connection in order, with the fields that they stand for. */
const examples: Readonly<Record<string, { readonly table: number; readonly blocks: readonly (readonly [hex: string, fields: readonly Pair[]])[] }>> = {
  'C.2.1 literal with indexing': { table: 4096, blocks: [['400a637573746f6d2d6b65790d637573746f6d2d686561646572', [['custom-key', 'custom-header']]]] },
  'C.2.2 literal without indexing': { table: 4096, blocks: [['040c2f73616d706c652f70617468', [[':path', '/sample/path']]]] },
  'C.2.3 literal never indexed': { table: 4096, blocks: [['100870617373776f726406736563726574', [['password', 'secret']]]] },
  'C.2.4 indexed': { table: 4096, blocks: [['82', [[':method', 'GET']]]] },
  'C.3 requests without Huffman': {
    table: 4096,
    blocks: [
      ['828684410f7777772e6578616d706c652e636f6d', [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'www.example.com']]],
      ['828684be58086e6f2d6361636865', [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'www.example.com'], ['cache-control', 'no-cache']]],
      ['828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565', [[':method', 'GET'], [':scheme', 'https'], [':path', '/index.html'], [':authority', 'www.example.com'], ['custom-key', 'custom-value']]],
    ],
  },
  'C.4 requests with Huffman': {
    table: 4096,
    blocks: [
      ['828684418cf1e3c2e5f23a6ba0ab90f4ff', [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'www.example.com']]],
      ['828684be5886a8eb10649cbf', [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'www.example.com'], ['cache-control', 'no-cache']]],
      ['828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf', [[':method', 'GET'], [':scheme', 'https'], [':path', '/index.html'], [':authority', 'www.example.com'], ['custom-key', 'custom-value']]],
    ],
  },
  'C.5 responses, with eviction': { table: 256, blocks: responses([
    '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
    '4803333037c1c0bf',
    '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
  ]) },
  'C.6 responses with Huffman, with eviction': { table: 256, blocks: responses([
    '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
    '4883640effc1c0bf',
    '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
  ]) },
}

function responses([first = '', second = '', third = '']: readonly string[]): readonly (readonly [string, readonly Pair[]])[] {
  const rest: readonly Pair[] = [['cache-control', 'private'], ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'], ['location', 'https://www.example.com']]
  return [
    [first, [[':status', '302'], ...rest]],
    [second, [[':status', '307'], ...rest]],
    [third, [
      [':status', '200'], ['cache-control', 'private'], ['date', 'Mon, 21 Oct 2013 20:13:22 GMT'], ['location', 'https://www.example.com'], ['content-encoding', 'gzip'],
      ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
    ]],
  ]
}

describe('the decoder', () => {
  it.each(Object.entries(examples))('reads %s of RFC 7541', (_, { table, blocks }) => {
    const decoder = new HpackDecoder(table)
    expect(blocks.map(([block]) => decoder.decode(hex(block)).fields)).toEqual(blocks.map(([, fields]) => fields))
  })

  it.each([
    ['an index beyond the tables', 'be'],
    ['index 0', '80'],
    ['a string beyond the block', '400a6375'],
    ['an integer without an end', 'ffffffffffffffffff'],
    ['a block that ends within a field', '40'],
    ['padding that is not all ones', '00018161' + '00'],
    ['the end mark within a text', '000184ffffffff' + '00'],
    ['a table size beyond what was allowed', '3fe21f'],
    ['a table size after a field', '823f00'],
  ])('refuses %s', (_, block) => {
    expect(() => new HpackDecoder().decode(hex(block))).toThrow(HpackError)
  })

  it('reads on after a list that is too large, so that the table stays right', () => {
    const decoder = new HpackDecoder(4096, 100)
    const encoder = new HpackEncoder()
    const large = encoder.encode([['a', 'x'.repeat(200)], ['b', 'y']], [])
    expect(decoder.decode(large).tooLarge).toBe(true)
    expect(decoder.decode(encoder.encode([['b', 'y'], ['a', 'x'.repeat(200)]], []))).toEqual({ fields: [['b', 'y']], tooLarge: true })
  })

  it('ends on any bytes with fields or an error of its own', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), (blocks) => {
      const decoder = new HpackDecoder()
      try {
        for (const block of blocks) decoder.decode(Buffer.from(block))
      } catch (caught) {
        expect(caught).toBeInstanceOf(HpackError)
      }
    }), { numRuns: 2000 })
  })
})

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/)
const value = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)), maxLength: 80 })
const fields = fc.array(fc.tuple(name, value), { maxLength: 12 })

describe('the encoder', () => {
  it('writes what the decoder reads, over a connection of many blocks and changing tables', () => {
    fc.assert(fc.property(fc.array(fc.record({ lasting: fields, passing: fields, table: fc.option(fc.integer({ min: 0, max: 5000 }), { freq: 3 }) }), { maxLength: 20 }), (blocks) => {
      const encoder = new HpackEncoder()
      const decoder = new HpackDecoder()
      for (const { lasting, passing, table } of blocks) {
        if (table !== null) encoder.limitTable(table)
        // Twice: the second time it may come from memory.
        for (let time = 0; time < 2; time++) expect(decoder.decode(encoder.encode(lasting, passing)).fields).toEqual([...lasting, ...passing])
      }
    }))
  })

  it('writes a repeated call in a byte for each field that stays', () => {
    const encoder = new HpackEncoder()
    const lasting: readonly Pair[] = [[':method', 'POST'], [':path', '/pkg.Service/Method'], ['te', 'trailers'], ['user-agent', 'kite-console']]
    encoder.encode(lasting, [])
    const second = Buffer.from(encoder.encode(lasting, []))
    expect(second).toHaveLength(4)
    expect(Buffer.from(encoder.encode(lasting, []))).toEqual(second)
  })

  it('marks secrets as never to be indexed, and adds no passing field to the table', () => {
    const encoder = new HpackEncoder()
    const block = Buffer.from(encoder.encode([], [['authorization', 'Bearer x'], ['x-a', '1']]))
    expect(block.readUInt8(0) & 0xf0).toBe(0x10)
    expect(Buffer.from(encoder.encode([], [['authorization', 'Bearer x'], ['x-a', '1']]))).toEqual(block)
  })
})

it('Huffman codes any octets and reads them again', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
    const text = Buffer.from(octets).toString('latin1')
    const into = Buffer.alloc(huffmanLength(text))
    expect(huffmanWrite(text, into, 0)).toBe(into.length)
    expect(huffmanRead(into, 0, into.length)).toBe(text)
  }))
})

describe('with nghttp2', () => {
  let server: http2.Http2Server
  let address = ''
  beforeAll(async () => {
    server = http2.createServer()
    // Says what it was sent, and sends it itself.
    server.on('stream', (stream: http2.ServerHttp2Stream, _headers: unknown, _flags: unknown, raw: readonly string[]) => {
      const pairs = raw.flatMap((text, at): readonly Pair[] => (at % 2 === 0 ? [[text, raw[at + 1] ?? '']] : []))
      const back: Record<string, string[]> = {}
      for (const [key, text] of pairs) if (!key.startsWith(':')) (back[key] ??= []).push(text)
      stream.respond({ ':status': 200, ...back })
      stream.end(JSON.stringify(pairs))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  it('both sides read what the other writes', async () => {
    const { connection } = await dialHttp2(address, 5000, AbortSignal.timeout(60_000), undefined)
    const pseudo: readonly Pair[] = [[':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'x']]
    const visible = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 60 })
    const list = fc.array(fc.tuple(name.map((text) => `x-${text}`), visible), { maxLength: 12 })
    await fc.assert(fc.asyncProperty(list, list, async (lasting, passing) => {
      const sent = [...pseudo, ...lasting, ...passing]
      const { headers, body } = await collect(connection, { lasting: [...pseudo, ...lasting], passing, last: true })
      expect(JSON.parse(body.toString())).toEqual(sent)
      const mine = headers.filter(([key]) => key.startsWith('x-'))
      expect(sorted(mine)).toEqual(sorted([...lasting, ...passing]))
    }), { numRuns: 150 })
    connection.close()
  })
})

/** nghttp2 is given an object, so that names come grouped. */
const sorted = (pairs: readonly Pair[]): readonly string[] => pairs.map((pair) => pair.join('\0')).sort()
