// Open tabs. Each holds a request as it is typed; all are saved behind every change, so that a crash loses nothing (issue 3, part 7).

import { createStore } from 'zustand/vanilla'
import type { CallRequest } from '../../shared/model/call.ts'
import type { Draft } from '../../shared/model/workspace.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface SessionState {
  readonly tabs: readonly Draft[]
  readonly active: string | undefined
}

export interface SessionStore extends Slice<SessionState> {
  restore(): Promise<void>
  /** Adds a tab after the active one and shows it; gives its id. */
  add(draft: Omit<Draft, 'id'>): string
  show(id: string): void
  /** Next or previous tab, around the ends. */
  step(by: 1 | -1): void
  close(id: string): void
  /** Brings the last closed tab back. */
  reopen(): void
  change(id: string, patch: Partial<CallRequest>): void
  /** Like {@link change}, for what a patch cannot say: that a member is gone. */
  replace(id: string, request: CallRequest): void
  update(id: string, patch: Partial<Omit<Draft, 'id' | 'request'>>): void
  /** Writes what is not written yet, at once. */
  flush(): Promise<void>
}

const saveAfterMs = 400

export function createSessionStore(platform: Platform, notices: NoticesStore): SessionStore {
  const store = createStore<SessionState>(() => ({ tabs: [], active: undefined }))
  const saver = createSaver(platform, store.getState, notices)
  const set = (next: SessionState): void => {
    store.setState(next)
    saver.later()
  }
  const edit = (id: string, change: (tab: Draft) => Draft): void => {
    const { tabs, active } = store.getState()
    set({ active, tabs: tabs.map((tab) => (tab.id === id ? change(tab) : tab)) })
  }
  const closed: Draft[] = []
  return {
    store,
    restore: async () => {
      const drafts = await platform.request('workspace.loadDrafts', undefined)
      if (!drafts.ok) notices.fail(drafts.error)
      else store.setState({ tabs: drafts.value.tabs, active: drafts.value.active ?? drafts.value.tabs[0]?.id })
    },
    add: (draft) => {
      const { tabs, active } = store.getState()
      const id = crypto.randomUUID()
      const at = tabs.findIndex((tab) => tab.id === active) + 1
      set({ active: id, tabs: [...tabs.slice(0, at), { ...draft, id }, ...tabs.slice(at)] })
      return id
    },
    show: (id) => set({ ...store.getState(), active: id }),
    step: (by) => {
      const { tabs, active } = store.getState()
      const next = tabs[(tabs.findIndex((tab) => tab.id === active) + by + tabs.length) % tabs.length]
      if (next !== undefined) set({ tabs, active: next.id })
    },
    close: (id) => {
      const { tabs, active } = store.getState()
      const at = tabs.findIndex((tab) => tab.id === id)
      const tab = tabs[at]
      if (tab === undefined) return
      closed.push(tab)
      const rest = tabs.filter((other) => other.id !== id)
      set({ tabs: rest, active: active === id ? (rest[at] ?? rest[at - 1])?.id : active })
    },
    reopen: () => {
      const tab = closed.pop()
      if (tab !== undefined) set({ tabs: [...store.getState().tabs, tab], active: tab.id })
    },
    change: (id, patch) => edit(id, (tab) => ({ ...tab, dirty: true, request: { ...tab.request, ...patch } })),
    replace: (id, request) => edit(id, (tab) => ({ ...tab, dirty: true, request })),
    update: (id, patch) => edit(id, (tab) => ({ ...tab, ...patch })),
    flush: saver.now,
  }
}

/** Saves at most one at a time, the latest state last. */
function createSaver(platform: Platform, state: () => SessionState, notices: NoticesStore): { later(): void; now(): Promise<void> } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let failed = false
  const save = async (): Promise<void> => {
    const { tabs, active } = state()
    const saved = await platform.request('workspace.saveDrafts', { format: 1, tabs: [...tabs], ...(active === undefined ? {} : { active }) })
    // Said once, not after each key stroke.
    if (!saved.ok && !failed) notices.fail(saved.error)
    failed = !saved.ok
  }
  return {
    later: () => {
      clearTimeout(timer)
      timer = setTimeout(() => void save(), saveAfterMs)
    },
    now: () => {
      clearTimeout(timer)
      return save()
    },
  }
}

export const activeTab = ({ tabs, active }: SessionState): Draft | undefined => tabs.find((tab) => tab.id === active)
