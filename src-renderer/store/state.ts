// The form of every store: readonly state, and actions beside it. Vanilla zustand, so that stores run without React in tests; views read
// the smallest slice through `useSlice`.

import { createContext, useContext } from 'react'
import { useStore } from 'zustand'
import type { StoreApi } from 'zustand/vanilla'

export interface Slice<S> {
  readonly store: StoreApi<S>
}

/** Reads one slice of a store in a component. */
export const useSlice = <S, T>(slice: Slice<S>, select: (state: S) => T): T => useStore(slice.store, select)

/** A context that must be provided: reading it outside its provider is a bug that says so. */
export function requiredContext<T>(name: string): { readonly Provider: React.Provider<T | undefined>; readonly use: () => T } {
  const context = createContext<T | undefined>(undefined)
  return {
    Provider: context.Provider,
    use: () => {
      const value = useContext(context)
      if (value === undefined) throw new Error(`believed: ${name} is provided above`)
      return value
    },
  }
}
