// The top line: which workspace and environment, the way to everything (palette), the receiver, language and theme. A production
// environment paints its bar below.

import type { ReactElement } from 'react'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { currentEnvironment } from '../store/workspace.ts'
import { StatusDot } from '../ui/badge.tsx'
import { Hint, IconButton } from '../ui/button.tsx'
import { KeyHint } from '../ui/key-hint.tsx'
import { Picker } from '../ui/picker.tsx'
import { useT } from '../ui/translation.tsx'
import { useFrame } from './app-context.ts'
import { toggleTheme } from './commands.ts'
import { receiverText } from './status-text.ts'

export function TitleBar(): ReactElement {
  const stores = useStores()
  const { overlay } = useFrame()
  const { t } = useT()
  const workspace = useSlice(stores.workspace, (state) => state.workspace)
  const production = currentEnvironment(workspace)?.production === true
  return (
    <header className="title-bar" data-pane="title">
      <div className="title-start">
        <h1 className="title-name">Kite Console</h1>
        {workspace.name !== '' && <><span className="faint" aria-hidden="true">/</span><span className="truncate" title={workspace.root}>{workspace.name}</span></>}
        <EnvironmentPicker />
      </div>
      <button type="button" className="palette-field" onClick={() => overlay.open({ kind: 'palette', mode: 'everything' })}>
        <span className="truncate">{t('app.palette.placeholder')}</span>
        <KeyHint keys="mod+k" />
      </button>
      <div className="title-end">
        <Receiver />
        <LanguageSwitch />
        <IconButton icon="theme" label={t('app.command.theme')} onClick={() => toggleTheme(stores)} />
      </div>
      {production && <div className="production-bar" role="status" aria-label={t('app.environment.production')} />}
    </header>
  )
}

function EnvironmentPicker(): ReactElement | null {
  const { workspace: store } = useStores()
  const { t } = useT()
  const workspace = useSlice(store, (state) => state.workspace)
  const current = currentEnvironment(workspace)
  if (workspace.environments.length === 0) return null
  const choices = workspace.environments.map(({ name, registry, production }) => ({ id: name, label: name, detail: registry ?? t('app.environment.noRegistry'), end: production ? t('app.environment.production') : undefined }))
  return (
    <Picker label={t('app.environment')} choices={choices} selected={workspace.environment} onChoose={(name) => void store.setEnvironment(name)} id="environment">
      {current?.production === true ? <span className="environment-production">{workspace.environment}</span> : <span>{workspace.environment ?? t('app.environment.none')}</span>}
    </Picker>
  )
}

function Receiver(): ReactElement {
  const { receiver, layout } = useStores()
  const { t } = useT()
  const status = useSlice(receiver, (state) => state.status)
  const { label, health, hint } = receiverText(status, t)
  return (
    <Hint label={hint}>
      <button type="button" className="title-item" onClick={() => layout.show(health === 'ok' ? 'traces' : 'settings')}>
        <StatusDot health={health} label={hint} />
        {label}
      </button>
    </Hint>
  )
}

function LanguageSwitch(): ReactElement {
  const { preferences } = useStores()
  const { t } = useT()
  return (
    <Hint label={t('app.command.language')}>
      <button type="button" className="title-item" onClick={() => void preferences.toggleLanguage()}>EN / 中<span className="visually-hidden"> {t('app.command.language')}</span></button>
    </Hint>
  )
}
