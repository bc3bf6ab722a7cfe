// The bottom line: what is connected and how it fares, the problems, where the cursor is.

import { PopoverNext } from '@blueprintjs/core'
import type { ReactElement } from 'react'
import type { ErrorData } from '../../shared/base/error.ts'
import { formatCount } from '../../shared/logic/format.ts'
import type { Diagnostic } from '../../shared/model/idl.ts'
import { useCursor } from '../editor/cursor.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { StatusDot } from '../ui/badge.tsx'
import { placeText } from '../ui/states.tsx'
import { useT } from '../ui/translation.tsx'
import { registryHealth } from './status-text.ts'

export function StatusBar(): ReactElement {
  const { t } = useT()
  return (
    <footer className="status-bar" aria-label={t('app.status')} data-pane="status">
      <RegistryStatus />
      <ReceiverStatus />
      <MockStatus />
      <ConnectionStatus />
      <span className="status-gap" />
      <Problems />
      <Cursor />
    </footer>
  )
}

function RegistryStatus(): ReactElement {
  const { registry, layout } = useStores()
  const { t, language } = useT()
  const view = useSlice(registry, (state) => state.value)
  if (view === undefined || view.state === 'none') return <span className="status-item">{t('app.registry.none')}</span>
  const instances = view.services.reduce((sum, service) => sum + service.instances.length, 0)
  const state = t(`app.registry.${view.state}`)
  return (
    <button type="button" className="status-item" onClick={() => layout.show('services')} title={`${view.origin} · ${state}`}>
      <StatusDot health={registryHealth(view)} label={state} />
      <span className="truncate">{view.origin}</span>
      <span>· {t('app.status.services', { count: view.services.length })} {t('app.status.instances', { count: instances, shown: formatCount(instances, language) })}</span>
      {view.state !== 'live' && <span className="warn">· {state}</span>}
    </button>
  )
}

function ReceiverStatus(): ReactElement | null {
  const { receiver, layout } = useStores()
  const { t, language } = useT()
  const status = useSlice(receiver, (state) => state.status)
  if (status === undefined) return null
  const lost = status.rejected + status.evicted
  return (
    <button type="button" className="status-item status-receiver" onClick={() => layout.show('traces')}>
      {t('app.status.receiver', { spans: formatCount(status.spans, language) })}
      {lost > 0 && <span className="warn" title={t('app.receiver.lost', { rejected: status.rejected, evicted: status.evicted })}> · −{formatCount(lost, language)}</span>}
    </button>
  )
}

function MockStatus(): ReactElement | null {
  const { mocks: store, layout } = useStores()
  const { t, language } = useT()
  const mocks = useSlice(store, (state) => state.mocks)
  if (mocks.length === 0) return null
  const hits = mocks.reduce((sum, mock) => sum + mock.hits, 0)
  const where = mocks.length === 1 ? (mocks[0]?.address.replace(/^.*:/, ':') ?? '') : String(mocks.length)
  return <button type="button" className="status-item" onClick={() => layout.show('mocks')}>{t('app.status.mock', { where, hits: formatCount(hits, language) })}</button>
}

function ConnectionStatus(): ReactElement | null {
  const { connection } = useStores()
  const { t } = useT()
  const state = useSlice(connection, (value) => value.state)
  return state === 'connected' ? null : <span className="status-item fail" role="alert">{t(`app.connection.${state}`)}</span>
}

function Problems(): ReactElement {
  const { idl, registry, workspace } = useStores()
  const { t } = useT()
  const diagnostics = useSlice(idl, (state) => state.value?.diagnostics)
  const idlError = useSlice(idl, (state) => state.error)
  const problems = useSlice(workspace, (state) => state.workspace.problems)
  const unread = useSlice(registry, (state) => state.value?.services)
  const registryError = useSlice(registry, (state) => state.error ?? state.value?.error)
  const failures = [idlError, registryError, ...(unread ?? []).flatMap((service) => service.problems), ...problems].filter((failure) => failure !== undefined)
  const count = (diagnostics?.length ?? 0) + failures.length
  const label = t('app.status.problems', { count })
  if (count === 0) return <span className="status-item">{label}</span>
  return (
    <PopoverNext placement="top-end" arrow={false} animation="minimal" transitionDuration={0} content={<ProblemList diagnostics={diagnostics ?? []} failures={failures} />}>
      <button type="button" className={`status-item ${diagnostics?.some(({ severity }) => severity === 'error') === true || failures.length > 0 ? 'fail' : 'warn'}`}>{label}</button>
    </PopoverNext>
  )
}

function ProblemList({ diagnostics, failures }: { readonly diagnostics: readonly Diagnostic[]; readonly failures: readonly ErrorData[] }): ReactElement {
  const { t, text } = useT()
  return (
    <ul className="problems text" aria-label={t('app.problems')} tabIndex={0}>
      {failures.map((failure, index) => <li key={`f${index}`}><span className="fail">✕</span> {text(failure.text)} <code className="faint">{placeText(failure)}</code></li>)}
      {diagnostics.map(({ severity, text: said, suggestion, at, code }, index) => (
        <li key={index}>
          <span className={severity === 'error' ? 'fail' : 'warn'} title={t(`app.severity.${severity}`)}>{severity === 'error' ? '✕' : '!'}</span> {text(said)}
          {suggestion !== undefined && <span className="dim"> {text(suggestion)}</span>} <code className="faint" title={at.file}>{`${at.file.split('/').at(-1) ?? ''}:${at.line}:${at.column}`} {code}</code>
        </li>
      ))}
    </ul>
  )
}

function Cursor(): ReactElement | null {
  const { t } = useT()
  const cursor = useCursor()
  return cursor === undefined ? null : <span className="status-item status-cursor">{t('app.status.cursor', { line: cursor.line, column: cursor.column })}</span>
}
