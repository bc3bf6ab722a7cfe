import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { KiteError, type ErrorData } from '../../../../../shared/base/error.ts'
import { readHttpHead } from '../../../../../shared/logic/http-message.ts'
import { stringifyExact } from '../../../../../shared/logic/json/write.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import { plainFormat, type MethodCodec, type ValueFormat } from '../../../../../src-main/engine/codec/codec.ts'
import type { BodyKind } from '../../../../../src-main/engine/codec/http-generic/body.ts'
import { createHttpCodec } from '../../../../../src-main/engine/codec/http-generic/index.ts'
import { loadText } from '../../idl/load-text.ts'

const thrift = `
enum Color { RED = 1, BLUE = 7 }
struct Inner { 1: required string name, 2: optional i64 big (api.js_conv = ""), 3: optional string renamed (api.body = "other") }
union Choice { 1: string text, 2: i64 number }
struct All {
  1: i64 id (api.path = "id"), 2: string rest (api.path = "rest"), 3: optional list<i32> ids (api.query = "ids"), 4: optional string token (api.header = "X-Token"),
  5: optional string session (api.cookie = "sid"), 6: optional Color color (api.query = "color"), 7: optional Inner inner, 8: optional map<Color, list<Inner>> inners,
  9: optional double ratio, 10: optional binary blob, 11: optional Choice choice, 12: optional bool flag, 13: optional list<string> tags (api.header = "X-Tag"),
  14: optional i64 js (api.js_conv = "true"), 15: optional string hidden (api.none = ""), 16: optional string tagged (go.tag = 'json:"alias"'), 17: optional set<i8> bytes
}
struct Reply { 1: i32 code (api.http_code = ""), 2: optional string trace (api.header = "X-Trace"), 3: optional Inner inner, 4: optional Color color, 5: optional list<string> tags (api.header = "X-Tag"), 6: optional binary blob, 7: string hidden (api.none = "") }
struct Get { 1: string q, 2: optional Inner inner (api.query = "inner"), 3: i32 page = 3 (api.path = "page") }
struct Raw { 1: binary body (api.raw_body = ""), 2: optional string other }
struct Files { 1: optional binary file (api.file = "f"), 2: optional string title (api.form = "title"), 3: optional list<i32> n }
service S {
  Reply Post(1: All req) (api.post = "/a/:id/*rest")
  Reply Fetch(1: Get req) (api.get = "/g/:page")
  Reply SendRaw(1: Raw req) (api.put = "/raw")
  Reply Send(1: Files req) (api.post = "/files")
  list<Color> Colors() (api.get = "/colors")
  void Two(1: string a, 2: i32 b) (api.delete = "/two/:a")
  Reply Missing(1: All req) (api.post = "/m/:nothing")
  Reply None(1: All req)
}`

let idl: IdlSet
beforeAll(async () => {
  idl = await loadText(thrift)
})

function codecOf(name: string, body: BodyKind = 'auto'): MethodCodec {
  const [service] = idl.services
  const method = service?.methods.find((one) => one.name === name)
  if (service === undefined || method === undefined) throw new Error(`no ${name}`)
  return createHttpCodec({ body, readFile: (path) => Buffer.from(`content of ${path}`) }).forMethod(idl, service, method)
}

/** Start line, headers and body of a request. */
function request(name: string, json: string, body: BodyKind = 'auto', warnings: ErrorData[] = []): readonly [string, Readonly<Record<string, string>>, string] {
  const message = codecOf(name, body).encodeRequest(json, 1, (warning) => warnings.push(warning))
  const head = readHttpHead(message)
  if (head === undefined) throw new Error('no message')
  return [head.start, Object.fromEntries(head.headers), message.subarray(head.bodyAt).toString()]
}

function refusal(name: string, json: string): unknown {
  try {
    return request(name, json)
  } catch (caught) {
    return caught instanceof KiteError ? [caught.data.text.key, caught.data.at?.path, caught.data.at?.line] : caught
  }
}

const reply = (name: string, start: string, headers: string, body: string | Buffer, format: ValueFormat = plainFormat): readonly [string, readonly string[]] => {
  const decoded = codecOf(name).decodeReply(Buffer.concat([Buffer.from(`${start}\r\n${headers}\r\n`), Buffer.from(body)]), format)
  return decoded.kind === 'reply' ? [decoded.json, decoded.warnings.map(({ text, at }) => `${text.key} ${at?.path ?? ''}`)] : ['', []]
}

describe('requests by annotations', () => {
  it('put each field in its place', () => {
    expect(request('Post', '{"id":9007199254740993,"rest":"b/c d","ids":[1,-2],"token":"t","session":"s","color":"BLUE","inner":{"name":"n","big":9007199254740993,"renamed":"r"},"inners":{"RED":[{"name":"x"}]},'
      + '"ratio":1e3,"blob":"AAH_","choice":{"number":"5"},"flag":false,"tags":["one","two"],"js":1,"alias":"a","bytes":[-128]}')).toEqual([
      'POST /a/9007199254740993/b/c%20d?ids=1&ids=-2&color=7',
      { 'X-Token': 't', 'X-Tag': 'two', Cookie: 'sid=s', 'Content-Type': 'application/json' },
      '{"inner":{"name":"n","big":"9007199254740993","other":"r"},"inners":{"1":[{"name":"x"}]},"ratio":1e3,"blob":"AAH/","choice":{"number":5},"flag":false,"js":"1","alias":"a","bytes":[-128]}',
    ])
  })

  it('put what is not annotated into the query where there is no body, structs as JSON, and take defaults for the path', () => {
    expect(request('Fetch', '{"q":"a&b=c","inner":{"name":"n"}}')).toEqual(['GET /g/3?q=a%26b%3Dc&inner=%7B%22name%22%3A%22n%22%7D', {}, ''])
    expect(request('Colors', '')).toEqual(['GET /colors', {}, ''])
    expect(request('Two', '{"a":"x/y","b":2}')).toEqual(['DELETE /two/x%2Fy?b=2', {}, ''])
    expect(request('Post', '{"req":{"id":1,"rest":""}}')).toEqual(['POST /a/1/', { 'Content-Type': 'application/json' }, '{}'])
  })

  it('send raw bodies, forms and files', () => {
    expect(request('SendRaw', '{"body":"aGVsbG8="}')).toEqual(['PUT /raw', { 'Content-Type': 'application/octet-stream' }, 'hello'])
    expect(request('Send', '{"title":"a b","n":[1,2]}')).toEqual(['POST /files', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'title=a+b&n=1&n=2'])
    expect(request('Send', '{"title":"a b"}', 'json')).toEqual(['POST /files', { 'Content-Type': 'application/json' }, '{"title":"a b"}'])
    const [, headers, body] = request('Send', '{"file":{"$file":"x/y.csv"},"title":"t"}')
    const boundary = /boundary=(.*)$/.exec(headers['Content-Type'] ?? '')?.[1] ?? ''
    expect(body.replaceAll(boundary, 'B')).toBe('--B\r\nContent-Disposition: form-data; name="f"; filename="y.csv"\r\nContent-Type: text/csv\r\n\r\ncontent of x/y.csv\r\n--B\r\nContent-Disposition: form-data; name="title"\r\n\r\nt\r\n--B--\r\n')
  })

  it('say what is wrong where it is', () => {
    expect([
      refusal('Post', '{"id":1,\n"rest":"","idz":[]}'), refusal('Post', '{"id":1.5,"rest":""}'), refusal('Post', '{"rest":"x"}'), refusal('Post', '{"id":1,"rest":"","inner":{}}'), refusal('Post', '{"id":1,"rest":"","choice":{}}'),
      refusal('Post', '{"id":1,"rest":"","bytes":[128]}'), refusal('Post', '{"id":1,"rest":"","inners":{"GREEN":[]}}'), refusal('Post', '{"id":1,"rest":"","session":"a;b"}'), refusal('Post', '{"id":1,"rest":"","ids":[null]}'),
      refusal('SendRaw', '{"body":"","other":"x"}'), refusal('Missing', '{}'), refusal('None', '{}'), refusal('Post', '[]'), refusal('Post', '{"id":'),
    ]).toEqual([
      ['codec.body.unknownField', 'idz', 2], ['codec.body.integer.fraction', 'id', 1], ['http.map.pathMissing', 'id', 1], ['codec.body.requiredMissing', 'inner.name', 1], ['codec.body.unionEmpty', 'choice', 1],
      ['codec.body.integer.range', 'bytes[0]', 1], ['codec.body.unknownEnumName', 'inners.GREEN', 1], ['http.map.badCookie', 'session', 1], ['codec.body.nullElement', 'ids[0]', 1],
      ['http.map.rawBodyAlone', 'other', 1], ['http.map.noPathField', undefined, 1], ['http.noRoute', undefined, undefined], ['codec.body.expected.struct', undefined, 1], ['codec.json.expectedValueAtEnd', undefined, 1],
    ])
  })

  it('warn of what is never sent', () => {
    const warnings: ErrorData[] = []
    request('Post', '{"id":1,"rest":"","hidden":"x"}', 'auto', warnings)
    expect(warnings.map(({ text, at }) => [text.key, at?.path])).toEqual([['http.map.neverSent', 'hidden']])
  })

  it('never break out of a header or a path, whatever the text', () => {
    const codec = codecOf('Post')
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (rest, token) => {
      const json = stringifyExact({ id: 1, rest, token })
      let message: Buffer
      try {
        message = codec.encodeRequest(json, 1)
      } catch (caught) {
        expect(caught).toBeInstanceOf(KiteError)
        return
      }
      const lines = message.subarray(0, message.indexOf('\r\n\r\n')).toString().split('\r\n')
      expect([lines.length, /^POST \/a\/1\/[\x21-\x7e]*$/.test(lines[0] ?? '')]).toEqual([3, true])
    }), { numRuns: 500 })
  })
})

describe('replies by annotations', () => {
  it('are read from body, headers and status', () => {
    expect(reply('Post', '201 Created', 'X-Trace: t1\r\nX-Tag: a\r\nX-Tag: b, c\r\nContent-Type: application/json\r\n', '{"color":7,"inner":{"other":"r","name":"n","big":"9007199254740993"},"blob":"AAH/"}')).toEqual([
      '{"code":201,"trace":"t1","inner":{"name":"n","big":9007199254740993,"renamed":"r"},"color":"BLUE","tags":["a","b","c"],"blob":"AAH/"}', [],
    ])
    expect(reply('Colors', '200 OK', '', '[1,7,9]')).toEqual(['["RED","BLUE",9]', []])
    expect(reply('Two', '204 No Content', '', '')).toEqual(['null', []])
  })

  it('follow the format that is asked for', () => {
    expect(reply('Post', '200 OK', '', '{"color":7,"inner":{"name":"n","big":"1"},"blob":"aGk="}', { int64: 'string', enums: 'number', binary: 'utf8', defaults: true })).toEqual([
      '{"code":200,"trace":null,"inner":{"name":"n","big":"1","renamed":null},"color":7,"tags":null,"blob":"hi","hidden":""}', [],
    ])
  })

  it('show what does not fit as it came, and say so', () => {
    expect(reply('Post', '200 OK', '', '{"color":"PINK","inner":{"name":5,"extra":[1]},"other":1.10,"hidden":"dropped"}')).toEqual([
      '{"code":200,"inner":{"name":5,"extra":[1]},"color":"PINK","other":1.10}', ['http.map.unknownMember other', 'http.map.unknownMember inner.extra', 'http.map.otherType inner.name', 'http.map.otherType color'],
    ])
    expect(reply('Post', '200 OK', 'Content-Type: text/html\r\n', '<html>')).toEqual(['"<html>"', ['http.map.otherType ']])
    expect(reply('Fetch', '500 Oops', 'Content-Type: application/json\r\n', '{"error":"x"}')[0]).toBe('{"code":500,"error":"x"}')
  })
})

describe('the server\'s side of the mapping', () => {
  it('reads back every request that the client\'s side writes', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => one.trim() === one && one !== '' && !/[\r\n\0;,]/.test(one))
    const value = fc.record({
      id: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), rest: text, ids: fc.array(fc.integer(), { minLength: 1 }), color: fc.constantFrom('RED', 'BLUE'),
      inner: fc.record({ name: fc.string(), big: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) }), ratio: fc.double({ noNaN: true, noDefaultInfinity: true }), blob: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
      flag: fc.boolean(), js: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), tagged: fc.string(),
    })
    const codec = codecOf('Post')
    fc.assert(fc.property(value, (given) => {
      const json = stringifyExact(given)
      expect(codec.decodeRequest(codec.encodeRequest(json, 1)).json).toBe(json)
    }), { numRuns: 300 })
  })

  it('takes dots of a path for what they are: the value of a parameter', () => {
    const codec = codecOf('Post')
    for (const rest of ['.', '..', 'a/../b']) {
      const { json } = codec.decodeRequest(codec.encodeRequest(JSON.stringify({ id: 1, rest, ids: [1], color: 'RED' }), 1))
      expect(JSON.parse(json)).toMatchObject({ id: 1, rest })
    }
  })

  it.each(['//', '////////a?x=1', '/%zz/%', '*', 'http://other.example/a', '/a b c'])('reads a request for %s without following it anywhere', (target) => {
    expect(JSON.parse(codecOf('Post').decodeRequest(Buffer.from(`POST ${target} HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{}`)).json)).toEqual(expect.any(Object))
  })

  it.each(['http://', 'http://[', 'http://a:99999/'])('refuses a request for %s with its place', (target) => {
    expect(() => codecOf('Post').decodeRequest(Buffer.from(`POST ${target} HTTP/1.1\r\n\r\n`))).toThrow('http.badTarget')
  })

  it('writes replies that the client\'s side reads', () => {
    const codec = codecOf('Post')
    const json = '{"code":202,"trace":"t","inner":{"name":"n","big":9007199254740993},"color":"BLUE","tags":["a","b"],"blob":"AAH/"}'
    expect(codec.decodeReply(codec.encodeReply({ kind: 'reply', json }, 1))).toMatchObject({ json, warnings: [] })
  })
})
