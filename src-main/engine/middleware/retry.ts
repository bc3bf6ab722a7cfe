// Kitex's failure retry around everything that an attempt repeats. What decides stands in policy/retry.ts; here attempts are made, waits
// waited, and each attempt gets what Kitex gives it: the tags `retry`, `last_cost`, `prev_inst`, persistent RetryReq, and a span of its own.
//
// Kitex's open-source balancers do not read `prev_inst`, so a retry may land on the instance that just failed; we pass on who was
// tried and the balancer avoids them where it can, as Kitex's option `retry_same_node: false` promises.

import type { RetryPolicy } from '../../../shared/model/call.ts'
import type { RetryDecision } from '../../../shared/model/chain.ts'
import { sleep, type Clock } from '../kernel/clock.ts'
import type { Endpoint, Middleware } from '../kernel/endpoint.ts'
import type { Random } from '../kernel/random.ts'
import { afterAttempt, isSuccess, withNote, type Reply, type Wait } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { attemptSpanId, traceparentKey, traceparentOf } from '../kernel/trace-context.ts'
import { backoffMs } from '../policy/backoff.ts'
import type { PercentageLimit } from '../policy/percentage-limit.ts'
import { decideRetry, retryMark, type RetryVerdict } from '../policy/retry.ts'

type Attempt = RetryDecision['attempts'][number]

export const retry = (policy: RetryPolicy, clock: Clock, limit: PercentageLimit, random: Random): Middleware => ({
  kind: 'retry',
  name: 'retry',
  attempts: true,
  source: 'call',
  call: (ctx, next) => new Run(policy, clock, limit, random, ctx).all(next),
})

/** The attempts of one call. */
class Run {
  readonly #policy: RetryPolicy
  readonly #clock: Clock
  readonly #limit: PercentageLimit
  readonly #random: Random
  readonly #ctx: RpcInfo
  readonly #began: number
  readonly #attempts: Attempt[] = []
  readonly #waits: Wait[] = []
  readonly #costs: number[] = []
  readonly #tried: string[] = []

  constructor(policy: RetryPolicy, clock: Clock, limit: PercentageLimit, random: Random, ctx: RpcInfo) {
    this.#policy = policy
    this.#clock = clock
    this.#limit = limit
    this.#random = random
    this.#ctx = ctx
    this.#began = clock.now()
  }

  async all(next: Endpoint): Promise<Reply> {
    let waited = 0
    let last: Reply | undefined
    for (let attempt = 1; ; attempt += 1) {
      const start = this.#clock.now()
      this.#limit.record(attempt)
      last = afterAttempt(last, await next(this.#attemptContext(attempt)))
      const verdict = this.#decide(attempt, last)
      this.#remember(attempt, last, start, waited, verdict)
      if (!verdict.again) return this.#finish(last, verdict)
      waited = await this.#wait()
      if (waited < 0) return this.#finish(last, { again: false, why: { key: 'chain.retryCancelled' } })
    }
  }

  #attemptContext(attempt: number): RpcInfo {
    const ctx = this.#ctx
    const traced = ctx.trace === undefined ? ctx.metainfo.transient : ctx.metainfo.transient.map((pair) => (
      pair[0] === traceparentKey && ctx.trace !== undefined ? [traceparentKey, traceparentOf(ctx.trace, attemptSpanId(ctx.trace, attempt))] as const : pair))
    const previous = this.#tried.at(-1)
    if (attempt === 1) return { ...ctx, attempt, metainfo: { ...ctx.metainfo, transient: traced } }
    return {
      ...ctx,
      attempt,
      tried: [...this.#tried],
      ...(this.#policy.retrySameNode && previous !== undefined ? { sameNode: previous } : {}),
      metainfo: { transient: traced, persistent: [...ctx.metainfo.persistent, [retryMark, '1']] },
      tags: { ...ctx.tags, retry: String(attempt - 1), last_cost: this.#costs.join(','), ...(previous === undefined ? {} : { prev_inst: previous }) },
    }
  }

  #decide(attempt: number, reply: Reply): RetryVerdict {
    return decideRetry({
      policy: this.#policy,
      attempts: attempt,
      code: reply.error?.code,
      elapsedMs: (this.#clock.now() - this.#began) / 1e6,
      isRetry: this.#ctx.metainfo.persistent.some(([key]) => key === retryMark),
      limit: this.#limit.decide(this.#policy.errorRate),
    })
  }

  #remember(attempt: number, reply: Reply, start: number, waited: number, verdict: RetryVerdict): void {
    const durationNs = this.#clock.now() - start
    this.#costs.push(Math.round(durationNs / 1e3))
    const instance = reply.instance?.address
    if (instance !== undefined) this.#tried.push(instance)
    this.#attempts.push({
      attempt,
      ...(instance === undefined ? {} : { instance }),
      startNs: start - this.#ctx.startedAt,
      durationNs,
      waitNs: waited,
      result: reply.outcome,
      again: verdict.why,
    })
  }

  /** Nanoseconds waited; -1 when cancelled meanwhile. */
  async #wait(): Promise<number> {
    const ms = backoffMs(this.#policy.backoff, this.#random)
    if (ms <= 0) return this.#ctx.signal.aborted ? -1 : 0
    const from = this.#clock.now()
    const whole = await sleep(this.#clock, ms, this.#ctx.signal)
    const to = this.#clock.now()
    this.#waits.push({ from, to, reason: { key: 'chain.backoff', params: { kind: this.#policy.backoff.type, ms } } })
    return whole ? to - from : -1
  }

  #finish(reply: Reply, verdict: RetryVerdict): Reply {
    if (this.#ctx.stats === 'disabled') return reply
    const winner = isSuccess(reply) || reply.outcome === 'exception' ? this.#attempts.at(-1)?.attempt : undefined
    const wasted = this.#attempts.filter(({ attempt }) => attempt !== winner)
    const retried = this.#attempts.length > 1
    return withNote(reply, {
      verdict: retried ? 'retried' : reply.error === undefined || isSuccess(reply) ? 'pass' : 'failed',
      reason: retried && winner !== undefined ? { key: 'chain.retryWon', params: { attempts: this.#attempts.length, winner } } : verdict.why,
      waits: this.#waits,
      decision: {
        kind: 'retry', policy: 'failure', maxRetryTimes: this.#policy.maxRetryTimes, attempts: this.#attempts,
        ...(winner === undefined ? {} : { winner }),
        wastedNs: wasted.reduce((sum, { durationNs }) => sum + durationNs, 0),
      },
    })
  }
}
