// A store that follows one stream of the engine: the last item, and why the stream failed if it did.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import type { StreamInput, StreamItem, StreamName } from '../../shared/ipc/streams.ts'
import type { Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'

export interface WatchedState<T> {
  readonly value: T | undefined
  readonly error: ErrorData | undefined
}

export interface WatchedStore<T> extends Slice<WatchedState<T>> {
  /** Opens the stream anew, such as after it failed. */
  restart(): void
}

export function createWatchedStore<S extends StreamName>(platform: Platform, stream: S, input: StreamInput<S>): WatchedStore<StreamItem<S>> {
  const store = createStore<WatchedState<StreamItem<S>>>(() => ({ value: undefined, error: undefined }))
  let open = follow()
  function follow(): { close(): void } {
    return platform.openStream(stream, input, {
      onItems: (items) => {
        const last = items[items.length - 1]
        if (last !== undefined) store.setState({ value: last, error: undefined })
      },
      onError: (error) => store.setState({ error }),
    })
  }
  return {
    store,
    restart: () => {
      open.close()
      store.setState({ error: undefined })
      open = follow()
    },
  }
}
