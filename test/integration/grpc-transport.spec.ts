// The HTTP/2 client and gRPC on it against servers nobody here wrote, where it is about connections rather than methods (those are in
// grpc-peers.spec.ts): grpc-js, nghttp2, and grpc-go that stops and comes again under load.

import * as http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import * as grpc from '@grpc/grpc-js'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../shared/base/error.ts'
import { createHttp2Pool } from '../../src-main/engine/transport/http2/pool.ts'
import { noHeader, noRoute, type CallRoute, type ConnectionPool, type Exchange, type MessageStream, type StreamPart } from '../../src-main/engine/transport/transport.ts'
import { grpcGoMissing, startGrpcGoServer } from '../support/peers/grpc-go.ts'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

function pooled(kind: 'mux' | 'long' | 'short' = 'mux'): ConnectionPool {
  const pool = createHttp2Pool(kind)
  open.push(() => pool.dispose())
  return pool
}

const routeOf = (service: string, method: string, more: Partial<CallRoute> = {}): CallRoute => ({ service, method, codec: 'protobuf', language: 'proto', compress: 'none', timeoutMs: 10_000, http: noRoute, ...more })

async function call(pool: ConnectionPool, address: string, route: CallRoute, message: Buffer, signal = AbortSignal.timeout(20_000)): Promise<Exchange> {
  const lease = await pool.acquire(address, 5000, signal)
  try {
    return await lease.exchange({ transport: 'grpc', route, seqId: 1, header: { ...noHeader, strings: [['x-call', 'one'], ['x-bytes-bin', 'AAEC/w==']] }, message }, { oneway: false, meter: () => undefined, maxFrameBytes: 64 * 1024 * 1024 }, signal)
  } finally {
    lease.release(true)
  }
}

async function all(stream: MessageStream): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = []
  for (let some = await stream.receive(); some.length > 0; some = await stream.receive()) parts.push(...some)
  return parts
}

describe('grpc-js', () => {
  let server: grpc.Server
  let address = ''
  const same = (bytes: Buffer): Buffer => bytes
  const method = (name: string, requestStream: boolean, responseStream: boolean): grpc.MethodDefinition<Buffer, Buffer> => (
    { path: `/t.Echo/${name}`, requestStream, responseStream, requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same })

  beforeAll(async () => {
    server = new grpc.Server({ 'grpc.max_receive_message_length': -1, 'grpc.default_compression_algorithm': 2 })
    server.addService({ Say: method('Say', false, false), Fail: method('Fail', false, false), Chat: method('Chat', true, true) }, {
      Say: (incoming: grpc.ServerUnaryCall<Buffer, Buffer>, done: grpc.sendUnaryData<Buffer>) => {
        incoming.sendMetadata(incoming.metadata)
        done(null, incoming.request, incoming.metadata)
      },
      Fail: (_: unknown, done: grpc.sendUnaryData<Buffer>) => done({ code: 9, details: 'nicht möglich' }),
      Chat: (duplex: grpc.ServerDuplexStream<Buffer, Buffer>) => duplex.on('data', (bytes: Buffer) => void duplex.write(bytes)).on('end', () => duplex.end()),
    })
    const port = await new Promise<number>((resolve, reject) => server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error === null ? resolve(bound) : reject(error))))
    address = `127.0.0.1:${port}`
  })
  afterAll(() => server.forceShutdown())

  it.each(['none', 'gzip'] as const)('compress %s: message, metadata and trailers come back', async (compress) => {
    const message = Buffer.from('to be or not to be '.repeat(1000))
    const { reply, sent } = await call(pooled(), address, routeOf('t.Echo', 'Say', { compress }), message)
    expect(reply?.message.equals(message)).toBe(true)
    expect(reply?.header.strings).toEqual(expect.arrayContaining([['x-call', 'one'], ['x-bytes-bin', 'AAEC/w==']]))
    expect(reply?.trailer).toEqual(expect.arrayContaining([['grpc-status', '0'], ['x-call', 'one'], ['x-bytes-bin', 'AAEC/w==']]))
    expect(sent.length < message.length).toBe(compress === 'gzip')
    expect(reply?.captured?.messages.map((one) => (one.message ?? reply.raw.subarray(one.start, one.end)).equals(message))).toEqual([true])
  })

  it('a status and its message', async () => {
    expect((await call(pooled(), address, routeOf('t.Echo', 'Fail'), Buffer.alloc(1))).reply?.fault).toMatchObject({ exception: { type: 'FAILED_PRECONDITION', typeId: 9 }, text: { params: { message: 'nicht möglich' } } })
  })

  it('a message of 30 MB goes and comes, in frames and windows', async () => {
    const message = Buffer.alloc(30 * 1024 * 1024, 7)
    const { reply, sentBytes } = await call(pooled(), address, routeOf('t.Echo', 'Say'), message)
    expect([reply?.message.equals(message), (sentBytes ?? 0) > message.length, (reply?.captured?.bytes.length ?? 0) <= 64 * 1024]).toEqual([true, true, true])
  })

  it('10,000 messages there and back on one stream, in order', async () => {
    const pool = pooled()
    const { signal } = new AbortController()
    const lease = await pool.acquire(address, 5000, signal)
    const stream = await lease.open({ transport: 'grpc', route: routeOf('t.Echo', 'Chat'), header: noHeader, maxMessageBytes: 1000, capture: true }, signal)
    const reading = all(stream)
    for (let at = 0; at < 10_000; at++) await stream.send(Buffer.from(String(at)))
    await stream.closeSend()
    const messages = (await reading).flatMap((part) => (part.kind === 'message' ? [part.message.toString()] : []))
    expect(messages).toEqual(Array.from({ length: 10_000 }, (_, at) => String(at)))
    lease.release(true)
  })
})

describe('nghttp2', () => {
  it('takes an upload as fast as it reads, and calls beside it go on', async () => {
    const server = http2.createServer()
    let read = 0
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      const finish = (): void => void stream.end(Buffer.from('0000000000', 'hex'))
      if (headers[':path'] === '/t.T/Quick') return void stream.resume().on('end', finish)
      // A slow reader.
      stream.on('data', (chunk: Buffer) => {
        read += chunk.length
        stream.pause()
        setTimeout(() => stream.resume(), 1)
      }).on('end', finish)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const pool = pooled()
    open.push(() => void server.close())
    const { signal } = new AbortController()
    const lease = await pool.acquire(address, 5000, signal)
    const stream = await lease.open({ transport: 'grpc', route: routeOf('t.T', 'Upload'), header: noHeader, maxMessageBytes: 1000, capture: false }, signal)
    let ahead = 0
    let beside = 0
    for (let sent = 0; sent < 100; sent++) {
      await stream.send(Buffer.alloc(40_000))
      ahead = Math.max(ahead, (sent + 1) * 40_005 - read)
      if (sent % 20 === 0) beside += (await call(pool, address, routeOf('t.T', 'Quick'), Buffer.from('x'))).reply?.fault === undefined ? 1 : 0
    }
    await stream.closeSend()
    expect((await all(stream)).at(-1)?.kind).toBe('trailer')
    // nghttp2 gives 65,535 bytes of window; what it has read into its own buffers counts as given back.
    expect([read, beside, ahead < 1_000_000]).toEqual([100 * 40_005, 5, true])
    lease.release(true)
  })
})

const go = grpcGoMissing()
describe.skipIf(go !== undefined)(go === undefined ? 'grpc-go' : `grpc-go is skipped: ${go}`, () => {
  it.each(['mux', 'long'] as const)('a server that stops under load and comes again: each call of the %s pool ends, and later ones succeed', async (kind) => {
    const first = await startGrpcGoServer()
    const address = first.grpc
    const pool = pooled(kind)
    const route = routeOf('kite.peer.v1.Peer', 'Echo')
    const codes = new Set<string>()
    let stopping = false
    let done = 0
    const caller = async (): Promise<void> => {
      while (!stopping) {
        try {
          const { reply } = await call(pool, address, route, Buffer.from('0a0178', 'hex'))
          if (reply?.fault === undefined) done++
          else codes.add(reply.fault.code)
        } catch (caught) {
          if (!(caught instanceof KiteError)) throw caught
          codes.add(caught.data.code)
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }
    }
    const callers = Promise.all(Array.from({ length: 20 }, caller))
    await expect.poll(() => done).toBeGreaterThan(100)
    await first.stop('SIGKILL')
    await expect.poll(() => codes.size).toBeGreaterThan(0)
    const second = await startGrpcGoServer({ port: Number(address.split(':')[1]) })
    const before = done
    await expect.poll(() => done).toBeGreaterThan(before + 100)
    stopping = true
    await callers
    await second.stop()
    expect([...codes].filter((code) => code !== 'get_connection' && code !== 'remote_or_network')).toEqual([])
  })
})
