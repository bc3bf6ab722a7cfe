// Requests that no IDL describes, as request clients send them, against Node's own HTTP server.

import { createServer as createHttp2Server } from 'node:http2'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void

/** What came, told back: verb, path, headers as they stood, body. */
const echo: Handler = (request, response, body) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'X-Twice': ['one', 'two'] })
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.rawHeaders, body: body.toString() }))
}

const json = '{"id":9007199254740993,"name":"风筝"}'
const send = (type: string, body: Buffer | string, headers: Record<string, string> = {}): Handler => (_request, response) => {
  response.writeHead(200, { 'Content-Type': type, ...headers }).end(body)
}

const handlers: Readonly<Record<string, Handler>> = {
  '/json': send('application/json; charset=utf-8', json),
  '/problem': (_request, response) => response.writeHead(404, 'Not Here', { 'Content-Type': 'application/problem+json' }).end('{"title":"no user"}'),
  '/text': send('text/plain', 'line one\nline "two"'),
  '/gbk': send('text/html; charset=gbk', Buffer.from([0xb7, 0xe7, 0xf3, 0xdd])),
  '/binary': send('image/png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1])),
  '/empty': (_request, response) => response.writeHead(204).end(),
  '/wrong': send('application/json', '{"a":'),
  '/gzip': send('application/json', gzipSync(json), { 'Content-Encoding': 'gzip' }),
  '/deflate': send('application/json', deflateSync(json), { 'Content-Encoding': 'deflate' }),
  '/deflate-raw': send('application/json', deflateRawSync(json), { 'Content-Encoding': 'deflate' }),
  '/br': send('application/json', brotliCompressSync(json), { 'Content-Encoding': 'br' }),
  '/bomb': send('application/json', gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)), { 'Content-Encoding': 'gzip' }),
  '/strange': send('text/plain', 'as it is', { 'Content-Encoding': 'x-own' }),
  '/chunks': (_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', Trailer: 'X-Sum' })
    response.write('[1,')
    response.addTrailers({ 'X-Sum': '3' })
    setTimeout(() => response.end('2]'), 20)
  },
  '/301': (_request, response) => response.writeHead(301, { Location: '/echo?from=301' }).end(),
  '/303': (_request, response) => response.writeHead(303, { Location: '/echo' }).end(),
  '/307': (_request, response) => response.writeHead(307, { Location: 'echo' }).end('moved'),
  '/loop': (_request, response) => response.writeHead(302, { Location: '/loop' }).end(),
  '/away': (_request, response) => response.writeHead(302, { Location: `http://localhost:${awayPort}/echo` }).end(),
  '/nowhere': (_request, response) => response.writeHead(302, { Location: 'ftp://x/y' }).end(),
  '/unzip': (request, response, body) => echo(request, response, gunzipSync(body)),
  '/silent': () => undefined,
}
let awayPort = 0

function listen(): Promise<Server> {
  const server = createServer((request, response) => {
    const body: Buffer[] = []
    request.on('data', (chunk: Buffer) => body.push(chunk)).on('end', () => (handlers[(request.url ?? '').split('?')[0] ?? ''] ?? echo)(request, response, Buffer.concat(body)))
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

describe('plain HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-http-'))
  let engine: Engine
  let server: Server
  let away: Server

  beforeAll(async () => {
    engine = createEngine(systemPorts({ baseDir: folder }))
    server = await listen()
    away = await listen()
    awayPort = portOf(away)
    writeFileSync(join(folder, 'kite.txt'), 'from a file')
  })
  afterAll(async () => {
    await engine.dispose()
    server.close()
    away.close()
    rmSync(folder, { recursive: true })
  })

  const call = (method: string, body = '', more: Partial<CallRequestInput> = {}): Promise<CallRecord> =>
    engine.call({ idl: { paths: [] }, method, body, target: { kind: 'direct', endpoints: [`127.0.0.1:${portOf(server)}`] }, transport: 'http', timeoutMs: 5000, connectTimeoutMs: 2000, ...more })
  const http = (more: Partial<NonNullable<CallRequestInput['http']>>): Partial<CallRequestInput> => ({ http: more })
  const told = (record: CallRecord): { readonly method: string; readonly url: string; readonly headers: readonly string[]; readonly body: string } => JSON.parse(record.response ?? 'null') as ReturnType<typeof told>

  /** Without what tracing adds, which differs each time. */
  const plainHeaders = (record: CallRecord): readonly string[] => {
    const { headers } = told(record)
    return headers.filter((_, index) => !headers[index - (index % 2)]?.endsWith('traceparent'))
  }

  it('sends verb, path and headers exactly as they were written, defaults in front', async () => {
    const record = await call('PUT /users/7?x=1&y=%20', json, { headers: [['X-One', 'a'], ['x-one', 'b'], ['Host', 'users.test'], ['X-Name', '风筝']] })
    const length = ['Content-Length', String(Buffer.byteLength(json))]
    expect([record.outcome, { ...told(record), headers: plainHeaders(record) }]).toEqual(['ok', {
      method: 'PUT', url: '/users/7?x=1&y=%20', body: json,
      headers: ['User-Agent', 'kite-console', 'Accept', '*/*', 'Accept-Encoding', 'gzip, deflate, br, zstd', 'Content-Type', 'application/json', 'X-One', 'a', 'x-one', 'b', 'Host', 'users.test', 'X-Name', Buffer.from('风筝').toString('latin1'), ...length],
    }])
    expect(record.headers.filter(([name]) => name === 'X-Twice' || name === ':status')).toEqual([[':status', '200 OK'], ['X-Twice', 'one'], ['X-Twice', 'two']])
  })

  it('encodes what a path may not hold, drops the fragment, and takes a whole URL or a bare path', async () => {
    expect(told(await call('GET /a b/风筝?q=ü#part')).url).toBe('/a%20b/%E9%A3%8E%E7%AD%9D?q=%C3%BC')
    expect(told(await call('https://other.test/p?q=1')).url).toBe('/p?q=1')
    expect(told(await call('/bare')).method).toBe('GET')
    expect(told(await call('PURGE /cache')).method).toBe('PURGE')
    expect(told(await call('GET /x', '', http({ path: '/api/v1/' }))).url).toBe('/api/v1/x')
    await expect(call('no path')).rejects.toMatchObject({ data: { code: 'usage', text: { key: 'http.badMethodText' } } })
  })

  it('sends the body as JSON, as text, as a file, or not at all', async () => {
    const sent = async (body: string, more = {}, verb = 'POST'): Promise<unknown> => {
      const record = await call(`${verb} /echo`, body, more)
      const headers = plainHeaders(record)
      return [told(record).body, headers[headers.indexOf('Content-Type') + 1]]
    }
    expect(await sent('{"n": 9007199254740993}')).toEqual(['{"n": 9007199254740993}', 'application/json'])
    expect(await sent('{"a": 1, /* no */ "b": [2,],}')).toEqual(['{\n  "a": 1,\n  "b": [\n    2\n  ]\n}', 'application/json'])
    expect(await sent('hello, kite')).toEqual(['hello, kite', 'text/plain; charset=utf-8'])
    expect(await sent('<a/>', { headers: [['Content-Type', 'application/xml']] })).toEqual(['<a/>', 'application/xml'])
    expect(await sent('{"$file":"kite.txt","type":"text/x-kite"}')).toEqual(['from a file', 'text/x-kite'])
    expect(await sent('{"a":"x y","b":[1,true],"c":{"d":null}}', http({ body: 'form' }))).toEqual(['a=x+y&b=1&b=true&c=%7B%22d%22%3Anull%7D', 'application/x-www-form-urlencoded'])
    expect(await sent('{"a":1}', http({ body: 'raw' }))).toEqual(['{"a":1}', 'text/plain; charset=utf-8'])
    expect(told(await call('GET /echo', '{}')).body).toBe('')
    expect(told(await call('POST /echo', '{}')).body).toBe('{}')
    await expect(call('POST /echo', '{"a":', http({ body: 'json' }))).rejects.toMatchObject({ data: { code: 'body', at: { line: 1, column: 6 } } })
    await expect(call('POST /echo', '{"$file":"missing"}')).rejects.toMatchObject({ data: { code: 'body', text: { key: 'codec.body.fileUnreadable' } } })
  })

  it('sends multipart bodies that Node itself can read', async () => {
    const record = await call('POST /echo', '{"title":"风筝","tags":["a","b"],"file":{"$file":"kite.txt","filename":"k \\"q\\".txt"},"n":7}', http({ body: 'multipart' }))
    const { body } = told(record)
    const headers = plainHeaders(record)
    const form = await new Response(body, { headers: { 'Content-Type': headers[headers.indexOf('Content-Type') + 1] ?? '' } }).formData()
    const file = form.get('file') as File
    expect([form.getAll('title'), form.getAll('tags'), form.get('n'), file.name, file.type, await file.text()]).toEqual([['风筝'], ['a', 'b'], '7', 'k "q".txt', 'text/plain', 'from a file'])
  })

  it('shows any reply as JSON text', async () => {
    const shown = async (path: string): Promise<string | undefined> => (await call(`GET ${path}`)).response
    expect(await Promise.all(['/json', '/text', '/gbk', '/binary', '/empty', '/gzip', '/deflate', '/deflate-raw', '/br'].map(shown))).toEqual([
      json, '"line one\\nline \\"two\\""', '"风筝"', '{"$binary":"iVBORwAB","type":"image/png"}', 'null', json, json, json, json,
    ])
    expect(await call('GET /wrong')).toMatchObject({ outcome: 'ok', response: '"{\\"a\\":"', warnings: [{ text: { key: 'http.replyNotJson' } }] })
    expect(await call('GET /strange')).toMatchObject({ outcome: 'ok', response: '{"$binary":"YXMgaXQgaXM=","type":"text/plain"}', warnings: [{ text: { key: 'http.unknownCoding', params: { coding: 'x-own' } } }] })
    expect(await call('HEAD /json')).toMatchObject({ outcome: 'ok', response: 'null' })
    expect(await call('GET /chunks')).toMatchObject({ outcome: 'ok', response: '[1,2]', trailers: [['X-Sum', '3']] })
  })

  it('takes a status of 400 and more as a failure and still shows the body', async () => {
    expect(await call('GET /problem')).toMatchObject({
      outcome: 'failed', response: '{"title":"no user"}', error: { code: 'remote_or_network', layer: 'remote', text: { params: { status: 404, reason: 'Not Here' } }, exception: { type: 'HTTP 404', typeId: 404 } },
    })
  })

  it('stops a compressed bomb at the budget', async () => {
    expect(await call('GET /bomb', '', { maxMessageBytes: 1024 * 1024 })).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.inflatesTooFar', params: { limit: 1024 * 1024 } } } })
  })

  it('follows redirects by their rules and says so', async () => {
    const posted = await call('POST /301', json)
    expect([told(posted).method, told(posted).url, told(posted).body, posted.headers.filter(([name]) => name.startsWith(':'))]).toEqual(['GET', '/echo?from=301', '', [[':status', '200 OK'], [':redirect', '301 POST /301 -> /echo?from=301']]])
    expect(told(await call('POST /303', json))).toMatchObject({ method: 'GET', body: '' })
    expect(told(await call('POST /307', json))).toMatchObject({ method: 'POST', url: '/echo', body: json })
    expect(await call('GET /301', '', http({ redirects: 0 }))).toMatchObject({ outcome: 'ok', response: 'null', headers: [[':status', '301 Moved Permanently'], ['Location', '/echo?from=301'], expect.anything(), expect.anything(), expect.anything(), expect.anything()] })
    expect(await call('GET /loop', '', http({ redirects: 3 }))).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.tooManyRedirects', params: { limit: 3, location: '/loop' } } } })
    expect(await call('GET /nowhere')).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.badLocation' } } })
  })

  it('takes credentials along within an origin and to no other', async () => {
    const headers: CallRequestInput['headers'] = [['Authorization', 'Bearer t'], ['Cookie', 'a=1'], ['X-Own', 'y']]
    expect(plainHeaders(await call('GET /301', '', { headers }))).toEqual(expect.arrayContaining(['Authorization', 'Cookie', 'X-Own']))
    const record = await call('GET /away', '', { headers })
    const names = plainHeaders(record)
    expect([names.includes('Authorization'), names.includes('Cookie'), names.includes('X-Own'), names[names.indexOf('Host') + 1]]).toEqual([false, false, true, `localhost:${awayPort}`])
  })

  it('waits with the body until the server wants it', async () => {
    expect(told(await call('POST /echo', json, { headers: [['Expect', '100-continue']] })).body).toBe(json)
  })

  it('uses a pooled connection again, and a short one never', async () => {
    const connection = (record: CallRecord): unknown => record.chain.nodes.find(({ kind }) => kind === 'connection')?.decision
    await call('GET /json')
    expect(connection(await call('GET /json'))).toMatchObject({ pool: 'long', reused: true, dialMs: 0 })
    expect(connection(await call('GET /json', '', { policy: { pool: 'short' } }))).toMatchObject({ pool: 'short', reused: false })
  })

  it('tells what each byte means, of the request and of the reply', async () => {
    const record = await call('POST /json', '{"a":[1]}')
    const names = record.byteViews.map(({ direction, nodes }) => [direction, nodes.map(({ name, children }) => [name, children?.map((child) => child.name)])])
    expect(names).toEqual([
      ['sent', [['HTTP request', ['request line', 'Host', 'User-Agent', 'Accept', 'Accept-Encoding', 'Content-Type', 'traceparent', 'Content-Length', 'end of head', 'body']]]],
      ['received', [['HTTP reply', ['status line', 'Content-Type', 'Date', 'Connection', 'Keep-Alive', 'Transfer-Encoding', 'end of head', 'chunk size', 'body', 'end of chunk', 'chunk size', 'end of trailers']]]],
    ])
  })

  it('sends compressed bodies, and tells what they were before', async () => {
    const gzipped = await call('POST /unzip', json, { compress: 'gzip' })
    expect([told(gzipped).body, plainHeaders(gzipped).includes('Content-Encoding')]).toEqual([json, true])
    expect(gzipped.byteViews.filter(({ direction }) => direction === 'sent').map(({ nodes }) => nodes.map(({ name }) => name))).toEqual([['HTTP request'], ['body']])
    const zstd = await call('POST /echo', json, { compress: 'zstd' })
    expect(plainHeaders(zstd)).toEqual(expect.arrayContaining(['Content-Encoding', 'zstd']))
  })

  it('speaks HTTP/2 without TLS where it is told to', async () => {
    const h2 = createHttp2Server()
    h2.on('stream', (stream, headers) => {
      const body: Buffer[] = []
      stream.on('data', (chunk: Buffer) => body.push(chunk)).on('end', () => {
        if (headers[':path'] === '/moved') return void (stream.respond({ ':status': 307, location: '/echo' }), stream.end())
        stream.respond({ ':status': headers[':path'] === '/gone' ? 410 : 200, 'content-type': 'application/json', 'x-twice': ['one', 'two'] }, { waitForTrailers: true })
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '3' }))
        stream.end(JSON.stringify({ method: headers[':method'], path: headers[':path'], authority: headers[':authority'], own: headers['x-own'], body: Buffer.concat(body).toString() }))
      })
    })
    await new Promise<void>((resolve) => h2.listen(0, '127.0.0.1', resolve))
    const target: CallRequestInput['target'] = { kind: 'direct', endpoints: [`127.0.0.1:${(h2.address() as AddressInfo).port}`] }
    const two: Partial<CallRequestInput> = { target, ...http({ version: '2' }) }
    const record = await call('POST /moved', json, { ...two, headers: [['X-Own', 'v'], ['Host', 'users.test'], ['Connection', 'close']] })
    expect([record.outcome, record.response, record.trailers, record.headers.filter(([name]) => /^:|x-twice/.test(name))]).toEqual([
      'ok', JSON.stringify({ method: 'POST', path: '/echo', authority: 'users.test', own: 'v', body: json }), [['x-sum', '3']],
      [[':status', '200'], [':redirect', '307 POST /moved -> /echo'], ['x-twice', 'one'], ['x-twice', 'two']],
    ])
    expect(record.byteViews[1]?.nodes.map(({ name }) => name)).toEqual(['HEADERS', 'DATA', 'HEADERS', 'DATA', 'HEADERS'])
    expect(await call('GET /gone', '', two)).toMatchObject({ outcome: 'failed', error: { exception: { typeId: 410 } } })
    // An HTTP/1.1 call to the same port says what answered.
    expect(await call('GET /', '', { target })).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.foreignAnswer' }, hint: { key: 'http.needsHttp2Hint' } } })
    h2.close()
  })

  it('ends by its deadline', async () => {
    expect(await call('GET /silent', '', { timeoutMs: 100 })).toMatchObject({ outcome: 'timeout' })
  })
})
