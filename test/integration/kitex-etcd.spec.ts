// The whole job on things that nobody here wrote: Kitex services register themselves in a real etcd with Kitex's own registry, our
// discovery follows them, calls are spread over them, and their OpenTelemetry spans land in our receiver, in the trace of the call.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import type { ServiceSnapshot } from '../../shared/model/instance.ts'
import type { Span } from '../../shared/model/trace.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { etcdMissing, startEtcd, type EtcdServer } from '../support/peers/etcd.ts'
import { buildKitexPeerX, buildPatienceMs, kitexIdl, kitexMissing, startKitexService, type KitexServiceOptions } from '../support/peers/kitex.ts'

const missing = etcdMissing() ?? kitexMissing()
const signal = new AbortController().signal

describe.skipIf(missing !== undefined)(`Kitex services in a real etcd${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let etcd: EtcdServer
  let engine: Engine
  const services: { stop(signal?: NodeJS.Signals): Promise<void> }[] = []

  beforeAll(async () => {
    await buildKitexPeerX()
    etcd = await startEtcd()
  }, buildPatienceMs)
  afterAll(() => etcd.dispose())

  afterEach(async () => {
    await Promise.all(services.splice(0).map((service) => service.stop()))
    await engine.dispose()
  })

  const registry = (): string => `etcd://${etcd.address}`
  const start = async (options: Omit<KitexServiceOptions, 'etcd'>): Promise<Awaited<ReturnType<typeof startKitexService>>> => {
    const service = await startKitexService({ ...options, etcd: etcd.address })
    services.push(service)
    return service
  }
  const call = (service: string, more: Partial<CallRequestInput> = {}): Promise<CallRecord> =>
    engine.call({
      idl: { paths: [kitexIdl] }, method: 'Peer/Say', body: '"hi"', target: { kind: 'service', service, registry: registry(), tags: {} },
      timeoutMs: 5000, connectTimeoutMs: 2000, ...more,
    })
  /** Polls the list that a watch keeps, until it is as wanted. */
  const until = async (service: string, wanted: (snapshot: ServiceSnapshot) => boolean): Promise<ServiceSnapshot> => {
    const watch = await (await engine.discovery.open(registry())).watch(service, signal)
    await expect.poll(() => wanted(watch.snapshot), { timeout: 20_000, interval: 20 }).toBe(true)
    return watch.snapshot
  }

  it('are followed from one to three, after a kill, and through an outage of etcd', async () => {
    engine = createEngine(systemPorts())
    const service = 'kitex.scaled'
    const first = await start({ service, name: 'a', weight: 33, tags: { zone: 'a' } })
    expect((await until(service, ({ instances }) => instances.length === 1)).instances).toEqual([{ address: first.address, weight: 33, tags: { zone: 'a' } }])
    expect(await call(service)).toMatchObject({ outcome: 'ok', instance: { address: first.address, weight: 33 } })

    const killed = await start({ service, name: 'b', leaseSeconds: 2 })
    await start({ service, name: 'c' })
    await until(service, ({ instances }) => instances.length === 3)
    const picked = new Set<string | undefined>()
    for (let seed = 0; seed < 60; seed++) picked.add((await call(service, { policy: { balancer: 'weight_random' }, seed })).instance?.address)
    expect(picked.size).toBe(3)

    await killed.stop('SIGKILL')
    const left = await until(service, ({ instances }) => instances.length === 2)
    expect(left.instances.map(({ address }) => address)).not.toContain(killed.address)

    await etcd.stop()
    expect((await until(service, ({ state }) => state === 'stale')).instances).toHaveLength(2)
    const during = await call(service)
    expect([during.outcome, during.chain.nodes.find(({ kind }) => kind === 'resolver')?.decision]).toMatchObject(['ok', { state: 'stale', total: 2 }])
    await etcd.start()
    await until(service, ({ state }) => state === 'live')
    await start({ service, name: 'd' })
    await until(service, ({ instances }) => instances.length === 3)
  }, 90_000)

  it('narrow by tag, say what tags there are when none fits, and name the nearest service', async () => {
    engine = createEngine(systemPorts())
    const blue = await start({ service: 'kitex.tagged', name: 'blue', tags: { lane: 'blue' } })
    await start({ service: 'kitex.tagged', name: 'green', tags: { lane: 'green' } })
    await until('kitex.tagged', ({ instances }) => instances.length === 2)
    const target = (tags: Record<string, string>, service = 'kitex.tagged'): Partial<CallRequestInput> => ({ target: { kind: 'service', service, registry: registry(), tags } })
    expect(await call('kitex.tagged', target({ lane: 'blue' }))).toMatchObject({ outcome: 'ok', instance: { address: blue.address } })
    expect((await call('kitex.tagged', target({ lane: 'red' }))).error).toMatchObject({ text: { key: 'chain.noInstanceWithTags' }, hint: { key: 'chain.tagsHint' } })
    expect((await call('kitex.taged', target({}, 'kitex.taged'))).error).toMatchObject({ code: 'service_discovery', hint: { params: { near: 'kitex.tagged' } } })
  }, 60_000)

  it('export their spans into the very trace of the call, the second hop below the first', async () => {
    engine = createEngine(systemPorts())
    const telemetry = await engine.traces()
    const status = await telemetry.start({ grpcPort: 0, httpPort: 0 })
    const otlp = status.grpc.state === 'listening' ? status.grpc.address : ''
    await start({ service: 'kitex.back', name: 'back', otlp })
    await until('kitex.back', ({ instances }) => instances.length === 1)
    await start({ service: 'kitex.front', name: 'front', otlp, downstream: 'kitex.back' })
    await until('kitex.front', ({ instances }) => instances.length === 1)
    const record = await call('kitex.front')
    expect(record.outcome).toBe('ok')
    const spans = (): Promise<readonly Span[]> => telemetry.store.get(record.traceId)
    await expect.poll(async () => (await spans()).filter(({ own }) => !own).length, { timeout: 20_000, interval: 50 }).toBeGreaterThanOrEqual(3)
    const foreign = (await spans()).filter(({ own }) => !own)
    const front = foreign.find(({ service, kind }) => service === 'kitex.front' && kind === 'server')
    const hop = foreign.find(({ service, kind }) => service === 'kitex.front' && kind === 'client')
    const back = foreign.find(({ service, kind }) => service === 'kitex.back' && kind === 'server')
    expect([front?.parentSpanId, hop?.parentSpanId, back?.parentSpanId]).toEqual([record.spanId, front?.spanId, hop?.spanId])
    expect((await spans()).find(({ spanId }) => spanId === record.spanId)?.own).toBe(true)
  }, 60_000)
})
