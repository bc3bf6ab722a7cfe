// The demo as its first visitor meets it, and as the one who comes back.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CallRecord } from '../../shared/model/call.ts'
import type { RetryDecision } from '../../shared/model/chain.ts'
import { buildTree } from '../../shared/logic/trace/tree.ts'
import { createEngine, systemPorts, type Demo, type Engine } from '../../src-main/engine/index.ts'

const signal = (): AbortSignal => AbortSignal.timeout(30_000)
let folder = ''
let engine: Engine

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kite-demo-test-'))
  engine = createEngine(systemPorts())
})
afterEach(async () => {
  await engine.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (): Promise<Demo> => {
  const traces = await engine.traces()
  await traces.start({ grpcPort: 0, httpPort: 0 })
  return engine.demo({ folder })
}
const firstCall = (demo: Demo): Promise<CallRecord> => engine.call(demo.firstCall, { baseDir: demo.folder, signal: signal() })
const ask = (demo: Demo, service: string, method: string, body: string, tags: Record<string, string> = {}): Promise<CallRecord> => engine.call({
  idl: demo.firstCall.idl, method, body, target: { kind: 'service', service, registry: demo.registry, tags }, transport: 'ttheader', timeoutMs: 5000,
}, { baseDir: demo.folder, signal: signal() })

describe('the first call of the demo', () => {
  it('times out on v2.1, succeeds on v1.9 and leaves a trace through all services, with nothing missing', async () => {
    const demo = await start()
    const record = await firstCall(demo)
    expect(JSON.parse(record.response ?? '')).toMatchObject({ user: { name: '林小满', level: 'GOLD', recentOrders: [{ state: 'SHIPPED' }, { state: 'CLOSED' }], delivery: { warehouse: 'PEK-1', days: 1 } } })
    expect(record.response).toContain('9007199254740993')
    const retry = record.chain.nodes.find(({ kind }) => kind === 'retry')?.decision as RetryDecision
    expect(retry.attempts.map(({ result, instance }) => [result, demo.instances.find(({ address }) => address === instance)?.tags['version']])).toEqual([['timeout', 'v2.1'], ['ok', 'v1.9']])
    await demo.flush(signal())
    const traces = await engine.traces()
    const spans = await traces.store.get(record.traceId)
    expect([...new Set(spans.map(({ service }) => service))].sort()).toEqual(['demo.gateway', 'demo.order', 'demo.stock', 'demo.user', 'kite.console'])
    expect(buildTree(spans).orphans).toBe(0)
    const servers = spans.filter(({ kind, service }) => kind === 'server' && service === 'demo.user')
    expect(servers.map(({ status, resource }) => [resource['service.version'], status]).sort()).toEqual([['v1.9', 'unset'], ['v2.1', 'error']])
    const attempts = new Map(spans.filter(({ name, own }) => own && name.startsWith('attempt')).map(({ spanId, name }) => [spanId, name]))
    expect(servers.map(({ parentSpanId = '' }) => attempts.get(parentSpanId)).sort()).toEqual(['attempt 1', 'attempt 2'])
  })
})

describe('the shop', () => {
  it('answers each kind of outcome', async () => {
    const demo = await start()
    expect(await ask(demo, 'demo.user', 'UserService/GetUser', '{"userId": 404}', { version: 'v1.9' })).toMatchObject({ outcome: 'exception', error: { exception: { type: 'UserNotFound' } } })
    expect(await ask(demo, 'demo.stock', 'StockService/Reserve', '{"sku": "tea-01"}')).toMatchObject({ outcome: 'biz_error', error: { biz: { status: 40901, extra: { sku: 'tea-01', onHand: '0' } } } })
    expect(await ask(demo, 'demo.order', 'OrderService/CreateOrder', '{"userId": 9007199254740993, "lines": [{"sku": "tea-01"}]}')).toMatchObject({ outcome: 'biz_error', error: { biz: { status: 40901 } } })
    expect(await ask(demo, 'demo.gateway', 'GatewayService/Checkout', '{"userId": 9007199254740993, "lines": [], "region": "mars"}')).toMatchObject({ outcome: 'exception', error: { exception: { type: 'UnknownRegion' } } })
    expect(JSON.parse((await ask(demo, 'demo.gateway', 'GatewayService/Checkout', '{"userId": 9007199254740995, "lines": [{"sku": "lamp-02", "count": 2}]}')).response ?? '')).toMatchObject({ buyer: 'Ada Lovelace', total: { cents: 39800, currency: 'CNY' } })
    expect(JSON.parse((await ask(demo, 'demo.user', 'UserService/BatchGetUsers', '{"userIds": [9007199254740997, 404]}')).response ?? '')).toMatchObject({ users: { '9007199254740997': { name: '王小明' } }, missing: [404] })
    expect(JSON.parse((await ask(demo, 'demo.user', 'UserService/UpdateProfile', '{"userId": 9007199254740993, "name": "林大满"}')).response ?? '')).toMatchObject({ name: '林大满' })
    expect(await ask(demo, 'demo.user', 'UserService/Touch', '9007199254740993')).toMatchObject({ outcome: 'ok' })
  })

  it('has every method of its IDL and every saved call works', async () => {
    const demo = await start()
    const workspace = await engine.workspace()
    const state = await workspace.open(demo.folder)
    expect(state.problems).toEqual([])
    expect(state.environments.map(({ name, registry }) => [name, registry])).toEqual([['dev', 'file:registry.yaml']])
    const outcomes: [string, string][] = []
    for (const { path, request } of state.calls) {
      outcomes.push([path, (await engine.call({ ...request, idl: demo.firstCall.idl, timeoutMs: Math.max(request.timeoutMs, 60) }, { baseDir: demo.folder, signal: signal() })).outcome])
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      'gateway/checkout': 'ok', 'order/create-order': 'ok', 'stock/out-of-stock': 'biz_error', 'stock/reserve': 'ok',
      'user/batch-get-users': 'ok', 'user/get-user': 'ok', 'user/get-user-gray': 'ok', 'user/missing': 'exception', 'user/touch': 'ok',
    })
  })

  it('stands in its registry while it runs, clears away what a killed one left, keeps what people added, and overwrites no file', async () => {
    const local = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => local.once('listening', done))
    const alive = `127.0.0.1:${(local.address() as { port: number }).port}`
    writeFileSync(join(folder, 'registry.yaml'), `# mine\nservices:\n  demo.user: [{ address: "127.0.0.1:9", weight: 1 }, { address: "${alive}", weight: 5 }]\n  other: [{ address: "127.0.0.1:9" }]\n`)
    writeFileSync(join(folder, 'README.md'), 'my notes')
    const demo = await start()
    const text = readFileSync(join(folder, 'registry.yaml'), 'utf8')
    expect([text.includes('# mine'), text.includes(alive), text.match(/127\.0\.0\.1:9\b(?!\d)/g)?.length, demo.instances.every(({ address }) => text.includes(address))]).toEqual([true, true, 1, true])
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('my notes')
    await demo.dispose()
    const after = readFileSync(join(folder, 'registry.yaml'), 'utf8')
    expect(demo.instances.filter(({ address }) => after.includes(address))).toEqual([])
    local.close()
  })

  it('takes other ports where its own are taken: two run side by side', async () => {
    const demo = await start()
    const other = createEngine(systemPorts())
    const second = await other.demo()
    expect(second.instances.map(({ address }) => address).filter((address) => demo.instances.some((each) => each.address === address))).toEqual([])
    expect((await other.call(second.firstCall, { baseDir: second.folder, signal: signal() })).outcome).toBe('ok')
    await other.dispose()
  })
})
