// Picks one instance and goes on; where that one cannot be connected to or its breaker is open it picks another, up to six times, as Kitex's
// resolve middleware does (client/middlewares.go). Who was not eligible is kept with the reason: that is half of the answer to "why this one".

import { fail } from '../../../shared/base/error.ts'
import type { Text } from '../../../shared/base/error.ts'
import type { BalancerDecision } from '../../../shared/model/chain.ts'
import type { Instance, ServiceSnapshot } from '../../../shared/model/instance.ts'
import type { Pick as Chosen, Picker } from '../balance/balancer.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { afterAttempt, failedReply, withNote, type Reply } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'

/** Kitex's maxRetry. */
const maxPicks = 6

export interface BalancerOptions {
  /** Kitex's name of the algorithm. */
  readonly policy: string
  readonly tags: Readonly<Record<string, string>>
  readonly pinned?: string
  /** One per call: attempts go on in the same sequence. */
  readonly picker: (instances: readonly Instance[]) => Picker
  /** Told after each pick, so that the rotation goes on from there. */
  readonly onPick?: () => void
  readonly clock: Clock
}

export const balancer = (options: BalancerOptions): Middleware => ({
  kind: 'balancer',
  name: 'balancer',
  source: options.pinned === undefined && options.policy === 'weight_round_robin' ? 'default' : 'call',
  async call(ctx, next) {
    const snapshot = ctx.resolved
    if (snapshot === undefined) return failedReply(fail('loadbalance', 'balance', 'chain.nothingResolved').data)
    const picker = options.picker(snapshot.instances)
    const refused = new Set<string>()
    let last: Reply | undefined
    let chosen: Chosen | undefined
    let picks = 0
    for (; picks < maxPicks; picks += 1) {
      const excluded = exclusions(options, ctx, snapshot.instances, refused)
      const pick = picker.next(({ address }) => !excluded.has(address))
      if (pick === undefined) break
      chosen = pick
      options.onPick?.()
      last = afterAttempt(last, await next({ ...ctx, instance: pick.instance }))
      if (!isRetryable(last) || ctx.signal.aborted) return noted(options, ctx, snapshot, refused, last, pick, picks)
      refused.add(pick.instance.address)
    }
    const reply = last === undefined ? failedReply(nobody(options, ctx, snapshot)) : exhausted(ctx, last, refused)
    return noted(options, ctx, snapshot, refused, reply, chosen, Math.max(0, picks - 1))
  },
})

const isRetryable = ({ error }: Reply): boolean => error?.code === 'get_connection' || error?.code === 'circuit_break'

/** Why each one that may not be picked may not. Attempts before are avoided only while somebody else is left. */
function exclusions({ tags, pinned }: BalancerOptions, ctx: RpcInfo, instances: readonly Instance[], refused: ReadonlySet<string>): ReadonlyMap<string, Text> {
  const excluded = new Map<string, Text>()
  for (const instance of instances) {
    const why = unfit(instance, tags, pinned, ctx.sameNode, refused)
    if (why !== undefined) excluded.set(instance.address, why)
  }
  const fresh = instances.filter(({ address }) => !excluded.has(address) && !ctx.tried.includes(address))
  if (fresh.length === 0 || ctx.sameNode !== undefined) return excluded
  for (const address of ctx.tried) if (!excluded.has(address)) excluded.set(address, { key: 'chain.excludedTried' })
  return excluded
}

function unfit(instance: Instance, tags: Readonly<Record<string, string>>, pinned: string | undefined, sameNode: string | undefined, refused: ReadonlySet<string>): Text | undefined {
  const missing = Object.entries(tags).find(([key, value]) => instance.tags[key] !== value)
  if (missing !== undefined) return { key: 'chain.excludedTag', params: { tag: missing.join('=') } }
  if (pinned !== undefined && instance.address !== pinned) return { key: 'chain.excludedPinned', params: { pinned } }
  if (sameNode !== undefined && instance.address !== sameNode && refused.size === 0) return { key: 'chain.excludedSameNode', params: { address: sameNode } }
  if (instance.weight <= 0) return { key: 'chain.excludedWeight' }
  if (refused.has(instance.address)) return { key: 'chain.excludedRefused' }
  return undefined
}

function nobody({ tags, pinned }: BalancerOptions, ctx: RpcInfo, { instances }: ServiceSnapshot) {
  const service = ctx.to.service
  if (pinned !== undefined && !instances.some(({ address }) => address === pinned)) {
    return fail('no_more_instance', 'balance', 'chain.pinnedGone', { pinned, service }, { hint: { key: 'chain.pinnedGoneHint' } }).data
  }
  const wanted = Object.entries(tags).map((pair) => pair.join('=')).join(', ')
  if (wanted !== '') return fail('no_more_instance', 'balance', 'chain.noInstanceWithTags', { service, tags: wanted, total: instances.length }, { hint: tagsHint(instances) }).data
  return fail('no_more_instance', 'balance', 'chain.noInstanceUsable', { service, total: instances.length }).data
}

function tagsHint(instances: readonly Instance[]): Text {
  const known = [...new Set(instances.flatMap(({ tags }) => Object.entries(tags).map((pair) => pair.join('='))))].sort()
  return known.length === 0 ? { key: 'chain.noTagsHint' } : { key: 'chain.tagsHint', params: { tags: known.join(', ') } }
}

/** With one candidate its own error says it best; with several, that all were tried is the news. */
function exhausted(ctx: RpcInfo, last: Reply, refused: ReadonlySet<string>): Reply {
  if (refused.size < 2 || last.error === undefined) return last
  const error = fail('no_more_instance', 'balance', 'chain.noMoreInstance', { service: ctx.to.service, count: refused.size }, { cause: last.error, ...(last.error.hint === undefined ? {} : { hint: last.error.hint }) }).data
  return { ...last, error }
}

function noted(options: BalancerOptions, ctx: RpcInfo, snapshot: ServiceSnapshot, refused: ReadonlySet<string>, reply: Reply, pick: Chosen | undefined, repicks: number): Reply {
  const carried = pick === undefined || reply.instance !== undefined ? reply : { ...reply, instance: pick.instance }
  if (ctx.stats === 'disabled') return carried
  const excluded = exclusions(options, ctx, snapshot.instances, refused)
  const ageMs = Math.max(0, Number(options.clock.unixNano() / 1_000_000n) - snapshot.seenAtMs)
  const candidates = snapshot.instances.map((instance): BalancerDecision['candidates'][number] => {
    const score = pick?.scores.get(instance.address)
    const why = instance.address === pick?.instance.address ? undefined : excluded.get(instance.address)
    return { ...instance, ...(score === undefined || why !== undefined ? {} : { score }), ...(why === undefined ? {} : { excluded: why }) }
  })
  const params = { address: pick?.instance.address ?? '', total: snapshot.instances.length, policy: options.policy, repicks }
  return withNote(carried, {
    verdict: pick === undefined ? 'failed' : 'changed',
    reason: pick === undefined ? reply.error?.text ?? { key: 'chain.failed' } : { key: repicks > 0 ? 'chain.pickedAgain' : options.pinned === undefined ? 'chain.picked' : 'chain.pickedPinned', params },
    decision: {
      kind: 'balancer', policy: options.policy, revision: snapshot.revision, ageMs, candidates,
      ...(pick === undefined ? {} : { picked: pick.instance.address }),
      seed: ctx.seed, repicks,
    },
  })
}
