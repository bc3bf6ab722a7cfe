// The workspace as the engine holds it. Each action answers with the new state; a failed one leaves the old and says why.

import { createStore } from 'zustand/vanilla'
import type { TlsTrust } from '../../shared/logic/reflection-path.ts'
import type { Result } from '../../shared/base/result.ts'
import type { SavedCall, WorkspaceState as Workspace } from '../../shared/model/workspace.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface WorkspaceStoreState {
  readonly workspace: Workspace
  /** What is being opened now, for a pending state. */
  readonly busy: 'demo' | 'folder' | 'idl' | undefined
}

/** A dropped or picked file: a path where the host can tell, else its text. */
export interface DroppedFile { readonly name: string; readonly path: string | undefined; readonly text: () => Promise<string> }

export interface WorkspaceStore extends Slice<WorkspaceStoreState> {
  load(): Promise<void>
  openFolder(): Promise<boolean>
  openDemo(): Promise<boolean>
  setEnvironment(name: string | undefined): Promise<void>
  pickIdl(): Promise<boolean>
  addFiles(files: readonly DroppedFile[]): Promise<boolean>
  /** Asks a gRPC server for its IDL; what it says to that is for whoever asked. */
  addServerIdl(address: string, tls?: TlsTrust): Promise<Result<Workspace>>
  /** Servers among the IDLs are asked again by the next load. */
  refreshIdl(): Promise<void>
  removeIdl(path: string): Promise<void>
  saveCall(path: string, request: SavedCall['request'], overwrite: boolean): Promise<Result<Workspace>>
  deleteCall(path: string): Promise<void>
}

export const noWorkspace: Workspace = {
  root: undefined, name: '', idl: { paths: [], includeDirs: [] }, services: {}, environments: [], environment: undefined, calls: [], problems: [],
}

/** `beforeLeaving` saves what belongs to the workspace that is open before another one is. */
export function createWorkspaceStore(platform: Platform, notices: NoticesStore, beforeLeaving: () => Promise<void> = () => Promise.resolve()): WorkspaceStore {
  const store = createStore<WorkspaceStoreState>(() => ({ workspace: noWorkspace, busy: undefined }))
  platform.openStream('workspace.watch', undefined, {
    onItems: (items) => {
      const last = items[items.length - 1]
      if (last !== undefined) store.setState({ workspace: last })
    },
    onError: (error) => notices.fail(error),
  })
  const take = async (answer: Promise<Result<Workspace>>, busy: WorkspaceStoreState['busy'] = undefined): Promise<boolean> => {
    store.setState({ busy })
    const result = await answer
    store.setState({ busy: undefined, ...(result.ok ? { workspace: result.value } : {}) })
    if (!result.ok) notices.fail(result.error)
    return result.ok
  }
  const addPaths = (paths: readonly string[]): Promise<boolean> =>
    paths.length === 0 ? Promise.resolve(false) : take(platform.request('workspace.addIdl', { paths: [...paths] }), 'idl')
  return {
    store,
    load: async () => void (await take(platform.request('workspace.state', undefined))),
    openDemo: async () => {
      await beforeLeaving()
      return take(platform.request('workspace.openDemo', undefined), 'demo')
    },
    openFolder: async () => {
      const picked = await platform.request('app.pickFolder', undefined)
      if (!picked.ok) notices.fail(picked.error)
      else if (picked.value.path !== undefined) {
        await beforeLeaving()
        return take(platform.request('workspace.open', { path: picked.value.path }), 'folder')
      }
      return false
    },
    setEnvironment: async (name) => void (await take(platform.request('workspace.setEnvironment', name === undefined ? {} : { name }))),
    pickIdl: async () => {
      const picked = await platform.request('app.pickIdl', undefined)
      if (!picked.ok) notices.fail(picked.error)
      return picked.ok ? addPaths(picked.value.paths) : false
    },
    addFiles: async (files) => {
      const paths = files.flatMap(({ path }) => (path === undefined ? [] : [path]))
      if (paths.length === files.length) return addPaths(paths)
      const texts = await Promise.all(files.map(async ({ name, text }) => ({ name, text: await text() })))
      return take(platform.request('workspace.addIdlText', { files: texts }), 'idl')
    },
    addServerIdl: async (address, tls) => {
      const result = await platform.request('workspace.addServerIdl', { address, ...(tls === undefined ? {} : { tls }) })
      if (result.ok) store.setState({ workspace: result.value })
      return result
    },
    refreshIdl: async () => {
      const answer = await platform.request('workspace.refreshIdl', undefined)
      if (!answer.ok) notices.fail(answer.error)
    },
    removeIdl: async (path) => void (await take(platform.request('workspace.removeIdl', { path }))),
    saveCall: async (path, request, overwrite) => {
      const result = await platform.request('workspace.saveCall', { path, request, overwrite })
      if (result.ok) store.setState({ workspace: result.value })
      return result
    },
    deleteCall: async (path) => void (await take(platform.request('workspace.deleteCall', { path }))),
  }
}

/** Registry of the environment that is on, as written in its file. */
export function currentRegistry(workspace: Workspace): string | undefined {
  return workspace.environments.find(({ name }) => name === workspace.environment)?.registry
}

export function currentEnvironment(workspace: Workspace): Workspace['environments'][number] | undefined {
  return workspace.environments.find(({ name }) => name === workspace.environment)
}
