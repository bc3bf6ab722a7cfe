import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { readHttpHead, writeHttpHead } from '../../../../../shared/logic/http-message.ts'
import { explainJson } from '../../../../../src-main/engine/codec/http-generic/explain-json.ts'
import { httpBodyOf, type BodyKind } from '../../../../../src-main/engine/codec/http-generic/body.ts'
import { readVerbAndPath } from '../../../../../src-main/engine/codec/http-generic/plain-method.ts'
import { bodyJson } from '../../../../../src-main/engine/codec/http-generic/reply-json.ts'

const tools = { readFile: (path: string) => Buffer.from(`content of ${path}`) }
const body = (text: string, kind: BodyKind = 'auto'): readonly [string | undefined, string] => {
  const { contentType, bytes } = httpBodyOf(text, kind, tools)
  return [contentType, bytes.toString()]
}
const refusal = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (caught) {
    return caught instanceof KiteError ? [caught.data.code, caught.data.text.key] : caught
  }
}

describe('method texts', () => {
  it('are verb and path, a path, or a URL', () => {
    expect(['GET /a', 'post  /a?b=1', '/a', 'https://h:1/p?q#f', 'GET https://h', 'OPTIONS *', 'X-Own /a', 'GET /ü %zz|'].map(readVerbAndPath)).toEqual([
      { verb: 'GET', path: '/a' }, { verb: 'POST', path: '/a?b=1' }, { verb: 'GET', path: '/a' }, { verb: 'GET', path: '/p?q' }, { verb: 'GET', path: '/' }, { verb: 'OPTIONS', path: '*' }, { verb: 'X-Own', path: '/a' },
      { verb: 'GET', path: '/%C3%BC%20%zz%7C' },
    ])
    expect(['', 'GET', 'GET a', 'G@T /a'].map((text) => refusal(() => readVerbAndPath(text)))).toEqual(Array.from({ length: 4 }, () => ['usage', 'http.badMethodText']))
  })
})

describe('bodies of plain requests', () => {
  it('are sent by their kind', () => {
    expect([body(''), body(' {"a":1} '), body('12'), body('text'), body('{"a":'), body('{"$file":"f"}'), body('{"$file":"f"}', 'json'), body('{"$file":"f","other":1}')]).toEqual([
      [undefined, ''], ['application/json', '{"a":1}'], ['application/json', '12'], ['text/plain; charset=utf-8', 'text'], ['text/plain; charset=utf-8', '{"a":'],
      ['application/octet-stream', 'content of f'], ['application/json', '{"$file":"f"}'], ['application/json', '{"$file":"f","other":1}'],
    ])
    expect([body('{"a":[1,"x y"],"b":null,"c":true,"风":"~"}', 'form'), body('a=1&b', 'form'), body('{"a":1}', 'raw'), body('', 'raw')]).toEqual([
      ['application/x-www-form-urlencoded', 'a=1&a=x+y&c=true&%E9%A3%8E=%7E'], ['application/x-www-form-urlencoded', 'a=1&b'], ['text/plain; charset=utf-8', '{"a":1}'], [undefined, ''],
    ])
    expect([refusal(() => body('[1]', 'form')), refusal(() => body('[1]', 'multipart')), refusal(() => body('x', 'json')), refusal(() => httpBodyOf('{"$file":"f"}', 'auto', { readFile: undefined }))]).toEqual([
      ['body', 'http.body.formNeedsObject'], ['body', 'http.body.formNeedsObject'], ['body', 'codec.json.unknownWord'], ['body', 'codec.body.noFiles'],
    ])
  })

  it('are forms that URLSearchParams reads back', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), (given) => {
      const [, text] = body(JSON.stringify(given), 'form')
      expect([...new URLSearchParams(text)].sort()).toEqual(Object.entries(given).sort())
    }), { numRuns: 200 })
  })
})

describe('bodies of replies', () => {
  const shown = (type: string | undefined, bytes: string | Buffer): readonly [string, readonly string[]] => {
    const { json, warnings } = bodyJson({ headers: type === undefined ? [] : [['content-type', type]], body: Buffer.from(bytes) })
    return [json, warnings.map(({ text }) => text.key)]
  }

  it('are JSON text whatever they are', () => {
    expect([
      shown('application/json', ' {"n":9007199254740993,"f":1.10} '), shown('application/problem+json', '[]'), shown(undefined, '{"a":1}'), shown('text/plain', '[1]'), shown('text/plain', '12'), shown('application/json', '12'),
      shown('application/json', '\ufeff{"a":1}'), shown('application/json', '{"a":1,}'), shown('application/json', '{"a":1,"a":2}'), shown('text/html; charset=gbk', Buffer.from([0xb7, 0xe7])), shown('text/plain; charset=none', 'abc'),
      shown('application/octet-stream', Buffer.from([0, 1])), shown('text/plain', Buffer.from([0xff, 0xfe])), shown('text/plain', 'a\tb\n'), shown('image/png', ''),
    ]).toEqual([
      ['{"n":9007199254740993,"f":1.10}', []], ['[]', []], ['{"a":1}', []], ['[1]', []], ['"12"', []], ['12', []],
      ['{"a":1}', []], ['"{\\"a\\":1,}"', ['http.replyNotJson']], ['{"a":1,"a":2}', []], ['"风"', []], ['{"$binary":"YWJj","type":"text/plain; charset=none"}', []],
      ['{"$binary":"AAE=","type":"application/octet-stream"}', []], ['{"$binary":"//4=","type":"text/plain"}', []], ['"a\\tb\\n"', []], ['null', []],
    ])
  })

  it('are JSON that everybody reads', () => {
    fc.assert(fc.property(fc.constantFrom('application/json', 'text/plain', 'application/octet-stream', 'text/html; charset=gb18030'), fc.uint8Array({ maxLength: 40 }), (type, bytes) => {
      expect(() => void JSON.parse(shown(type, Buffer.from(bytes))[0])).not.toThrow()
    }), { numRuns: 2000 })
  })
})

describe('HTTP messages between codec and transport', () => {
  it('are read as they were written', () => {
    const message = Buffer.concat([writeHttpHead('GET /a', [['X-A', 'b'], ['x', '风\r\nY: z']]), Buffer.from('\r\n\r\nbody')])
    const head = readHttpHead(message)
    expect([head?.start, head?.headers, message.subarray(head?.bodyAt).toString()]).toEqual(['GET /a', [['X-A', 'b'], ['x', '风 Y: z']], '\r\n\r\nbody'])
    expect(readHttpHead(Buffer.from('GET /a\r\nX: y\r\n'))).toBeUndefined()
  })
})

describe('explaining JSON', () => {
  it('gives each value its bytes, also behind letters of several bytes', () => {
    const text = '{"风筝":"é","n":[1,{"x":null}]}'
    const bytes = Buffer.from(text)
    const flat: [string, string][] = []
    const walk = (nodes: ReturnType<typeof explainJson>): void => {
      for (const { name, start, end, children } of nodes) {
        flat.push([name, bytes.toString('utf8', start - 100, end - 100)])
        walk(children ?? [])
      }
    }
    walk(explainJson(bytes, 100))
    expect(flat).toEqual([['body', text], ['风筝', '"é"'], ['n', '[1,{"x":null}]'], ['[0]', '1'], ['[1]', '{"x":null}'], ['x', 'null']])
    expect(explainJson(Buffer.from('not json'), 3)).toEqual([{ start: 3, end: 11, name: 'body', kind: 'value', value: 'not json' }])
  })
})
