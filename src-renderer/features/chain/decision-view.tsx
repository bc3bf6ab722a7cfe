// What a node decided, each kind in its own form: tables where there were candidates, facts otherwise. Numbers carry their units.

import type { ReactElement, ReactNode } from 'react'
import { formatBytes, formatDuration, formatMs } from '../../../shared/logic/format.ts'
import type { BalancerDecision, BreakerDecision, ChainNode, ConnectionDecision, Decision, ResolverDecision, RetryDecision, TimeoutDecision, WireDecision } from '../../../shared/model/chain.ts'
import type { MessageKey } from '../../../shared/i18n/catalogue.ts'
import { useT } from '../../ui/translation.tsx'
import { FactList, type FactRow } from '../../ui/fact-list.tsx'

export function DecisionView({ node }: { readonly node: ChainNode }): ReactElement {
  const { t } = useT()
  const { decision } = node
  return decision === undefined ? <p className="inspector-empty dim">{t('inspector.noDecision')}</p> : <OfKind decision={decision} />
}

function OfKind({ decision }: { readonly decision: Decision }): ReactElement {
  switch (decision.kind) {
    case 'balancer': return <Balancer decision={decision} />
    case 'retry': return <Retry decision={decision} />
    case 'breaker': return <Breaker decision={decision} />
    case 'timeout': return <Timeout decision={decision} />
    case 'resolver': return <Resolver decision={decision} />
    case 'connection': return <Connection decision={decision} />
    case 'wire': return <Wire decision={decision} />
    case 'tracer': return <Facts rows={[['traceId', <code key="t">{decision.traceId}</code>], ['spanId', <code key="s">{decision.spanId}</code>], ['propagated', decision.propagated]]} />
    case 'metainfo': return <Facts rows={[['transient', decision.transient], ['persistent', decision.persistent], ['carried', decision.carried]]} />
  }
}

type FactName = MessageKey extends infer K ? (K extends `inspector.fact.${infer Name}` ? Name : never) : never

/** Booleans read as yes and no; undefined facts are left out. */
function Facts({ rows }: { readonly rows: readonly (readonly [FactName, ReactNode])[] }): ReactElement {
  const { t } = useT()
  const shown: FactRow[] = rows.flatMap(([name, value]) => (value === undefined ? [] : [{ name: t(`inspector.fact.${name}`), value: typeof value === 'boolean' ? t(value ? 'inspector.yes' : 'inspector.no') : value }]))
  return <FactList rows={shown} />
}

function Balancer({ decision }: { readonly decision: BalancerDecision }): ReactElement {
  const { t, text } = useT()
  return (
    <>
      <p className="inspector-lead caption dim">
        {decision.policy.replaceAll('_', ' ')} · {t('inspector.fact.listAge', { revision: decision.revision, age: formatMs(decision.ageMs) })}
      </p>
      <table className="inspector-table">
        <thead>
          <tr>
            <th>{t('inspector.fact.instance')}</th>
            <th className="number">{t('inspector.fact.weight')}</th>
            <th className="number">{t('inspector.fact.score')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {decision.candidates.map((candidate) => {
            const picked = candidate.address === decision.picked
            return (
              <tr key={candidate.address} className={picked ? 'inspector-picked' : candidate.excluded === undefined ? '' : 'faint'}>
                <td>
                  <code>{candidate.address}</code> <span className="faint">{Object.values(candidate.tags).join(' ')}</span>
                  {candidate.excluded !== undefined && <span className="inspector-note">{text(candidate.excluded)}</span>}
                </td>
                <td className="number">{candidate.weight}</td>
                <td className="number">{candidate.score === undefined ? '–' : String(Math.round(candidate.score * 100) / 100)}</td>
                <td className="ok">{picked ? t('inspector.fact.picked') : ''}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      <Facts rows={[['seed', <code key="seed">0x{decision.seed.toString(16)}</code>], ['repicks', decision.repicks]]} />
    </>
  )
}

function Retry({ decision }: { readonly decision: RetryDecision }): ReactElement {
  const { t, text } = useT()
  return (
    <>
      <Facts rows={[['policy', decision.policy], ['maxRetries', decision.maxRetryTimes], ['winner', decision.winner], ['wasted', decision.wastedNs > 0 ? formatDuration(decision.wastedNs) : undefined]]} />
      <table className="inspector-table">
        <thead>
          <tr>
            <th className="number">{t('inspector.fact.attempt')}</th>
            <th>{t('inspector.fact.instance')}</th>
            <th>{t('inspector.fact.result')}</th>
            <th className="number">{t('inspector.fact.duration')}</th>
            <th className="number">{t('inspector.fact.waitBefore')}</th>
          </tr>
        </thead>
        <tbody>
          {decision.attempts.flatMap((attempt) => [
            <tr key={attempt.attempt}>
              <td className="number">{attempt.attempt}</td>
              <td><code>{attempt.instance ?? '–'}</code></td>
              <td className={attempt.result === 'ok' || attempt.result === 'biz_error' ? 'ok' : 'fail'}>{attempt.result}</td>
              <td className="number">{formatDuration(attempt.durationNs)}</td>
              <td className="number">{attempt.waitNs > 0 ? formatDuration(attempt.waitNs) : '–'}</td>
            </tr>,
            <tr key={`${attempt.attempt}-why`} className="inspector-why">
              <td />
              <td colSpan={4} className="dim">{text(attempt.again)}</td>
            </tr>,
          ])}
        </tbody>
      </table>
    </>
  )
}

function Breaker({ decision }: { readonly decision: BreakerDecision }): ReactElement {
  const { t } = useT()
  const { window, before, after } = decision
  const percent = (share: number): string => `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`
  return (
    <Facts
      rows={[
        ['key', <code key="key">{decision.key}</code>],
        ['state', before === after ? after : `${before} → ${after}`],
        ['window', t('inspector.fact.windowValue', { ...window })],
        ['rate', t('inspector.fact.rateValue', { rate: percent(decision.errRate), limit: percent(decision.limit) })],
        ['samplesNeeded', decision.samplesNeeded],
        ['openFor', decision.openForMs === undefined ? undefined : formatMs(decision.openForMs)],
      ]}
    />
  )
}

const Timeout = ({ decision }: { readonly decision: TimeoutDecision }): ReactElement => (
  <Facts
    rows={[
      ['configured', formatMs(decision.configuredMs)], ['effective', formatMs(decision.effectiveMs)], ['fired', decision.fired],
      ['margin', decision.marginMs === undefined ? undefined : formatMs(decision.marginMs)],
    ]}
  />
)

function Resolver({ decision }: { readonly decision: ResolverDecision }): ReactElement {
  const tags = Object.entries(decision.tags).map(([key, value]) => `${key}=${value}`).join(' ')
  return (
    <Facts
      rows={[
        ['origin', <code key="origin">{decision.origin}</code>], ['service', decision.service], ['state', decision.state], ['revision', decision.revision],
        ['age', formatMs(decision.ageMs)], ['total', decision.total], ['tags', tags === '' ? undefined : <code key="tags">{tags}</code>],
      ]}
    />
  )
}

function Connection({ decision }: { readonly decision: ConnectionDecision }): ReactElement {
  const { t } = useT()
  return (
    <Facts
      rows={[
        ['pool', decision.pool],
        ['connection', decision.reused ? t('inspector.fact.reused', { uses: decision.uses, idle: formatMs(decision.idleMs) }) : t('inspector.fact.dialled', { time: formatMs(decision.dialMs) })],
        ['local', <code key="local">{decision.local}</code>],
        ['remote', <code key="remote">{decision.remote}</code>],
        ['poolState', t('inspector.fact.poolStateValue', { idle: decision.poolIdle, total: decision.poolTotal })],
      ]}
    />
  )
}

const Wire = ({ decision }: { readonly decision: WireDecision }): ReactElement => (
  <Facts
    rows={[
      ['transport', decision.transport], ['codec', decision.codec], ['sent', formatBytes(decision.sent)], ['received', formatBytes(decision.received)], ['seqId', decision.seqId],
      ['write', formatDuration(decision.writeNs)], ['waitReply', formatDuration(decision.waitNs)], ['read', formatDuration(decision.readNs)],
    ]}
  />
)
