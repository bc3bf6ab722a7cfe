// Which overlay is up; at most one, and Escape closes it.

import { createStore } from 'zustand/vanilla'
import type { Slice } from './state.ts'

export type Overlay =
  | { readonly kind: 'palette'; readonly mode: 'everything' | 'methods' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'ask-idl' }
  | { readonly kind: 'save'; readonly tab: string }

export interface OverlayState { readonly overlay: Overlay | undefined }
export interface OverlayStore extends Slice<OverlayState> {
  open(overlay: Overlay): void
  close(): void
}

export function createOverlayStore(): OverlayStore {
  const store = createStore<OverlayState>(() => ({ overlay: undefined }))
  let origin: Element | null = null
  return {
    store,
    open: (overlay) => {
      if (store.getState().overlay === undefined) origin = document.activeElement
      store.setState({ overlay })
    },
    close: () => {
      store.setState({ overlay: undefined })
      // After the overlay has left the page, the focus goes back where it came from.
      requestAnimationFrame(() => {
        if (origin instanceof HTMLElement && origin.isConnected && (document.activeElement === null || document.activeElement === document.body)) origin.focus()
      })
    },
  }
}
