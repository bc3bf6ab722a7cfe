// Kitex's instance-level breaker: one window for an address, behind the balancer, so that a refusal makes it pick somebody else. Only a
// connection that could not be had counts against an instance.

import type { BreakerPolicy } from '../../../shared/model/call.ts'
import { fail } from '../../../shared/base/error.ts'
import { breakerNote } from '../kernel/breaker-note.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, withNote } from '../kernel/reply.ts'
import type { Breaker } from '../policy/breaker.ts'
import { instanceOutcome } from '../policy/breaker-kind.ts'

export const instanceBreaker = (policy: BreakerPolicy, breakerOf: (address: string) => Breaker): Middleware => ({
  kind: 'breaker.instance',
  name: 'instance breaker',
  source: 'call',
  async call(ctx, next) {
    const key = ctx.instance?.address ?? ''
    const breaker = breakerOf(key)
    const before = breaker.view(policy)
    const subject = { scope: 'instance', key, limit: policy.errRate, minSample: policy.minSample } as const
    if (!breaker.decide()) {
      const refused = failedReply(fail('circuit_break', 'policy', 'chain.instanceBreakerOpen', { address: key, openForMs: Math.ceil(before.openForMs ?? 0) }, {
        hint: { key: 'chain.breakerHint' },
      }).data, ctx.instance === undefined ? {} : { instance: ctx.instance })
      return ctx.stats === 'disabled' ? refused : withNote(refused, breakerNote(subject, before, breaker.view(policy), true))
    }
    const reply = await next(ctx)
    breaker.observe(instanceOutcome(reply.error?.code), policy)
    return ctx.stats === 'disabled' ? reply : withNote(reply, breakerNote(subject, before, breaker.view(policy), false))
  },
})
