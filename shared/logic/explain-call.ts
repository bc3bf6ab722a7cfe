// One sentence that says how a call went and why, for the top of the inspector and for `kite call -v`. Rules are data, asked from the
// most telling to the least; each noun in the sentence that can be gone to is named, so that a host makes it a link.

import type { Text } from '../base/error.ts'
import type { CallRecord } from '../model/call.ts'
import type { BalancerDecision, ChainNode, RetryDecision } from '../model/chain.ts'
import { formatDuration } from './format.ts'

/** What a parameter of the sentence points at. */
export type ExplainLink =
  | { readonly kind: 'instance'; readonly address: string }
  | { readonly kind: 'attempt'; readonly attempt: number }
  | { readonly kind: 'node'; readonly n: number }

export interface Explanation {
  readonly text: Text
  /** By parameter name of `text`. */
  readonly links: Readonly<Record<string, ExplainLink>>
  /** A second sentence: why it was not tried again. */
  readonly because?: Text
}

interface Facts {
  readonly record: CallRecord
  readonly address: string
  readonly duration: string
  readonly retry: RetryDecision | undefined
  /** The balancer of the attempt that counts. */
  readonly balancer: BalancerDecision | undefined
  node(kind: ChainNode['kind']): ChainNode | undefined
}

interface Rule {
  readonly name: string
  readonly say: (facts: Facts) => Explanation | undefined
}

/** In the order asked; the first that has something to say says it. */
export const explainRules: readonly Rule[] = [
  { name: 'cancelled', say: ({ record, duration }) => (record.outcome === 'cancelled' ? plain('call.explain.cancelled', { duration }) : undefined) },
  { name: 'breaker open', say: breakerOpen },
  { name: 'retried and answered', say: retriedAndAnswered },
  { name: 'all attempts failed', say: allFailed },
  { name: 'stream', say: streamed },
  { name: 'timeout', say: timedOut },
  { name: 'business error', say: businessError },
  { name: 'declared exception', say: declaredException },
  { name: 'remote exception', say: remoteException },
  { name: 'failed', say: ({ record }) => (record.error === undefined ? undefined : { text: record.error.text, links: {}, ...(record.error.hint === undefined ? {} : { because: record.error.hint }) }) },
  { name: 'picked again', say: pickedAgain },
  { name: 'oneway', say: ({ record, address, duration }) => (record.outcome === 'ok' && record.response === undefined ? plain('call.explain.oneway', { instance: address, duration }, onInstance(address)) : undefined) },
  { name: 'answered', say: answered },
]

/** How the call went. */
export function explainCall(record: CallRecord): Explanation {
  const { nodes } = record.chain
  const node = (kind: ChainNode['kind']): ChainNode | undefined => nodes.findLast((each) => each.kind === kind && each.verdict !== 'skipped')
  const retry = node('retry')?.decision
  const balancer = node('balancer')?.decision
  const facts: Facts = {
    record,
    address: record.instance?.address ?? '',
    duration: formatDuration(record.durationNs),
    retry: retry?.kind === 'retry' ? retry : undefined,
    balancer: balancer?.kind === 'balancer' ? balancer : undefined,
    node,
  }
  for (const { say } of explainRules) {
    const said = say(facts)
    if (said !== undefined) return said
  }
  return answered(facts)
}

const plain = (key: string, params: NonNullable<Text['params']>, links: Explanation['links'] = {}): Explanation => ({ text: { key, params }, links })
const onInstance = (address: string): Explanation['links'] => (address === '' ? {} : { instance: { kind: 'instance', address } })

function breakerOpen({ node, record }: Facts): Explanation | undefined {
  const breaker = node('breaker.service')
  if (record.error?.code !== 'circuit_break' || breaker?.verdict !== 'rejected' || breaker.decision?.kind !== 'breaker') return undefined
  return plain('call.explain.breakerOpen', { openFor: formatDuration((breaker.decision.openForMs ?? 0) * 1e6) }, { openFor: { kind: 'node', n: breaker.n } })
}

function retriedAndAnswered({ retry, record, duration }: Facts): Explanation | undefined {
  if (retry?.winner === undefined || retry.attempts.length < 2) return undefined
  const failures = retry.attempts.filter(({ attempt }) => attempt !== retry.winner)
  const last = failures.at(-1)
  const winner = retry.attempts.find(({ attempt }) => attempt === retry.winner)
  if (last === undefined || winner === undefined) return undefined
  const wait = winner.waitNs
  const key = failures.length > 1 ? 'call.explain.retriedMore' : wait > 0 ? 'call.explain.retriedOnceWaited' : 'call.explain.retriedOnce'
  const params = {
    failed: last.attempt, failedInstance: last.instance ?? '', winner: winner.attempt, instance: winner.instance ?? '',
    timeoutMs: record.request.timeoutMs, count: failures.length, wait: formatDuration(wait), duration,
  }
  return plain(key, params, {
    failed: { kind: 'attempt', attempt: last.attempt },
    winner: { kind: 'attempt', attempt: winner.attempt },
    failedInstance: { kind: 'instance', address: params.failedInstance },
    instance: { kind: 'instance', address: params.instance },
  })
}

function allFailed({ retry, duration }: Facts): Explanation | undefined {
  const last = retry?.attempts.at(-1)
  if (retry === undefined || last === undefined || retry.winner !== undefined || retry.attempts.length < 2) return undefined
  const failedInstance = last.instance ?? ''
  return {
    ...plain('call.explain.allFailed', { count: retry.attempts.length, failed: last.attempt, failedInstance, duration }, {
      failed: { kind: 'attempt', attempt: last.attempt }, failedInstance: { kind: 'instance', address: failedInstance },
    }),
    because: last.again,
  }
}

function timedOut({ record, address }: Facts): Explanation | undefined {
  if (record.outcome !== 'timeout') return undefined
  const { timeoutMs } = record.request
  return address === '' ? plain('call.explain.timeoutNoInstance', { timeoutMs }) : plain('call.explain.timeout', { instance: address, timeoutMs }, onInstance(address))
}

/** A stream that ended well, or by a wait: its error tells which. */
function streamed({ record: { stream, outcome, error }, address, duration }: Facts): Explanation | undefined {
  if (stream === undefined) return undefined
  if (outcome === 'timeout' && error !== undefined) return { text: error.text, links: {} }
  return outcome === 'ok' ? plain('stream.explain.ok', { instance: address, duration, sent: stream.sent, received: stream.received }, onInstance(address)) : undefined
}

function businessError({ record: { outcome, error }, address, duration }: Facts): Explanation | undefined {
  if (outcome !== 'biz_error' || error?.biz === undefined) return undefined
  return plain('call.explain.bizError', { instance: address, duration, status: error.biz.status, message: error.biz.message }, onInstance(address))
}

function declaredException({ record: { outcome, error }, address, duration }: Facts): Explanation | undefined {
  if (outcome !== 'exception') return undefined
  return plain('call.explain.exception', { instance: address, duration, type: error?.exception?.type ?? '' }, onInstance(address))
}

function remoteException({ record: { error }, address, duration }: Facts): Explanation | undefined {
  if (error?.layer !== 'remote' || error.exception?.typeId === undefined) return undefined
  if (error.text.key === 'http.status') {
    const answered = plain('call.explain.httpStatus', { instance: address, duration, status: error.text.params?.['status'] ?? '', reason: error.text.params?.['reason'] ?? '' }, onInstance(address))
    return error.hint === undefined ? answered : { ...answered, because: error.hint }
  }
  const explained = plain('call.explain.remoteException', { instance: address, duration, name: error.exception.type, message: error.text.params?.['message'] ?? '' }, onInstance(address))
  return error.hint === undefined ? explained : { ...explained, because: error.hint }
}

function pickedAgain({ record, balancer, address, duration }: Facts): Explanation | undefined {
  if (record.outcome !== 'ok' || balancer === undefined || balancer.repicks === 0) return undefined
  const refused = balancer.candidates.filter(({ excluded }) => excluded?.key === 'chain.excludedRefused').map((candidate) => candidate.address)
  return plain('call.explain.pickedAgain', { count: refused.length, refused: refused.join(', '), instance: address, duration }, onInstance(address))
}

function answered({ balancer, address, duration }: Facts): Explanation {
  const total = balancer?.candidates.length ?? 1
  return plain(total > 1 ? 'call.explain.okPicked' : 'call.explain.ok', { instance: address, duration, total }, onInstance(address))
}
