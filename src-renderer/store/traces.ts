// Traces as the receiver has them: the list that a filter selects, and the spans of those that are looked at. Lists and spans are asked
// again when the live stream tells of news, at most a few times a second.

import { createStore } from 'zustand/vanilla'
import { toDisposable, type Disposable } from '../../shared/base/disposable.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import type { Span, TraceFilter, TraceSummary } from '../../shared/model/trace.ts'
import type { Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'

export interface TracesState {
  readonly filter: TraceFilter
  readonly list: readonly TraceSummary[]
  readonly loaded: boolean
  /** Whether the list follows what comes in. */
  readonly live: boolean
  readonly error: ErrorData | undefined
  readonly selected: string | undefined
  /** Spans of the traces that someone follows now. */
  readonly spans: ReadonlyMap<string, readonly Span[]>
}

export interface TracesStore extends Slice<TracesState> {
  setFilter(filter: Partial<TraceFilter>): void
  setLive(live: boolean): void
  select(traceId: string | undefined): void
  /** Keeps the spans of one trace in the state until disposed. */
  follow(traceId: string): Disposable
  refresh(): Promise<void>
}

const settleMs = 250
const noFilter: TraceFilter = { errorsOnly: false, minDurationMs: 0, limit: 500 }

export function createTracesStore(platform: Platform): TracesStore {
  const store = createStore<TracesState>(() => ({ filter: noFilter, list: [], loaded: false, live: true, error: undefined, selected: undefined, spans: new Map() }))
  const followers = new Map<string, number>()
  const stale = new Set<string>()
  let listIsStale = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const refresh = async (): Promise<void> => {
    const asked = store.getState().filter
    const result = await platform.request('trace.list', asked)
    if (store.getState().filter !== asked) return
    store.setState(result.ok ? { list: result.value, loaded: true, error: undefined } : { loaded: true, error: result.error })
  }
  const load = async (traceId: string): Promise<void> => {
    const result = await platform.request('trace.get', { traceId })
    if (result.ok && followers.has(traceId)) store.setState(({ spans }) => ({ spans: new Map(spans).set(traceId, result.value) }))
  }
  // News arrive in bursts: one look after the burst, not one a span.
  const settle = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined
      if (listIsStale && store.getState().live) void refresh()
      listIsStale = false
      for (const traceId of stale) void load(traceId)
      stale.clear()
    }, settleMs)
  }
  platform.openStream('trace.live', undefined, {
    onItems: (items) => {
      listIsStale = true
      for (const { traceId } of items) if (followers.has(traceId)) stale.add(traceId)
      settle()
    },
  })

  return {
    store,
    refresh,
    setFilter: (change) => {
      store.setState(({ filter }) => ({ filter: { ...filter, ...change } }))
      void refresh()
    },
    setLive: (live) => {
      store.setState({ live })
      if (live) void refresh()
    },
    select: (selected) => store.setState({ selected }),
    follow: (traceId) => {
      followers.set(traceId, (followers.get(traceId) ?? 0) + 1)
      void load(traceId)
      return toDisposable(() => {
        const left = (followers.get(traceId) ?? 1) - 1
        if (left > 0) {
          followers.set(traceId, left)
          return
        }
        followers.delete(traceId)
        store.setState(({ spans }) => {
          const rest = new Map(spans)
          rest.delete(traceId)
          return { spans: rest }
        })
      })
    },
  }
}

/** A trace that has nothing yet; one value, so that selecting it does not repaint. */
export const noSpans: readonly Span[] = []
