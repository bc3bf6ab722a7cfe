// The left column: services, saved calls, history; one filter for all three.

import { useState, type ReactElement, type ReactNode } from 'react'
import { HistoryList } from '../features/history/history-list.tsx'
import { SavedCalls } from '../features/history/saved-calls.tsx'
import { ServicesTree } from '../features/registry/services-tree.tsx'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { Button } from '../ui/button.tsx'
import { SplitPane } from '../ui/split-pane.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

export function useRowHeight(): number {
  return useSlice(useStores().preferences, ({ settings }) => (settings.compactRows ? 20 : 24))
}

export function Explorer(): ReactElement {
  const stores = useStores()
  const { t } = useT()
  const [filter, setFilter] = useState('')
  const share = useSlice(stores.layout, (state) => state.shares['explorer-history'])
  const rowHeight = useRowHeight()
  const saved = useSlice(stores.workspace, (state) => state.workspace.calls.length)
  return (
    <aside className="explorer" aria-label={t('app.explorer')} data-pane="explorer">
      <SplitPane
        id="explorer-history" label={t('app.split.history')} direction="column" defaultFirst="52" share={share} onShare={(value) => stores.layout.setShare('explorer-history', value)}
        first={(
          <Section title={t('app.explorer.services')} end={<RegistryLine />}>
            <input
              className="field explorer-filter" data-filter="true" placeholder={`${t('app.filter')}  /`} aria-label={t('app.filter')} value={filter} spellCheck={false}
              onChange={(event) => setFilter(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Escape' && filter !== '') {
                  event.preventDefault()
                  setFilter('')
                } else if (event.key === 'ArrowDown' || event.key === 'Enter') {
                  event.preventDefault()
                  document.getElementById('services-tree')?.focus()
                }
              }}
            />
            <Services filter={filter} rowHeight={rowHeight} />
          </Section>
        )}
        second={(
          <div className="explorer-lower">
            {saved > 0 && <Section title={t('app.explorer.saved')} end={saved} className="section-saved"><SavedCalls filter={filter} rowHeight={rowHeight} /></Section>}
            <Section title={t('app.explorer.history')} className="section-history"><HistoryList filter={filter} rowHeight={rowHeight} /></Section>
          </div>
        )}
      />
    </aside>
  )
}

function Services({ filter, rowHeight }: { readonly filter: string; readonly rowHeight: number }): ReactElement {
  const { idl, registry, workspace } = useStores()
  const { overlay } = useFrame()
  const { t } = useT()
  const services = useSlice(idl, (state) => state.value?.services.length ?? 0)
  const known = useSlice(registry, (state) => state.value?.services.length ?? 0)
  if (services + known > 0) return <ServicesTree filter={filter} rowHeight={rowHeight} />
  return (
    <div className="section-empty">
      <p className="dim">{t('app.explorer.noServices')}</p>
      <Button onClick={() => void workspace.pickIdl()}>{t('app.command.openIdl')}</Button>
      <Button kind="link" onClick={() => overlay.open({ kind: 'ask-idl' })}>{t('app.command.askIdl')}</Button>
    </div>
  )
}

function RegistryLine(): ReactElement | null {
  const { registry } = useStores()
  const view = useSlice(registry, (state) => state.value)
  if (view === undefined || view.state === 'none') return null
  return <span title={view.origin}>{schemeOf(view.origin)} · {view.services.length}</span>
}

const schemeOf = (origin: string): string => /^[a-z0-9]+/.exec(origin)?.[0] ?? origin

function Section({ title, end, children, className = '' }: { readonly title: string; readonly end?: ReactNode; readonly children: ReactNode; readonly className?: string }): ReactElement {
  return (
    <section className={`section ${className}`} aria-label={title}>
      <div className="section-head">
        <h2>{title}</h2>
        <span className="section-end">{end}</span>
      </div>
      {children}
    </section>
  )
}

