// Mounts the window.

import '@blueprintjs/core/lib/css/blueprint.css'
import './theme/fonts.ts'
import './theme/tokens.css'
import './theme/base.css'
import './theme/blueprint.css'
import './ui/ui.css'
import './app/app.css'
import './features/features.css'
import { BlueprintProvider, FocusStyleManager } from '@blueprintjs/core'
import { StrictMode, type ReactElement } from 'react'
import { createRoot } from 'react-dom/client'
import { createTranslator } from '../shared/i18n/translate.ts'
import { App } from './app/app.tsx'
import { FrameProvider } from './app/app-context.ts'
import { boot, type Booted } from './boot.ts'
import { connectHost } from './connect-host.ts'
import { ActionsProvider } from './store/actions.ts'
import { useSlice } from './store/state.ts'
import { StoresProvider } from './store/stores.ts'
import { ErrorState } from './ui/states.tsx'
import { TranslationProvider } from './ui/translation.tsx'
import { useMemo } from 'react'

FocusStyleManager.onlyShowFocusOnTabs()

function Root({ booted }: { readonly booted: Booted }): ReactElement {
  const { stores, actions, frame } = booted
  const language = useSlice(stores.preferences, (state) => state.language)
  const translator = useMemo(() => createTranslator(language), [language])
  return (
    <TranslationProvider value={translator}>
      <StoresProvider value={stores}>
        <ActionsProvider value={actions}>
          <FrameProvider value={frame}>
            <App />
          </FrameProvider>
        </ActionsProvider>
      </StoresProvider>
    </TranslationProvider>
  )
}

async function start(): Promise<void> {
  const element = document.getElementById('root')
  if (element === null) throw new Error('believed: index.html has #root')
  const root = createRoot(element)
  const booted = await boot(connectHost())
  root.render(
    <StrictMode>
      <BlueprintProvider>
        {'stores' in booted ? <Root booted={booted} /> : <ErrorState error={booted} onCopy={() => void navigator.clipboard.writeText(JSON.stringify(booted, undefined, 2))} />}
      </BlueprintProvider>
    </StrictMode>,
  )
}

void start()
