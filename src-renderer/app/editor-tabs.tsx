// The strip of open requests. A disc marks what is not saved; it becomes the close button under the pointer.

import type { KeyboardEvent, ReactElement } from 'react'
import type { Draft } from '../../shared/model/workspace.ts'
import { useActions } from '../store/actions.ts'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { IconButton } from '../ui/button.tsx'
import { useContextMenu } from '../ui/menu.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'

export function EditorTabs(): ReactElement {
  const { session } = useStores()
  const { overlay } = useFrame()
  const { t } = useT()
  const tabs = useSlice(session, (state) => state.tabs)
  const active = useSlice(session, (state) => state.active)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    session.step(event.key === 'ArrowRight' ? 1 : -1)
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.editor-tab [role="tab"][aria-selected="true"]')?.focus())
  }
  return (
    <div className="editor-tabs" data-pane="tabs">
      <div className="editor-tabs-list" role="tablist" aria-label={t('app.tabs')} onKeyDown={onKeyDown}>
        {tabs.map((tab) => <EditorTab key={tab.id} tab={tab} active={tab.id === active} />)}
      </div>
      <IconButton icon="add" label={t('app.command.methods')} keys="mod+t" onClick={() => overlay.open({ kind: 'palette', mode: 'methods' })} />
    </div>
  )
}

function EditorTab({ tab, active }: { readonly tab: Draft; readonly active: boolean }): ReactElement {
  const { session } = useStores()
  const actions = useActions()
  const { t } = useT()
  const menu = useContextMenu()
  const entries = [
    { label: t('app.menu.duplicate'), run: () => actions.duplicate(tab.id) },
    { label: t('app.command.close'), keys: 'mod+w', run: () => actions.close(tab.id) },
    { label: t('app.menu.closeOthers'), run: () => session.store.getState().tabs.filter(({ id }) => id !== tab.id).forEach(({ id }) => actions.close(id)) },
  ]
  return (
    <div
      className={`editor-tab ${active ? 'editor-tab-on' : ''}`} role="presentation"
      onAuxClick={(event) => {
        if (event.button === 1) actions.close(tab.id)
      }}
      onContextMenu={(event) => menu.onContextMenu(event, entries)} onKeyDown={(event) => menu.onMenuKey(event, event.currentTarget, () => entries)}
    >
      <button
        type="button" role="tab" className="editor-tab-name" aria-selected={active} aria-controls="editor-area" tabIndex={active ? 0 : -1} title={tab.path ?? tab.request.method}
        aria-keyshortcuts="Delete"
        onClick={() => session.show(tab.id)}
        onKeyDown={(event) => {
          if (event.key === 'Delete') actions.close(tab.id)
        }}
      >
        <span className="method-mark" aria-hidden="true">ƒ</span>
        <span className="truncate">{tab.title}</span>
        {tab.dirty && <span className="visually-hidden">{t('app.tab.dirty')}</span>}
      </button>
      {/* For the pointer alone: the keyboard closes by Delete or the command. */}
      <span className={`editor-tab-close ${tab.dirty ? 'editor-tab-dirty' : ''}`} aria-hidden="true" title={t('app.command.close')} onClick={() => actions.close(tab.id)} />
      {menu.element}
    </div>
  )
}
