// The order of the chain, outermost first: Kitex's (client/client.go; see middleware/README.md). One line for each middleware; a call
// that has no use for one still shows it, with why it did not run.

import type { CallRequest } from '../../shared/model/call.ts'
import type { Text } from '../../shared/base/error.ts'
import type { BalancerOptions } from './middleware/balancer.ts'
import { balancer } from './middleware/balancer.ts'
import { connection } from './middleware/connection.ts'
import { instanceBreaker } from './middleware/instance-breaker.ts'
import { metainfo } from './middleware/metainfo.ts'
import { resolver, type Resolver } from './middleware/resolver.ts'
import { retry } from './middleware/retry.ts'
import { serviceBreaker } from './middleware/service-breaker.ts'
import { timeout } from './middleware/timeout.ts'
import { tracer } from './middleware/tracer.ts'
import { streamWire } from './middleware/stream-wire.ts'
import { wire, type WireOptions } from './middleware/wire.ts'
import { skippedStep } from './kernel/chain.ts'
import type { Clock } from './kernel/clock.ts'
import type { Middleware } from './kernel/endpoint.ts'
import type { Random } from './kernel/random.ts'
import type { TraceContext } from './kernel/trace-context.ts'
import type { PolicyStates } from './policy/states.ts'
import type { StreamRun } from './stream/stream-run.ts'
import type { ConnectionPool } from './transport/transport.ts'

/** All that the middlewares of one call are made from. */
export interface CallSetup {
  readonly request: CallRequest
  /** Kitex's key of this method: from/to/method. */
  readonly key: string
  readonly clock: Clock
  readonly random: Random
  readonly states: PolicyStates
  readonly trace: TraceContext
  readonly resolver: Resolver
  readonly picker: BalancerOptions['picker']
  readonly onPick: () => void
  readonly pool: ConnectionPool
  readonly wire: WireOptions
  /** 0: none. */
  readonly timeoutMs: number
  /** Of streaming kinds only. */
  readonly stream?: StreamRun
}

type Step = (setup: CallSetup) => Middleware

const steps: readonly Step[] = [
  ({ request, trace }) => on(request, tracer(trace)),
  ({ request: { policy, chain }, clock, states, random, key, stream }) => stream !== undefined
    ? off('retry', 'retry', chain, 'chain.noRetryForStreams')
    : policy.retry?.enable === true && chain
    ? retry(policy.retry, clock, states.retryLimit(key), random)
    : off('retry', 'retry', chain, policy.retry === undefined ? 'chain.noRetryPolicy' : 'chain.disabled'),
  ({ request: { policy, chain }, states, key }) => policy.serviceBreaker?.enable === true && chain
    ? serviceBreaker(policy.serviceBreaker, states.serviceBreaker(key), key)
    : off('breaker.service', 'service breaker', chain, policy.serviceBreaker === undefined ? 'chain.noBreakerPolicy' : 'chain.disabled'),
  ({ timeoutMs, clock }) => timeoutMs > 0 ? timeout(timeoutMs, clock) : off('timeout', 'timeout', true, 'chain.noTimeout'),
  ({ request, resolver: source, clock }) => on(request, resolver(source, tagsOf(request), clock)),
  ({ request, picker, onPick, clock }) => on(request, balancer({ policy: request.policy.balancer, tags: tagsOf(request), ...pinnedOf(request), picker, onPick, clock })),
  ({ request: { policy, chain }, states }) => policy.instanceBreaker?.enable === true && chain
    ? instanceBreaker(policy.instanceBreaker, (address) => states.instanceBreaker(address))
    : off('breaker.instance', 'instance breaker', chain, policy.instanceBreaker === undefined ? 'chain.noBreakerPolicy' : 'chain.disabled'),
  ({ pool, request }) => connection(pool, request.policy.pool === 'auto'),
  () => metainfo,
  ({ wire: options, stream }) => (stream === undefined ? wire(options) : streamWire(options, stream)),
]

/** The chain of one call. */
export const chainOf = (setup: CallSetup): readonly Middleware[] => steps.map((step) => step(setup))

/** Tags that narrow the instances. */
export const tagsOf = ({ target }: CallRequest): Readonly<Record<string, string>> => (target.kind === 'service' ? target.tags : {})

const pinnedOf = ({ target }: CallRequest): { readonly pinned?: string } => (target.kind === 'service' && target.pinned !== undefined ? { pinned: target.pinned } : {})

/** Steps that do nothing are the same for all calls. */
const offSteps = new Map<string, Middleware>()

function off(kind: Middleware['kind'], name: string, chain: boolean, why: Text['key']): Middleware {
  const key = chain ? why : 'chain.straightToWire'
  const known = offSteps.get(kind + key)
  if (known !== undefined) return known
  const step = skippedStep({ kind, name }, { key })
  offSteps.set(kind + key, step)
  return step
}

const on = ({ chain }: CallRequest, step: Middleware): Middleware => (chain ? step : off(step.kind, step.name, false, ''))
