import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retryPolicySchema, type RetryPolicy } from '../../../../shared/model/call.ts'
import { seeded } from '../../../../src-main/engine/kernel/random.ts'
import { backoffMs } from '../../../../src-main/engine/policy/backoff.ts'
import { PercentageLimit } from '../../../../src-main/engine/policy/percentage-limit.ts'
import { decideRetry, type RetryFacts } from '../../../../src-main/engine/policy/retry.ts'

const policy = (more: Partial<RetryPolicy> = {}): RetryPolicy => ({ ...retryPolicySchema.parse({}), ...more })
const facts = (more: Partial<RetryFacts> = {}): RetryFacts => ({ policy: policy(), attempts: 1, code: 'rpc_timeout', elapsedMs: 10, isRetry: false, limit: { stop: false, rate: 0, samples: 1 }, ...more })
const decide = (more: Partial<RetryFacts>) => {
  const { again, why } = decideRetry(facts(more))
  return [again, why.key]
}

describe('one more attempt', () => {
  it('is made after a timeout only', () => {
    expect(decide({})).toEqual([true, 'chain.retryTimedOut'])
    expect(decide({ code: undefined })).toEqual([false, 'chain.retrySucceeded'])
    expect(decide({ code: 'biz' })).toEqual([false, 'chain.retrySucceeded'])
    expect(decide({ code: 'remote_or_network' })).toEqual([false, 'chain.retryNotTimeout'])
    expect(decide({ code: 'circuit_break' })).toEqual([false, 'chain.retryNotTimeout'])
  })

  it('stops when the retries are used up', () => {
    expect(decide({ attempts: 2 })).toEqual([true, 'chain.retryTimedOut'])
    expect(decide({ attempts: 3 })).toEqual([false, 'chain.retryUsedUp'])
    expect(decide({ policy: policy({ maxRetryTimes: 0 }) })).toEqual([false, 'chain.retryNone'])
  })

  it('stops past the maximum duration, which includes the first attempt', () => {
    expect(decide({ policy: policy({ maxDurationMs: 10 }), elapsedMs: 10 })).toEqual([true, 'chain.retryTimedOut'])
    expect(decide({ policy: policy({ maxDurationMs: 10 }), elapsedMs: 10.1 })).toEqual([false, 'chain.retryTooLong'])
  })

  it('stops a chain of retries unless told otherwise', () => {
    expect(decide({ isRetry: true })).toEqual([false, 'chain.retryChainStop'])
    expect(decide({ isRetry: true, policy: policy({ disableChainStop: true }) })).toEqual([true, 'chain.retryTimedOut'])
  })

  it('stops when too many of the recent calls were retries', () => {
    const { why } = decideRetry(facts({ limit: { stop: true, rate: 0.125, samples: 16 } }))
    expect(why).toEqual({ key: 'chain.retryLimited', params: { rate: '12.5 %', limit: '10.0 %', samples: 16 } })
  })
})

describe('the percentage limit', () => {
  it('looks at the share of retries, from ten samples on', () => {
    const limit = new PercentageLimit(() => 0)
    for (let n = 0; n < 8; n += 1) limit.record(1)
    limit.record(2)
    expect(limit.decide(0.1)).toEqual({ stop: false, rate: 1 / 9, samples: 9 })
    limit.record(1)
    expect(limit.decide(0.1)).toEqual({ stop: true, rate: 0.1, samples: 10 })
    expect(limit.decide(0.11).stop).toBe(false)
  })
})

describe('backoff', () => {
  it('waits nothing, a fixed time, or a random one within its bounds that a seed repeats', () => {
    expect(backoffMs({ type: 'none' }, Math.random)).toBe(0)
    expect(backoffMs({ type: 'fixed', fixMs: 7 }, Math.random)).toBe(7)
    fc.assert(fc.property(fc.nat(100), fc.nat(100), fc.nat(), (minMs, span, seed) => {
      const drawn = backoffMs({ type: 'random', minMs, maxMs: minMs + span }, seeded(seed))
      expect(drawn).toBeGreaterThanOrEqual(minMs)
      expect(drawn).toBeLessThanOrEqual(minMs + span)
      expect(backoffMs({ type: 'random', minMs, maxMs: minMs + span }, seeded(seed))).toBe(drawn)
    }))
  })
})
