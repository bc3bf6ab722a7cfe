// Starts the window: connects to the engine, makes the stores, listens to keys. Kept apart from main.tsx since views never see the platform.

import type { ErrorData } from '../shared/base/error.ts'
import type { Frame } from './app/app-context.ts'
import { createCommands } from './app/commands.ts'
import { listenToKeys } from './app/keyboard.ts'
import type { Platform } from './platform/client.ts'
import { createActions, type Actions } from './store/actions.ts'
import { createOverlayStore } from './store/overlay.ts'
import { createRunsStore } from './store/runs.ts'
import { createStores, type Stores } from './store/stores.ts'
import { onSystemTheme, paintTheme, resolveTheme } from './theme/theme.ts'

export interface Booted {
  readonly stores: Stores
  readonly actions: Actions
  readonly frame: Frame
}

/** What the window needs before its first paint; the rest loads behind. */
export async function boot(platform: Platform): Promise<Booted | ErrorData> {
  const info = await platform.request('app.info', undefined)
  if (!info.ok) return info.error
  const stores = createStores(platform, info.value)
  const runs = createRunsStore(platform)
  const overlay = createOverlayStore()
  const actions = createActions(platform, stores, runs)
  const commands = createCommands(stores, actions, overlay)
  const isMac = info.value.platform === 'darwin'
  listenToKeys(commands, isMac, () => overlay.store.getState().overlay !== undefined, () => actions.cancel())
  followPreferences(stores)
  window.addEventListener('pagehide', () => void stores.session.flush())
  void load(stores, actions)
  return { stores, actions, frame: { commands, overlay, runs } }
}

async function load(stores: Stores, actions: Actions): Promise<void> {
  await stores.workspace.load()
  await loadContents(stores, actions)
  document.documentElement.dataset['ready'] = 'true'
  stores.workspace.store.subscribe((now, before) => {
    if (now.workspace.root !== before.workspace.root) void loadContents(stores, actions)
  })
}

/** Tabs and history belong to a workspace: another one brings its own. */
async function loadContents(stores: Stores, actions: Actions): Promise<void> {
  await Promise.all([stores.session.restore(), stores.history.refresh()])
  await actions.restoreRecords()
}

/** The page's own attributes follow the preferences: theme, language, row height. */
function followPreferences({ preferences }: Stores): void {
  const paint = (): void => {
    const { settings, language } = preferences.store.getState()
    paintTheme(resolveTheme(settings.theme))
    document.documentElement.lang = language
    document.documentElement.dataset['rows'] = settings.compactRows ? 'compact' : 'normal'
  }
  paint()
  preferences.store.subscribe(paint)
  onSystemTheme(paint)
}
