// The registry of the chosen environment as one picture: all services, all instances, and how it stands. It follows the workspace when
// another environment is chosen, and keeps asking a registry that cannot be reached.

import { setTimeout as sleep } from 'node:timers/promises'
import { DisposableGroup, type Disposable } from '../../shared/base/disposable.ts'
import { type ErrorData, KiteError } from '../../shared/base/error.ts'
import type { RegistryView } from '../../shared/ipc/streams.ts'
import type { DiscoveryArea, Registry, ServiceWatch, ServicesWatch, Workspace } from '../engine/index.ts'

/** After a registry did not answer. */
const retryMs = 1000
const gatherMs = 20

/** Tells the view at once, then after each change, until disposed. */
export function watchRegistry(workspace: Workspace, discovery: DiscoveryArea, push: (view: RegistryView) => void): Disposable {
  const life = new DisposableGroup()
  let key = ''
  let current: AbortController | undefined
  const follow = (): void => {
    const registry = workspace.registry()
    const next = JSON.stringify(registry ?? null)
    if (next === key) return
    key = next
    current?.abort()
    current = new AbortController()
    if (registry === undefined) push({ origin: '', services: [], state: 'none' })
    else void watchOne(discovery, registry, push, current.signal)
  }
  life.add(workspace.onDidChange(follow))
  life.add({ dispose: () => current?.abort() })
  follow()
  return life
}

async function watchOne(discovery: DiscoveryArea, { url, baseDir }: { readonly url: string; readonly baseDir: string }, push: (view: RegistryView) => void, signal: AbortSignal): Promise<void> {
  push({ origin: withoutSecrets(url), services: [], state: 'connecting' })
  while (!signal.aborted) {
    const failed = await attempt(discovery, url, baseDir, push, signal)
    if (failed === undefined || signal.aborted) return
    push({ origin: withoutSecrets(url), services: [], state: 'failed', error: failed })
    // A wrong URL stays wrong; everything else may pass.
    if (failed.code === 'usage') return
    await sleep(retryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Returns why it failed, or undefined once the watches run by themselves. */
async function attempt(discovery: DiscoveryArea, url: string, baseDir: string, push: (view: RegistryView) => void, signal: AbortSignal): Promise<ErrorData | undefined> {
  try {
    const registry = await discovery.open(url, baseDir)
    const names = await registry.watchServices(signal)
    new Picture(registry, names, push, signal)
    return undefined
  } catch (caught) {
    return KiteError.from(caught, 'discovery').data
  }
}

class Picture {
  readonly #registry: Registry
  readonly #names: ServicesWatch
  readonly #push: (view: RegistryView) => void
  readonly #signal: AbortSignal
  readonly #life = new DisposableGroup()
  readonly #watches = new Map<string, ServiceWatch>()
  #timer: NodeJS.Timeout | undefined

  constructor(registry: Registry, names: ServicesWatch, push: (view: RegistryView) => void, signal: AbortSignal) {
    this.#registry = registry
    this.#names = names
    this.#push = push
    this.#signal = signal
    signal.addEventListener('abort', () => this.#end(), { once: true })
    this.#life.add(names)
    names.onDidChange(() => void this.#follow())
    void this.#follow()
  }

  async #follow(): Promise<void> {
    const added = this.#names.services.filter((name) => !this.#watches.has(name))
    await Promise.all(added.map((name) => this.#watchService(name)))
    this.#soon()
  }

  async #watchService(name: string): Promise<void> {
    try {
      const watch = await this.#registry.watch(name, this.#signal)
      if (this.#signal.aborted || this.#watches.has(name)) return watch.dispose()
      this.#watches.set(name, this.#life.add(watch))
      watch.onDidChange(() => this.#soon())
    } catch {
      // The list of names tells of the registry's state; a service that went away meanwhile is simply not in the picture.
    }
  }

  /** A scale-out changes many services at once: one picture of it is enough. */
  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#push(this.#view())
    }, gatherMs)
  }

  #view(): RegistryView {
    const known = new Set(this.#names.services)
    const all = [...this.#watches.values()].map(({ snapshot }) => snapshot)
    const bad = all.find(({ state }) => state !== 'live')
    const services = all.filter(({ service }) => known.has(service)).sort((a, b) => (a.service < b.service ? -1 : 1))
    return { origin: this.#registry.origin, services, state: bad?.state ?? 'live', ...(bad?.error === undefined ? {} : { error: bad.error }) }
  }

  #end(): void {
    clearTimeout(this.#timer)
    this.#life.dispose()
  }
}

const withoutSecrets = (url: string): string => url.replace(/\/\/[^/@]*@/, '//')
