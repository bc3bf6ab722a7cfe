// What both breakers tell of themselves: the numbers that decide, and how far they are from deciding otherwise.

import type { Text } from '../../../shared/base/error.ts'
import type { BreakerDecision } from '../../../shared/model/chain.ts'
import type { Note } from './reply.ts'

type Subject = Pick<BreakerDecision, 'scope' | 'key' | 'limit' | 'minSample'>
type View = Pick<BreakerDecision, 'window' | 'errRate' | 'samplesNeeded' | 'openForMs'> & { readonly state: BreakerDecision['before'] }

export function breakerNote(subject: Subject, before: View, after: View, refused: boolean): Note {
  const { state, ...numbers } = after
  return {
    verdict: refused ? 'rejected' : 'pass',
    reason: reasonOf(subject, before, after, refused),
    decision: { kind: 'breaker', ...subject, before: before.state, after: state, ...numbers },
  }
}

function reasonOf(subject: Subject, before: View, after: View, refused: boolean): Text {
  const { ok, fail, timeout } = after.window
  const params = {
    bad: fail + timeout, samples: ok + fail + timeout, rate: percent(after.errRate), limit: percent(subject.limit), needed: after.samplesNeeded,
    openForMs: Math.ceil(after.openForMs ?? 0), key: subject.key,
  }
  if (refused) return { key: 'chain.breakerRefused', params: { ...params, openForMs: Math.ceil(before.openForMs ?? 0) } }
  if (before.state !== 'open' && after.state === 'open') return { key: 'chain.breakerOpened', params }
  if (before.state !== 'closed' && after.state === 'closed') return { key: 'chain.breakerClosedAgain', params }
  if (after.state === 'half-open') return { key: 'chain.breakerProbing', params }
  return after.samplesNeeded > 0 ? { key: 'chain.breakerClosedFewSamples', params } : { key: 'chain.breakerClosed', params }
}

const percent = (rate: number): string => `${(rate * 100).toFixed(rate * 100 < 10 && rate > 0 ? 1 : 0)} %`
