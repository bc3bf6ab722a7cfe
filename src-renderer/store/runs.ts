// What each tab's last call did: events as they come, folded once per animation frame, then the record. Reopened history lands here too,
// so that a tab looks the same whether it was sent now or last week.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import type { CallEvent } from '../../shared/model/call-event.ts'
import { foldCall, noCall, type CallView } from '../../shared/logic/fold-call.ts'
import type { CallRecord, CallRequest } from '../../shared/model/call.ts'
import type { OpenStream, Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'

export interface Run {
  readonly phase: 'running' | 'done'
  readonly startedAtMs: number
  /** What is known while it runs. */
  readonly view?: CallView
  readonly record?: CallRecord
  /** Why there is no record: the host went away, or the record is gone. */
  readonly error?: ErrorData
}

export interface RunsState { readonly byTab: Readonly<Record<string, Run>> }

export interface RunsStore extends Slice<RunsState> {
  start(tab: string, request: CallRequest, onRecord: (record: CallRecord) => void): void
  cancel(tab: string): void
  /** Shows a record that was made earlier. */
  show(tab: string, record: CallRecord): void
  showError(tab: string, error: ErrorData): void
  forget(tab: string): void
}

export interface RunClock {
  now(): number
  /** Calls back before the next paint. */
  nextFrame(callback: () => void): void
}

const browserClock: RunClock = {
  now: () => Date.now(),
  // A hidden window paints no frames; its calls must end all the same.
  nextFrame: (callback) => void (document.hidden ? setTimeout(callback, 0) : requestAnimationFrame(callback)),
}

export function createRunsStore(platform: Platform, clock: RunClock = browserClock): RunsStore {
  const store = createStore<RunsState>(() => ({ byTab: {} }))
  const open = new Map<string, OpenStream>()
  const put = (tab: string, run: Run): void => store.setState(({ byTab }) => ({ byTab: { ...byTab, [tab]: run } }))
  const release = (tab: string): void => {
    open.get(tab)?.close()
    open.delete(tab)
  }
  return {
    store,
    start: (tab, request, onRecord) => {
      release(tab)
      const startedAtMs = clock.now()
      put(tab, { phase: 'running', startedAtMs })
      const finish = (run: Run): void => {
        open.delete(tab)
        put(tab, run)
        if (run.record !== undefined) onRecord(run.record)
      }
      const pending: CallEvent[] = []
      let view = noCall
      const commit = (): void => {
        view = pending.splice(0).reduce(foldCall, view)
        if (view.record !== undefined) finish({ phase: 'done', startedAtMs, record: view.record })
        else if (open.has(tab)) put(tab, { phase: 'running', startedAtMs, view })
      }
      open.set(tab, platform.openStream('call.run', request, {
        onItems: (items) => {
          if (pending.length === 0) clock.nextFrame(commit)
          pending.push(...items)
        },
        onError: (error) => finish({ phase: 'done', startedAtMs, error }),
      }))
    },
    cancel: (tab) => {
      const run = store.getState().byTab[tab]
      if (run?.phase !== 'running') return
      release(tab)
      // What came so far of a stream can still be looked at.
      put(tab, { phase: 'done', startedAtMs: clock.now(), ...(run.view === undefined ? {} : { view: run.view }), error: { code: 'cancelled', layer: 'usage', text: { key: 'app.call.cancelled' } } })
    },
    show: (tab, record) => {
      release(tab)
      put(tab, { phase: 'done', startedAtMs: clock.now(), record })
    },
    showError: (tab, error) => {
      release(tab)
      put(tab, { phase: 'done', startedAtMs: clock.now(), error })
    },
    forget: (tab) => {
      release(tab)
      store.setState(({ byTab }) => ({ byTab: Object.fromEntries(Object.entries(byTab).filter(([id]) => id !== tab)) }))
    },
  }
}
