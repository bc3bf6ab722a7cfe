// The frame: title bar, activity bar, explorer, tabs, editor area, bottom panel, status bar. It decides where things are, features decide
// what they show.

import { lazy, Suspense, useEffect, useMemo, useState, type ReactElement } from 'react'
import type { CallRequest } from '../../shared/model/call.ts'
import type { MethodDescriptor } from '../../shared/model/idl.ts'
import { MockScreen } from '../features/mock/mock-screen.tsx'
import { RequestView } from '../features/request/request-view.tsx'
import { ServicesScreen } from '../features/registry/services-screen.tsx'
import { SettingsScreen } from '../features/settings/settings-screen.tsx'
import { TracesScreen } from '../features/trace/view.tsx'
import { findMethod, useActions } from '../store/actions.ts'
import type { Run } from '../store/runs.ts'
import { activeTab } from '../store/session.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { SplitPane } from '../ui/split-pane.tsx'
import { useT } from '../ui/translation.tsx'
import { ActivityBar } from './activity-bar.tsx'
import { useFrame } from './app-context.ts'
import { AskIdlDialog } from './ask-idl-dialog.tsx'
import { BottomPanel } from './bottom-panel.tsx'
import { DropTarget } from './drop-target.tsx'
import { EditorTabs } from './editor-tabs.tsx'
import { Explorer } from './explorer.tsx'
import { KeySheet } from './key-sheet.tsx'
import { NoticesView } from './notices-view.tsx'
import { Palette } from './palette.tsx'
import { SaveDialog } from './save-dialog.tsx'
import { StatusBar } from './status-bar.tsx'
import { TitleBar } from './title-bar.tsx'
import { Welcome } from './welcome.tsx'

/** Most windows show no stream when they open. */
const StreamView = lazy(async () => ({ default: (await import('../features/stream/stream-view.tsx')).StreamView }))

export function App(): ReactElement {
  const { layout } = useStores()
  const activity = useSlice(layout, (state) => state.activity)
  return (
    <div className="frame">
      <TitleBar />
      <div className="frame-body">
        <ActivityBar />
        <main className="frame-main">{activity === 'calls' ? <Workbench /> : <Screen activity={activity} />}</main>
      </div>
      <StatusBar />
      <NoticesView />
      <DropTarget />
      <OverlayView />
    </div>
  )
}

function Screen({ activity }: { readonly activity: 'services' | 'chain' | 'traces' | 'mocks' | 'settings' }): ReactElement {
  const { t } = useT()
  switch (activity) {
    case 'services': return <ServicesScreen />
    case 'chain': return <><h2 className="visually-hidden">{t('app.activity.chain')}</h2><BottomPanel whole /></>
    case 'traces': return <><h2 className="visually-hidden">{t('app.activity.traces')}</h2><TracesSlot /></>
    case 'mocks': return <MockScreen />
    case 'settings': return <SettingsScreen />
  }
}

function TracesSlot(): ReactElement {
  const actions = useActions()
  return <TracesScreen onCopy={(text) => void actions.copy(text)} />
}

function Workbench(): ReactElement {
  const { layout, session } = useStores()
  const { t } = useT()
  const open = useSlice(layout, (state) => state.explorerOpen)
  const inFront = useSlice(layout, (state) => state.explorerInFront)
  const share = useSlice(layout, (state) => state.shares['explorer'])
  const hasTab = useSlice(session, (state) => state.tabs.length > 0)
  const narrow = useNarrow(560)
  if (narrow) return inFront && hasTab ? <Explorer /> : <Work />
  if (!open) return <Work />
  return (
    <SplitPane
      id="explorer" label={t('app.split.explorer')} direction="row" first={<Explorer />} second={<Work />} fixed="first" defaultFirst={236} minFirst={160} minSecond={280} share={share}
      onShare={(value) => layout.setShare('explorer', value)}
    />
  )
}

function Work(): ReactElement {
  const { layout, session } = useStores()
  const { t } = useT()
  const hasTab = useSlice(session, (state) => state.tabs.length > 0)
  const panelOpen = useSlice(layout, (state) => state.panelOpen) && hasTab
  const share = useSlice(layout, (state) => state.shares['panel'])
  const editor = <EditorArea />
  return (
    <div className="work">
      <EditorTabs />
      {panelOpen
        ? (
          <SplitPane
            id="panel-split" label={t('app.split.panel')} direction="column" first={editor} second={<BottomPanel />} defaultSecond="50" minFirst={140} minSecond={80} share={share}
            onShare={(value) => layout.setShare('panel', value)}
          />
        )
        : editor}
    </div>
  )
}

function EditorArea(): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const { runs } = useFrame()
  const tab = useSlice(session, activeTab)
  const run = useSlice(runs, ({ byTab }) => (tab === undefined ? undefined : byTab[tab.id]))
  const set = useSlice(idl, (state) => state.value)
  const method = useMemo(() => (tab === undefined ? undefined : findMethod(set, tab.request.method)?.method), [set, tab])
  const stream = tab !== undefined && isStream(method, run, tab.request) ? <Suspense><StreamView run={run} method={method} body={tab.request.body} /></Suspense> : undefined
  return (
    <div className="editor-area" id="editor-area" role={tab === undefined ? 'region' : 'tabpanel'} aria-label={tab?.title ?? t('app.welcome.title')}>
      {tab === undefined ? <Welcome /> : <RequestView key={tab.id} draft={tab} run={run} stream={stream} />}
    </div>
  )
}

/** By the method's kind; where no IDL tells it, by what happened. */
function isStream(method: MethodDescriptor | undefined, run: Run | undefined, request: CallRequest): boolean {
  if (run?.record?.stream !== undefined || run?.view?.counts !== undefined) return true
  if (request.transport === 'jsonrpc-ws') return request.stream !== undefined
  return method !== undefined && method.kind !== 'unary' && method.kind !== 'oneway'
}

function OverlayView(): ReactElement | null {
  const { overlay: store } = useFrame()
  const overlay = useSlice(store, (state) => state.overlay)
  switch (overlay?.kind) {
    case 'palette': return <Palette key={overlay.mode} mode={overlay.mode} />
    case 'keys': return <KeySheet />
    case 'ask-idl': return <AskIdlDialog />
    case 'save': return <SaveDialog tab={overlay.tab} />
    default: return null
  }
}

/** True while the window is narrower than `width` CSS px. */
export function useNarrow(width: number): boolean {
  const [narrow, setNarrow] = useState(() => window.innerWidth < width)
  useEffect(() => {
    const query = window.matchMedia(`(max-width: ${width - 1}px)`)
    const update = (): void => setNarrow(query.matches)
    query.addEventListener('change', update)
    update()
    return () => query.removeEventListener('change', update)
  }, [width])
  return narrow
}
