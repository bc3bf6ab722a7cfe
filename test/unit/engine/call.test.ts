// A whole call through the engine's door, over real sockets on loopback, against a server that misbehaves on command.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEngine, systemPorts, type Engine } from '../../../src-main/engine/index.ts'
import { KiteError } from '../../../shared/base/error.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { CallRecord, CallRequestInput } from '../../../shared/model/call.ts'
import { foldCall, noCall, viewOfRecord } from '../../../shared/logic/fold-call.ts'
import { startThriftPeer, type PeerAnswer, type PeerCall, type ThriftPeer } from '../../support/thrift-peer.ts'

const idlPath = new URL('../../fixtures/call/shop.thrift', import.meta.url).pathname
const open: { engines: Engine[]; peers: ThriftPeer[] } = { engines: [], peers: [] }

afterEach(async () => {
  await Promise.all(open.engines.splice(0).map((engine) => engine.dispose()))
  await Promise.all(open.peers.splice(0).map((peer) => peer.close()))
})

function engine(): Engine {
  const made = createEngine(systemPorts())
  open.engines.push(made)
  return made
}

async function peer(answer: (call: PeerCall) => PeerAnswer | Promise<PeerAnswer>): Promise<ThriftPeer> {
  const made = await startThriftPeer(idlPath, answer)
  open.peers.push(made)
  return made
}

const request = (endpoints: readonly string[], more: Partial<CallRequestInput> = {}): CallRequestInput => ({
  idl: { paths: [idlPath] }, method: 'UserService/GetUser', body: '{"id": 7}', target: { kind: 'direct', endpoints: [...endpoints] }, seed: 0, ...more,
})

const user = '{"id":9007199254740993,"name":"Ada"}'
const ladder = ({ chain }: CallRecord): readonly string[] => chain.nodes.filter(({ verdict }) => verdict !== 'skipped').map(({ name, verdict, attempt }) => `${attempt === null ? '' : `${attempt}: `}${name} ${verdict}`)

async function thrown(promise: Promise<unknown>): Promise<KiteError['data']> {
  const caught: unknown = await promise.then(() => undefined, (error: unknown) => error)
  if (!(caught instanceof KiteError)) throw new Error(`believed: a KiteError, got ${String(caught)}`)
  return caught.data
}

describe('a call', () => {
  it.each(['auto', 'ttheader', 'ttheader-framed', 'framed', 'buffered'] as const)('is answered over %s, every digit kept', async (transport) => {
    const server = await peer(() => user)
    const record = await engine().call(request([server.address], { transport }))
    expect({ outcome: record.outcome, response: record.response, transport: record.transport, codec: record.codec, method: record.method, service: record.service, error: record.error }).toEqual({
      outcome: 'ok', response: user, transport: transport === 'auto' ? 'ttheader-framed' : transport, codec: 'thrift-binary', method: 'UserService/GetUser', service: 'UserService', error: undefined,
    })
    expect(ladder(record)).toEqual(['tracer changed', 'timeout pass', 'resolver changed', 'balancer changed', 'connection pass', transport.startsWith('f') || transport.startsWith('b') ? 'metainfo no-op' : 'metainfo changed', 'wire pass'])
    expect(record.chain.nodes.filter(({ verdict }) => verdict === 'skipped').map(({ name, reason }) => [name, reason.key])).toEqual([
      ['retry', 'chain.noRetryPolicy'], ['service breaker', 'chain.noBreakerPolicy'], ['instance breaker', 'chain.noBreakerPolicy'],
    ])
    expect(record.bytes).toEqual({ sent: record.byteViews[0]?.length, received: record.byteViews[1]?.length })
  })

  it('writes what a Kitex client with the TTHeader handler writes', async () => {
    const server = await peer(() => user)
    const record = await engine().call(request([server.address], { timeoutMs: 1500, caller: 'me', metainfo: { transient: [['tk', 'tv']], persistent: [['pk', 'pv']] }, target: { kind: 'direct', endpoints: [server.address], service: 'demo.user' } }))
    const { header } = server.calls[0]?.incoming ?? { header: { strings: [], ints: [] } }
    expect(header.strings).toEqual([
      ['isn', 'UserService'], ['RPC_TRANSIT_tk', 'tv'], ['RPC_TRANSIT_traceparent', `00-${record.traceId}-${record.spanId}-01`], ['RPC_PERSIST_pk', 'pv'],
    ])
    expect(header.ints).toEqual([[3, 'me'], [20, ''], [6, 'demo.user'], [9, 'GetUser'], [22, '1'], [1, 'framed'], [12, '1500']])
  })

  it('joins the trace of a traceparent that was given', async () => {
    const server = await peer(() => user)
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const record = await engine().call(request([server.address], { metainfo: { transient: [['traceparent', traceparent]] } }))
    expect([record.traceId, record.parentSpanId]).toEqual(['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'])
    expect(server.calls[0]?.incoming.header.strings.filter(([key]) => key === 'RPC_TRANSIT_traceparent')).toEqual([['RPC_TRANSIT_traceparent', `00-${record.traceId}-${record.spanId}-01`]])
  })

  it('ends as a business error, with what came back beside it', async () => {
    const server = await peer(() => ({ reply: { kind: 'empty' }, header: { strings: [['biz-status', '42'], ['biz-message', 'no such user'], ['biz-extra', '{"k":"<v>"}'], ['back', 'b']], ints: [[22, '2']] } }))
    const record = await engine().call(request([server.address]))
    expect({ outcome: record.outcome, response: record.response, biz: record.error?.biz, backward: record.metainfo.backward, headers: record.headers }).toEqual({
      outcome: 'biz_error', response: undefined, biz: { status: 42, message: 'no such user', extra: { k: '<v>' } }, backward: [['back', 'b']],
      headers: [['biz-status', '42'], ['biz-message', 'no such user'], ['biz-extra', '{"k":"<v>"}'], ['back', 'b'], ['msgType', '2']],
    })
  })

  it('ends as a declared exception with its value', async () => {
    const server = await peer(() => ({ reply: { kind: 'declared-exception', type: 'OutOfStock', json: '{"sku":"x","left":9007199254740993}' } }))
    const { outcome, error } = await engine().call(request([server.address]))
    expect({ outcome, code: error?.code, exception: error?.exception }).toEqual({ outcome: 'exception', code: 'exception', exception: { type: 'OutOfStock', json: '{"sku":"x","left":9007199254740993}' } })
  })

  it('says that the remote does not know the method, and does not reuse that connection', async () => {
    const server = await peer(() => ({ reply: { kind: 'remote-exception', typeId: 1, message: 'unknown method GetUser (service UserService)' }, header: { strings: [['crrst', '1']], ints: [] }, thenClose: true }))
    const { outcome, error } = await engine().call(request([server.address]))
    expect({ outcome, code: error?.code, layer: error?.layer, exception: error?.exception, hint: error?.hint?.key }).toEqual({
      outcome: 'failed', code: 'remote_or_network', layer: 'remote', exception: { type: 'UnknownMethod', typeId: 1 }, hint: 'chain.remoteUnknownMethodHint',
    })
  })

  it('sends a oneway and takes nothing back', async () => {
    const server = await peer(() => '')
    const record = await engine().call(request([server.address], { method: 'Forget' }))
    expect({ outcome: record.outcome, response: record.response, received: record.bytes.received }).toEqual({ outcome: 'ok', response: undefined, received: 0 })
    await expect.poll(() => server.calls.map(({ method }) => method)).toEqual(['Forget'])
  })

  it('times out with Kitex\'s words and numbers, and the server sees the socket go', async () => {
    let gone = false
    const server = await peer(({ signal }) => {
      signal.addEventListener('abort', () => { gone = true })
      return 'hang'
    })
    const { outcome, error, instance, chain, bytes, byteViews } = await engine().call(request([server.address], { timeoutMs: 30 }))
    expect({ outcome, code: error?.code, key: error?.text.key, remote: error?.text.params?.['remote'], timeoutMs: error?.text.params?.['timeoutMs'] }).toEqual({
      outcome: 'timeout', code: 'rpc_timeout', key: 'chain.rpcTimeout', remote: server.address, timeoutMs: 30,
    })
    expect(instance?.address).toBe(server.address)
    expect(chain.nodes.find(({ kind }) => kind === 'timeout')).toMatchObject({ verdict: 'failed', decision: { fired: 'rpc', configuredMs: 30 } })
    expect(byteViews).toMatchObject([{ direction: 'sent', attempt: 1, length: bytes.sent }])
    await expect.poll(() => gone).toBe(true)
  })

  it('is cancelled down to the socket', async () => {
    const abort = new AbortController()
    const server = await peer(() => {
      abort.abort()
      return 'hang'
    })
    const { outcome, error } = await engine().call(request([server.address]), { signal: abort.signal })
    expect([outcome, error?.code]).toEqual(['cancelled', 'cancelled'])
  })

  it('retries a timeout on the other instance, as lanes of one record', async () => {
    const slow = await peer(() => 'hang')
    const quick = await peer(() => user)
    const record = await engine().call(request([slow.address, quick.address], {
      timeoutMs: 40, policy: { retry: { maxRetryTimes: 2, backoff: { type: 'fixed', fixMs: 10 } } },
    }))
    expect(ladder(record)).toEqual([
      'tracer changed', 'retry retried',
      '1: attempt 1 failed', '1: timeout failed', '1: resolver changed', '1: balancer changed', '1: connection pass', '1: metainfo changed', '1: wire failed',
      '2: attempt 2 pass', '2: timeout pass', '2: resolver changed', '2: balancer changed', '2: connection pass', '2: metainfo changed', '2: wire pass',
    ])
    const retry = record.chain.nodes.find(({ kind }) => kind === 'retry')
    expect(retry?.decision).toMatchObject({
      kind: 'retry', winner: 2,
      attempts: [{ attempt: 1, instance: slow.address, result: 'timeout', again: { key: 'chain.retryTimedOut' } }, { attempt: 2, instance: quick.address, result: 'ok', again: { key: 'chain.retrySucceeded' } }],
    })
    expect(retry?.waits).toMatchObject([{ reason: { key: 'chain.backoff', params: { kind: 'fixed', ms: 10 } } }])
    expect(record.byteViews.map(({ direction, attempt }) => `${attempt} ${direction}`)).toEqual(['1 sent', '2 sent', '2 received'])
    const parents = [slow, quick].map(({ calls }) => calls[0]?.incoming.header.strings.find(([key]) => key === 'RPC_TRANSIT_traceparent')?.[1].split('-')[2])
    expect(new Set([...parents, record.spanId]).size).toBe(3)
    expect(quick.calls[0]?.incoming.header.strings).toContainEqual(['RPC_PERSIST_RetryReq', '1'])
  })

  it('picks another instance when nothing listens on the first', async () => {
    const dead = await peer(() => user)
    await dead.close()
    const alive = await peer(() => user)
    const { outcome, chain, instance } = await engine().call(request([dead.address, alive.address]))
    expect([outcome, instance?.address]).toEqual(['ok', alive.address])
    expect(chain.nodes.find(({ kind }) => kind === 'balancer')?.decision).toMatchObject({
      kind: 'balancer', picked: alive.address, repicks: 1, candidates: [{ address: dead.address, excluded: { key: 'chain.excludedRefused' } }, { address: alive.address }],
    })
  })

  it('says that nothing listens there', async () => {
    const dead = await peer(() => user)
    await dead.close()
    const { outcome, error } = await engine().call(request([dead.address]))
    expect({ outcome, code: error?.code, layer: error?.layer, key: error?.text.key, hint: error?.hint?.key }).toEqual({
      outcome: 'failed', code: 'get_connection', layer: 'connection', key: 'transport.refused', hint: 'transport.refusedHint',
    })
  })

  it('reuses a connection for the second call and rotates over instances', async () => {
    const [one, two] = [await peer(() => user), await peer(() => user)]
    const kite = engine()
    const addresses: (string | undefined)[] = []
    let reused = false
    for (let n = 0; n < 4; n += 1) {
      const { seed: _seed, ...unseeded } = request([one.address, two.address])
      const record = await kite.call(unseeded)
      addresses.push(record.instance?.address)
      const decision = record.chain.nodes.find(({ kind }) => kind === 'connection')?.decision
      reused = decision?.kind === 'connection' && decision.reused
    }
    expect([new Set(addresses.slice(0, 2)).size, addresses[0] === addresses[2], reused]).toEqual([2, true, true])
  })

  it('goes straight to the wire without a chain', async () => {
    const server = await peer(() => user)
    const record = await engine().call(request([server.address], { chain: false }))
    expect([record.outcome, ladder(record)]).toEqual(['ok', ['timeout pass', 'connection pass', 'metainfo changed', 'wire pass']])
  })

  it('warns about metainfo that the transport cannot carry', async () => {
    const server = await peer(() => user)
    const { warnings } = await engine().call(request([server.address], { transport: 'framed', metainfo: { transient: [['k', 'v']] } }))
    expect(warnings.map(({ text }) => text)).toEqual([{ key: 'chain.metainfoLost', params: { transport: 'framed', keys: 'k' } }])
  })

  it('folds its events into the very view that its record gives', async () => {
    const server = await peer(() => user)
    const events: CallEvent[] = []
    const record = await engine().call(request([server.address]), { onEvent: (event) => events.push(event) })
    const beforeEnd = events.slice(0, -1).reduce(foldCall, noCall)
    expect(beforeEnd).toMatchObject({ state: 'running', running: [], id: record.id, nodes: record.chain.nodes })
    expect(events.reduce(foldCall, noCall)).toEqual(viewOfRecord(record))
  })
})

describe('a call to a service of a registry', () => {
  it('follows the registry from call to call, and says who was not picked and why', async () => {
    const [one, two] = [await peer(() => user), await peer(() => user)]
    const folder = mkdtempSync(join(tmpdir(), 'kite-registry-'))
    const write = (...addresses: readonly string[]): void => writeFileSync(join(folder, 'registry.json'), JSON.stringify({ services: { 'demo.user': addresses.map((address, n) => ({ address, weight: 10, tags: { n: String(n) } })) } }))
    write(one.address)
    const kite = engine()
    const call = (tags: Record<string, string> = {}) => kite.call(request([], { target: { kind: 'service', service: 'demo.user', registry: 'file:registry.json', tags } }), { baseDir: folder })
    const first = await call()
    expect([first.outcome, first.service, first.instance]).toEqual(['ok', 'demo.user', { address: one.address, weight: 10, tags: { n: '0' } }])
    write(one.address, two.address)
    await expect.poll(async () => (await call({ n: '1' })).instance?.address, { timeout: 5000 }).toBe(two.address)
    expect((await call({ n: '1' })).chain.nodes.find(({ kind }) => kind === 'balancer')?.decision).toMatchObject({
      candidates: [{ address: one.address, excluded: { key: 'chain.excludedTag', params: { tag: 'n=1' } } }, { address: two.address }], picked: two.address,
    })
    write(one.address)
    await expect.poll(async () => (await call({ n: '1' })).error?.text.key, { timeout: 5000 }).toBe('chain.noInstanceWithTags')
  })

  it('opens the breaker of a method for this engine only', async () => {
    const server = await peer(() => ({ reply: { kind: 'remote-exception', typeId: 6, message: 'boom' } }))
    const kite = engine()
    const call = (from: Engine) => from.call(request([server.address], { policy: { serviceBreaker: { minSample: 2, errRate: 0.5 } } }))
    const outcomes = [await call(kite), await call(kite), await call(kite)].map(({ error }) => error?.code)
    expect(outcomes).toEqual(['remote_or_network', 'remote_or_network', 'circuit_break'])
    expect((await call(engine())).error?.code).toBe('remote_or_network')
  })
})

describe('what the engine remembers of a call', () => {
  it('is in the store of traces, the attempts with the very ids that went out', async () => {
    const [slow, quick] = [await peer(() => 'hang'), await peer(() => user)]
    const kite = engine()
    const traces = await kite.traces()
    const record = await kite.call(request([slow.address, quick.address], { timeoutMs: 60, policy: { retry: {} } }))
    const spans = await traces.store.get(record.traceId)
    const sent = [slow, quick].map(({ calls }) => calls[0]?.incoming.header.strings.find(([key]) => key === 'RPC_TRANSIT_traceparent')?.[1].split('-')[2])
    expect(spans.filter(({ name }) => name.startsWith('attempt')).map(({ spanId }) => spanId)).toEqual(sent)
    expect(spans[0]).toMatchObject({ spanId: record.spanId, name: 'UserService/GetUser', kind: 'client', own: true })
  })

  it('holds Apache Thrift\'s agreement when asked for', async () => {
    const server = await peer(() => user)
    expect((await engine().call(request([server.address], { crossCheck: true }))).crossCheck).toEqual({ agreed: true, differences: [] })
  })
})

describe('a request that is wrong', () => {
  it('has the nearest method', async () => {
    const error = await thrown(engine().call(request(['127.0.0.1:1'], { method: 'UserService/GetUsr' })))
    expect([error.code, error.hint]).toEqual(['idl', { key: 'idl.hint.didYouMean', params: { name: 'UserService/GetUser' } }])
  })

  it('has the place of the fault in the body, and nothing is dialled', async () => {
    const error = await thrown(engine().call(request(['127.0.0.1:1'], { body: '{"id": "x"}' })))
    expect({ code: error.code, line: error.at?.line, path: error.at?.path }).toEqual({ code: 'body', line: 1, path: 'id' })
  })

  it('has the address that is none', async () => {
    expect((await thrown(engine().call(request(['localhost'])))).code).toBe('usage')
  })

  it('has the file that is not there', async () => {
    const error = await thrown(engine().call(request(['127.0.0.1:1'], { idl: { paths: ['/nowhere/x.thrift'] } })))
    expect([error.code, error.text.key]).toEqual(['idl', 'idl.fileNotFound'])
  })
})
