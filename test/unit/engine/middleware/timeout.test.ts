import { describe, expect, it } from 'vitest'
import { okReply, thrownReply, type Reply } from '../../../../src-main/engine/kernel/reply.ts'
import { timeout } from '../../../../src-main/engine/middleware/timeout.ts'
import { context, failing, script } from '../../../support/chain-text.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const instance = { address: '127.0.0.1:8888', weight: 10, tags: {} }
/** Ends when it is aborted, as everything that waits does. */
const untilAborted = (signal: AbortSignal): Promise<Reply> => new Promise((resolve) => {
  signal.addEventListener('abort', () => resolve(thrownReply(signal.reason, 'connection', { instance })), { once: true })
})

describe('timeout', () => {
  it('lets a reply through and says what was left', async () => {
    const clock = new FakeClock()
    const next = script(async () => {
      clock.tick(12e6)
      return okReply('1')
    })
    const reply = await timeout(25, clock).call(context(), next)
    expect(reply).toMatchObject({ outcome: 'ok', note: { verdict: 'pass', reason: { key: 'chain.timeoutKept', params: { tookMs: 12, timeoutMs: 25, marginMs: 13 } }, decision: { kind: 'timeout', configuredMs: 25, effectiveMs: 25, marginMs: 13 } } })
    expect([next.calls[0]?.deadline, clock.pending]).toEqual([1_000_000_000 + 25e6, 0])
  })

  it('fires with Kitex\'s numbers, keeps what is known and aborts what runs', async () => {
    const clock = new FakeClock()
    let reason: unknown
    const running = timeout(25, clock).call(context(), (ctx) => untilAborted(ctx.signal).finally(() => { reason = ctx.signal.reason }))
    await clock.advance(25)
    expect(await running).toMatchObject({
      outcome: 'timeout', instance,
      error: { code: 'rpc_timeout', layer: 'policy', text: { key: 'chain.rpcTimeout', params: { timeoutMs: 25, tookMs: 25, service: 'demo.user', method: 'GetUser', remote: '127.0.0.1:8888' } } },
      note: { verdict: 'failed', reason: { key: 'chain.timeoutFired', params: { timeoutMs: 25 } }, decision: { fired: 'rpc' } },
    })
    expect(reason).toMatchObject({ data: { text: { key: 'chain.stoppedByTimeout' } } })
    expect(clock.pending).toBe(0)
  })

  it('does not wait for one who does not listen to the abort, but for a moment', async () => {
    const clock = new FakeClock()
    const running = timeout(25, clock).call(context(), () => new Promise(() => undefined))
    await clock.advance(30)
    expect(await running).toMatchObject({ outcome: 'timeout', error: { text: { key: 'chain.rpcTimeoutNoRemote' } } })
  })

  it('leaves a call that the user cancelled cancelled', async () => {
    const abort = new AbortController()
    const running = timeout(25, new FakeClock()).call(context({ signal: abort.signal }), (ctx) => untilAborted(ctx.signal))
    abort.abort()
    expect(await running).toMatchObject({ outcome: 'cancelled', error: { code: 'cancelled' }, note: { decision: { kind: 'timeout' } } })
  })

  it('keeps a reply that comes in the moment after it fired as what it is', async () => {
    const clock = new FakeClock()
    const running = timeout(25, clock).call(context(), () => new Promise((resolve) => { clock.timer(26, () => resolve(failing('remote_or_network'))) }))
    await clock.advance(26)
    expect((await running).outcome).toBe('failed')
  })
})
