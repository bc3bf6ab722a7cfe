// One trace through a call of ours and two real Kitex services with Kitex's own OpenTelemetry suite: our spans and theirs must join, which
// needs our traceparent understood by them, and their export understood by our receiver.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, systemPorts, type Engine, type Telemetry } from '../../src-main/engine/index.ts'
import { buildPatienceMs, kitexIdl, kitexMissing, startKitexService } from '../support/peers/kitex.ts'

const missing = kitexMissing()

describe.skipIf(missing !== undefined)(`a trace through real Kitex services${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let engine: Engine
  let telemetry: Telemetry
  let gateway: Awaited<ReturnType<typeof startKitexService>>
  let user: Awaited<ReturnType<typeof startKitexService>>

  beforeAll(async () => {
    engine = createEngine(systemPorts())
    telemetry = await engine.traces()
    const { grpc } = await telemetry.start({ grpcPort: 0, httpPort: 0 })
    if (grpc.state !== 'listening') throw new Error('believed: port 0 is free')
    user = await startKitexService({ service: 'demo.user', otlp: grpc.address })
    gateway = await startKitexService({ service: 'demo.gateway', otlp: grpc.address, downstream: user.address })
  }, buildPatienceMs)
  afterAll(async () => {
    await Promise.all([gateway.stop(), user.stop()])
    await telemetry.stop()
    await engine.dispose()
  })

  it('has our call, the server of the first, its client, and the server of the second, each under the one before', async () => {
    const record = await engine.call({
      idl: { paths: [kitexIdl] }, method: 'Peer/Say', body: '"traced"', target: { kind: 'direct', endpoints: [gateway.address], service: 'demo.gateway' }, timeoutMs: 5000, connectTimeoutMs: 2000,
    })
    expect({ outcome: record.outcome, response: record.response }).toEqual({ outcome: 'ok', response: '"traced"' })
    const spansNow = () => telemetry.store.get(record.traceId)
    const theirs = async (): Promise<number> => (await spansNow()).filter(({ own }) => !own).length
    await expect.poll(theirs, { timeout: 20_000 }).toBe(3)
    const spans = await spansNow()
    const byId = new Map(spans.map((span) => [span.spanId, span]))
    const lineage = (spanId: string): string[] => {
      const span = byId.get(spanId)
      return span === undefined ? [] : [...lineage(span.parentSpanId ?? ''), `${span.service} ${span.kind} ${span.name}`]
    }
    const deepest = spans.find(({ service }) => service === 'demo.user')
    const chain = lineage(deepest?.spanId ?? '')
    expect(chain.slice(-3)).toEqual(['demo.gateway server peer.Peer/Say', 'demo.gateway client peer.Peer/Say', 'demo.user server peer.Peer/Say'])
    // Above the services stand spans of ours, the root of which is the call itself.
    expect(chain.length).toBeGreaterThan(3)
    expect(spans.filter(({ own, parentSpanId }) => own && parentSpanId === undefined).map(({ spanId }) => spanId)).toEqual([record.spanId])
  })
})
