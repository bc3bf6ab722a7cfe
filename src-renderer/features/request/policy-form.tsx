// What governs this call: retry, breakers, balancer, connections. Everything absent is Kitex's default, and says so.

import { useMemo, type ReactElement } from 'react'
import { balancers, poolChoices, type BreakerPolicy, type CallRequest, type RetryPolicy } from '../../../shared/model/call.ts'
import { findMethod } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Choice, NumberField, Row, Switch } from '../../ui/form.tsx'
import { useT } from '../../ui/translation.tsx'
import { calleeOf, protocolFor } from './protocol-choices.ts'
import { transportLabel } from './transport-label.ts'

const defaultRetry: RetryPolicy = { enable: true, maxRetryTimes: 2, maxDurationMs: 0, disableChainStop: false, errorRate: 0.1, backoff: { type: 'none' }, retrySameNode: false }
const defaultBreaker: BreakerPolicy = { enable: true, errRate: 0.5, minSample: 200 }
const backoffs = ['none', 'fixed', 'random'] as const

export function PolicyForm({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const { policy } = request
  const set = useSlice(idl, (state) => state.value)
  const callee = useMemo(() => calleeOf(request, findMethod(set, request.method)), [request, set])
  const { pools, transport } = protocolFor(request, callee)
  const isStream = (callee.kind !== 'unary' && callee.kind !== 'oneway') || (transport === 'jsonrpc-ws' && request.stream !== undefined)
  // Before anybody asked the port the protocol is a guess: then nothing is taken away.
  const offered = poolChoices.filter((pool) => pool === 'auto' || pool === policy.pool || request.transport === 'auto' || pools.includes(pool))
  const isUnfit = policy.pool !== 'auto' && request.transport !== 'auto' && !pools.includes(policy.pool)
  const change = (patch: Partial<CallRequest['policy']>): void => session.change(tab, { policy: { ...policy, ...patch } })
  const { retry, serviceBreaker, instanceBreaker, ...plain } = policy
  const optional = { ...(retry === undefined ? {} : { retry }), ...(serviceBreaker === undefined ? {} : { serviceBreaker }), ...(instanceBreaker === undefined ? {} : { instanceBreaker }) }
  const without = (key: keyof typeof optional): void => {
    const { [key]: _dropped, ...kept } = optional
    session.change(tab, { policy: { ...plain, ...kept } })
  }
  return (
    <div className="form-scroll form-grid">
      <Row label={t('app.policy.balancer')}><Choice label={t('app.policy.balancer')} value={policy.balancer} options={balancers} onChange={(balancer) => change({ balancer })} /></Row>
      <Row label={t('app.policy.pool')}><Choice label={t('app.policy.pool')} value={policy.pool} options={offered} onChange={(pool) => change({ pool })} word={(pool) => t(`app.policy.pool.${pool}`)} />{isUnfit && <span className="warn" role="note">{t('app.policy.poolUnfit', { protocol: transportLabel(transport, t) })}</span>}</Row>
      <Row label={t('app.policy.connectTimeout')}><NumberField label={t('app.policy.connectTimeout')} value={request.connectTimeoutMs} unit="ms" onChange={(connectTimeoutMs) => session.change(tab, { connectTimeoutMs })} /></Row>
      <Row label={t('app.policy.caller')}><input className="field mono" aria-label={t('app.policy.caller')} value={request.caller} onChange={(event) => session.change(tab, { caller: event.target.value })} /></Row>
      <Row label={t('app.policy.seed')}>
        <input
          className="field mono" aria-label={t('app.policy.seed')} placeholder={t('app.policy.seedDrawn')} value={request.seed ?? ''} inputMode="numeric"
          onChange={(event) => {
            const digits = event.target.value.replace(/\D/g, '')
            const { seed: _seed, ...rest } = request
            session.replace(tab, digits === '' ? rest : { ...rest, seed: Math.min(0xffffffff, Number(digits)) })
          }}
        />
      </Row>
      <Switch label={t('app.policy.retry')} on={policy.retry !== undefined && !isStream} disabled={isStream} onChange={(on) => (on ? change({ retry: defaultRetry }) : without('retry'))} />
      {isStream && <p className="form-note dim" role="note">{t('chain.noRetryForStreams')}</p>}
      {policy.retry !== undefined && !isStream && <Retry value={policy.retry} onChange={(retry) => change({ retry })} />}
      <Switch label={t('app.policy.serviceBreaker')} on={policy.serviceBreaker !== undefined} onChange={(on) => (on ? change({ serviceBreaker: defaultBreaker }) : without('serviceBreaker'))} />
      {policy.serviceBreaker !== undefined && <Breaker value={policy.serviceBreaker} onChange={(serviceBreaker) => change({ serviceBreaker })} />}
      <Switch label={t('app.policy.instanceBreaker')} on={policy.instanceBreaker !== undefined} onChange={(on) => (on ? change({ instanceBreaker: defaultBreaker }) : without('instanceBreaker'))} />
      {policy.instanceBreaker !== undefined && <Breaker value={policy.instanceBreaker} onChange={(instanceBreaker) => change({ instanceBreaker })} />}
    </div>
  )
}

function Retry({ value, onChange }: { readonly value: RetryPolicy; readonly onChange: (value: RetryPolicy) => void }): ReactElement {
  const { t } = useT()
  const { backoff } = value
  return (
    <>
      <Row indent label={t('app.policy.retryTimes')}><NumberField label={t('app.policy.retryTimes')} value={value.maxRetryTimes} max={5} onChange={(maxRetryTimes) => onChange({ ...value, maxRetryTimes: Math.round(maxRetryTimes) })} /></Row>
      <Row indent label={t('app.policy.retryDuration')}><NumberField label={t('app.policy.retryDuration')} value={value.maxDurationMs} unit="ms" onChange={(maxDurationMs) => onChange({ ...value, maxDurationMs })} /></Row>
      <Row indent label={t('app.policy.backoff')}>
        <Choice
          label={t('app.policy.backoff')} value={backoff.type} options={backoffs} word={(type) => t(`app.policy.backoff.${type}`)}
          onChange={(type) => onChange({ ...value, backoff: type === 'none' ? { type } : type === 'fixed' ? { type, fixMs: 10 } : { type, minMs: 5, maxMs: 20 } })}
        />
        {backoff.type === 'fixed' && <NumberField label={t('app.policy.backoff.fixed')} value={backoff.fixMs} unit="ms" onChange={(fixMs) => onChange({ ...value, backoff: { ...backoff, fixMs } })} />}
        {backoff.type === 'random' && (
          <>
            <NumberField label={t('app.policy.backoff.min')} value={backoff.minMs} unit="–" onChange={(minMs) => onChange({ ...value, backoff: { ...backoff, minMs } })} />
            <NumberField label={t('app.policy.backoff.max')} value={backoff.maxMs} unit="ms" onChange={(maxMs) => onChange({ ...value, backoff: { ...backoff, maxMs } })} />
          </>
        )}
      </Row>
      <Row indent label={t('app.policy.errorRate')}><NumberField label={t('app.policy.errorRate')} value={Math.round(value.errorRate * 1000) / 10} unit="%" max={30} step={0.1} min={0.1} onChange={(percent) => onChange({ ...value, errorRate: percent / 100 })} /></Row>
      <Switch indent label={t('app.policy.sameNode')} on={value.retrySameNode} onChange={(retrySameNode) => onChange({ ...value, retrySameNode })} />
    </>
  )
}

function Breaker({ value, onChange }: { readonly value: BreakerPolicy; readonly onChange: (value: BreakerPolicy) => void }): ReactElement {
  const { t } = useT()
  return (
    <>
      <Row indent label={t('app.policy.breakerRate')}><NumberField label={t('app.policy.breakerRate')} value={Math.round(value.errRate * 1000) / 10} unit="%" max={100} min={0.1} step={0.1} onChange={(percent) => onChange({ ...value, errRate: percent / 100 })} /></Row>
      <Row indent label={t('app.policy.minSample')}><NumberField label={t('app.policy.minSample')} value={value.minSample} min={1} onChange={(minSample) => onChange({ ...value, minSample: Math.max(1, Math.round(minSample)) })} /></Row>
    </>
  )
}
