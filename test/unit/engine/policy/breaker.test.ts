// The oracles are Kitex's own: bytedance/gopkg cloud/circuitbreaker breaker_test.go, with the suite's parameters (kitex.md 3.7).

import { describe, expect, it } from 'vitest'
import { Breaker } from '../../../../src-main/engine/policy/breaker.ts'
import { instanceOutcome, serviceOutcome } from '../../../../src-main/engine/policy/breaker-kind.ts'
import type { Outcome } from '../../../../src-main/engine/policy/window.ts'

const policy = { enable: true, errRate: 0.5, minSample: 1000 }

function setUp() {
  let now = 0
  const breaker = new Breaker(() => now)
  return {
    breaker,
    wait: (ms: number) => { now += ms * 1e6 },
    times: (count: number, outcome: Outcome) => {
      for (let n = 0; n < count; n += 1) {
        expect(breaker.decide()).toBe(true)
        breaker.observe(outcome, policy)
      }
    },
    state: () => breaker.view(policy).state,
  }
}

describe('the breaker', () => {
  it('opens at the rate, once there are enough samples (TestBreakerRateTrip)', () => {
    const { breaker, times, state, wait } = setUp()
    times(499, 'timeout')
    times(500, 'ok')
    expect(breaker.view(policy)).toEqual({ state: 'closed', window: { ok: 500, fail: 0, timeout: 499 }, errRate: 499 / 999, samplesNeeded: 1 })
    times(1, 'fail')
    expect(breaker.decide()).toBe(false)
    expect(breaker.view(policy)).toEqual({ state: 'open', window: { ok: 500, fail: 1, timeout: 499 }, errRate: 0.5, samplesNeeded: 0, openForMs: 5000 })
    wait(4999)
    expect(breaker.decide()).toBe(false)
    wait(1)
    times(1, 'ok')
    expect(state()).toBe('half-open')
  })

  it('considers opening only when an error is recorded', () => {
    const { times, state } = setUp()
    times(900, 'fail')
    times(200, 'ok')
    expect(state()).toBe('closed')
    times(1, 'fail')
    expect(state()).toBe('open')
  })

  it('lets one probe through each 200 ms when half open, and closes after two successes with an empty window', () => {
    const { breaker, times, wait, state } = setUp()
    times(1000, 'fail')
    wait(5000)
    times(1, 'ok')
    expect(breaker.decide()).toBe(false)
    wait(199)
    expect(breaker.decide()).toBe(false)
    wait(1)
    times(1, 'ok')
    expect(state()).toBe('closed')
    expect(breaker.view(policy).window).toEqual({ ok: 0, fail: 0, timeout: 0 })
  })

  it('opens again at the first failure of a probe, for another five seconds', () => {
    const { breaker, times, wait, state } = setUp()
    times(1000, 'fail')
    wait(5000)
    times(1, 'fail')
    expect(state()).toBe('open')
    expect(breaker.decide()).toBe(false)
    wait(5000)
    expect(breaker.decide()).toBe(true)
  })

  it('forgets what is ten seconds old', () => {
    const { breaker, times, wait } = setUp()
    times(10, 'fail')
    wait(5000)
    times(3, 'ok')
    wait(5000)
    expect(breaker.view(policy).window).toEqual({ ok: 3, fail: 0, timeout: 0 })
    wait(5000)
    expect(breaker.view(policy).window).toEqual({ ok: 0, fail: 0, timeout: 0 })
  })
})

describe('what counts as what', () => {
  it.each([
    [undefined, 'ok'], ['biz', 'ok'], ['exception', 'ok'], ['rpc_timeout', 'timeout'], ['remote_or_network', 'fail'], ['get_connection', 'fail'], ['no_more_instance', 'fail'],
    ['internal', undefined], ['service_discovery', undefined], ['acl', undefined], ['loadbalance', undefined], ['cancelled', undefined],
  ] as const)('%s is %s to the service breaker', (code, outcome) => {
    expect(serviceOutcome(code)).toBe(outcome)
  })

  it('holds only a failed connection against an instance', () => {
    expect((['get_connection', 'remote_or_network', 'rpc_timeout', undefined] as const).map(instanceOutcome)).toEqual(['fail', 'ok', 'ok', 'ok'])
  })
})
