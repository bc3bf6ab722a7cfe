// The record of a chain: who called whom, what it says, and that its times add up to the nanosecond whatever the middlewares do.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compose, skippedStep } from '../../../../src-main/engine/kernel/chain.ts'
import type { Endpoint, Middleware } from '../../../../src-main/engine/kernel/endpoint.ts'
import { total, union } from '../../../../src-main/engine/kernel/intervals.ts'
import { Recorder } from '../../../../src-main/engine/kernel/recorder.ts'
import { okReply, withNote, type Reply } from '../../../../src-main/engine/kernel/reply.ts'
import type { CallEvent } from '../../../../shared/model/call-event.ts'
import type { ChainNode } from '../../../../shared/model/chain.ts'
import { context, drawChain, failing, step } from '../../../support/chain-text.ts'
import { FakeClock, settle } from '../../../support/fake-clock.ts'

const pass = (name: string): Middleware => step(name, (ctx, next) => next(ctx))

/** Calls `next` until it succeeds, at most `times` times, as retry does. */
const again = (name: string, times: number, more: Partial<Middleware> = {}): Middleware => step(name, async (ctx, next) => {
  let reply: Reply | undefined
  for (let attempt = 1; attempt <= times; attempt += 1) {
    reply = await next({ ...ctx, attempt: more.attempts === true ? attempt : ctx.attempt })
    if (reply.error === undefined) break
  }
  return reply ?? failing('internal')
}, more)

async function record(steps: readonly Middleware[], terminal: Endpoint, clock = new FakeClock()): Promise<{ readonly nodes: readonly ChainNode[]; readonly events: readonly CallEvent[]; readonly reply: Reply }> {
  const events: CallEvent[] = []
  const recorder = new Recorder(clock, clock.now(), (event) => events.push(event))
  const reply = await compose(steps, terminal, recorder)(context({ startedAt: clock.now() }))
  return { nodes: recorder.finish(), events, reply }
}

/** Replies one after the other. */
function ends(...replies: readonly Reply[]): Middleware {
  let calls = 0
  return step('connect', () => Promise.resolve(replies[Math.min(calls++, replies.length - 1)] ?? okReply('1')))
}

const unreached: Endpoint = () => Promise.reject(new Error('believed: the last step ends the chain'))

describe('the recorder', () => {
  it('draws a retry over a resolver that picks again', async () => {
    const { nodes } = await record([
      again('retry', 3, { attempts: true }), again('resolve', 2), ends(failing('get_connection'), failing('rpc_timeout'), failing('get_connection'), okReply('1')),
    ], unreached)
    expect(drawChain(nodes)).toBe([
      'retry pass',
      '  attempt 1 failed',
      '    resolve pass',
      '      connect rejected',
      '      connect rejected',
      '  attempt 2 pass',
      '    resolve pass',
      '      connect rejected',
      '      connect short-circuit',
    ].join('\n'))
    expect(nodes.map(({ attempt }) => attempt)).toEqual([null, 1, 1, 1, 1, 2, 2, 2, 2])
  })

  it('shows what did not run, and why', async () => {
    const { nodes } = await record([
      skippedStep({ kind: 'retry', name: 'retry' }, { key: 'chain.noRetryPolicy' }), step('breaker', () => Promise.resolve(failing('circuit_break'))), pass('timeout'), skippedStep({ kind: 'fallback', name: 'fallback' }, { key: 'chain.disabled' }),
    ], unreached)
    expect(drawChain(nodes)).toBe('retry skipped\n  breaker rejected\n    timeout skipped\n      fallback skipped')
    expect(nodes.map(({ reason }) => reason.key)).toEqual(['chain.noRetryPolicy', 'chain.rejected', 'chain.notReached', 'chain.disabled'])
    expect(nodes.slice(2).every(({ startNs, endNs }) => startNs === endNs)).toBe(true)
  })

  it('finds what a step changed, on both ways, though it never said so', async () => {
    const { nodes } = await record([
      step('changer', async (ctx, next) => {
        const reply = await next({ ...ctx, deadline: ctx.startedAt + 5e6, metainfo: { ...ctx.metainfo, transient: [['k', 'v']] } })
        return { ...reply, backward: [['b', 'w']] }
      }),
      ends(okReply('1')),
    ], unreached)
    expect(nodes[0]).toMatchObject({
      verdict: 'changed',
      deltas: [
        { store: 'request', path: 'metainfo.transient.k', op: 'add', after: 'v' },
        { store: 'context', path: 'deadline', op: 'add', after: '+5.000 ms' },
        { store: 'response', path: 'metainfo.backward.b', op: 'add', after: 'w' },
      ],
    })
  })

  it('takes a remark from the one who made it and from nobody else', async () => {
    const { nodes } = await record([pass('outer'), step('speaker', async (ctx, next) => withNote(await next(ctx), { verdict: 'no-op', reason: { key: 'chain.disabled' } })), ends(okReply('1'))], unreached)
    expect(nodes.map(({ name, verdict, reason }) => [name, verdict, reason.key])).toEqual([
      ['outer', 'pass', 'chain.passed'], ['speaker', 'no-op', 'chain.disabled'], ['connect', 'short-circuit', 'chain.shortCircuit'],
    ])
  })

  it('keeps waits apart from own time', async () => {
    const clock = new FakeClock()
    const { nodes } = await record([step('waiter', async (ctx, next) => {
      clock.tick(100)
      const from = clock.now()
      clock.tick(1000)
      const to = clock.now()
      const reply = await next(ctx)
      clock.tick(10)
      return withNote(reply, { reason: { key: 'chain.passed' }, waits: [{ from, to, reason: { key: 'chain.backoff' } }] })
    }), step('inner', async () => {
      clock.tick(5)
      return okReply('1')
    })], unreached, clock)
    expect(nodes[0]).toMatchObject({ startNs: 0, endNs: 1115, ownNs: 110, waits: [{ startNs: 100, endNs: 1100 }], marks: { enter: 0, next: [1100], back: [1105], exit: 1115 } })
  })

  it('closes what still runs when the call ends, and hears no more of it', async () => {
    const clock = new FakeClock()
    const events: CallEvent[] = []
    const recorder = new Recorder(clock, clock.now(), (event) => events.push(event))
    let late: (reply: Reply) => void = () => undefined
    const chain = compose([
      step('hedge', (ctx, next) => Promise.race([next(ctx), next({ ...ctx, attempt: 2 })])),
      step('slow', (ctx) => ctx.attempt === 2 ? Promise.resolve(okReply('fast')) : new Promise((resolve) => { late = resolve })),
    ], unreached, recorder)
    expect((await chain(context({ startedAt: clock.now() }))).response).toBe('fast')
    const nodes = recorder.finish()
    expect(nodes.map(({ name, verdict, reason }) => [name, verdict, reason.key])).toEqual([
      ['hedge', 'changed', 'chain.changed'], ['slow', 'failed', 'chain.abandoned'], ['slow', 'short-circuit', 'chain.shortCircuit'],
    ])
    const heard = events.length
    late(okReply('late'))
    await settle()
    expect(events.length).toBe(heard)
  })

  it('marks a step that broke and lets the error through', async () => {
    const clock = new FakeClock()
    const recorder = new Recorder(clock, clock.now())
    await expect(compose([pass('outer'), step('broken', () => Promise.reject(new Error('boom')))], unreached, recorder)(context())).rejects.toThrow('boom')
    expect(recorder.finish().map(({ name, verdict, reason }) => [name, verdict, reason.params?.['message']])).toEqual([['outer', 'failed', 'boom'], ['broken', 'failed', 'boom']])
  })

  it('adds up along every lane: own + waits + inner = total, whatever the steps do', async () => {
    // A behaviour a step: how long it works, and how it calls on.
    const behaviour = fc.record({
      work: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }),
      calls: fc.constantFrom('none', 'one', 'two', 'at-once', 'attempts'),
      wait: fc.nat(500),
    })
    await fc.assert(fc.asyncProperty(fc.array(behaviour, { minLength: 1, maxLength: 5 }), async (behaviours) => {
      const clock = new FakeClock()
      const steps = behaviours.map(({ work, calls, wait }, n) => step(`step ${n}`, async (ctx, next) => {
        clock.tick(work[0] ?? 0)
        if (calls === 'none') return okReply('1')
        if (calls === 'at-once') {
          const replies = await Promise.all([next(ctx), next({ ...ctx, attempt: 2 })])
          clock.tick(work[1] ?? 0)
          return replies[0]
        }
        let reply = await next(ctx)
        const from = clock.now()
        clock.tick(wait)
        const to = clock.now()
        clock.tick(work[1] ?? 0)
        if (calls !== 'one') reply = await next({ ...ctx, attempt: 2 })
        clock.tick(work[2] ?? 0)
        return withNote(reply, { reason: { key: 'chain.passed' }, waits: [{ from, to, reason: { key: 'chain.backoff' } }] })
      }, { attempts: calls === 'attempts' }))
      const { nodes, events } = await record(steps, async () => {
        clock.tick(7)
        await settle()
        clock.tick(3)
        return okReply('1')
      }, clock)
      for (const node of nodes) {
        const inner = total(union(node.marks.next.map((from, n) => ({ from, to: node.marks.back[n] ?? Number.NaN }))))
        const waits = node.waits.reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0)
        expect(node.ownNs + waits + inner).toBe(node.endNs - node.startNs)
        expect(node.ownNs).toBeGreaterThanOrEqual(0)
        const children = nodes.filter(({ parent, verdict }) => parent === node.n && verdict !== 'skipped')
        expect(children.map(({ startNs }) => startNs)).toEqual(node.marks.next.slice(0, children.length))
        expect(children.map(({ endNs }) => endNs)).toEqual(node.marks.back.slice(0, children.length))
      }
      expect(events.filter(({ kind }) => kind === 'entered')).toHaveLength(nodes.length)
    }), { numRuns: 200 })
  })
})
