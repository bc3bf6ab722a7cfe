// What the host told at start and what the user prefers: language, theme, rows. Changes are shown at once and saved behind.

import { createStore } from 'zustand/vanilla'
import type { AppInfo } from '../../shared/ipc/contract.ts'
import type { Settings } from '../../shared/model/workspace.ts'
import type { Language } from '../../shared/i18n/catalogue.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface PreferencesState {
  readonly info: AppInfo
  readonly settings: Settings
  readonly language: Language
}

export interface PreferencesStore extends Slice<PreferencesState> {
  change(patch: Partial<Settings>): Promise<void>
  toggleLanguage(): Promise<void>
}

export function createPreferencesStore(platform: Platform, notices: NoticesStore, info: AppInfo): PreferencesStore {
  const languageOf = (settings: Settings): Language => (settings.language === 'auto' ? info.language : settings.language)
  const store = createStore<PreferencesState>(() => ({ info, settings: info.settings, language: languageOf(info.settings) }))
  const show = (settings: Settings): void => store.setState({ settings, language: languageOf(settings) })
  const change = async (patch: Partial<Settings>): Promise<void> => {
    const before = store.getState().settings
    show({ ...before, ...patch })
    const saved = await platform.request('app.setSettings', patch)
    if (saved.ok) return
    show(before)
    notices.fail(saved.error)
  }
  return { store, change, toggleLanguage: () => change({ language: store.getState().language === 'en' ? 'zh-CN' : 'en' }) }
}
