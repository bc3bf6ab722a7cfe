// Mock servers: start one from the loaded IDL, see what runs, watch what comes in.

import { useState, type ReactElement } from 'react'
import { formatClock, formatCount, formatMs } from '../../../shared/logic/format.ts'
import type { MockHit, MockStatus } from '../../../shared/model/mock.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { Tree } from '../../ui/tree.tsx'
import { useT } from '../../ui/translation.tsx'
import { StartForm } from './start-form.tsx'

export function MockScreen(): ReactElement {
  const { mocks: store } = useStores()
  const { t } = useT()
  const mocks = useSlice(store, (state) => state.mocks)
  return (
    <section className="screen" aria-labelledby="mocks-title">
      <header className="screen-head"><h1 id="mocks-title">{t('app.activity.mocks')}</h1><span className="dim">{t('app.mocks.what')}</span></header>
      <div className="mocks">
        <div className="mocks-side" data-pane="mocks-side">
          <StartForm />
          <h2 className="side-title">{t('app.mocks.running')}</h2>
          {mocks.length === 0 && <p className="faint side-text">{t('app.mocks.none')}</p>}
          {mocks.map((mock) => <RunningMock key={mock.id} mock={mock} />)}
        </div>
        <Hits />
      </div>
    </section>
  )
}

function RunningMock({ mock }: { readonly mock: MockStatus }): ReactElement {
  const { mocks } = useStores()
  const actions = useActions()
  const { t, language } = useT()
  return (
    <div className="running-mock">
      <div className="running-mock-head">
        <button type="button" className="link mono" title={t('app.menu.copyAddress')} onClick={() => void actions.copy(mock.address)}>{mock.address}</button>
        <span className="faint caption">{t('app.mocks.hits', { count: mock.hits, shown: formatCount(mock.hits, language) })}</span>
        <Button onClick={() => void mocks.stop(mock.id)}>{t('app.mocks.stop')}</Button>
      </div>
      <p className="dim caption truncate" title={mock.services.join(', ')}>{mock.services.join(', ')}{mock.registered === undefined ? '' : ` · ${t('app.mocks.registeredAs', { name: mock.registered })}`}</p>
    </div>
  )
}

const outcomeTones: Readonly<Record<MockHit['outcome'], Tone>> = { reply: 'ok', exception: 'warn', biz_error: 'warn', remote_exception: 'fail' }

function Hits(): ReactElement {
  const { mocks: store } = useStores()
  const actions = useActions()
  const { t, error: wordError } = useT()
  const hits = useSlice(store, (state) => state.hits)
  const error = useSlice(store, (state) => state.error)
  const [active, setActive] = useState<string>()
  const idOf = ({ mock, seq }: MockHit): string => `${mock}/${seq}`
  const shown = hits.find((hit) => idOf(hit) === active) ?? hits[0]
  if (error !== undefined) return <ErrorState error={error} onCopy={() => void actions.copy(wordError(error))} />
  if (hits.length === 0) return <EmptyState title={t('app.mocks.noHits')}>{t('app.mocks.noHitsHint')}</EmptyState>
  return (
    <div className="hits" data-pane="hits">
      <Tree
        label={t('app.mocks.hitList')} rowHeight={24} active={active} onActive={setActive} onActivate={setActive} onToggle={() => undefined}
        rows={hits.map((hit) => ({
          id: idOf(hit), level: 1,
          content: <><span className="mono faint hit-time">{formatClock(hit.atMs)}</span><span className="truncate">{hit.method}</span><Badge tone={outcomeTones[hit.outcome]}>{t(`app.mocks.outcome.${hit.outcome}`)}</Badge><span className="faint caption truncate">{hit.transport} · {byText(hit, t)} · {hit.peer}</span></>,
          end: formatMs(hit.durationMs),
        }))}
      />
      {shown !== undefined && <HitDetail hit={shown} />}
    </div>
  )
}

const byText = ({ by }: MockHit, t: ReturnType<typeof useT>['t']): string => (by.kind === 'stub' ? t('app.mocks.byStub', { index: by.index + 1 }) : by.kind === 'example' ? t('app.mocks.byExample') : t('app.mocks.refused'))

function HitDetail({ hit }: { readonly hit: MockHit }): ReactElement {
  const { t } = useT()
  return (
    <div className="hit-detail text" tabIndex={0} role="region" aria-label={hit.method}>
      <h3>{t('app.request')}</h3>
      <pre className="mono">{hit.request}</pre>
      <h3>{t('app.reply')}</h3>
      <pre className="mono">{hit.response}</pre>
      {hit.traceId !== undefined && <p className="faint caption">{t('app.facts.trace')} <code>{hit.traceId}</code></p>}
    </div>
  )
}

