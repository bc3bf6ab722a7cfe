// Every service with its instances on one page: weights, tags, state, revision, origin. For comparing, where the explorer is for finding.

import { useState, type ReactElement } from 'react'
import { formatCount, formatTimeWithOffset } from '../../../shared/logic/format.ts'
import type { ServiceSnapshot } from '../../../shared/model/instance.ts'
import { matchText } from '../../../shared/logic/match-text.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { StatusDot } from '../../ui/badge.tsx'
import { useContextMenu } from '../../ui/menu.tsx'
import { EmptyState, ErrorState, Pending } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { healthOf, healthText } from './services-tree.tsx'

const shownInstances = 200

export function ServicesScreen(): ReactElement {
  const { registry } = useStores()
  const { t, language, error: wordError } = useT()
  const actions = useActions()
  const view = useSlice(registry, (state) => state.value)
  const error = useSlice(registry, (state) => state.error)
  const [filter, setFilter] = useState('')
  const failure = error ?? view?.error
  const services = (view?.services ?? []).filter(({ service, instances }) => matchText(filter, `${service} ${instances.map(({ address }) => address).join(' ')}`) > 0)
  const count = (view?.services ?? []).reduce((sum, { instances }) => sum + instances.length, 0)
  return (
    <section className="screen" aria-labelledby="services-title">
      <header className="screen-head">
        <h1 id="services-title">{t('app.explorer.services')}</h1>
        <span className="dim">{view === undefined || view.state === 'none' ? '' : view.origin}</span>
        <input className="field screen-filter" data-filter="true" placeholder={t('app.filter')} aria-label={t('app.filter')} value={filter} onChange={(event) => setFilter(event.target.value)} />
        <span className="faint caption">{t('app.services.count', { services: formatCount(services.length, language), instances: formatCount(count, language) })}</span>
      </header>
      <div className="screen-body">
        {failure !== undefined && <ErrorState error={failure} onCopy={() => void actions.copy(wordError(failure))} />}
        {view === undefined && failure === undefined && <Pending label={t('app.registry.connecting')} />}
        {view?.state === 'none' && <EmptyState title={t('app.services.none')}>{t('app.services.noneHint')}</EmptyState>}
        {view !== undefined && view.state !== 'none' && services.length === 0 && failure === undefined && <EmptyState title={filter === '' ? t('app.services.empty', { origin: view.origin }) : t('app.noMatch')} />}
        {services.flatMap(({ problems }) => problems).map((problem, index) => <p key={index} className="warn text registry-problem">! {wordError(problem)}</p>)}
        {services.map((snapshot) => <ServiceBlock key={snapshot.service} snapshot={snapshot} />)}
      </div>
    </section>
  )
}

function ServiceBlock({ snapshot }: { readonly snapshot: ServiceSnapshot }): ReactElement {
  const translator = useT()
  const { t } = translator
  const actions = useActions()
  const menu = useContextMenu()
  const total = snapshot.instances.reduce((sum, { weight }) => sum + weight, 0)
  const shown = snapshot.instances.slice(0, shownInstances)
  return (
    <section className="service-block" aria-label={snapshot.service}>
      <h2>
        <StatusDot health={healthOf(snapshot)} label={healthText(snapshot, translator)} /> {snapshot.service}
        <span className="faint caption">{healthText(snapshot, translator)} · {t('app.services.revision', { revision: snapshot.revision })} · {t('app.services.seen', { time: formatTimeWithOffset(snapshot.seenAtMs) })} · {snapshot.origin}</span>
      </h2>
      <table className="table">
        <thead>
          <tr><th scope="col">{t('app.column.address')}</th><th scope="col" className="number">{t('app.column.weight')}</th><th scope="col" className="number">{t('app.column.share')}</th><th scope="col">{t('app.column.tags')}</th></tr>
        </thead>
        <tbody>
          {shown.map((instance) => (
            <tr key={instance.address} onContextMenu={(event) => menu.onContextMenu(event, [{ label: t('app.menu.copyAddress'), run: () => void actions.copy(instance.address) }])}>
              <td className="mono text">{instance.address}</td>
              <td className="number">{instance.weight}</td>
              <td className="number">{total === 0 ? '–' : `${((instance.weight / total) * 100).toFixed(1)} %`}</td>
              <td className="text">{Object.entries(instance.tags).map(([key, value]) => <span key={key} className="tag"><span className="faint">{key}</span> {value}</span>)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < snapshot.instances.length && <p className="dim caption">{t('app.services.more', { shown: shown.length, all: snapshot.instances.length })}</p>}
      {menu.element}
    </section>
  )
}
