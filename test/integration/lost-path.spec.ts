// Connections that are gone. Without a word, as after a laptop's sleep: the call that finds out runs into its deadline, and those after it are answered
// over new connections. With one, as when a server starts anew: no call is lost.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { grpcGoMissing, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { startJayson, type JaysonServer } from '../support/peers/jayson.ts'
import { buildPatienceMs, kitexMissing, startKitexServer, type KitexServer } from '../support/peers/kitex.ts'
import { startTap } from '../support/peers/tap.ts'

type Asked = Pick<CallRequestInput, 'idl' | 'method' | 'body' | 'transport' | 'policy'>

const missing = kitexMissing() ?? grpcGoMissing()
const kitexIdl = { paths: ['test/peers/kitex/idl/peer.thrift'] }
const grpcIdl = { paths: ['test/peers/grpc-go/idl/peer.proto'] }

describe.skipIf(missing !== undefined)(missing === undefined ? 'a lost path' : `a lost path is skipped: ${missing}`, () => {
  let kitex: KitexServer
  let grpc: GrpcGoServer
  let rpc: JaysonServer
  let engine: Engine
  beforeAll(async () => {
    [kitex, grpc, rpc] = await Promise.all([startKitexServer(), startGrpcGoServer(), startJayson()])
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await Promise.all([kitex.stop(), grpc.stop(), rpc.stop()])
  })

  const call = (asked: Asked, address: string, timeoutMs: number): Promise<CallRecord> => engine.call({ ...asked, target: { kind: 'direct', endpoints: [address] }, timeoutMs, connectTimeoutMs: 5000 })
  const outcomes = async (calls: readonly Promise<CallRecord>[]): Promise<readonly string[]> => (await Promise.all(calls)).map(({ outcome }) => outcome)

  const protocols: readonly (readonly [name: string, address: () => string, asked: Asked])[] = [
    ['Kitex, long pool', () => kitex.thrift, { idl: kitexIdl, method: 'Peer/Say', body: '"hi"', transport: 'ttheader-framed', policy: { pool: 'long' } }],
    ['Kitex, mux', () => kitex.mux, { idl: kitexIdl, method: 'Peer/Say', body: '"hi"', transport: 'ttheader-framed', policy: { pool: 'mux' } }],
    ['gRPC, mux', () => grpc.grpc, { idl: grpcIdl, method: 'Peer/Echo', body: '{"text":"hi"}', transport: 'grpc', policy: { pool: 'mux' } }],
    ['gRPC, a stream', () => grpc.grpc, { idl: grpcIdl, method: 'Peer/Count', body: '{"count":3}', transport: 'grpc' }],
    ['TTHeader Streaming', () => kitex.thrift, { idl: { paths: ['test/peers/kitex/idl/streams.thrift'] }, method: 'Streams/List', body: '{"count":3,"text":"a"}', transport: 'ttheader-streaming' }],
    ['JSON-RPC over WebSocket', () => rpc.websocket, { idl: { paths: [] }, method: 'add', body: '[1, 2]', transport: 'jsonrpc-ws' }],
    ['gRPC, long pool', () => grpc.grpc, { idl: grpcIdl, method: 'Peer/Echo', body: '{"text":"hi"}', transport: 'grpc', policy: { pool: 'long' } }],
  ]

  it.each(protocols)('%s', async (_, address, asked) => {
    const path = await startTap(address())
    try {
      expect(await outcomes([call(asked, path.address, 5000), call(asked, path.address, 5000)])).toEqual(['ok', 'ok'])
      path.freeze()
      expect(await outcomes([call(asked, path.address, 300), call(asked, path.address, 300)])).toEqual(['timeout', 'timeout'])
      expect(await outcomes([call(asked, path.address, 5000), call(asked, path.address, 5000)])).toEqual(['ok', 'ok'])
    } finally {
      path.close()
    }
  })

  it.each(protocols)('%s: no call is lost to a server that starts anew between calls', async (_, address, asked) => {
    const path = await startTap(address())
    try {
      const ended: (readonly string[])[] = []
      for (let round = 0; round < 5; round++) {
        ended.push(await outcomes([call(asked, path.address, 5000), call(asked, path.address, 5000)]))
        path.cut()
        // As a person's next call comes: later than the news of the end.
        await new Promise((resolve) => setTimeout(resolve, 10 + round))
      }
      expect(ended).toEqual(ended.map(() => ['ok', 'ok']))
    } finally {
      path.close()
    }
  })

  it('a stream without a deadline ends when the server answers no keepalive', async () => {
    const path = await startTap(grpc.grpc)
    try {
      const waiting = engine.call({ idl: grpcIdl, method: 'Peer/Sleep', body: '{"ms":60000}', transport: 'grpc', keepAliveMs: 150, target: { kind: 'direct', endpoints: [path.address] }, timeoutMs: 0, connectTimeoutMs: 5000 })
      await expect.poll(() => path.take().sent.length, { timeout: 20_000 }).toBeGreaterThan(0)
      path.freeze()
      expect((await waiting).error).toMatchObject({ code: 'remote_or_network', text: { key: 'http2.keepAliveLost' } })
    } finally {
      path.close()
    }
  })

  it('calls that time out beside a silent stream do not end it, though Kitex allows few pings', async () => {
    const idl = { paths: ['test/peers/kitex/idl/peerpb.proto'] }
    const abort = new AbortController()
    const silent = async function* (): AsyncGenerator<string> {
      await new Promise(() => undefined)
      yield ''
    }
    const target: CallRequestInput['target'] = { kind: 'direct', endpoints: [kitex.pb] }
    const chat = (timeoutMs: number): Promise<CallRecord> => engine.call({ idl, method: 'PbPeer/Chat', body: '', transport: 'grpc', target, timeoutMs, connectTimeoutMs: 5000 }, { signal: abort.signal, stream: { input: silent() } })
    const long = chat(0)
    for (let count = 0; count < 10; count++) {
      expect((await chat(300)).outcome).toBe('timeout')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    abort.abort()
    expect((await long).outcome).toBe('cancelled')
  })

  it('a server that refuses so many pings says so', async () => {
    const { error } = await engine.call({ idl: { paths: ['test/peers/kitex/idl/peerpb.proto'] }, method: 'PbPeer/Sleep', body: '{"number":60000}', transport: 'grpc', keepAliveMs: 50, target: { kind: 'direct', endpoints: [kitex.pb] }, timeoutMs: 20_000, connectTimeoutMs: 5000 })
    expect([error?.text.params?.['debug'], error?.hint?.key]).toEqual(['too_many_pings', 'http2.tooManyPingsHint'])
  })

  it('a server that is only slow keeps its connection', async () => {
    const slow = { idl: grpcIdl, method: 'Peer/Sleep', body: '{"ms":1000}', transport: 'grpc' } as const
    const local = async (record: Promise<CallRecord>): Promise<unknown> => (await record).chain.nodes.map(({ decision }) => (decision?.kind === 'connection' ? decision.local : undefined)).find((one) => one !== undefined)
    const echo = { idl: grpcIdl, method: 'Peer/Echo', body: '{}', transport: 'grpc' } as const
    const first = await local(call(echo, grpc.grpc, 5000))
    expect((await call(slow, grpc.grpc, 100)).outcome).toBe('timeout')
    await expect.poll(() => local(call(echo, grpc.grpc, 5000)), { timeout: 20_000 }).toBe(first)
  })
})
