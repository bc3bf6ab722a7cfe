// gRPC-Web against connect-go, which nobody here wrote: unary and server streams, metadata, trailers, details, deadline, compression, errors of HTTP.

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
import { bigData, bigRequest, countIndex, countRequest, echoMessage, echoText, failRequest, metaValues, sleepLeftMs, sleepRequest } from '../support/transport/peer-messages.ts'

const missing = grpcGoMissing()

describe.skipIf(missing !== undefined).each([['HTTP/1.1', '1.1', 'connect'], ['HTTP/2', '2', 'connect'], ['TLS and ALPN', 'auto', 'connects']] as const)(missing === undefined ? 'gRPC-Web with connect-go over %s' : `gRPC-Web is skipped: ${missing}`, (_, version, port) => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-grpc-web-'))
  let peer: GrpcGoServer
  let pool: HttpPool
  let caller: PeerCaller

  beforeAll(async () => {
    const files = await makeCertificates(folder)
    peer = await startGrpcGoServer({ tls: files })
    pool = createHttpPool('long', {}, version)
    const secure = port === 'connects' ? { secure: secureOf({ caFile: files.ca, insecure: false }, (path) => readFileSync(path)) } : {}
    caller = new PeerCaller(pool, peer[port] ?? '', { transport: 'grpc-web', ...secure })
  }, buildPatienceMs)
  afterAll(async () => {
    pool.dispose()
    await peer.stop()
    rmSync(folder, { recursive: true })
  })

  it('calls, with metadata and trailers in order and repeated, binary ones too', async () => {
    const headers = [['x-a', '1'], ['X-A', '2'], ['x-b-bin', 'AAH/']] as const
    const { header, trailer, message, fault } = await caller.call('Echo', echoMessage('你好'), { headers })
    expect([echoText(message), fault]).toEqual(['你好', undefined])
    expect(header.strings.filter(([name]) => name.startsWith('x-') && name !== 'x-grpc-web')).toEqual([['x-a', '1'], ['x-a', '2'], ['x-b-bin', 'AAH/']])
    expect(trailer?.filter(([name]) => name.startsWith('t-x-') && name !== 't-x-grpc-web').sort()).toEqual([['t-x-a', '1'], ['t-x-a', '2'], ['t-x-b-bin', 'AAH/']])
  })

  it('shows where the envelopes stand in the bytes, and a compressed message beside them', async () => {
    const { captured, message } = await caller.call('Echo', echoMessage('bytes'))
    const parts = (captured?.nodes ?? []).flatMap(({ children }) => children ?? [])
    // connect-go compresses whatever it may, its trailers too.
    expect(parts.filter(({ name }) => name === 'envelope').map(({ children }) => children?.[0]?.value)).toEqual(['1', '129'])
    expect(captured?.messages.map((one) => one.message)).toEqual([message])
  })

  it('hands on status, message and details', async () => {
    const { fault, message } = await caller.call('Fail', failRequest(5, 'nothing 100% 你', true))
    expect(message).toHaveLength(0)
    expect(fault).toMatchObject({ code: 'remote_or_network', text: { params: { code: 5, name: 'NOT_FOUND', message: 'nothing 100% 你' } }, exception: { type: 'NOT_FOUND', typeId: 5 } })
    expect(JSON.parse(fault?.exception?.json ?? '')).toMatchObject({ code: 5, details: expect.arrayContaining([{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.500s' }]) })
  })

  it('tells the server its deadline, which may say so', async () => {
    expect(sleepLeftMs((await caller.call('Sleep', sleepRequest(1), { timeoutMs: 5000 })).message)).toBeGreaterThan(3000)
    expect(sleepLeftMs((await caller.call('Sleep', sleepRequest(1))).message)).toBe(-1)
    expect((await caller.call('Sleep', sleepRequest(60_000), { timeoutMs: 30 })).fault).toMatchObject({ code: 'rpc_timeout', exception: { typeId: 4 } })
  })

  it('compresses both ways with gzip', async () => {
    const { message, header, captured } = await caller.call('Big', bigRequest(300_000), { compress: 'gzip' })
    expect(bigData(message)).toHaveLength(300_000)
    expect(header.strings).toContainEqual(['grpc-encoding', 'gzip'])
    expect(captured?.bytes.length).toBeLessThan(100_000)
    expect(captured?.messages[0]?.message?.equals(message)).toBe(true)
  })

  it('stops at the limit of a message, compressed or not', async () => {
    await expect(caller.call('Big', bigRequest(300_000), { maxMessageBytes: 100 })).rejects.toMatchObject({ data: { text: { key: 'grpc.messageTooLarge' } } })
    await expect(caller.call('Big', bigRequest(300_000), { maxMessageBytes: 100_000 })).rejects.toMatchObject({ data: { text: { key: 'grpc.compressedTooLarge' } } })
  })

  it('says that the server does not know a method or a service', async () => {
    expect((await caller.call('Nope', echoMessage(''))).fault).toMatchObject({ exception: { type: 'UNIMPLEMENTED', typeId: 12 }, hint: { key: 'grpc.hint.unimplemented' } })
    expect((await caller.call('Echo', echoMessage(''), { service: 'no.Such' })).fault).toMatchObject({ exception: { typeId: 12 } })
  })

  it('streams from the server, over the same connection afterwards', async () => {
    const { messages, header, trailer, fault } = await caller.stream('Count', [countRequest({ count: 2000, bytes: 1000 })], { headers: [['x-s', 'v']] })
    expect(messages.map(countIndex)).toEqual(Array.from({ length: 2000 }, (_, index) => index))
    expect([fault, header?.some(([name, value]) => name === 'x-s' && value === 'v'), trailer.some(([name, value]) => name === 't-x-s' && value === 'v')]).toEqual([undefined, true, true])
    expect(echoText((await caller.call('Echo', echoMessage('after'))).message)).toBe('after')
  })

  it('ends a stream with the status that the server gave in the middle', async () => {
    const { messages, fault } = await caller.stream('Count', [countRequest({ count: 10, failAfter: 3 })])
    expect([messages.length, fault?.exception?.type, fault?.text.params?.['message']]).toEqual([3, 'FAILED_PRECONDITION', 'enough'])
  })

  it('cancels a stream: whoever receives hears of it, and the server stops', async () => {
    const before = (await caller.call('State', Buffer.alloc(0))).message
    const { stream, release } = await caller.open('Count')
    await stream.send(countRequest({ count: 1_000_000, everyMs: 1 }))
    await stream.closeSend()
    expect((await stream.receive())[0]?.kind).toBe('header')
    stream.cancel('seen enough')
    await expect((async () => {
      for (;;) await stream.receive()
    })()).rejects.toMatchObject({ data: { code: 'cancelled' } })
    release(false)
    await expect.poll(async () => (await caller.call('State', Buffer.alloc(0))).message.equals(before)).toBe(false)
  })

  it('refuses a second message, which the protocol cannot carry', async () => {
    const { stream, release } = await caller.open('Count')
    await stream.send(countRequest({ count: 1 }))
    await expect(stream.send(countRequest({ count: 1 }))).rejects.toMatchObject({ data: { code: 'unsupported', text: { key: 'grpc.oneMessageOnly' } } })
    stream.cancel('done')
    release(false)
  })

  it('tells the server what it needs of metadata', async () => {
    const { message } = await caller.call('Meta', Buffer.alloc(0), { headers: [['authorization', 'Bearer t'], ['k-bin', 'AQID']] })
    expect(['authorization', 'k-bin', 'x-grpc-web'].map((name) => metaValues(message, name))).toEqual([['Bearer t'], ['AQID'], ['1']])
  })
})

describe('a server that speaks gRPC-Web badly', () => {
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

  const reply = async (status: number, type: string, body: Buffer | string, more: Record<string, string> = {}): Promise<Awaited<ReturnType<PeerCaller['call']>>> => {
    answer = { status, headers: { 'content-type': type, ...more }, body: Buffer.from(body) }
    return new PeerCaller(pool, `127.0.0.1:${(server.address() as AddressInfo).port}`, { transport: 'grpc-web' }).call('Echo', Buffer.alloc(0))
  }
  const envelope = (flags: number, content: string): Buffer => Buffer.concat([Buffer.from([flags, 0, 0, 0, content.length]), Buffer.from(content)])
  const web = 'application/grpc-web+proto'

  it('in base64 is understood, padding in the middle too', async () => {
    const body = `${envelope(0, 'abcd').toString('base64')}${envelope(0x80, 'grpc-status: 0\r\n').toString('base64')}`
    expect((await reply(200, 'application/grpc-web-text+proto', body)).message.toString()).toBe('abcd')
  })

  it('with a status in its header alone has ended', async () => {
    const { fault, trailer } = await reply(200, web, '', { 'grpc-status': '7', 'grpc-message': 'no', 'x-why': 'because' })
    expect([fault?.code, fault?.exception?.typeId, trailer]).toEqual(['acl', 7, [['grpc-status', '7'], ['grpc-message', 'no'], ['x-why', 'because']]])
  })

  it.each([
    ['that ends without trailers', 200, web, envelope(0, 'abcd'), 'grpc.statusMissing'],
    ['that cuts a message short', 200, web, envelope(0, 'abcd').subarray(0, 7), 'grpc.messageCutShort'],
    ['that reports success without a message', 200, web, envelope(0x80, 'grpc-status:0'), 'grpc.noMessage'],
    ['that answers with a page', 200, 'text/html', Buffer.from('<html>'), 'grpc.webOther'],
    ['that answers with 503', 503, 'text/plain', Buffer.from('busy'), 'grpc.httpStatus'],
  ])('%s', async (_, status, type, body, key) => {
    expect((await reply(status, type, body)).fault?.text.key).toBe(key)
  })

  it('has its message pointed out in the bytes', async () => {
    const { captured, message } = await reply(200, web, Buffer.concat([envelope(0, 'abcd'), envelope(0x80, 'grpc-status: 0')]))
    const [only] = captured?.messages ?? []
    expect([message.toString(), captured?.bytes.toString('latin1', only?.start, only?.end)]).toEqual(['abcd', 'abcd'])
    expect(captured?.nodes[0]?.children?.filter(({ name }) => name === 'envelope').map(({ children }) => children?.map(({ value }) => value))).toEqual([['0', '4'], ['128', '14']])
  })

  it.each([
    ['that sends two messages', Buffer.concat([envelope(0, 'a'), envelope(0, 'b'), envelope(0x80, 'grpc-status:0')]), 'grpc.twoMessages'],
    ['that sets flags of no meaning', envelope(0x10, 'a'), 'grpc.envelopeFlags'],
    ['that compresses without saying how', envelope(1, 'a'), 'grpc.compressedUnnamed'],
  ])('%s', async (_, body, key) => {
    await expect(reply(200, web, body)).rejects.toMatchObject({ data: { text: { key } } })
  })
})
