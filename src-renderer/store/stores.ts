// The stores that several features share, made once at start over one platform.

import type { AppInfo } from '../../shared/ipc/contract.ts'
import type { RegistryView } from '../../shared/ipc/streams.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { ConnectionState, Platform } from '../platform/client.ts'
import { createStore } from 'zustand/vanilla'
import { createHistoryStore, type HistoryStore } from './history.ts'
import { createLayoutStore, type LayoutStore } from './layout.ts'
import { createMocksStore, type MocksStore } from './mocks.ts'
import { createNoticesStore, type NoticesStore } from './notices.ts'
import { createPreferencesStore, type PreferencesStore } from './preferences.ts'
import { createProbesStore, type ProbesStore } from './probes.ts'
import { createReceiverStore, type ReceiverStore } from './receiver.ts'
import { createSessionStore, type SessionStore } from './session.ts'
import { requiredContext, type Slice } from './state.ts'
import { createStreamsStore, type StreamsStore } from './streams.ts'
import { createTracesStore, type TracesStore } from './traces.ts'
import { createWatchedStore, type WatchedStore } from './watched.ts'
import { createWorkspaceStore, type WorkspaceStore } from './workspace.ts'

export interface Stores {
  readonly notices: NoticesStore
  readonly preferences: PreferencesStore
  readonly layout: LayoutStore
  readonly workspace: WorkspaceStore
  readonly session: SessionStore
  readonly history: HistoryStore
  readonly idl: WatchedStore<IdlSet>
  readonly registry: WatchedStore<RegistryView>
  readonly probes: ProbesStore
  readonly receiver: ReceiverStore
  readonly mocks: MocksStore
  readonly streams: StreamsStore
  readonly traces: TracesStore
  readonly connection: Slice<{ readonly state: ConnectionState }>
}

export function createStores(platform: Platform, info: AppInfo): Stores {
  const notices = createNoticesStore()
  const session = createSessionStore(platform, notices)
  const workspace = createWorkspaceStore(platform, notices, session.flush)
  const idl = createWatchedStore(platform, 'idl.watch', undefined)
  const registry = createWatchedStore(platform, 'discovery.watch', undefined)
  // A stream that failed on the old workspace is over; the next workspace deserves a new one.
  workspace.store.subscribe((now, before) => {
    if (now.workspace === before.workspace) return
    for (const watched of [idl, registry]) if (watched.store.getState().error !== undefined) watched.restart()
  })
  return {
    notices,
    preferences: createPreferencesStore(platform, notices, info),
    layout: createLayoutStore(platform, info.layout),
    workspace,
    session,
    history: createHistoryStore(platform, notices),
    idl,
    registry,
    probes: createProbesStore(platform),
    receiver: createReceiverStore(platform, notices),
    mocks: createMocksStore(platform, notices),
    streams: createStreamsStore(platform, notices),
    traces: createTracesStore(platform),
    connection: createConnectionStore(platform),
  }
}

function createConnectionStore(platform: Platform): Slice<{ readonly state: ConnectionState }> {
  const store = createStore<{ readonly state: ConnectionState }>(() => ({ state: platform.connection }))
  platform.onDidChangeConnection((state) => store.setState({ state }))
  return { store }
}

const context = requiredContext<Stores>('Stores')
export const StoresProvider = context.Provider
export const useStores = context.use
