import { describe, expect, it } from 'vitest'
import { okReply } from '../../../../src-main/engine/kernel/reply.ts'
import { instanceBreaker } from '../../../../src-main/engine/middleware/instance-breaker.ts'
import { serviceBreaker } from '../../../../src-main/engine/middleware/service-breaker.ts'
import { Breaker } from '../../../../src-main/engine/policy/breaker.ts'
import { context, failing, script } from '../../../support/chain-text.ts'

const policy = { enable: true, errRate: 0.5, minSample: 2 }
const instance = { address: 'a:1', weight: 10, tags: {} }

describe('service breaker', () => {
  it('counts, opens, refuses without calling on, and tells its numbers', async () => {
    let now = 0
    const middleware = serviceBreaker(policy, new Breaker(() => now), 'me/demo.user/GetUser')
    const next = script(failing('rpc_timeout'))
    expect((await middleware.call(context(), next)).note).toMatchObject({ verdict: 'pass', reason: { key: 'chain.breakerClosedFewSamples', params: { bad: 1, samples: 1, needed: 1 } } })
    expect((await middleware.call(context(), next)).note).toMatchObject({
      reason: { key: 'chain.breakerOpened' },
      decision: { kind: 'breaker', scope: 'service', key: 'me/demo.user/GetUser', before: 'closed', after: 'open', window: { ok: 0, fail: 0, timeout: 2 }, errRate: 1, limit: 0.5, minSample: 2, samplesNeeded: 0, openForMs: 5000 },
    })
    now = 1e9
    expect(await middleware.call(context(), next)).toMatchObject({
      outcome: 'failed', error: { code: 'circuit_break', layer: 'policy', text: { key: 'chain.serviceBreakerOpen', params: { service: 'demo.user', method: 'GetUser', openForMs: 4000 } } },
      note: { verdict: 'rejected', reason: { key: 'chain.breakerRefused', params: { openForMs: 4000 } } },
    })
    expect(next.calls.length).toBe(2)
  })

  it('counts neither discovery\'s failures nor our own', async () => {
    const breaker = new Breaker(() => 0)
    await serviceBreaker(policy, breaker, 'k').call(context(), script(failing('service_discovery')))
    await serviceBreaker(policy, breaker, 'k').call(context(), script(failing('cancelled')))
    expect(breaker.view(policy).window).toEqual({ ok: 0, fail: 0, timeout: 0 })
  })

  it('probes when it has cooled, and says so', async () => {
    let now = 0
    const breaker = new Breaker(() => now)
    const middleware = serviceBreaker(policy, breaker, 'k')
    const broken = script(failing('remote_or_network'))
    await middleware.call(context(), broken)
    await middleware.call(context(), broken)
    now = 5e9
    expect((await middleware.call(context(), script(okReply('1')))).note?.reason.key).toBe('chain.breakerProbing')
    now += 200e6
    expect((await middleware.call(context(), script(okReply('1')))).note?.reason.key).toBe('chain.breakerClosedAgain')
  })
})

describe('instance breaker', () => {
  it('keeps a window for each address and holds only failed connections against it', async () => {
    const breakers = new Map<string, Breaker>()
    const middleware = instanceBreaker(policy, (address) => breakers.get(address) ?? breakers.set(address, new Breaker(() => 0)).get(address) ?? new Breaker(() => 0))
    await middleware.call(context({ instance }), script(failing('rpc_timeout')))
    await middleware.call(context({ instance }), script(failing('get_connection')))
    expect(breakers.get('a:1')?.view(policy)).toMatchObject({ state: 'open', window: { ok: 1, fail: 1, timeout: 0 } })
    const refused = await middleware.call(context({ instance }), script(okReply('1')))
    expect(refused).toMatchObject({ instance, error: { code: 'circuit_break', text: { key: 'chain.instanceBreakerOpen', params: { address: 'a:1', openForMs: 5000 } } } })
    expect((await middleware.call(context({ instance: { ...instance, address: 'b:1' } }), script(okReply('1')))).outcome).toBe('ok')
  })
})
