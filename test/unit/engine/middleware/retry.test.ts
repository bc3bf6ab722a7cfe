import { describe, expect, it } from 'vitest'
import { retryPolicySchema, type RetryPolicy } from '../../../../shared/model/call.ts'
import { compose } from '../../../../src-main/engine/kernel/chain.ts'
import { seeded } from '../../../../src-main/engine/kernel/random.ts'
import { Recorder } from '../../../../src-main/engine/kernel/recorder.ts'
import { okReply, type Reply } from '../../../../src-main/engine/kernel/reply.ts'
import type { RpcInfo } from '../../../../src-main/engine/kernel/rpcinfo.ts'
import { retry } from '../../../../src-main/engine/middleware/retry.ts'
import { PercentageLimit } from '../../../../src-main/engine/policy/percentage-limit.ts'
import { context, failing, script } from '../../../support/chain-text.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const at = (address: string): Partial<Reply> => ({ instance: { address, weight: 10, tags: {} } })
const timeout = (address: string): Reply => failing('rpc_timeout', at(address))

function setUp(policy: Partial<RetryPolicy> = {}) {
  const clock = new FakeClock()
  const limit = new PercentageLimit(clock.now)
  return { clock, limit, middleware: retry({ ...retryPolicySchema.parse({}), ...policy }, clock, limit, seeded(1)) }
}

describe('retry', () => {
  it('tries a timeout again with what Kitex gives an attempt', async () => {
    const { middleware } = setUp({ maxRetryTimes: 2 })
    const next = script(timeout('a:1'), timeout('b:1'), okReply('1', at('c:1')))
    const reply = await middleware.call(context({ metainfo: { transient: [], persistent: [['p', 'v']] } }), next)
    expect(reply.response).toBe('1')
    expect(next.calls.map(({ attempt, tried, tags, metainfo, sameNode }: RpcInfo) => ({ attempt, tried, tags, persistent: metainfo.persistent, sameNode }))).toEqual([
      { attempt: 1, tried: [], tags: {}, persistent: [['p', 'v']], sameNode: undefined },
      { attempt: 2, tried: ['a:1'], tags: { retry: '1', last_cost: '0', prev_inst: 'a:1' }, persistent: [['p', 'v'], ['RetryReq', '1']], sameNode: undefined },
      { attempt: 3, tried: ['a:1', 'b:1'], tags: { retry: '2', last_cost: '0,0', prev_inst: 'b:1' }, persistent: [['p', 'v'], ['RetryReq', '1']], sameNode: undefined },
    ])
  })

  it('stays on the same node where the policy says so', async () => {
    const { middleware } = setUp({ retrySameNode: true })
    const next = script(timeout('a:1'), okReply('1'))
    await middleware.call(context(), next)
    expect(next.calls.map(({ sameNode }) => sameNode)).toEqual([undefined, 'a:1'])
  })

  it('does not try anything else again, and says why', async () => {
    const { middleware } = setUp()
    const next = script(failing('remote_or_network'))
    const reply = await middleware.call(context(), next)
    expect([next.calls.length, reply.note?.reason, reply.note?.verdict]).toEqual([1, { key: 'chain.retryNotTimeout', params: { code: 'remote_or_network' } }, 'failed'])
  })

  it('does not retry a call that is itself a retry', async () => {
    const { middleware } = setUp()
    const next = script(timeout('a:1'))
    const reply = await middleware.call(context({ metainfo: { transient: [], persistent: [['RetryReq', '1']] } }), next)
    expect([next.calls.length, reply.note?.reason.key]).toEqual([1, 'chain.retryChainStop'])
  })

  it('stops when retries are too large a share of the calls', async () => {
    const { middleware, limit } = setUp({ errorRate: 0.1, maxRetryTimes: 5 })
    for (let n = 0; n < 8; n += 1) limit.record(1)
    const next = script(timeout('a:1'))
    const reply = await middleware.call(context(), next)
    expect([next.calls.length, reply.note?.reason]).toEqual([2, { key: 'chain.retryLimited', params: { rate: '10.0 %', limit: '10.0 %', samples: 10 } }])
  })

  it('waits between attempts, and stops waiting when the call is cancelled', async () => {
    const { clock, middleware } = setUp({ backoff: { type: 'fixed', fixMs: 10 } })
    const abort = new AbortController()
    const next = script(timeout('a:1'))
    const running = middleware.call(context({ signal: abort.signal, startedAt: clock.now() }), next)
    await clock.advance(10)
    expect(next.calls.length).toBe(2)
    await clock.advance(3)
    abort.abort()
    const reply = await running
    expect(reply.note?.waits).toEqual([
      { from: 1_000_000_000, to: 1_010_000_000, reason: { key: 'chain.backoff', params: { kind: 'fixed', ms: 10 } } },
      { from: 1_010_000_000, to: 1_013_000_000, reason: { key: 'chain.backoff', params: { kind: 'fixed', ms: 10 } } },
    ])
    expect([next.calls.length, clock.pending]).toEqual([2, 0])
  })

  it('is recorded as lanes with their waits and the reason of each', async () => {
    const { clock, middleware } = setUp({ backoff: { type: 'fixed', fixMs: 10 } })
    const recorder = new Recorder(clock, clock.now())
    const replies = script(timeout('a:1'), okReply('1', at('b:1')))
    const running = compose([middleware], async (ctx) => {
      clock.tick(25e6)
      return replies(ctx)
    }, recorder)(context({ startedAt: clock.now() }))
    await clock.advance(10)
    await running
    const nodes = recorder.finish()
    expect(nodes.map(({ name, startNs, endNs, ownNs, verdict, reason }) => ({ name, startNs, endNs, ownNs, verdict, reason: reason.key }))).toEqual([
      { name: 'retry', startNs: 0, endNs: 60e6, ownNs: 0, verdict: 'retried', reason: 'chain.retryWon' },
      { name: 'attempt 1', startNs: 0, endNs: 25e6, ownNs: 0, verdict: 'failed', reason: 'chain.attemptTimeout' },
      { name: 'attempt 2', startNs: 35e6, endNs: 60e6, ownNs: 0, verdict: 'pass', reason: 'chain.attemptOk' },
    ])
    expect(nodes[0]).toMatchObject({
      waits: [{ startNs: 25e6, endNs: 35e6 }],
      decision: {
        kind: 'retry', policy: 'failure', maxRetryTimes: 2, winner: 2, wastedNs: 25e6,
        attempts: [
          { attempt: 1, instance: 'a:1', startNs: 0, durationNs: 25e6, waitNs: 0, result: 'timeout', again: { key: 'chain.retryTimedOut' } },
          { attempt: 2, instance: 'b:1', startNs: 35e6, durationNs: 25e6, waitNs: 10e6, result: 'ok', again: { key: 'chain.retrySucceeded' } },
        ],
      },
    })
  })

  it('takes no notes when nobody looks', async () => {
    const { middleware } = setUp()
    expect((await middleware.call(context({ stats: 'disabled' }), script(okReply('1')))).note).toBeUndefined()
  })
})
