// The list of calls that were made, newest first. Records themselves are fetched when one is opened.

import { createStore } from 'zustand/vanilla'
import type { HistoryEntry } from '../../shared/model/workspace.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface HistoryState {
  readonly entries: readonly HistoryEntry[]
  readonly loaded: boolean
}

export interface HistoryStore extends Slice<HistoryState> {
  refresh(): Promise<void>
  clear(): Promise<void>
}

const shownEntries = 1000

export function createHistoryStore(platform: Platform, notices: NoticesStore): HistoryStore {
  const store = createStore<HistoryState>(() => ({ entries: [], loaded: false }))
  return {
    store,
    refresh: async () => {
      const result = await platform.request('history.list', { limit: shownEntries })
      if (result.ok) store.setState({ entries: result.value, loaded: true })
      else notices.fail(result.error)
    },
    clear: async () => {
      const result = await platform.request('history.clear', undefined)
      if (result.ok) store.setState({ entries: [] })
      else notices.fail(result.error)
    },
  }
}
