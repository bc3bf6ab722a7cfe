// The Connect protocol against connect-go: unary calls as Protobuf and JSON, server streams, errors with details, deadline, compression, TLS.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpPool, type HttpPool } from '../../src-main/engine/transport/http/pool.ts'
import { secureOf } from '../../src-main/engine/transport/secure.ts'
import { makeCertificates } from '../support/peers/certificates.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { grpcGoMissing, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { PeerCaller } from '../support/transport/peer-calls.ts'
import { bigData, bigRequest, countIndex, countRequest, echoMessage, echoText, failRequest, sleepLeftMs, sleepRequest } from '../support/transport/peer-messages.ts'

const missing = grpcGoMissing()

describe.skipIf(missing !== undefined).each([['HTTP/1.1', '1.1', 'connect'], ['HTTP/2', '2', 'connect'], ['TLS and ALPN', 'auto', 'connects']] as const)(missing === undefined ? 'Connect with connect-go over %s' : `Connect is skipped: ${missing}`, (_, version, port) => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-connect-'))
  let peer: GrpcGoServer
  let pool: HttpPool
  let caller: PeerCaller

  beforeAll(async () => {
    const files = await makeCertificates(folder)
    peer = await startGrpcGoServer({ tls: files })
    pool = createHttpPool('long', {}, version)
    const secure = port === 'connects' ? { secure: secureOf({ caFile: files.ca, insecure: false }, (path) => readFileSync(path)) } : {}
    caller = new PeerCaller(pool, peer[port] ?? '', { transport: 'connect', ...secure })
  }, buildPatienceMs)
  afterAll(async () => {
    pool.dispose()
    await peer.stop()
    rmSync(folder, { recursive: true })
  })

  it('calls, with metadata and trailers, binary ones too', async () => {
    const { header, trailer, message, fault } = await caller.call('Echo', echoMessage('你好'), { headers: [['x-a', '1'], ['X-A', '2'], ['x-b-bin', 'AAH/']] })
    expect([echoText(message), fault]).toEqual(['你好', undefined])
    expect(header.strings.filter(([name]) => name.startsWith('x-'))).toEqual([['x-a', '1'], ['x-a', '2'], ['x-b-bin', 'AAH/']])
    expect(trailer?.toSorted()).toEqual([['t-x-a', '1'], ['t-x-a', '2'], ['t-x-b-bin', 'AAH/']])
  })

  it('calls in JSON', async () => {
    const { message, fault } = await caller.call('Echo', Buffer.from('{"text":"hi","number":"9007199254740993"}'), { codec: 'json' })
    expect([fault, JSON.parse(message.toString())]).toEqual([undefined, { text: 'hi', number: '9007199254740993' }])
  })

  it('hands on code, message and every detail', async () => {
    const { fault, header } = await caller.call('Fail', failRequest(3, 'bad', true), { headers: [['x-why', 'because']] })
    expect(fault).toMatchObject({ code: 'remote_or_network', text: { params: { code: 3, name: 'INVALID_ARGUMENT', message: 'bad' } }, exception: { type: 'INVALID_ARGUMENT', typeId: 3 } })
    expect(header.strings).toContainEqual(['x-why', 'because'])
    const { details } = JSON.parse(fault?.exception?.json ?? '') as { readonly details: readonly unknown[] }
    expect(details).toHaveLength(11)
    expect(details[0]).toEqual({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_STOCK', domain: 'shop', metadata: { sku: '7' } })
    expect(details[5]).toMatchObject({ fieldViolations: [{ field: 'user.name', description: 'empty' }, { field: 'age', description: 'negative' }] })
    expect(details[10]).toEqual({ '@type': 'type.googleapis.com/google.protobuf.Struct', value: expect.any(String) })
  })

  it('tells the server its deadline, which may say so', async () => {
    expect(sleepLeftMs((await caller.call('Sleep', sleepRequest(1), { timeoutMs: 5000 })).message)).toBeGreaterThan(3000)
    expect((await caller.call('Sleep', sleepRequest(60_000), { timeoutMs: 30 })).fault).toMatchObject({ code: 'rpc_timeout', exception: { typeId: 4 } })
  })

  it.each(['gzip', 'zstd'] as const)('compresses both ways with %s', async (compress) => {
    const { message, captured } = await caller.call('Big', bigRequest(300_000), { compress, headers: [] })
    expect(bigData(message)).toHaveLength(300_000)
    expect(captured?.bytes.length).toBeLessThan(100_000)
    expect(captured?.messages[0]?.message?.equals(message)).toBe(true)
    const { messages, wireBytes, fault } = await caller.stream('Count', [countRequest({ count: 5, bytes: 100_000 })], { compress })
    expect([fault, messages.length, wireBytes < 100_000]).toEqual([undefined, 5, true])
  })

  it('says that the server does not know a method', async () => {
    expect((await caller.call('Nope', echoMessage(''))).fault).toMatchObject({ exception: { type: 'UNIMPLEMENTED' }, hint: { key: 'grpc.hint.unimplemented' } })
  })

  it('streams from the server with header and trailer, over the same connection afterwards', async () => {
    const { messages, header, trailer, fault } = await caller.stream('Count', [countRequest({ count: 2000, bytes: 1000 })], { headers: [['x-s', 'v']] })
    expect(messages.map(countIndex)).toEqual(Array.from({ length: 2000 }, (_, index) => index))
    expect([fault, header?.some(([name, value]) => name === 'x-s' && value === 'v'), trailer]).toEqual([undefined, true, [['t-x-s', 'v']]])
    expect(echoText((await caller.call('Echo', echoMessage('after'))).message)).toBe('after')
  })

  it('streams in JSON', async () => {
    const { messages } = await caller.stream('Count', [Buffer.from('{"count":2}')], { codec: 'json' })
    expect(messages.map((message) => JSON.parse(message.toString()) as unknown)).toEqual([{}, { index: '1' }])
  })

  it('ends a stream with the error that the server gave in the middle', async () => {
    const { messages, fault } = await caller.stream('Count', [countRequest({ count: 10, failAfter: 3 })])
    expect([messages.length, fault?.exception?.type, fault?.text.params?.['message']]).toEqual([3, 'FAILED_PRECONDITION', 'enough'])
  })

  it('stops when its caller aborts', async () => {
    const abort = new AbortController()
    const call = caller.call('Sleep', sleepRequest(60_000), { signal: abort.signal })
    setTimeout(() => abort.abort(), 50)
    await expect(call).rejects.toMatchObject({ data: { code: 'cancelled' } })
  })
})

describe('a server that speaks Connect badly', () => {
  let server: Server
  let pool: HttpPool
  let answer: { status: number; headers: Record<string, string>; body: Buffer }

  beforeAll(async () => {
    pool = createHttpPool('long')
    server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(answer.status, answer.headers).end(answer.body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => {
    pool.dispose()
    server.close()
  })

  const caller = (): PeerCaller => new PeerCaller(pool, `127.0.0.1:${(server.address() as AddressInfo).port}`, { transport: 'connect' })
  const says = (status: number, type: string, body: Buffer | string): void => {
    answer = { status, headers: { 'content-type': type }, body: Buffer.from(body) }
  }
  const envelope = (flags: number, content: string): Buffer => Buffer.concat([Buffer.from([flags, 0, 0, 0, content.length]), Buffer.from(content)])

  it.each([
    [404, 'text/plain', 'not here', { text: { key: 'connect.httpStatus' }, exception: { type: 'UNIMPLEMENTED' } }],
    [503, 'application/json', '{"message":"no code"}', { text: { key: 'connect.httpStatus' }, exception: { type: 'UNAVAILABLE' } }],
    [200, 'application/json', '{}', { text: { key: 'connect.other' } }],
    [429, 'application/json', '{"code":"resource_exhausted","message":"slow down"}', { code: 'over_limit', text: { params: { message: 'slow down' } } }],
    [499, 'application/json', '{"code":"canceled"}', { code: 'remote_or_network', exception: { type: 'CANCELLED' } }],
  ])('answers %i %s %s', async (status, type, body, fault) => {
    says(status, type, body)
    expect((await caller().call('Echo', Buffer.alloc(0))).fault).toMatchObject(fault)
  })

  it.each([
    ['without its last message', envelope(0, 'a'), 'connect.noEnd'],
    ['with a last message that is no JSON', envelope(2, 'oops'), 'connect.endMalformed'],
    ['with an error without a code', envelope(2, '{"error":{}}'), 'connect.endMalformed'],
    ['in the middle of a message', envelope(0, 'abcd').subarray(0, 6), 'grpc.messageCutShort'],
  ])('ends a stream %s', async (_, body, key) => {
    says(200, 'application/connect+proto', body)
    expect((await caller().stream('Count', [countRequest({ count: 1 })])).fault?.text.key).toBe(key)
  })
})
