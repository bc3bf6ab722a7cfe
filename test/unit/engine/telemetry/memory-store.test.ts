import { describe, expect, it } from 'vitest'
import { MemoryTraceStore } from '../../../../src-main/engine/telemetry/store/memory-store.ts'
import { manySpans } from '../../../support/spans.ts'
import { spanIdOf, traceIdOf, traceText } from '../../../support/trace-text.ts'

const roomy = { maxSpans: 1000, maxBytes: 1e9 }

describe('the store in memory', () => {
  it('summarises by the root, the console’s own first', async () => {
    const store = new MemoryTraceStore(roomy)
    store.add(traceText('user Get 5-20 server error parent=3\nkite.console Call 2-30 own client id=3\nother Root 1-4'))
    expect(await store.list({})).toEqual([{
      traceId: traceIdOf(1), rootName: 'Call', rootService: 'kite.console', startNs: 1_763_706_512_001_000_000n, durationNs: 29_000_000n, spans: 3, services: ['user', 'kite.console', 'other'], errors: 1,
    }])
  })

  it('drops a span that comes again, keeps another of the same id, and takes late ones into their trace', async () => {
    const store = new MemoryTraceStore(roomy)
    const [span] = traceText('a One 0-5 id=1')
    const [other] = traceText('a Other 2-3 id=1')
    const [late] = traceText('b Late 3-4 id=2 parent=1')
    store.add([span, span].flatMap((each) => each ?? []))
    store.add([span, other, late].flatMap((each) => each ?? []))
    expect(store.counts).toEqual({ spans: 3, traces: 1, evicted: 0, duplicates: 2 })
    expect((await store.get(traceIdOf(1))).map(({ name }) => name)).toEqual(['One', 'Other', 'Late'])
  })

  it('lets go whole traces, those silent longest first, and counts', async () => {
    const store = new MemoryTraceStore({ maxSpans: 6, maxBytes: 1e9 })
    for (const n of [1, 2, 3]) store.add(traceText('a One 0-5\n  a Two 1-2', traceIdOf(n)))
    store.add(traceText('a Late 2-3 id=9', traceIdOf(1)))
    expect(store.counts).toEqual({ spans: 5, traces: 2, evicted: 2, duplicates: 0 })
    expect(await store.get(traceIdOf(2))).toEqual([])
    expect(await store.get(traceIdOf(1))).toHaveLength(3)
  })

  it('never exceeds its bounds, whatever comes', () => {
    for (const bounds of [{ maxSpans: 100, maxBytes: 1e9 }, { maxSpans: 1e6, maxBytes: 50_000 }]) {
      const store = new MemoryTraceStore(bounds)
      for (const span of manySpans(2000, 7)) store.add([span])
      store.add(manySpans(500, 500))
      const { spans, evicted, duplicates } = store.counts
      expect(spans).toBeLessThanOrEqual(100)
      expect(spans + evicted + duplicates).toBe(2500)
    }
  })

  it('a trace that alone exceeds the bounds keeps what it has', async () => {
    const store = new MemoryTraceStore({ maxSpans: 3, maxBytes: 1e9 })
    store.add(manySpans(5, 5))
    expect(store.counts).toEqual({ spans: 3, traces: 1, evicted: 2, duplicates: 0 })
  })

  it('filters by service, name, failure, duration and text, newest first', async () => {
    const store = new MemoryTraceStore(roomy)
    store.add(traceText('user GetUser 0-5 server', traceIdOf(0xa1)))
    store.add(traceText('order Create 10-200 server error', traceIdOf(0xb2)))
    store.add(traceText('user Touch 20-21 server', traceIdOf(0xb3)).map((span) => ({ ...span, attributes: { tags: ['Gray-X'], n: 9007199254740993n } })))
    const names = async (filter: object) => (await store.list(filter)).map(({ rootName }) => rootName)
    expect(await names({})).toEqual(['Touch', 'Create', 'GetUser'])
    expect(await names({ service: 'user' })).toEqual(['Touch', 'GetUser'])
    expect(await names({ name: 'getu' })).toEqual(['GetUser'])
    expect(await names({ errorsOnly: true })).toEqual(['Create'])
    expect(await names({ minDurationMs: 5 })).toEqual(['Create', 'GetUser'])
    expect(await names({ text: 'gray-x' })).toEqual(['Touch'])
    expect(await names({ text: '740993' })).toEqual(['Touch'])
    expect(await names({ text: traceIdOf(0xb2).slice(0, 31) })).toEqual(['Touch', 'Create'])
    expect(await names({ limit: 1 })).toEqual(['Touch'])
    expect(await store.find(traceIdOf(0xb2))).toEqual([traceIdOf(0xb2)])
  })

  it('announces what it kept and nothing else', () => {
    const store = new MemoryTraceStore(roomy)
    const heard: string[] = []
    store.onDidAdd((spans) => heard.push(spans.map(({ spanId }) => spanId).join()))
    store.add(traceText('a One 0-5\na Two 1-2'))
    store.add(traceText('a One 0-5'))
    expect(heard).toEqual([`${spanIdOf(1)},${spanIdOf(2)}`])
  })
})
