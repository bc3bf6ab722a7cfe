// Where the cursor of the focused editor is, for the status bar.

import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'

export interface Cursor { readonly line: number; readonly column: number }

const store = createStore<{ readonly cursor: Cursor | undefined }>(() => ({ cursor: undefined }))

export const setCursor = (cursor: Cursor | undefined): void => store.setState({ cursor })
export const useCursor = (): Cursor | undefined => useStore(store, (state) => state.cursor)
