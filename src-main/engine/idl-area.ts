// IDLs as hosts and calls ask for them. A set is kept while its files are as they were, since methods are compiled per set: the second
// call of a window costs no parsing.

import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { KiteError, fail } from '../../shared/base/error.ts'
import type { Result } from '../../shared/base/result.ts'
import { isReflection } from '../../shared/logic/reflection-path.ts'
import type { TlsRequest } from '../../shared/model/call.ts'
import type { IdlSet, IdlType, MethodDescriptor } from '../../shared/model/idl.ts'
import type { FoundMethod } from './idl/find-method.ts'
import type { LoadedIdl } from './idl/load.ts'
import type { ReadFile } from './idl/read-source.ts'
import { readTls, type NamedFiles } from './named-files.ts'
import type { ReflectedIdls, ReflectVia } from './reflected-idls.ts'
import { overHttp2 } from './transport/place.ts'

export interface IdlSource {
  /** Files, folders, archives and descriptor sets. */
  readonly paths: readonly string[]
  readonly includeDirs?: readonly string[]
  /** Nothing outside of this folder is read: for people who may use a workspace and not the machine. */
  readonly confineTo?: string
  /** But for these absolute paths: files, and folders of which only what is named as IDL is read. */
  readonly besides?: readonly string[]
}

/** How far a source may reach for files. */
export type IdlBounds = Pick<IdlSource, 'confineTo' | 'besides'>

export interface LoadOptions {
  readonly signal?: AbortSignal
  readonly read?: ReadFile
  /** A server that does not tell its IDL is among the diagnostics too, instead of being thrown. */
  readonly isTolerant?: boolean
  /** How all servers among the sources are reached, with whatever client certificate it names: for who named them all. */
  readonly tls?: TlsRequest
}

export interface IdlArea {
  /** Loads and links; what is wrong in the files is among the diagnostics, never thrown. `read` lays unsaved text over the disk. */
  load(source: IdlSource, options?: LoadOptions): Promise<IdlSet>
  /** Servers among the sources are asked for their IDL again. */
  forgetReflected(): void
  /** `Service/Method`, or `Method` where that is unique; the error has the nearest name. */
  find(idl: IdlSet, name: string): Promise<Result<FoundMethod>>
  /** A body that encodes. */
  example(idl: IdlSet, method: MethodDescriptor): Promise<string>
  /** JSON text of an example value of any type. */
  exampleValue(idl: IdlSet, type: IdlType): Promise<string>
}

interface Kept {
  readonly loaded: LoadedIdl
  readonly stamp: string
  /** Since when, on the monotonic clock, how often it was asked whether the files are as they were. */
  since: number
  asked: number
}

/** Within so many milliseconds the files are looked at so often and no more: a person always gets what was saved, only a load run is spared. */
const look = { withinMs: 50, times: 8 }

/** A method with the set that it is of. */
export type LoadedMethod = FoundMethod & { readonly idl: IdlSet }

const maxKept = 16
const never = new AbortController().signal

export class IdlLoader implements IdlArea {
  readonly #baseDir: string
  readonly #reflected: ReflectedIdls
  readonly #kept = new Map<string, Kept>()
  /** Many calls that begin at once share one set: each set has compiled methods of its own, and many of the same shape slow all calls down. */
  readonly #loading = new Map<string, Promise<LoadedIdl>>()
  /** What names were found to mean, for as long as their set lives. */
  readonly #found = new WeakMap<IdlSet, Map<string, LoadedMethod>>()

  constructor(baseDir: string, reflected: ReflectedIdls) {
    this.#baseDir = baseDir
    this.#reflected = reflected
  }

  forgetReflected(): void {
    this.#reflected.forget()
  }

  async load(source: IdlSource, { signal, read, via = {}, isTolerant = false, tls }: LoadOptions & { readonly via?: ReflectVia } = {}): Promise<IdlSet> {
    const reflected = source.paths.filter(isReflection)
    if (reflected.length > 0) {
      const others = source.paths.filter((path) => !isReflection(path))
      const rest = others.length === 0 ? undefined : await this.load({ ...source, paths: others }, { ...(signal === undefined ? {} : { signal }), ...(read === undefined ? {} : { read }) })
      const files = filesOf(source, this.#baseDir)
      const forAll = tls === undefined ? {} : { secure: overHttp2(await readTls(tls, files)), isForAll: true }
      return this.#reflected.load(reflected, rest, { ...via, ...forAll, files }, signal ?? never, isTolerant)
    }
    const paths = source.paths.map((path) => this.#absolute(path))
    const includeDirs = (source.includeDirs ?? []).map((path) => this.#absolute(path))
    const confine = source.confineTo === undefined ? {} : { confineTo: this.#absolute(source.confineTo), besides: source.besides ?? [] }
    const key = JSON.stringify([paths, includeDirs, confine])
    const kept = read === undefined ? this.#kept.get(key) : undefined
    if (kept !== undefined && isCurrent(kept)) return kept.loaded.set
    const { loadIdl, loadIdlSources } = await import('./idl/load.ts')
    const options = { paths, includeDirs, ...confine, ...(signal === undefined ? {} : { signal }) }
    if (read !== undefined) return loadIdl({ ...options, read })
    const running = this.#loading.get(key)
    if (running !== undefined) {
      await settled(running, signal)
      signal?.throwIfAborted()
      return this.load(source, signal === undefined ? {} : { signal })
    }
    const loading = loadIdlSources(options)
    this.#loading.set(key, loading)
    try {
      const loaded = await loading
      this.#keep(key, { loaded, stamp: stampOf(loaded), since: performance.now(), asked: 0 })
      return loaded.set
    } finally {
      this.#loading.delete(key)
    }
  }

  async find(idl: IdlSet, name: string): Promise<Result<FoundMethod>> {
    const { findMethod } = await import('./idl/find-method.ts')
    return findMethod(idl, name)
  }

  async example(idl: IdlSet, method: MethodDescriptor): Promise<string> {
    const { exampleBody } = await import('./idl/example.ts')
    return exampleBody(idl, method)
  }

  async exampleValue(idl: IdlSet, type: IdlType): Promise<string> {
    const { exampleValueOf } = await import('./idl/example.ts')
    return exampleValueOf(idl, type)
  }

  /** The method to call. Throws KiteError `idl`: the first error of the files, or why the name means nothing. */
  async method(source: IdlSource, name: string, signal: AbortSignal, via: ReflectVia = {}): Promise<LoadedMethod> {
    if (source.paths.length === 0) throw fail('usage', 'idl', 'call.noIdl', {}, { hint: { key: 'call.noIdlHint' } })
    const idl = await this.#setWith(source, name, signal, via)
    const known = this.#found.get(idl)?.get(name)
    if (known !== undefined) return known
    const errors = idl.diagnostics.filter(({ severity }) => severity === 'error')
    const [first] = errors
    if (first !== undefined) {
      throw new KiteError({
        code: 'idl', layer: 'idl', text: first.text, at: first.at,
        ...(errors.length > 1 ? { hint: { key: 'call.moreIdlErrors', params: { count: errors.length - 1 } } } : first.suggestion === undefined ? {} : { hint: first.suggestion }),
      })
    }
    const found = await this.find(idl, name)
    if (!found.ok) throw new KiteError(found.error)
    const method = { idl, ...found.value }
    this.#found.set(idl, (this.#found.get(idl) ?? new Map<string, LoadedMethod>()).set(name, method))
    return method
  }

  /** What is named with its service and stands in a file is called though a server among the sources is gone. */
  async #setWith(source: IdlSource, name: string, signal: AbortSignal, via: ReflectVia): Promise<IdlSet> {
    const files = source.paths.filter((path) => !isReflection(path))
    if (files.length > 0 && files.length < source.paths.length && name.includes('/')) {
      const idl = await this.load({ ...source, paths: files }, { signal })
      if ((await this.find(idl, name)).ok) return idl
    }
    return this.load(source, { signal, via })
  }

  /** A set with errors is read anew each time: the file that is missing may be there by now. */
  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key)
    if (kept.loaded.set.diagnostics.some(({ severity }) => severity === 'error')) return
    this.#kept.set(key, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest)
  }

  /** Paths stay as written where they mean the same, because diagnostics show them. */
  #absolute(path: string): string {
    return isAbsolute(path) || this.#baseDir === process.cwd() ? path : resolve(this.#baseDir, path)
  }
}

/** Certificates stand in the folder that IDLs are confined to, or anywhere. */
const filesOf = ({ confineTo }: IdlSource, baseDir: string): NamedFiles => (confineTo === undefined ? { baseDir } : { baseDir: confineTo, isConfined: true })

/** Waits for what somebody else began, however it ends, or until the signal aborts. */
function settled(running: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      signal?.removeEventListener('abort', end)
      resolve()
    }
    signal?.addEventListener('abort', end, { once: true })
    running.then(end, end)
  })
}

function isCurrent(kept: Kept): boolean {
  const now = performance.now()
  if (now - kept.since > look.withinMs) {
    kept.since = now
    kept.asked = 0
  }
  kept.asked += 1
  return kept.asked > look.times || stampOf(kept.loaded) === kept.stamp
}

/** Asked at nearly every call, so at once: another thread would take twenty times as long to say the same. */
function stampOf({ set, containers }: LoadedIdl): string {
  let stamps = ''
  for (const { path } of set.files) stamps += stampOfPath(path)
  // A folder has a new time when a file comes or goes.
  for (const path of containers) stamps += stampOfPath(path)
  return stamps
}

/** What is bundled, or stands in an archive, has no file of its own and no stamp. */
function stampOfPath(path: string): string {
  try {
    const info = statSync(path, { throwIfNoEntry: false })
    return info === undefined ? 'gone|' : `${info.mtimeMs}:${info.size}|`
  } catch {
    // A path within an archive goes through what is no folder.
    return 'gone|'
  }
}
