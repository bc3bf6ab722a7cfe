import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../../shared/model/layout.ts'
import type { Pair } from '../../../../../shared/model/metainfo.ts'
import { ReplyReader } from '../../../../../src-main/engine/transport/http/reply-reader.ts'
import type { ReplyHead } from '../../../../../src-main/engine/transport/http/types.ts'

interface Read {
  readonly heads: readonly ReplyHead[]
  readonly body: string
  readonly trailers: readonly Pair[] | undefined
  readonly left: number
  readonly nodes: readonly ByteNode[]
}

/** Reads a reply in pieces of these sizes, then the end of the connection. */
function read(text: string | Buffer, sizes: readonly number[] = [], { isHead = false, closes = true } = {}): Read {
  const heads: ReplyHead[] = []
  const body: Buffer[] = []
  let trailers: readonly Pair[] | undefined
  const reader = new ReplyReader({ head: (head) => heads.push(head), data: (bytes) => body.push(Buffer.from(bytes)), end: (pairs) => (trailers = pairs) }, isHead)
  const bytes = Buffer.from(text)
  let left = 0
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[n % sizes.length] ?? 1)
    const piece = bytes.subarray(at, at + size)
    left += piece.length - reader.push(piece)
    at += piece.length
  }
  if (closes) reader.close()
  return { heads, body: Buffer.concat(body).toString(), trailers, left, nodes: reader.nodes }
}

function refusal(text: string | Buffer): unknown {
  try {
    return read(text)
  } catch (caught) {
    return caught instanceof KiteError ? [caught.data.text.key, caught.data.at?.offset] : caught
  }
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: 1\r\nx-a:  2 \r\n\r\n4;ext=1\r\nWiki\r\n6\r\npedia \r\nE\r\nin \r\n\r\nchunks.\r\n0\r\nX-Sum: ab\r\nX-Sum: cd\r\n\r\n'

describe('reading HTTP replies', () => {
  it('gives the same whatever the split', () => {
    const whole = read(chunked)
    expect(whole).toMatchObject({
      heads: [{ version: '1.1', status: 200, reason: 'OK', headers: [['Transfer-Encoding', 'chunked'], ['X-A', '1'], ['x-a', '2']] }],
      body: 'Wikipedia in \r\n\r\nchunks.', trailers: [['X-Sum', 'ab'], ['X-Sum', 'cd']], left: 0,
    })
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (sizes) => {
      expect(read(chunked, sizes)).toEqual(whole)
    }))
  })

  it('names every byte of the head and of the framing', () => {
    const { nodes } = read(chunked)
    const covered = nodes.map(({ start, end }) => chunked.slice(start, end)).join('')
    expect(covered).toBe(chunked.replace('Wiki', '').replace('pedia ', '').replace('in \r\n\r\nchunks.', ''))
  })

  it('knows where each kind of body ends', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcmore')).toMatchObject({ body: 'abc', left: 4 })
    expect(read('HTTP/1.0 200 OK\r\n\r\nto the end')).toMatchObject({ body: 'to the end', trailers: [] })
    expect(read('HTTP/1.1 204 No Content\r\n\r\nmore')).toMatchObject({ body: '', left: 4 })
    expect(read('HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n')).toMatchObject({ body: '', trailers: [] })
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n', [], { isHead: true })).toMatchObject({ body: '', trailers: [] })
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')).toMatchObject({ body: '', trailers: [] })
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc')).toMatchObject({ body: 'abc' })
  })

  it('reads interim replies, bare line feeds, folded lines, empty reasons and Latin-1', () => {
    expect(read('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200\r\nContent-Length: 0\r\n\r\n').heads.map(({ status, reason }) => [status, reason])).toEqual([[100, 'Continue'], [103, 'Early Hints'], [200, '']])
    expect(read('HTTP/1.1 200 OK\nX-A: one\n two\nContent-Length: 1\n\nb')).toMatchObject({ heads: [{ headers: [['X-A', 'one two'], ['Content-Length', '1']] }], body: 'b' })
    expect(read(Buffer.from('HTTP/1.1 200 OK\r\nX-A: \xfcber\r\nContent-Length: 0\r\n\r\n', 'latin1')).heads[0]?.headers[0]).toEqual(['X-A', 'über'])
    expect(read('HTTP/1.1 200 OK\r\nX-A: 风筝\r\nContent-Length: 0\r\n\r\n').heads[0]?.headers[0]).toEqual(['X-A', '风筝'])
  })

  it('refuses what two readers could read differently', () => {
    const head = 'HTTP/1.1 200 OK\r\n'
    expect([
      refusal(`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`), refusal(`${head}Content-Length: -1\r\n\r\n`), refusal(`${head}Content-Length: 0x3\r\n\r\nabc`),
      refusal(`${head}Transfer-Encoding: gzip\r\n\r\n`), refusal(`${head}X A: 1\r\n\r\n`), refusal(`${head}nothing\r\n\r\n`),
      refusal(`${head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`), refusal(`${head}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`),
      refusal('HTTP/1.1 2000 OK\r\n\r\n'), refusal('HTTP/1.1 abc\r\n\r\n'),
    ]).toEqual([
      ['http.badContentLength', 55], ['http.badContentLength', 37], ['http.badContentLength', 38],
      ['http.unknownTransferCoding', 42], ['http.badHeaderLine', 17], ['http.badHeaderLine', 17],
      ['http.badChunkSize', 47], ['http.badChunkEnd', 51],
      ['http.badStatusLine', 0], ['http.badStatusLine', 0],
    ])
  })

  it('says who spoke when it was no HTTP, from the first bytes', () => {
    expect([refusal('SSH-2.0-OpenSSH\r\n'), refusal(Buffer.from('150301000202', 'hex')), refusal(Buffer.from('000006040000000000000300000064', 'hex')), refusal('H\0'), refusal('hello')]).toEqual([
      ['http.foreignAnswer', 0], ['http.foreignAnswer', 0], ['http.foreignAnswer', 0], ['http.notHttp', 0], ['http.notHttp', 0],
    ])
  })

  it('bounds what it keeps of a line and of a head', () => {
    expect(refusal(`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(200_000)}`)).toEqual(['http.lineTooLong', 17])
    expect(refusal(`HTTP/1.1 200 OK\r\n${`X: ${'a'.repeat(60_000)}\r\n`.repeat(10)}`)).toMatchObject(['http.headTooLarge', expect.any(Number)])
  })

  it('does not listen to interim replies for ever', () => {
    expect(refusal('HTTP/1.1 100 Continue\r\n\r\n'.repeat(101))).toMatchObject(['http.tooManyInterim', expect.any(Number)])
    expect(read(`${'HTTP/1.1 102 Processing\r\n\r\n'.repeat(100)}HTTP/1.1 204 No Content\r\n\r\n`).heads.at(-1)?.status).toBe(204)
  })

  it('never takes a reply that is cut for a whole one', () => {
    for (let length = 1; length < chunked.length; length++) {
      expect(refusal(chunked.slice(0, length))).toMatchObject([length < chunked.indexOf('\r\n\r\n') + 4 ? 'http.cutShort.head' : 'http.cutShort.chunks', length])
    }
    const plain = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello'
    for (let length = plain.length - 5; length < plain.length; length++) expect(refusal(plain.slice(0, length))).toEqual(['http.cutShort.body', length])
  })

  it('ends every damaged reply in a result or an error of ours', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(chunked.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }), (damage, sizes) => {
      const bytes = Buffer.from(chunked)
      for (const [at, value] of damage) bytes[at] = value
      try {
        expect(read(bytes, sizes).heads.length).toBeGreaterThan(0)
      } catch (caught) {
        expect(caught).toBeInstanceOf(KiteError)
      }
    }), { numRuns: 20_000 })
  })
})
