// Short messages at the bottom right: what was done (with Undo) or what failed (with copy). They never ask.

import { createStore } from 'zustand/vanilla'
import type { ErrorData, Text } from '../../shared/base/error.ts'
import type { Slice } from './state.ts'

export interface Notice {
  readonly id: number
  readonly text: Text
  readonly error?: ErrorData
  readonly undo?: () => void
}
export interface NoticesState { readonly notices: readonly Notice[] }

export interface NoticesStore extends Slice<NoticesState> {
  say(text: Text, undo?: () => void): void
  fail(error: ErrorData): void
  dismiss(id: number): void
}

/** How long a message that needs no reading stays. */
const shownMs = 6000

export function createNoticesStore(): NoticesStore {
  const store = createStore<NoticesState>(() => ({ notices: [] }))
  let lastId = 0
  const dismiss = (id: number): void => store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }))
  const add = (notice: Omit<Notice, 'id'>, stays: boolean): void => {
    const id = ++lastId
    store.setState(({ notices }) => ({ notices: [...notices.slice(-3), { ...notice, id }] }))
    if (!stays) setTimeout(() => dismiss(id), shownMs)
  }
  return {
    store,
    say: (text, undo) => add({ text, ...(undo === undefined ? {} : { undo }) }, false),
    fail: (error) => add({ text: error.text, error }, true),
    dismiss,
  }
}
