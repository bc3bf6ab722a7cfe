// Kitex's RPC timeout: one per attempt, around resolving, connecting and the exchange. When it fires, what runs inside is aborted down to
// the socket; it then has a moment to come back with what it knows (bytes, instance), and no longer.

import { fail } from '../../../shared/base/error.ts'
import type { Disposable } from '../../../shared/base/disposable.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Endpoint, Middleware } from '../kernel/endpoint.ts'
import { failedReply, withNote, type Reply } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { heed, unheed } from '../transport/abort.ts'

/** As Kitex, whose read deadline is 5 ms behind the RPC timeout (pkg/remote/trans/common.go). */
const graceMs = 5

export const timeout = (timeoutMs: number, clock: Clock): Middleware => ({
  kind: 'timeout',
  name: 'timeout',
  source: 'call',
  async call(ctx, next) {
    const start = clock.now()
    const deadline = start + timeoutMs * 1e6
    const { reply: inner, fired } = await within(ctx, next, deadline, timeoutMs, clock)
    const reply = fired ? timedOut(ctx, inner, timeoutMs, clock.now() - start) : inner
    if (ctx.stats === 'disabled') return reply
    const tookMs = (clock.now() - start) / 1e6
    return withNote(reply, {
      verdict: fired ? 'failed' : 'pass',
      reason: fired ? { key: 'chain.timeoutFired', params: { timeoutMs } } : { key: 'chain.timeoutKept', params: { timeoutMs, tookMs: round(tookMs), marginMs: round(timeoutMs - tookMs) } },
      decision: { kind: 'timeout', configuredMs: timeoutMs, effectiveMs: timeoutMs, ...(fired ? { fired: 'rpc' } : { marginMs: round(timeoutMs - tookMs) }) },
    })
  },
})

/** Runs `next` with a signal that the timer or the caller aborts. */
async function within(ctx: RpcInfo, next: Endpoint, deadline: number, timeoutMs: number, clock: Clock): Promise<{ readonly reply: Reply | undefined; readonly fired: true } | { readonly reply: Reply; readonly fired: false }> {
  const abort = new AbortController()
  const onAbort = (): void => abort.abort(ctx.signal.reason)
  heed(ctx.signal, onAbort)
  if (ctx.signal.aborted) onAbort()
  let grace: Disposable | undefined
  let timer: Disposable | undefined
  let fired = false
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = clock.timer(timeoutMs, () => {
        fired = true
        abort.abort(fail('rpc_timeout', 'policy', 'chain.stoppedByTimeout', { timeoutMs }))
        grace = clock.timer(graceMs, () => resolve(undefined))
      })
    })
    const reply = await Promise.race([next({ ...ctx, deadline, signal: abort.signal }), late])
    // A server that was told the deadline may say that it passed a moment before our own timer does.
    const isLate = !fired && reply?.outcome === 'failed' && reply.error?.layer === 'remote' && clock.now() >= deadline - graceMs * 1e6
    if (reply === undefined || isLate || (fired && (reply.outcome === 'timeout' || reply.outcome === 'cancelled'))) return { reply, fired: true }
    return { reply, fired: false }
  } finally {
    timer?.dispose()
    grace?.dispose()
    unheed(ctx.signal, onAbort)
  }
}

function timedOut(ctx: RpcInfo, inner: Reply | undefined, timeoutMs: number, tookNs: number): Reply {
  const remote = inner?.instance?.address
  const params = { timeoutMs, tookMs: round(tookNs / 1e6), service: ctx.to.service, method: ctx.invocation.method, ...(remote === undefined ? {} : { remote }) }
  const key = remote === undefined ? 'chain.rpcTimeoutNoRemote' : 'chain.rpcTimeout'
  const { note, ...facts } = inner ?? failedReply({ code: 'rpc_timeout', layer: 'policy', text: { key } })
  return {
    ...facts,
    outcome: 'timeout',
    // Whatever was inside may know more about the silence.
    error: fail('rpc_timeout', 'policy', key, params, { hint: inner?.error?.hint ?? { key: 'chain.rpcTimeoutHint' } }).data,
  }
}

const round = (ms: number): number => Math.round(ms * 1e3) / 1e3
