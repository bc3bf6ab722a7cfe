// Methods with api.* annotations against a real Hertz, whose routes and bindings its own generator made from the very same IDL.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import protobufjs from 'protobufjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { hertzIdl, hertzMissing, startHertz, type HertzServer } from '../support/peers/hertz.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { root } from '../support/source-files.ts'

const missing = hertzMissing()

describe.skipIf(missing !== undefined)(`HTTP by annotations against Hertz${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-hertz-'))
  let engine: Engine
  let hertz: HertzServer

  beforeAll(async () => {
    engine = createEngine(systemPorts({ baseDir: folder }))
    hertz = await startHertz()
    writeFileSync(join(folder, 'kite.txt'), '风筝 file')
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await hertz.stop()
    rmSync(folder, { recursive: true })
  })

  const call = (method: string, body: string, more: Partial<CallRequestInput> = {}): Promise<CallRecord> =>
    engine.call({ idl: { paths: [hertzIdl] }, method, body, target: { kind: 'direct', endpoints: [hertz.http] }, transport: 'http', timeoutMs: 5000, connectTimeoutMs: 2000, ...more })

  it('puts fields into path, query, header and cookie, and reads header and status back', async () => {
    const body = '{"id":9007199254740993,"fields":"name,风筝 &=","ids":[1,-2],"token":"t 1","session":"s1","deep":true,"level":"HIGH","plain":"in the query","tags":["a","b"],"ratio":0.1}'
    expect(await call('Gateway/GetUser', body)).toMatchObject({
      outcome: 'ok', codec: 'json', transport: 'http', warnings: [],
      response: '{"seen":{"id":9007199254740993,"fields":"name,风筝 &=","ids":[1,-2],"token":"t 1","session":"s1","deep":true,"level":"HIGH","plain":"in the query","tags":["a","b"],"ratio":0.1},"trace":"trace-of-9007199254740993","code":202,"cookies":"session=s1"}',
    })
  })

  it('sends a JSON body of every type, digits and names kept, and gets it back', async () => {
    const user = '{"id":9223372036854775807,"name":"风筝 \\"q\\"","level":"HIGH","address":{"city":"杭州","street":"一号"},"tags":["a",""],"counts":{"min":-9223372036854775808},"score":0.1,"blob":"AAH/","others":[{"city":"x"},{"city":"y"}],"big":9007199254740993,"renamed":"r"}'
    expect(await call('CreateUser', `{"user":${user},"key":"k-1","page":3}`)).toMatchObject({
      outcome: 'ok', warnings: [], response: `{"user":${user},"key":"k-1","page":3,"code":201}`,
    })
  })

  it('puts the members of a body under their names on the wire', async () => {
    const record = await call('CreateUser', '{"req":{"user":{"id":"7","name":"n","level":5,"renamed":"r","address":{"city":"c","street":"s"}}}}')
    const sent = Buffer.from(record.byteViews.find(({ direction }) => direction === 'sent')?.base64 ?? '', 'base64').toString()
    expect(sent.slice(sent.indexOf('\r\n\r\n') + 4)).toBe('{"user":{"id":"7","name":"n","level":5,"other_name":"r","address":{"city":"c","street_name":"s"}}}')
    expect(record).toMatchObject({ outcome: 'ok', response: expect.stringContaining('"level":"HIGH"') as unknown })
  })

  it('sends forms and files', async () => {
    const body = '{"id":7,"name":"风 筝&","tags":["a b","c"]}'
    const answer = (type: string): string => `{"id":7,"name":"风 筝&","tags":["a b","c"],"type":${JSON.stringify(type)}}`
    expect(await call('UpdateUser', body)).toMatchObject({ outcome: 'ok', response: answer('application/x-www-form-urlencoded') })
    const parts = await call('PatchUser', body, { http: { body: 'multipart' } })
    expect(parts.response).toMatch(/^\{"id":7,"name":"风 筝&","tags":\["a b","c"\],"type":"multipart\/form-data; boundary=kite-[0-9a-f]+"\}$/)
    expect(await call('Upload', '{"title":"t","file":{"$file":"kite.txt","filename":"k.txt"}}')).toMatchObject({ outcome: 'ok', response: '{"title":"t","filename":"k.txt","content":"风筝 file"}' })
    expect(await call('Upload', `{"title":"t","file":"${Buffer.from('bytes').toString('base64')}"}`)).toMatchObject({ outcome: 'ok', response: '{"title":"t","filename":"file","content":"bytes"}' })
  })

  it('sends a raw body, and the rest of a path with its slashes', async () => {
    expect(await call('Raw', '{"rest":"a/b c/风","body":"{not json"}')).toMatchObject({ outcome: 'ok', response: '{"rest":"a/b c/风","body":"{not json","type":"text/plain; charset=utf-8"}' })
    expect(await call('Raw', '{"rest":"x","body":"<a/>"}', { headers: [['Content-Type', 'application/xml']] })).toMatchObject({ response: '{"rest":"x","body":"<a/>","type":"application/xml"}' })
  })

  it('reads a reply without a body', async () => {
    expect(await call('DeleteUser', '{"id":1,"why":"old"}')).toMatchObject({ outcome: 'ok', response: '{"why":"old"}', headers: expect.arrayContaining([[':status', '204 No Content']]) as unknown })
  })

  it('takes a refusal as a failure and shows what it says', async () => {
    expect(await call('Fail', '{"status":503}')).toMatchObject({ outcome: 'failed', response: '{"error":"asked for","status":503}', error: { exception: { type: 'HTTP 503', typeId: 503 } } })
    // Hertz evaluates api.vd, which we only show.
    expect(await call('GetUser', '{"id":13}')).toMatchObject({ outcome: 'failed', error: { exception: { typeId: 400 } }, response: '"invalid parameter: ID"' })
  })

  it('maps the same from Protobuf with the same annotations as options', async () => {
    const proto = (method: string, body: string): Promise<CallRecord> => call(method, body, { idl: { paths: [join(root, 'test/fixtures/idl/http/gateway.proto')] } })
    const user = '{"id":9223372036854775807,"name":"风筝","level":"HIGH","address":{"city":"杭州","street":"一号"},"tags":["a"],"counts":{"min":-9223372036854775808},"score":0.1,"blob":"AAH/","others":[{"city":"x"}],"big":9007199254740993}'
    expect(await proto('gateway.Gateway/CreateUser', `{"user":${user},"key":"k-1","page":3}`)).toMatchObject({ outcome: 'ok', codec: 'json', response: `{"user":${user},"key":"k-1","page":3,"code":0}`, warnings: [] })
    expect(await proto('gateway.Gateway/UpdateUser', '{"id":7,"name":"n","tags":["a","b"]}')).toMatchObject({ outcome: 'ok', response: '{"id":7,"name":"n","tags":["a","b"],"type":"application/x-www-form-urlencoded"}' })
    await expect(proto('gateway.Gateway/CreateUser', '{"user":{"lvel":1}}')).rejects.toMatchObject({ data: { code: 'body', text: { key: 'codec.body.unknownField' }, hint: { params: { name: 'level' } }, at: { path: 'user.lvel' } } })
  })

  it('sends a Protobuf body beside the same path and headers, which protobufjs reads back', async () => {
    const types = protobufjs.parse(readFileSync(join(root, 'test/fixtures/idl/http/gateway.proto'), 'utf8').replace('import "api.proto";', '')).root
    const type = types.lookupType('gateway.CreateUserReq')
    const reply = types.lookupType('gateway.CreateUserResp')
    let seen: unknown
    const server = createServer((request, response) => {
      const body: Buffer[] = []
      request.on('data', (chunk: Buffer) => body.push(chunk)).on('end', () => {
        const message = type.decode(Buffer.concat(body))
        seen = [request.method, request.url, request.headers['content-type'], request.headers['idempotency-key'], type.toObject(message, { longs: String, enums: String, bytes: String })]
        response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(reply.encode(reply.fromObject({ user: { name: 'back', level: 5 }, page: 4 })).finish())
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const target: CallRequestInput['target'] = { kind: 'direct', endpoints: [`127.0.0.1:${(server.address() as AddressInfo).port}`] }
    const record = await call('gateway.Gateway/CreateUser', '{"user":{"id":"9007199254740993","level":"HIGH","blob":"AAH/"},"key":"k","page":3}', { idl: { paths: [join(root, 'test/fixtures/idl/http/gateway.proto')] }, codec: 'protobuf', target })
    expect([record.outcome, record.response, record.codec, seen]).toEqual([
      'ok', '{"user":{"name":"back","level":"HIGH"},"page":4}', 'protobuf', ['POST', '/users?page=3', 'application/x-protobuf', 'k', { user: { id: '9007199254740993', level: 'HIGH', blob: 'AAH/' } }],
    ])
    server.close()
  })

  it('refuses what does not fit the IDL, with line and path, before anything is sent', async () => {
    const refusal = async (method: string, body: string): Promise<unknown> => await call(method, body).then(({ outcome }) => outcome, (error: { data?: unknown }) => error.data)
    expect(await refusal('GetUser', '{}')).toMatchObject({ code: 'body', text: { key: 'codec.body.requiredMissing', params: { name: 'id' } }, at: { path: 'id' } })
    expect(await refusal('GetUser', '{"id":1,\n"idz":[1]}')).toMatchObject({ text: { key: 'codec.body.unknownField', params: { name: 'idz' } }, hint: { params: { name: 'ids' } }, at: { line: 2, column: 1 } })
    expect(await refusal('GetUser', '{"id":1,"ids":[1,2147483648]}')).toMatchObject({ text: { key: 'codec.body.integer.range' }, at: { path: 'ids[1]' } })
    expect(await refusal('GetUser', '{"id":1,"level":"HIHG"}')).toMatchObject({ text: { key: 'codec.body.unknownEnumName' }, hint: { params: { name: 'HIGH' } } })
    expect(await refusal('GetUser', '{"id":1,"token":"a\\nb"}')).toMatchObject({ text: { key: 'http.map.lineBreak' }, at: { path: 'token' } })
    expect(await refusal('CreateUser', '{"user":{"address":{}}}')).toMatchObject({ text: { key: 'codec.body.requiredMissing', params: { name: 'city' } }, at: { path: 'user.address.city' } })
    expect(await refusal('UpdateUser', '{"name":"n"}')).toMatchObject({ text: { key: 'http.map.pathMissing', params: { name: 'id', path: '/users/:id' } }, at: { path: 'id' } })
  })
})
