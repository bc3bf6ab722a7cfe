// The workspace that is open: a folder, or nothing (then what is done lives in the data folder). Holds its state, tells of changes,
// writes only when asked to. Hosts call one method each; engine parts that need the IDL list or the registry ask here.

import { basename, dirname, join, resolve } from 'node:path'
import { Emitter, type Event } from '../../../shared/base/emitter.ts'
import type { Disposable } from '../../../shared/base/disposable.ts'
import { type ErrorData, KiteError, fail } from '../../../shared/base/error.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { MockOptions } from '../../../shared/model/mock.ts'
import type { Drafts, HistoryEntry, SavedCall, WorkspaceState } from '../../../shared/model/workspace.ts'
import { isReflection } from '../../../shared/logic/reflection-path.ts'
import { type DraftStore, createDraftStore } from './drafts.ts'
import type { IdlArea } from '../idl-area.ts'
import { type Files, diskFiles, readError } from './files.ts'
import { type History, createHistory } from './history.ts'
import { memoryFiles } from './memory-files.ts'
import { withAuthority } from './paths.ts'
import { type Place, folderPlace, scratchPlace } from './place.ts'
import { depthLimit, findFiles } from './read-folder.ts'
import { createQueue } from './serial.ts'
import { type UserData, openUserData } from './user-data.ts'
import { isForeign, watchPaths } from './watch.ts'
import { type IdlHolder, type IdlListener, type WorkspaceIdl, watchIdl } from './watch-idl.ts'

/** Everything hosts do with a workspace. Each method that changes it resolves with the new state. */
export interface Workspace extends Disposable, IdlHolder {
  readonly user: UserData
  /** A folder, or its kite.json. Throws KiteError `file` when there is none; the one that was open stays. */
  open(path: string): Promise<WorkspaceState>
  setEnvironment(name: string | undefined): Promise<WorkspaceState>
  addIdl(paths: readonly string[]): Promise<WorkspaceState>
  addIdlText(files: readonly { readonly name: string; readonly text: string }[]): Promise<WorkspaceState>
  /** `path` as the state shows it. */
  removeIdl(path: string): Promise<WorkspaceState>
  saveCall(path: string, request: SavedCall['request'], overwrite: boolean): Promise<WorkspaceState>
  deleteCall(path: string): Promise<WorkspaceState>
  loadDrafts(): Promise<Drafts>
  saveDrafts(drafts: Drafts): Promise<void>
  /** The IDLs of a request: those it names, else the workspace's. */
  callIdl(given: WorkspaceState['idl']): Promise<{ paths: string[]; includeDirs: string[] }>
  /** A mock's options with the workspace's IDLs where it names none, and paths that are relative to the workspace made whole. */
  mockOptions(options: MockOptions): Promise<MockOptions>
  /** Tells the linked IDLs at once, then after each change of a file or of the list. */
  watchIdl(idl: IdlArea, listener: IdlListener): Disposable
  /** The environment's registry and the folder that a relative `file:` path starts from; undefined when it names none. */
  registry(): { readonly url: string; readonly baseDir: string } | undefined
  readonly history: Pick<History, 'list' | 'get' | 'clear'>
  /** Remembers a finished call; a failed write shows among the problems and the record stays in memory. */
  remember(record: CallRecord): Promise<void>
}

export interface WorkspaceOptions {
  /** For settings and for what is done with no workspace open; undefined: in memory only. */
  readonly dataFolder: string | undefined
  readonly files?: Files
  /** False for one command of the command line, which ends before anything could change. */
  readonly watch?: boolean
}

/** Opens the user's data and a workspace of nothing; `open` then opens a folder. */
export async function createWorkspace({ dataFolder, files = diskFiles, watch = true }: WorkspaceOptions): Promise<Workspace> {
  const dataFiles = dataFolder === undefined ? memoryFiles() : files
  const user = await openUserData(dataFiles, dataFolder ?? '')
  const scratch = await scratchPlace(dataFiles, join(dataFolder ?? '', 'scratch'))
  return new OpenWorkspace(files, user, scratch, watch)
}

class OpenWorkspace implements Workspace {
  readonly user: UserData
  readonly #files: Files
  readonly #watches: boolean
  readonly #changed = new Emitter<WorkspaceState>()
  readonly #queue = createQueue()
  #place: Place
  #history: History
  #drafts: DraftStore
  #environment: string | undefined
  #watch: Disposable | undefined
  #state: WorkspaceState
  #watchProblem: ErrorData | undefined

  constructor(files: Files, user: UserData, scratch: Place, watches: boolean) {
    this.#files = files
    this.user = user
    this.#watches = watches
    this.#place = scratch
    this.#history = this.#openHistory(scratch)
    this.#drafts = createDraftStore(scratch.files, scratch.stateFolder)
    this.#environment = scratch.environment
    this.#state = this.#compose()
  }

  get state(): WorkspaceState { return this.#state }
  get onDidChange(): Event<WorkspaceState> { return this.#changed.event }

  open(path: string): Promise<WorkspaceState> {
    return this.#queue(async () => {
      const root = await this.#findRoot(resolve(path))
      const place = await folderPlace(this.#files, root)
      this.#watch?.dispose()
      this.#watch = undefined
      this.#watchProblem = undefined
      this.#place = place
      this.#history = this.#openHistory(place)
      this.#drafts = createDraftStore(place.files, place.stateFolder)
      this.#environment = place.environment
      await this.#startWatch(root)
      await this.#addRecent(root)
      return this.#announce()
    })
  }

  setEnvironment(name: string | undefined): Promise<WorkspaceState> {
    return this.#queue(async () => {
      if (name !== undefined && !this.#state.environments.some((known) => known.name === name)) {
        const known = this.#state.environments.map((environment) => environment.name)
        throw fail('usage', 'workspace', 'workspace.noEnvironment', { name, known: known.join(', ') })
      }
      this.#environment = name
      const state = this.#announce()
      if (state.readOnly === undefined) await this.#place.rememberEnvironment(name)
      return state
    })
  }

  addIdl(paths: readonly string[]): Promise<WorkspaceState> {
    return this.#change(async (place) => {
      for (const path of paths) await this.#mustExist(path)
      await place.setIdlPaths([...new Set([...this.#state.idl.paths, ...paths.map((path) => (isReflection(path) ? withAuthority(path, (file) => place.stored(place.absolute(file))) : place.stored(resolve(path))))])])
    })
  }

  addIdlText(files: readonly { readonly name: string; readonly text: string }[]): Promise<WorkspaceState> {
    return this.#change(async (place) => {
      const paths = await place.writeIdl(files)
      await place.setIdlPaths([...new Set([...this.#state.idl.paths, ...paths])])
    })
  }

  removeIdl(path: string): Promise<WorkspaceState> {
    return this.#change((place) => place.setIdlPaths(this.#state.idl.paths.filter((known) => known !== path)))
  }

  saveCall(path: string, request: SavedCall['request'], overwrite: boolean): Promise<WorkspaceState> {
    return this.#change((place) => place.saveCall(path, request, overwrite))
  }

  deleteCall(path: string): Promise<WorkspaceState> {
    return this.#change((place) => place.deleteCall(path))
  }

  async loadDrafts(): Promise<Drafts> {
    const drafts = await this.#drafts.load()
    if (this.#drafts.problem !== undefined) this.#announce()
    return drafts
  }

  async saveDrafts(drafts: Drafts): Promise<void> {
    const store = this.#drafts
    await this.#place.prepareState()
    await store.save(drafts)
  }

  async idlSource({ paths, includeDirs }: WorkspaceState['idl'] = this.#state.idl): Promise<WorkspaceIdl> {
    const place = this.#place
    const listed = paths.map((path) => place.absolute(path))
    const found = await Promise.all(listed.map((path) => this.#idlFiles(path)))
    return { paths: [...new Set(found.flat())], includeDirs: includeDirs.map((path) => place.absolute(path)), listed }
  }

  async callIdl(given: WorkspaceState['idl']) {
    const { paths, includeDirs } = await this.idlSource(given.paths.length === 0 ? undefined : given)
    return { paths: [...paths], includeDirs: [...includeDirs] }
  }

  async mockOptions(options: MockOptions): Promise<MockOptions> {
    const { stubFile, register } = options
    const place = this.#place
    return {
      ...options,
      idl: await this.callIdl(options.idl),
      ...(stubFile === undefined ? {} : { stubFile: place.absolute(stubFile) }),
      ...(register === undefined ? {} : { register: register.replace(/^file:(?:\/\/)?(.+)$/s, (_, path: string) => `file:${place.absolute(path)}`) }),
    }
  }

  watchIdl(idl: IdlArea, listener: IdlListener): Disposable {
    return watchIdl(this, idl, listener)
  }

  registry() {
    const url = this.#state.environments.find(({ name }) => name === this.#environment)?.registry
    return url === undefined ? undefined : { url, baseDir: this.#place.root ?? this.#place.stateFolder }
  }

  get history() {
    const history = this.#history
    return {
      list: (limit: number): Promise<readonly HistoryEntry[]> => history.list(limit),
      get: (id: string): Promise<CallRecord> => history.get(id),
      clear: (): Promise<void> => history.clear(),
    }
  }

  async remember(record: CallRecord): Promise<void> {
    const history = this.#history
    const before = history.problem
    await this.#place.prepareState()
    await history.append(record)
    if (history.problem !== before) this.#announce()
  }

  dispose(): void {
    this.#watch?.dispose()
    this.#changed.dispose()
  }

  /** One change at a time: check that it may be written, write, read again, announce. */
  #change(write: (place: Place) => Promise<void>): Promise<WorkspaceState> {
    return this.#queue(async () => {
      const { readOnly } = this.#state
      if (readOnly !== undefined) throw new KiteError(readOnly)
      await write(this.#place)
      return this.#reload()
    })
  }

  async #reload(): Promise<WorkspaceState> {
    await this.#place.reload()
    return this.#announce()
  }

  #announce(): WorkspaceState {
    const next = this.#compose()
    if (JSON.stringify(next) === JSON.stringify(this.#state)) return this.#state
    this.#state = next
    this.#changed.fire(next)
    return next
  }

  #compose(): WorkspaceState {
    const { root, content, readOnly } = this.#place
    const environments = content.environments
    if (!environments.some(({ name }) => name === this.#environment)) this.#environment = environments[0]?.name
    const more = [this.#history.problem, this.#drafts.problem, this.#watchProblem].filter((problem) => problem !== undefined)
    return {
      root,
      name: content.name,
      idl: this.#place.idl,
      services: content.file?.value.services ?? {},
      environments,
      environment: this.#environment,
      calls: content.calls,
      problems: [...content.problems, ...more, ...this.user.problems],
      ...(readOnly === undefined ? {} : { readOnly }),
    }
  }

  async #findRoot(path: string): Promise<string> {
    try {
      if ((await this.#files.stat(path)).isFolder) return path
    } catch (caught) {
      throw readError(path, caught)
    }
    if (basename(path) === 'kite.json') return dirname(path)
    throw fail('file', 'workspace', 'workspace.notAFolder', { path }, { at: { file: path }, hint: { key: 'workspace.notAFolderHint' } })
  }

  /** A path that is not there is kept: the loader tells what is missing. */
  async #idlFiles(path: string): Promise<readonly string[]> {
    if (isReflection(path)) return [path]
    try {
      if (!(await this.#files.stat(path)).isFolder) return [path]
      const found = await Promise.all(['.thrift', '.proto'].map((suffix) => findFiles(this.#files, path, suffix, depthLimit)))
      return found.flat().map((file) => join(path, file))
    } catch {
      return [path]
    }
  }

  async #mustExist(path: string): Promise<void> {
    // Who is asked for an IDL need not be there now, but the address has to be one.
    if (isReflection(path)) return void (await import('../reflection/source.ts')).reflectionPath(path)
    try {
      await this.#files.stat(path)
    } catch (caught) {
      throw readError(path, caught)
    }
  }

  async #startWatch(root: string): Promise<void> {
    if (!this.#watches) return
    this.#watch = await watchPaths([root], {
      ignored: (path) => isForeign(root, path),
      onChange: () => void this.#queue(() => this.#reload()).catch((caught: unknown) => this.#watchFailed(caught)),
      onError: (caught) => this.#watchFailed(caught),
    })
  }

  #watchFailed(caught: unknown): void {
    this.#watchProblem = fail('file', 'workspace', 'workspace.cannotWatch', { cause: caught instanceof Error ? caught.message : String(caught) }).data
    this.#announce()
  }

  /** A data folder that cannot be written to must not keep a workspace from opening. */
  async #addRecent(root: string): Promise<void> {
    try {
      await this.user.addRecent(root)
    } catch (caught) {
      this.#watchProblem = KiteError.from(caught, 'workspace').data
    }
  }

  #openHistory(place: Place): History {
    return createHistory({ files: place.files, folder: place.stateFolder, limit: () => this.user.settings.historyLimit })
  }
}
