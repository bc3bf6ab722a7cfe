// Every rule of the explaining sentence, in both languages, by a call that made it speak.

import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import { explainCall, explainRules } from '../../../../shared/logic/explain-call.ts'
import { noCounts } from '../../../../shared/model/stream.ts'
import { completeRequest } from '../../../../shared/logic/complete-request.ts'
import type { CallRecord } from '../../../../shared/model/call.ts'
import type { ChainNode, RetryDecision } from '../../../../shared/model/chain.ts'
import type { ErrorData } from '../../../../shared/base/error.ts'

const node = (kind: ChainNode['kind'], more: Partial<ChainNode> = {}): ChainNode => ({
  n: 0, parent: null, kind, name: kind, attempt: null, verdict: 'pass', reason: { key: 'chain.passed' }, startNs: 0, endNs: 0, ownNs: 0,
  marks: { enter: 0, next: [], back: [], exit: 0 }, waits: [], deltas: [], source: 'default', ...more,
})
const a = { address: 'A:1', weight: 10, tags: {} }
const record = (more: Partial<CallRecord>, nodes: readonly ChainNode[] = []): CallRecord => ({
  id: '1', traceId: '', spanId: '', service: 'demo.user', method: 'S/M', transport: 'framed', codec: 'thrift-binary', instance: a, startTimeUnixNano: '0', durationNs: 12.34e6, outcome: 'ok', response: 'null',
  warnings: [], metainfo: { backward: [] }, headers: [], trailers: [], bytes: { sent: 0, received: 0 }, byteViews: [], seed: 0, chain: { nodes },
  request: completeRequest({ idl: { paths: [] }, method: 'M', body: '', target: { kind: 'direct', endpoints: ['A:1'] }, timeoutMs: 25 }), ...more,
})
const error = (code: ErrorData['code'], more: Partial<ErrorData> = {}): ErrorData => ({ code, layer: 'remote', text: { key: 'chain.notRegistered', params: { service: 's', origin: 'o' } }, ...more })

type Attempt = RetryDecision['attempts'][number]
const attempt = (n: number, instance: string, result: Attempt['result'], waitNs = 0): Attempt => ({ attempt: n, instance, startNs: 0, durationNs: 25e6, waitNs, result, again: { key: result === 'ok' ? 'chain.retrySucceeded' : 'chain.retryUsedUp', params: { max: 2 } } })
const retry = (attempts: readonly Attempt[], winner?: number): ChainNode => node('retry', { decision: { kind: 'retry', policy: 'failure', maxRetryTimes: 2, attempts, wastedNs: 0, ...(winner === undefined ? {} : { winner }) } })
const balancer = (repicks: number): ChainNode => node('balancer', {
  decision: { kind: 'balancer', policy: 'weight_round_robin', revision: 1, ageMs: 0, picked: 'A:1', seed: 0, repicks, candidates: [{ ...a }, { ...a, address: 'B:1', ...(repicks > 0 ? { excluded: { key: 'chain.excludedRefused' } } : {}) }] },
})

const cases: readonly (readonly [rule: string, record: CallRecord, english: string])[] = [
  ['answered', record({}), 'A:1 answered in 12.3 ms.'],
  ['answered', record({}, [balancer(0)]), 'A:1, picked of 2 instances, answered in 12.3 ms.'],
  ['picked again', record({}, [balancer(1)]), 'B:1 could not be used, so A:1 was picked and answered in 12.3 ms.'],
  ['retried and answered', record({}, [retry([attempt(1, 'A:1', 'timeout'), attempt(2, 'B:1', 'ok', 10e6)], 2)]),
    'Failed once: attempt 1 on A:1 hit the 25 ms timeout; after a 10.0 ms wait, attempt 2 succeeded on B:1.'],
  ['retried and answered', record({}, [retry([attempt(1, 'A:1', 'timeout'), attempt(2, 'B:1', 'ok')], 2)]),
    'Failed once: attempt 1 on A:1 hit the 25 ms timeout; attempt 2 succeeded on B:1.'],
  ['retried and answered', record({}, [retry([attempt(1, 'A:1', 'timeout'), attempt(2, 'B:1', 'timeout'), attempt(3, 'C:1', 'ok')], 3)]),
    'Failed 2 times, last on B:1 at the 25 ms timeout; attempt 3 succeeded on C:1, 12.3 ms in all.'],
  ['all attempts failed', record({ outcome: 'timeout', error: error('rpc_timeout') }, [retry([attempt(1, 'A:1', 'timeout'), attempt(2, 'B:1', 'timeout')])]),
    'All 2 attempts failed; the last, attempt 2 on B:1, ended after 12.3 ms in all. Not retried: all 2 retries are used up'],
  ['stream', record({ stream: { ...noCounts, sent: 1, received: 1_000_000, kept: [], left: 5 } }), 'Streamed with A:1 for 12.3 ms: 1 sent, 1,000,000 received.'],
  ['stream', record({ stream: { ...noCounts, kept: [], left: 0 }, outcome: 'timeout', error: error('rpc_timeout', { text: { key: 'chain.recvTimeout', params: { timeoutMs: 300, received: 1 } } }) }), 'No message came for 300 ms (after 1 messages).'],
  ['timeout', record({ outcome: 'timeout', error: error('rpc_timeout') }), 'A:1 did not answer within 25 ms.'],
  ['business error', record({ outcome: 'biz_error', error: error('biz', { biz: { status: 42, message: 'no user', extra: {} } }) }), 'A:1 answered in 12.3 ms with business error 42: no user.'],
  ['declared exception', record({ outcome: 'exception', error: error('exception', { exception: { type: 'Oops' } }) }), 'A:1 answered in 12.3 ms with the declared exception Oops.'],
  ['remote exception', record({ outcome: 'failed', error: error('remote_or_network', { exception: { type: 'InternalError', typeId: 6 }, text: { key: 'chain.remoteException', params: { message: 'boom' } } }) }),
    'A:1 answered in 12.3 ms with exception InternalError: boom.'],
  ['remote exception', record({ outcome: 'failed', error: error('remote_or_network', { exception: { type: 'HTTP 404', typeId: 404 }, text: { key: 'http.status', params: { status: 404, reason: 'Not Found' } }, hint: { key: 'http.status404Hint' } }) }),
    'A:1 answered in 12.3 ms with HTTP 404 Not Found. Check the path.'],
  ['failed', record({ outcome: 'failed', error: error('service_discovery', { hint: { key: 'chain.didYouMeanService', params: { near: 't' } } }) }), 'Service s is not registered in o. Did you mean t?'],
  ['cancelled', record({ outcome: 'cancelled', error: error('cancelled') }), 'Cancelled after 12.3 ms.'],
  ['breaker open', record({ outcome: 'failed', error: error('circuit_break') }, [node('breaker.service', {
    verdict: 'rejected', decision: { kind: 'breaker', scope: 'service', key: 'k', before: 'open', after: 'open', window: { ok: 0, fail: 2, timeout: 0 }, errRate: 1, limit: 0.5, minSample: 2, samplesNeeded: 0, openForMs: 4000 },
  })]), 'The circuit breaker is open for another 4.00 s: nobody was called.'],
]

const oneway = (() => {
  const { response: _none, ...rest } = record({})
  return rest
})()
const noInstance = (() => {
  const { instance: _none, ...rest } = record({ outcome: 'timeout', error: error('rpc_timeout') })
  return rest
})()

describe('the explaining sentence', () => {
  const { text } = createTranslator('en')
  const chinese = createTranslator('zh-CN')
  const sentence = (of: CallRecord, word = text): string => {
    const { text: said, because } = explainCall(of)
    return [said, ...(because === undefined ? [] : [because])].map(word).join(' ')
  }

  it.each([...cases, ['oneway', oneway, 'Sent to A:1 in 12.3 ms; a oneway method has no reply.'], ['timeout', noInstance, '25 ms passed before an instance was reached.']] as const)('%s', (_rule, of, english) => {
    expect(sentence(of)).toBe(english)
    const zh = sentence(of, chinese.text)
    expect(zh).toMatch(/\p{Script=Han}/u)
    expect(zh).not.toMatch(/\{\{|\w+\.\w+\.\w+/)
  })

  it('has a case for every rule', () => {
    expect(explainRules.map(({ name }) => name).filter((name) => name !== 'oneway' && !cases.some(([rule]) => rule === name))).toEqual([])
  })

  it('links its nouns', () => {
    expect(explainCall(cases[3]?.[1] ?? record({})).links).toEqual({
      failed: { kind: 'attempt', attempt: 1 }, winner: { kind: 'attempt', attempt: 2 }, failedInstance: { kind: 'instance', address: 'A:1' }, instance: { kind: 'instance', address: 'B:1' },
    })
  })
})
