// A mock as callers meet it: our own client in the four framings, and raw bytes for what a client never sends.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallRequestInput } from '../../shared/model/call.ts'
import type { MockStatus } from '../../shared/model/mock.ts'
import { createEngine, systemPorts, type Engine, type MockOptionsInput, type Mocks } from '../../src-main/engine/index.ts'

const idl = { paths: [resolve('test/fixtures/mock/shop.thrift')] }
const signal = (): AbortSignal => AbortSignal.timeout(20_000)

let folder = ''
let engine: Engine
let mocks: Mocks

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kite-mock-'))
  engine = createEngine(systemPorts({ baseDir: folder }))
  mocks = await engine.mocks()
})
afterEach(async () => {
  await engine.dispose()
  rmSync(folder, { recursive: true })
})

const start = (more: Partial<MockOptionsInput> = {}): Promise<MockStatus> => mocks.start({ idl, ...more }, signal())
const stubFile = (text: string): string => {
  const path = join(folder, 'stubs.yaml')
  writeFileSync(path, text)
  return path
}
const call = (mock: MockStatus, method: string, body: unknown, more: Partial<CallRequestInput> = {}) => engine.call({
  idl, method, body: typeof body === 'string' ? body : JSON.stringify(body), target: { kind: 'direct', endpoints: [mock.address] }, timeoutMs: 5000, connectTimeoutMs: 2000, ...more,
}, { signal: signal() })
const json = (text: string | undefined): unknown => JSON.parse(text ?? 'null')

const stubs = `
stubs:
  - method: GetUser
    match: { userId: 404 }
    exception: { type: NotFound, value: { what: user, id: 404 } }
  - method: GetUser
    match: { userId: 402 }
    biz: { status: 4020, message: 余额不足, extra: { need: "5" } }
  - method: GetUser
    match: { userId: 500 }
    fault: { typeId: 6, message: "biz error: database is on fire" }
  - method: GetUser
    match: { level: 2 }
    reply: { id: 2, name: by enum number, level: GOLD }
  - method: GetUser
    match: { "req.labels.zone": north }
    reply: { id: 3, name: by argument name, level: GOLD }
  - method: GetUser
    match: { userId: 9007199254740993 }
    reply: { id: 9007199254740993, name: 王小明, level: GOLD, tags: [vip] }
    backward: { served-by: mock }
  - method: Sum
    match: { a: 1, b: 2 }
    reply: 9223372036854775807
`

describe('a mock answers', () => {
  it.each(['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const)('in %s: stub, exception, fault, example, void and oneway', async (transport) => {
    const mock = await start({ stubFile: stubFile(stubs) })
    const ask = (method: string, body: unknown) => call(mock, method, body, { transport })
    expect(json((await ask('UserService/GetUser', '{"userId": 9007199254740993, "level": "BRONZE"}')).response)).toEqual(json('{"id": 9007199254740993, "name": "王小明", "level": "GOLD", "tags": ["vip"]}'))
    expect((await ask('UserService/GetUser', '{"userId": 9007199254740993}')).response).toContain('9007199254740993')
    expect(await ask('UserService/GetUser', { userId: 404 })).toMatchObject({ outcome: 'exception', error: { exception: { type: 'NotFound' } } })
    expect(await ask('UserService/GetUser', { userId: 500 })).toMatchObject({ error: { exception: { typeId: 6 } } })
    expect(json((await ask('UserService/GetUser', { userId: 1, level: 'GOLD' })).response)).toMatchObject({ name: 'by enum number' })
    expect(json((await ask('UserService/GetUser', { userId: 1, labels: { zone: 'north' } })).response)).toMatchObject({ name: 'by argument name' })
    expect(json((await ask('UserService/GetUser', { userId: 1 })).response)).toMatchObject({ name: 'name' })
    expect((await ask('UserService/Sum', { a: 1, b: 2 })).response).toBe('9223372036854775807')
    expect(await ask('UserService/Reset', {})).toMatchObject({ outcome: 'ok' })
    expect(await ask('UserService/Touch', 7)).toMatchObject({ outcome: 'ok' })
    expect(await ask('AuditService/Note', '"hi"')).toMatchObject({ outcome: 'ok', response: '"text"' })
  })

  it('with a business error and backward metainfo over TTHeader, and an empty reply over Framed as Kitex does', async () => {
    const mock = await start({ stubFile: stubFile(stubs) })
    expect(await call(mock, 'GetUser', { userId: 402 }, { transport: 'ttheader' })).toMatchObject({ outcome: 'biz_error', error: { biz: { status: 4020, message: '余额不足', extra: { need: '5' } } } })
    expect((await call(mock, 'GetUser', '{"userId": 9007199254740993}', { transport: 'ttheader' })).metainfo.backward).toEqual([['served-by', 'mock']])
    expect((await call(mock, 'GetUser', { userId: 402 }, { transport: 'framed' })).error?.biz).toBeUndefined()
  })

  it('after the delay of the stub, and not at all to a caller that went away', async () => {
    const mock = await start({ stubFile: stubFile('stubs: [{ method: Reset, delayMs: 300 }]') })
    const began = performance.now()
    expect(await call(mock, 'Reset', {})).toMatchObject({ outcome: 'ok' })
    expect(performance.now() - began).toBeGreaterThan(290)
    expect(await call(mock, 'Reset', {}, { timeoutMs: 50 })).toMatchObject({ outcome: 'timeout' })
    expect(await call(mock, 'Sum', { a: 1, b: 1 })).toMatchObject({ outcome: 'ok' })
  })

  it('the same for one service of the file only, when asked so', async () => {
    const mock = await start({ service: 'AuditService' })
    expect(mock.services).toEqual(['AuditService'])
    expect(await call(mock, 'Note', '"x"')).toMatchObject({ outcome: 'ok' })
    await expect(start({ service: 'Nobody' })).rejects.toMatchObject({ data: { text: { key: 'mock.unknownService', params: { known: ['UserService', 'AuditService'] } } } })
  })
})

describe('a mock remembers', () => {
  it('each hit: what came, who answered, what went back', async () => {
    const mock = await start({ stubFile: stubFile(stubs) })
    await call(mock, 'GetUser', { userId: 404 })
    await call(mock, 'Sum', { a: 5, b: 5 }, { transport: 'framed' })
    expect(mocks.hits.map(({ seq, method, transport, request, by, outcome, response }) => ({ seq, method, transport, request: json(request), by, outcome, response: json(response) }))).toEqual([
      { seq: 1, method: 'UserService/GetUser', transport: 'ttheader-framed', request: { userId: 404, level: 0, more: [], labels: {} }, by: { kind: 'stub', index: 0 }, outcome: 'exception', response: { what: 'user', id: 404 } },
      { seq: 2, method: 'UserService/Sum', transport: 'framed', request: { a: 5, b: 5 }, by: { kind: 'example' }, outcome: 'reply', response: 1 },
    ])
    expect(mocks.list()).toMatchObject([{ id: mock.id, hits: 2, stubs: 7 }])
  })

  it('its place in the caller’s trace', async () => {
    const traces = await engine.traces()
    const mock = await start({ registerAs: 'shop.user' })
    const record = await call(mock, 'Sum', { a: 1, b: 1 })
    const spans = await traces.store.get(record.traceId)
    const server = spans.find(({ kind }) => kind === 'server')
    expect(server).toMatchObject({ name: 'UserService/Sum', service: 'shop.user', parentIsRemote: true, attributes: { 'rpc.system': 'kitex', 'peer.service': 'kite.console', 'kite.mock.by': 'example' } })
    expect(spans.some(({ own, spanId }) => own && spanId === server?.parentSpanId)).toBe(true)
    expect(mocks.hits[0]?.traceId).toBe(record.traceId)
  })
})

describe('a stub file that changes', () => {
  const until = async (good: () => boolean): Promise<void> => {
    const end = Date.now() + 10_000
    while (!good()) {
      if (Date.now() > end) throw new Error('it did not happen')
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  it('is taken; a broken state is told and the one before stays; a good one is taken again', async () => {
    const path = stubFile('stubs: [{ method: Sum, reply: 1 }]')
    const mock = await start({ stubFile: path })
    const answer = async (): Promise<string | undefined> => (await call(mock, 'Sum', { a: 0, b: 0 })).response
    const status = (): MockStatus | undefined => mocks.list()[0]
    expect(await answer()).toBe('1')
    writeFileSync(path, 'stubs: [{ method: Sum, reply: oops }]')
    await until(() => status()?.stubProblem !== undefined)
    expect([await answer(), status()?.stubProblem?.at?.line]).toEqual(['1', 1])
    writeFileSync(path, 'stubs: [{ method: Sum, reply: 3 }, { method: Reset }]')
    await until(() => status()?.stubs === 2)
    expect([await answer(), status()?.stubProblem]).toEqual(['3', undefined])
  })
})

describe('a mock in a registry', () => {
  it('stands there while it runs, with weight and tags, and not afterwards', async () => {
    const register = `file:${join(folder, 'registry.json')}`
    writeFileSync(join(folder, 'registry.json'), '{"format":1,"services":{}}')
    const mock = await start({ register, registerAs: 'demo.user', weight: 3, tags: { version: 'v9' } })
    expect(mock.registered).toBe('demo.user')
    const record = await call(mock, 'Sum', { a: 1, b: 1 }, { target: { kind: 'service', service: 'demo.user', registry: register, tags: { version: 'v9' } } })
    expect(record).toMatchObject({ outcome: 'ok', instance: { address: mock.address, weight: 3, tags: { version: 'v9' } } })
    await mocks.stop(mock.id)
    expect(readFileSync(join(folder, 'registry.json'), 'utf8')).not.toContain(mock.address)
    expect(mocks.list()).toEqual([])
  })

  it('leaves no server behind when it cannot register', async () => {
    await expect(start({ register: 'gopher://nowhere' })).rejects.toMatchObject({ data: { text: { key: 'discovery.unknownScheme' } } })
    expect(mocks.list()).toEqual([])
  })

  it('says which port is taken and which is free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const { port } = server.address() as AddressInfo
    await expect(start({ listen: `127.0.0.1:${port}` })).rejects.toMatchObject({ data: { code: 'listen', text: { params: { port, next: expect.any(Number) } } } })
    server.close()
  })
})

/** Sends bytes, gives back all that came until the mock closed, or undefined when it stayed open for a while. */
function talk(address: string, hex: string): Promise<{ readonly bytes: Buffer; readonly closed: boolean }> {
  const [host = '', port = '0'] = address.split(':')
  return new Promise((done, failed) => {
    const chunks: Buffer[] = []
    const socket = connect(Number(port), host, () => socket.write(Buffer.from(hex, 'hex')))
    const end = (closed: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      done({ bytes: Buffer.concat(chunks), closed })
    }
    const timer = setTimeout(() => end(false), 400)
    socket.on('data', (chunk) => chunks.push(chunk)).on('end', () => end(true)).on('error', failed)
  })
}

const message = (type: number, name: string, args: string): string => `8001000${type}${Buffer.from([0, 0, 0, name.length]).toString('hex')}${Buffer.from(name).toString('hex')}00000007${args}`

describe('a mock refuses as Kitex does', () => {
  it('an unknown method without isn: exception 20 with an empty service, then closes', async () => {
    const mock = await start()
    const { bytes, closed } = await talk(mock.address, message(1, 'NoSuch', '00'))
    expect(bytes.subarray(0, 18).toString('hex')).toBe(message(3, 'NoSuch', '').slice(0, 36))
    expect(bytes.toString('latin1')).toContain('unknown service , method NoSuch')
    expect([bytes.subarray(-5, -1).readInt32BE(), closed]).toEqual([20, true])
  })

  it('an unknown method of a known service: exception 1, crrst, then closes', async () => {
    const mock = await start()
    const body = message(1, 'NoSuch', '00')
    const info = '01 0001 0003 69736e 000b 5573657253657276696365 00'.replaceAll(' ', '')
    const frame = `10000000 00000007 0006 0000 ${info}${body}`.replaceAll(' ', '')
    const length = (frame.length / 2).toString(16).padStart(8, '0')
    const { bytes, closed } = await talk(mock.address, `${length}${frame}`)
    expect(bytes.toString('latin1')).toContain('unknown method NoSuch (service UserService)')
    expect([bytes.toString('latin1').includes('crrst'), bytes.subarray(-5, -1).readInt32BE(), closed]).toEqual([true, 1, true])
  })

  it('arguments that cannot be read: exception 7, then closes', async () => {
    const mock = await start()
    // The struct's i64 announces itself and ends after two bytes of eight.
    const cut = `0000001c${message(1, 'GetUser', '0c00010a00010001')}`.replace(/^.{8}/, (8 + 4 + 7 + 8).toString(16).padStart(8, '0'))
    const { bytes, closed } = await talk(mock.address, cut)
    expect([bytes.subarray(-5, -1).readInt32BE(), closed]).toEqual([7, true])
  })

  // Compact is another matter: Kitex hangs up on it, and a mock answers it, since Apache's clients speak it.
  it('a reply sent to a server, other protocols and garbage: closes without a word', async () => {
    const mock = await start()
    for (const hex of [message(2, 'Sum', '00'), '474554202f20485454502f312e310d0a0d0a', 'deadbeefdeadbeefdeadbeef']) {
      expect(await talk(mock.address, hex)).toEqual({ bytes: Buffer.alloc(0), closed: true })
    }
    expect(await call(mock, 'Sum', { a: 1, b: 1 })).toMatchObject({ outcome: 'ok' })
  })

  it('answers nothing to oneway and stays open', async () => {
    const mock = await start()
    expect(await talk(mock.address, message(1, 'Touch', '0a0001000000000000000700'))).toEqual({ bytes: Buffer.alloc(0), closed: false })
  })
})
