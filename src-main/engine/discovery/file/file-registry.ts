// `file:PATH`: a registry in a text file, watched. It is the default registry: no server needed, and a team can keep it in git.
// While the file is broken or gone the last good list stays and is stale.

import { rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, resolve } from 'node:path'
import { watch, type FSWatcher } from 'chokidar'
import { isCollection, parseDocument, type Document } from 'yaml'
import { fail, KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import { Mirror, type ServiceTable } from '../mirror.ts'
import type { Registration, Registry, RegistryEntry, ServicesWatch, ServiceWatch } from '../registry.ts'
import { withFileLock } from './file-lock.ts'
import { readRegularFile } from '../../read-regular-file.ts'
import { parseRegistryFile } from './parse-registry-file.ts'

const secondLookMs = 80

export class FileRegistry implements Registry {
  readonly origin: string
  readonly #path: string
  readonly #mirror: Mirror
  #watcher: FSWatcher | undefined
  #following: Promise<void> | undefined
  #secondLook: NodeJS.Timeout | undefined
  #reading: Promise<void> | undefined
  #again = false
  #lastError: ErrorData | undefined

  constructor(path: string, baseDir: string) {
    this.#path = isAbsolute(path) ? path : resolve(baseDir, path)
    this.origin = `file:${path}`
    this.#mirror = new Mirror(this.origin, Date.now)
  }

  async services(): Promise<readonly string[]> {
    await this.#ready()
    return this.#mirror.services
  }

  async watch(service: string): Promise<ServiceWatch> {
    await this.#ready()
    return this.#mirror.watch(service)
  }

  async watchServices(): Promise<ServicesWatch> {
    await this.#ready()
    return this.#mirror.watchServices()
  }

  async register(entry: RegistryEntry): Promise<Registration> {
    const item = { address: entry.address, weight: entry.weight, tags: entry.tags }
    await this.#change(entry, item)
    return { deregister: () => this.#change(entry, undefined) }
  }

  dispose(): void {
    clearTimeout(this.#secondLook)
    void this.#watcher?.close()
    this.#mirror.dispose()
  }

  /** Reads the file; the first reader also starts the watch. Throws only while nothing good was ever read. */
  async #ready(): Promise<void> {
    this.#following ??= this.#follow()
    await this.#following
    if (this.#mirror.state === 'connecting' || this.#mirror.state === 'failed') await this.#read()
    if (this.#mirror.state === 'failed') throw this.#failure()
  }

  #failure(): KiteError {
    return new KiteError(this.#lastError ?? cannotRead(this.#path, ''))
  }

  // The folder is watched, not the file: editors and our own writes replace the file by renaming.
  #follow(): Promise<void> {
    const wanted = basename(this.#path)
    const watcher = watch(dirname(this.#path), { depth: 0, ignoreInitial: true, ignored: (path, stats) => stats?.isFile() === true && basename(path) !== wanted })
    watcher.on('all', (_event, path) => {
      if (basename(path) === wanted) this.#onNews()
    })
    watcher.on('error', (caught) => this.#lose(cannotRead(this.#path, caught instanceof Error ? caught.message : String(caught))))
    this.#watcher = watcher
    // A change before chokidar is ready would be taken for the initial state and go unseen.
    return new Promise((resolve) => watcher.once('ready', resolve))
  }

  // chokidar drops a change that follows another within 50 ms, so each piece of news causes a second look after that.
  #onNews(): void {
    void this.#read()
    clearTimeout(this.#secondLook)
    this.#secondLook = setTimeout(() => void this.#read(), secondLookMs).unref()
  }

  // One reading at a time; news that come meanwhile cause one more.
  async #read(): Promise<void> {
    if (this.#reading !== undefined) {
      this.#again = true
      return this.#reading
    }
    this.#reading = this.#readOnce()
    try {
      await this.#reading
    } finally {
      this.#reading = undefined
    }
    if (this.#again) {
      this.#again = false
      await this.#read()
    }
  }

  async #readOnce(): Promise<void> {
    try {
      this.#mirror.setAll(await readTables(this.#path))
    } catch (caught) {
      this.#lose(KiteError.from(caught, 'discovery').data)
    }
  }

  #lose(error: ErrorData): void {
    this.#lastError = error
    this.#mirror.lose(error)
  }

  async #change({ service, address }: RegistryEntry, item: object | undefined): Promise<void> {
    await withFileLock(this.#path, async () => {
      const text = await textOrNew(this.#path)
      parseRegistryFile(text, this.#path)
      const temporary = `${this.#path}.${process.pid}.tmp`
      try {
        await writeFile(temporary, changeEntry(text, service, address, item))
        await rename(temporary, this.#path)
      } catch (caught) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw cannotWrite(this.#path, caught)
      }
    })
    if (this.#watcher !== undefined) await this.#read()
  }
}

/** A file that is there and cannot be read is not taken for a new one: it would be written over. */
async function textOrNew(path: string): Promise<string> {
  try {
    return String(await readRegularFile(path))
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'ENOENT') return 'services: {}\n'
    throw cannotWrite(path, caught)
  }
}

async function readTables(path: string): Promise<Map<string, ServiceTable>> {
  let text: string
  try {
    text = String(await readRegularFile(path))
  } catch (caught) {
    throw new KiteError(cannotRead(path, caught instanceof Error ? caught.message : String(caught)))
  }
  return parseRegistryFile(text, path)
}

const cannotWrite = (file: string, caught: unknown): KiteError =>
  fail('file', 'discovery', 'discovery.cannotWrite', { file, cause: caught instanceof Error ? caught.message : String(caught) })

function cannotRead(file: string, cause: string): ErrorData {
  return fail('service_discovery', 'discovery', 'discovery.cannotRead', { cause }, { at: { file } }).data
}

/** Replaces, adds or (without `item`) removes one address; comments and order of the rest stay. */
function changeEntry(text: string, service: string, address: string, item: object | undefined): string {
  const document: Document = parseDocument(text)
  if (document.contents === null) document.contents = document.createNode({ services: {} })
  const listed = document.getIn(['services', service])
  const plain: unknown = typeof listed === 'object' && listed !== null && 'toJSON' in listed && typeof listed.toJSON === 'function' ? Reflect.apply(listed.toJSON, listed, []) : []
  const others = (Array.isArray(plain) ? plain : []).filter((other: unknown) => addressOf(other) !== address)
  const next = item === undefined ? others : [...others, item]
  if (next.length === 0) document.deleteIn(['services', service])
  else document.setIn(['services', service], document.createNode(next))
  const services: unknown = document.get('services')
  // What began as `{}` would stay on one line whatever it holds.
  if (isCollection(services)) services.flow = services.items.length === 0
  return text.trimStart().startsWith('{') ? `${JSON.stringify(document.toJS(), undefined, 2)}\n` : document.toString()
}

function addressOf(entry: unknown): unknown {
  if (typeof entry === 'string') return entry
  return typeof entry === 'object' && entry !== null && 'address' in entry ? entry.address : undefined
}
