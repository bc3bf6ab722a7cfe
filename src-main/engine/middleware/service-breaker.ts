// Kitex's service-level breaker: one window for caller, callee and method, before anything is resolved. Asked, and told how it ended.

import type { BreakerPolicy } from '../../../shared/model/call.ts'
import { fail } from '../../../shared/base/error.ts'
import { breakerNote } from '../kernel/breaker-note.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, withNote } from '../kernel/reply.ts'
import type { Breaker } from '../policy/breaker.ts'
import { serviceOutcome } from '../policy/breaker-kind.ts'

export const serviceBreaker = (policy: BreakerPolicy, breaker: Breaker, key: string): Middleware => ({
  kind: 'breaker.service',
  name: 'service breaker',
  source: 'call',
  async call(ctx, next) {
    const before = breaker.view(policy)
    const subject = { scope: 'service', key, limit: policy.errRate, minSample: policy.minSample } as const
    if (!breaker.decide()) {
      const refused = failedReply(fail('circuit_break', 'policy', 'chain.serviceBreakerOpen', { service: ctx.to.service, method: ctx.invocation.method, openForMs: Math.ceil(before.openForMs ?? 0) }, {
        hint: { key: 'chain.breakerHint' },
      }).data)
      return ctx.stats === 'disabled' ? refused : withNote(refused, breakerNote(subject, before, breaker.view(policy), true))
    }
    const reply = await next(ctx)
    const outcome = serviceOutcome(reply.error?.code)
    if (outcome !== undefined) breaker.observe(outcome, policy)
    return ctx.stats === 'disabled' ? reply : withNote(reply, breakerNote(subject, before, breaker.view(policy), false))
  },
})
