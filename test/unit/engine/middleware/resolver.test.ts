import { describe, expect, it } from 'vitest'
import { fail } from '../../../../shared/base/error.ts'
import type { ServiceSnapshot } from '../../../../shared/model/instance.ts'
import { okReply } from '../../../../src-main/engine/kernel/reply.ts'
import { resolver, type Resolver } from '../../../../src-main/engine/middleware/resolver.ts'
import { context, script } from '../../../support/chain-text.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const snapshot: ServiceSnapshot = { service: 'demo.user', instances: [{ address: 'a:1', weight: 10, tags: {} }], revision: 2, state: 'live', seenAtMs: 1_700_000_000_500, origin: 'etcd://x', problems: [] }
const source = (found: Partial<ServiceSnapshot>, nearest?: string): Resolver => ({ origin: 'etcd://x', resolve: async () => ({ ...snapshot, ...found }), nearest: async () => nearest })
const resolve = (from: Resolver, next = script(okReply('1'))) => resolver(from, { zone: 'x' }, new FakeClock()).call(context(), next)

describe('resolver', () => {
  it('hands the list on and tells its age and revision', async () => {
    const next = script(okReply('1'))
    const reply = await resolve(source({}), next)
    expect(next.calls[0]?.resolved).toEqual(snapshot)
    expect(reply.note).toEqual({
      verdict: 'changed', reason: { key: 'chain.resolved', params: { count: 1, origin: 'etcd://x', ageMs: 500, revision: 2 } },
      decision: { kind: 'resolver', origin: 'etcd://x', service: 'demo.user', revision: 2, state: 'live', ageMs: 500, total: 1, tags: { zone: 'x' } },
    })
  })

  it('uses a stale list and says that it is one', async () => {
    expect((await resolve(source({ state: 'stale' }))).note).toMatchObject({ reason: { key: 'chain.resolvedStale' }, decision: { state: 'stale' } })
  })

  it('says that the service is not registered, with the nearest name', async () => {
    const next = script(okReply('1'))
    const reply = await resolve(source({ instances: [] }, 'demo.users'), next)
    expect([next.calls.length, reply.error]).toEqual([0, {
      code: 'service_discovery', layer: 'discovery', text: { key: 'chain.notRegistered', params: { service: 'demo.user', origin: 'etcd://x' } }, hint: { key: 'chain.didYouMeanService', params: { near: 'demo.users' } },
    }])
    expect((await resolve(source({ instances: [] }))).error?.hint?.key).toBe('chain.notRegisteredHint')
  })

  it('passes on why the registry could not be asked', async () => {
    const down = fail('service_discovery', 'discovery', 'discovery.unreachable', { origin: 'etcd://x', cause: 'refused' })
    expect((await resolve({ origin: 'etcd://x', resolve: () => Promise.reject(down) })).error).toBe(down.data)
  })
})
