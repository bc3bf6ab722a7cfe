// The workspace's IDLs, loaded anew whenever one of their files, or the list of them, changes. While a file is missing its folder is
// watched too, so that putting it there is noticed.

import { dirname, isAbsolute } from 'node:path'
import type { Disposable } from '../../../shared/base/disposable.ts'
import { type ErrorData, KiteError } from '../../../shared/base/error.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { Event } from '../../../shared/base/emitter.ts'
import type { WorkspaceState } from '../../../shared/model/workspace.ts'
import type { IdlArea } from '../idl-area.ts'
import { watchPaths } from './watch.ts'

/** Absolute paths. A folder among `listed` stands for every .thrift and .proto file below it, and those are in `paths`. */
export interface WorkspaceIdl {
  readonly paths: readonly string[]
  readonly includeDirs: readonly string[]
  readonly listed: readonly string[]
}

/** What is watched: a workspace, as far as its IDLs go. */
export interface IdlHolder {
  readonly state: WorkspaceState
  readonly onDidChange: Event<WorkspaceState>
  /** The workspace's IDLs, or those given (relative to the workspace), as files of this machine. */
  idlSource(given?: WorkspaceState['idl']): Promise<WorkspaceIdl>
}

export interface IdlListener {
  onSet(set: IdlSet): void
  /** Loading failed as a whole, which no content of a file can cause. */
  onError(error: ErrorData): void
}

/** Tells the set at once, then after each change, until disposed. */
export function watchIdl(workspace: IdlHolder, idl: IdlArea, listener: IdlListener): Disposable {
  return new IdlWatch(workspace, idl, listener)
}

class IdlWatch implements Disposable {
  readonly #workspace: IdlHolder
  readonly #idl: IdlArea
  readonly #listener: IdlListener
  readonly #life = new AbortController()
  readonly #subscription: Disposable
  #files: Disposable | undefined
  #watched = ''
  #isLoading = false
  #isStale = false

  constructor(workspace: IdlHolder, idl: IdlArea, listener: IdlListener) {
    this.#workspace = workspace
    this.#idl = idl
    this.#listener = listener
    let list = JSON.stringify([workspace.state.root, workspace.state.idl])
    this.#subscription = workspace.onDidChange((state) => {
      const next = JSON.stringify([state.root, state.idl])
      if (next === list) return
      list = next
      void this.#load()
    })
    void this.#load()
  }

  dispose(): void {
    this.#life.abort()
    this.#subscription.dispose()
    this.#files?.dispose()
  }

  /** One load at a time; a change during it is followed by one more. */
  async #load(): Promise<void> {
    this.#isStale = true
    if (this.#isLoading) return
    this.#isLoading = true
    try {
      while (this.#isStale && !this.#life.signal.aborted) {
        this.#isStale = false
        await this.#loadOnce()
      }
    } catch (caught) {
      if (!this.#life.signal.aborted) this.#listener.onError(KiteError.from(caught, 'idl').data)
    } finally {
      this.#isLoading = false
    }
  }

  async #loadOnce(): Promise<void> {
    const source = await this.#workspace.idlSource()
    const set = await this.#idl.load(source, { signal: this.#life.signal, isTolerant: true })
    if (this.#life.signal.aborted) return
    this.#listener.onSet(set)
    // What a server told has no file of this machine.
    await this.#watch([...new Set([...pathsOf(set), ...source.listed])].filter((path) => isAbsolute(path)))
  }

  async #watch(paths: readonly string[]): Promise<void> {
    const key = JSON.stringify(paths)
    if (key === this.#watched) return
    this.#watched = key
    this.#files?.dispose()
    const files = await watchPaths(paths, { depth: 0, onChange: () => void this.#load(), onError: () => undefined })
    if (this.#life.signal.aborted) files.dispose()
    else this.#files = files
  }
}

function pathsOf(set: IdlSet): readonly string[] {
  const files = set.files.map(({ path }) => path)
  const hasErrors = set.diagnostics.some(({ severity }) => severity === 'error')
  return hasErrors ? [...files, ...set.diagnostics.map(({ at }) => dirname(at.file))] : files
}
