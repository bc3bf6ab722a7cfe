import { describe, expect, it } from 'vitest'
import type { BalancerDecision } from '../../../../shared/model/chain.ts'
import type { Instance, ServiceSnapshot } from '../../../../shared/model/instance.ts'
import { weightRoundRobin } from '../../../../src-main/engine/balance/weight-round-robin.ts'
import { okReply, type Reply } from '../../../../src-main/engine/kernel/reply.ts'
import type { RpcInfo } from '../../../../src-main/engine/kernel/rpcinfo.ts'
import { balancer, type BalancerOptions } from '../../../../src-main/engine/middleware/balancer.ts'
import { context, failing, script } from '../../../support/chain-text.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const instance = (address: string, tags: Instance['tags'] = {}, weight = 10): Instance => ({ address, weight, tags })
const [a, b, c] = [instance('a:1', { zone: 'x' }), instance('b:1', { zone: 'y' }), instance('c:1', { zone: 'x' })]
const snapshot = (...instances: readonly Instance[]): ServiceSnapshot => ({ service: 'demo.user', instances, revision: 3, state: 'live', seenAtMs: 1_700_000_000_000, origin: 'test', problems: [] })

async function balance(ctx: Partial<RpcInfo>, next: ReturnType<typeof script>, options: Partial<BalancerOptions> = {}) {
  const clock = new FakeClock()
  const reply = await balancer({ policy: 'weight_round_robin', tags: {}, picker: (instances) => weightRoundRobin(instances, 0), clock, ...options }).call(context({ resolved: snapshot(a, b, c), ...ctx }), next)
  return { reply, decision: reply.note?.decision as BalancerDecision, asked: next.calls.map((call) => call.instance?.address) }
}
const excluded = (decision: BalancerDecision): unknown => decision.candidates.map(({ address, excluded: why }) => [address, why?.key])

describe('balancer', () => {
  it('picks one and tells the candidates with their scores', async () => {
    const { reply, decision, asked } = await balance({}, script(okReply('1')))
    expect(asked).toEqual(['a:1'])
    expect(reply.instance).toEqual(a)
    expect(decision).toEqual({
      kind: 'balancer', policy: 'weight_round_robin', revision: 3, ageMs: 1000, picked: 'a:1', seed: 0, repicks: 0,
      candidates: [{ ...a, score: 10 }, { ...b, score: 10 }, { ...c, score: 10 }],
    })
  })

  it('says of each one left out why', async () => {
    const { decision, asked } = await balance({ resolved: snapshot(a, b, c, instance('d:1', { zone: 'x' }, 0)), tried: ['a:1'] }, script(okReply('1')), { tags: { zone: 'x' } })
    expect(asked).toEqual(['c:1'])
    expect(excluded(decision)).toEqual([['a:1', 'chain.excludedTried'], ['b:1', 'chain.excludedTag'], ['c:1', undefined], ['d:1', 'chain.excludedWeight']])
  })

  it('goes back to a tried one when nobody else is left', async () => {
    expect((await balance({ tried: ['a:1', 'c:1'] }, script(okReply('1')), { tags: { zone: 'x' } })).asked).toEqual(['a:1'])
  })

  it('stays on the same node when retry says so', async () => {
    const { asked, decision } = await balance({ tried: ['b:1'], sameNode: 'b:1' }, script(okReply('1')))
    expect([asked, excluded(decision)]).toEqual([['b:1'], [['a:1', 'chain.excludedSameNode'], ['b:1', undefined], ['c:1', 'chain.excludedSameNode']]])
  })

  it('picks another after a failed connection or an open breaker, and no other error', async () => {
    const { reply, decision, asked } = await balance({}, script(failing('get_connection'), failing('circuit_break'), okReply('1')))
    expect([asked, decision.picked, decision.repicks, reply.note?.reason.key]).toEqual([['a:1', 'b:1', 'c:1'], 'c:1', 2, 'chain.pickedAgain'])
    expect((await balance({}, script(failing('rpc_timeout')))).asked).toEqual(['a:1'])
  })

  it('gives up after all were refused, with the last reason', async () => {
    const { reply, asked } = await balance({}, script(failing('get_connection')))
    expect(asked).toEqual(['a:1', 'b:1', 'c:1'])
    expect(reply.error).toMatchObject({ code: 'no_more_instance', text: { key: 'chain.noMoreInstance', params: { service: 'demo.user', count: 3 } }, cause: { code: 'get_connection' } })
  })

  it('tries at most six, as Kitex', async () => {
    const many = Array.from({ length: 9 }, (_, n) => instance(`${n}:1`))
    expect((await balance({ resolved: snapshot(...many) }, script(failing('get_connection')))).asked).toHaveLength(6)
  })

  it('with one candidate lets its own error speak', async () => {
    expect((await balance({ resolved: snapshot(a) }, script(failing('get_connection')))).reply.error?.code).toBe('get_connection')
  })

  it('says which tags there are when none fits', async () => {
    const { reply, decision } = await balance({}, script(okReply('1')), { tags: { zone: 'z' } })
    expect(reply.error).toMatchObject({ code: 'no_more_instance', text: { key: 'chain.noInstanceWithTags', params: { tags: 'zone=z', total: 3 } }, hint: { key: 'chain.tagsHint', params: { tags: 'zone=x, zone=y' } } })
    expect(decision.picked).toBeUndefined()
  })

  it('is pinned, or says that the pinned one is gone', async () => {
    const { asked, decision } = await balance({}, script(okReply('1')), { pinned: 'c:1' })
    expect([asked, excluded(decision)]).toEqual([['c:1'], [['a:1', 'chain.excludedPinned'], ['b:1', 'chain.excludedPinned'], ['c:1', undefined]]])
    expect((await balance({}, script(okReply('1')), { pinned: 'z:9' })).reply.error?.text).toEqual({ key: 'chain.pinnedGone', params: { pinned: 'z:9', service: 'demo.user' } })
  })

  it('stops picking when the call was aborted', async () => {
    const abort = new AbortController()
    const next = script((): Promise<Reply> => {
      abort.abort()
      return Promise.resolve(failing('get_connection'))
    })
    expect((await balance({ signal: abort.signal }, next)).asked).toEqual(['a:1'])
  })
})
