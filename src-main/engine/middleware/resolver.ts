// Asks the registry's watch which instances the service has now. A list that is not live is used and said to be stale; no list at all is
// Kitex's service discovery error, with the nearest name that is registered.

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail, KiteError } from '../../../shared/base/error.ts'
import type { ServiceSnapshot } from '../../../shared/model/instance.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, withNote, type Note } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'

/** What the resolver asks: a registry, or the addresses that the user gave. */
export interface Resolver {
  readonly origin: string
  resolve(service: string, signal: AbortSignal): Promise<ServiceSnapshot>
  /** The registered name that the user may have meant. */
  nearest?(service: string, signal: AbortSignal): Promise<string | undefined>
}

export const resolver = (source: Resolver, tags: Readonly<Record<string, string>>, clock: Clock): Middleware => ({
  kind: 'resolver',
  name: 'resolver',
  async call(ctx, next) {
    const service = ctx.to.service
    let snapshot: ServiceSnapshot
    try {
      snapshot = await source.resolve(service, ctx.signal)
    } catch (caught) {
      return failedReply(discoveryError(caught))
    }
    const error = snapshot.instances.length === 0 ? await notRegistered(source, ctx, snapshot) : undefined
    const note = ctx.stats === 'disabled' ? undefined : noteOf(snapshot, service, tags, clock)
    if (error !== undefined) return note === undefined ? failedReply(error) : withNote(failedReply(error), { ...note, verdict: 'failed', reason: error.text })
    const reply = await next({ ...ctx, resolved: snapshot })
    return note === undefined ? reply : withNote(reply, note)
  },
})

function noteOf(snapshot: ServiceSnapshot, service: string, tags: Readonly<Record<string, string>>, clock: Clock): Note {
  const ageMs = Math.max(0, Number(clock.unixNano() / 1_000_000n) - snapshot.seenAtMs)
  const params = { count: snapshot.instances.length, origin: snapshot.origin, ageMs, revision: snapshot.revision }
  return {
    verdict: 'changed',
    reason: { key: snapshot.state === 'stale' || snapshot.state === 'failed' ? 'chain.resolvedStale' : 'chain.resolved', params },
    decision: { kind: 'resolver', origin: snapshot.origin, service, revision: snapshot.revision, state: snapshot.state, ageMs, total: snapshot.instances.length, tags },
  }
}

/** A cancelled wait stays a cancelled wait. */
function discoveryError(caught: unknown): ErrorData {
  const { data } = KiteError.from(caught, 'discovery')
  return data.code === 'internal' ? { ...data, code: 'service_discovery' } : data
}

async function notRegistered(source: Resolver, ctx: RpcInfo, { origin, problems }: ServiceSnapshot): Promise<ErrorData> {
  const service = ctx.to.service
  const [problem] = problems
  if (problem !== undefined) return fail('service_discovery', 'discovery', 'discovery.allUnreadable', { service, origin }, { cause: problem }).data
  const near = await source.nearest?.(service, ctx.signal).catch(() => undefined)
  const hint = near === undefined || near === service ? { key: 'chain.notRegisteredHint', params: { service } } : { key: 'chain.didYouMeanService', params: { near } }
  return fail('service_discovery', 'discovery', 'chain.notRegistered', { service, origin }, { hint }).data
}
