// Mock servers that run, and what came in at them, live. Hits are kept up to a bound; the engine's own counters tell the rest.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import type { Result } from '../../shared/base/result.ts'
import type { Input } from '../../shared/ipc/contract.ts'
import type { MockHit, MockStatus } from '../../shared/model/mock.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface MocksState {
  readonly mocks: readonly MockStatus[]
  /** Newest first. */
  readonly hits: readonly MockHit[]
  readonly error: ErrorData | undefined
  readonly starting: boolean
}

export interface MocksStore extends Slice<MocksState> {
  start(options: Input<'mock.start'>): Promise<Result<MockStatus>>
  stop(id: string): Promise<void>
}

export const keptHits = 1000

export function createMocksStore(platform: Platform, notices: NoticesStore): MocksStore {
  const store = createStore<MocksState>(() => ({ mocks: [], hits: [], error: undefined, starting: false }))
  platform.openStream('mock.watch', undefined, {
    onItems: (items) => store.setState({ mocks: items[items.length - 1] ?? [] }),
    onError: (error) => store.setState({ error }),
  })
  platform.openStream('mock.hits', undefined, {
    onItems: (items) => store.setState(({ hits }) => ({ hits: [...[...items].reverse(), ...hits].slice(0, keptHits) })),
    onError: (error) => store.setState({ error }),
  })
  return {
    store,
    start: async (options) => {
      store.setState({ starting: true })
      const result = await platform.request('mock.start', options)
      store.setState({ starting: false })
      return result
    },
    stop: async (id) => {
      const result = await platform.request('mock.stop', { id })
      if (!result.ok) notices.fail(result.error)
    },
  }
}
