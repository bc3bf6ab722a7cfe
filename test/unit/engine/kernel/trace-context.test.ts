import { describe, expect, it } from 'vitest'
import { seeded } from '../../../../src-main/engine/kernel/random.ts'
import { attemptSpanId, joinTrace, newTrace, traceparentOf } from '../../../../src-main/engine/kernel/trace-context.ts'

describe('trace context', () => {
  it('makes ids of the right length, never all zeros', () => {
    const zerosFirst = [0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0.5, 0]
    let n = 0
    const trace = newTrace(() => zerosFirst[n++ % zerosFirst.length] ?? 0)
    expect(trace).toEqual({ traceId: '80000000000000000000000000000000', spanId: '8000000000000000', sampled: true })
  })

  it('joins a traceparent, also of a later version, and writes ours', () => {
    const joined = joinTrace('01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00-extra', seeded(1))
    expect(joined).toMatchObject({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331', sampled: false })
    expect(joined === undefined ? '' : traceparentOf(joined)).toBe(`00-0af7651916cd43dd8448eb211c80319c-${joined?.spanId ?? ''}-00`)
  })

  it.each(['', 'x', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', '00-00000000000000000000000000000000-b7ad6b7169203331-01', '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01', '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01'])(
    'ignores %j, as W3C asks', (text) => {
      expect(joinTrace(text, seeded(1))).toBeUndefined()
    })

  it('gives each attempt a span of its own', () => {
    const trace = newTrace(seeded(7))
    expect(new Set([trace.spanId, ...[1, 2, 3].map((attempt) => attemptSpanId(trace, attempt))]).size).toBe(4)
  })
})
