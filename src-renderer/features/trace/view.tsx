// The traces screen: filter on top, list on the left, the selected trace's timeline. Each of its states (off, empty, no match, failed,
// too many) says what it is.

import { useEffect, type ReactElement, type ReactNode } from 'react'
import type { ReceiverStatus } from '../../../shared/model/trace.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { noSpans, type TracesState } from '../../store/traces.ts'
import { Button } from '../../ui/button.tsx'
import { SplitPane } from '../../ui/split-pane.tsx'
import { EmptyState, ErrorState, Pending } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { TraceList } from './trace-list.tsx'
import { TraceTimeline } from './trace-timeline.tsx'
import './trace.css'

export function TracesScreen({ onCopy }: { readonly onCopy: (text: string) => void }): ReactElement {
  const stores = useStores()
  const { t } = useT()
  const list = useSlice(stores.traces, (state) => state.list)
  const selected = useSlice(stores.traces, (state) => state.selected)
  const shares = useSlice(stores.layout, (state) => state.shares)
  useEffect(() => void stores.traces.refresh(), [stores])
  const shown = selected ?? list[0]?.traceId
  return (
    <section className="traces-screen" aria-label={t('trace.title')}>
      <FilterBar />
      <SplitPane
        id="traces" label={t('trace.list')} direction="row" fixed="first" defaultFirst="320px" minFirst={220} share={shares['traces']} onShare={(share) => stores.layout.setShare('traces', share)}
        first={<ListPane onCopy={onCopy} shown={shown} />}
        second={shown === undefined ? <EmptyState title={t('trace.select')} /> : <SelectedTrace key={shown} traceId={shown} onCopy={onCopy} />}
      />
    </section>
  )
}

function FilterBar(): ReactElement {
  const { traces } = useStores()
  const { t } = useT()
  const filter = useSlice(traces, (state) => state.filter)
  const live = useSlice(traces, (state) => state.live)
  const count = useSlice(traces, (state) => state.list.length)
  return (
    <div className="trace-filter">
      <input
        className="field" type="search" id="trace-filter" data-filter placeholder={t('trace.filter')} aria-label={t('trace.filter')} value={filter.text ?? ''}
        onChange={(event) => traces.setFilter({ text: event.target.value === '' ? undefined : event.target.value })}
      />
      <button type="button" className="button button-plain" aria-pressed={filter.errorsOnly} onClick={() => traces.setFilter({ errorsOnly: !filter.errorsOnly })}>
        {t('trace.errorsOnly')}
      </button>
      <button type="button" className="button button-plain" aria-pressed={live} onClick={() => traces.setLive(!live)}>
        {live ? `● ${t('trace.live')}` : `❚❚ ${t('trace.paused')}`}
      </button>
      <span className="caption dim">{t('trace.count', { count })}</span>
    </div>
  )
}

function ListPane({ onCopy, shown }: { readonly onCopy: (text: string) => void; readonly shown: string | undefined }): ReactElement {
  const { traces, receiver } = useStores()
  const words = useT()
  const { list, loaded, error, filter } = useSlice(traces, (state) => state)
  const status = useSlice(receiver, (state) => state.status)
  if (error !== undefined) return <ErrorState error={error} onCopy={() => onCopy(words.error(error))} />
  if (!loaded) return <Pending label={words.t('trace.loading')} />
  if (list.length === 0) return <NoTraces filter={filter} status={status} onClear={() => traces.setFilter({ text: undefined, errorsOnly: false })} />
  return (
    <>
      <TraceList traces={list} selected={shown} onSelect={traces.select} />
      {list.length >= filter.limit && <p className="trace-note caption dim">{words.t('trace.atMost', { count: filter.limit })}</p>}
    </>
  )
}

function NoTraces({ filter, status, onClear }: { readonly filter: TracesState['filter']; readonly status: ReceiverStatus | undefined; readonly onClear: () => void }): ReactElement {
  const { t } = useT()
  if (filter.text !== undefined || filter.errorsOnly) return <EmptyState title={t('trace.noMatch')} action={<Button onClick={onClear}>{t('trace.clearFilter')}</Button>} />
  return <EmptyState title={t('trace.empty')}>{receiverHint(status, t)}</EmptyState>
}

export function receiverHint(status: ReceiverStatus | undefined, t: ReturnType<typeof useT>['t']): ReactNode {
  if (status?.grpc.state !== 'listening' || status.http.state !== 'listening') return t('trace.receiverOff')
  return t('trace.emptyHint', { grpc: status.grpc.address, http: status.http.address })
}

function SelectedTrace({ traceId, onCopy }: { readonly traceId: string; readonly onCopy: (text: string) => void }): ReactElement {
  const { traces } = useStores()
  const { t } = useT()
  const spans = useSlice(traces, (state) => state.spans.get(traceId) ?? noSpans)
  useEffect(() => {
    const following = traces.follow(traceId)
    return () => following.dispose()
  }, [traces, traceId])
  return spans.length === 0 ? <Pending label={t('trace.loading')} /> : <TraceTimeline traceId={traceId} spans={spans} onCopy={onCopy} />
}
