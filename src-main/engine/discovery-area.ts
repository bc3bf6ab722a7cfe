// Registries as hosts and calls use them: one for each URL for as long as the engine lives, and one watch for each service asked for, so
// that the second call finds the list at hand and a window sees changes as they happen.

import { KiteError } from '../../shared/base/error.ts'
import type { ServiceSnapshot } from '../../shared/model/instance.ts'
import type { Registry, ServiceWatch } from './discovery/registry.ts'
import type { Resolver } from './middleware/resolver.ts'

export interface DiscoveryArea {
  /** Opens by URL (cli.md), or gives the one that is open. Throws KiteError `usage` for an unknown scheme. */
  open(url: string, baseDir?: string): Promise<Registry>
}

export class Registries implements DiscoveryArea {
  readonly #baseDir: string
  readonly #onRemoved: (address: string) => void
  readonly #open = new Map<string, Promise<Registry>>()
  readonly #watches = new Map<string, ServiceWatch>()

  /** `onRemoved` is told of each address that a watched service lost. */
  constructor(baseDir: string, onRemoved: (address: string) => void) {
    this.#baseDir = baseDir
    this.#onRemoved = onRemoved
  }

  open(url: string, baseDir = this.#baseDir): Promise<Registry> {
    const key = JSON.stringify([url, baseDir])
    const known = this.#open.get(key)
    if (known !== undefined) return known
    const opening = import('./discovery/open-registry.ts').then(({ openRegistry }) => openRegistry(url, baseDir))
    this.#open.set(key, opening)
    opening.catch(() => this.#open.delete(key))
    return opening
  }

  /** What the resolver asks for calls to services of this registry. */
  resolver(url: string, baseDir?: string): Resolver {
    return {
      origin: url,
      resolve: (service, signal) => this.#resolve(url, baseDir, service, signal),
      nearest: async (service, signal) => {
        const names = await (await this.open(url, baseDir)).services(signal)
        const { nearest } = await import('../../shared/logic/nearest.ts')
        return nearest(service, names)
      },
    }
  }

  async dispose(): Promise<void> {
    for (const watch of this.#watches.values()) watch.dispose()
    this.#watches.clear()
    const open = await Promise.allSettled(this.#open.values())
    this.#open.clear()
    for (const each of open) if (each.status === 'fulfilled') each.value.dispose()
  }

  async #resolve(url: string, baseDir: string | undefined, service: string, signal: AbortSignal): Promise<ServiceSnapshot> {
    const key = JSON.stringify([url, baseDir ?? this.#baseDir, service])
    const known = this.#watches.get(key)
    if (known !== undefined) return known.snapshot
    const registry = await this.open(url, baseDir)
    const watch = await registry.watch(service, signal)
    const raced = this.#watches.get(key)
    if (raced !== undefined) {
      watch.dispose()
      return raced.snapshot
    }
    this.#watches.set(key, watch)
    watch.onDidChange(({ removed }) => {
      for (const { address } of removed) this.#onRemoved(address)
    })
    return watch.snapshot
  }
}

/** The addresses that the user gave, each of weight 10 as Kitex's WithHostPorts. */
export function directResolver(endpoints: readonly string[], nowMs: number): Resolver {
  const instances = endpoints.map((address) => ({ address, weight: 10, tags: {} }))
  return {
    origin: 'direct',
    resolve: (service, signal) => {
      if (signal.aborted) return Promise.reject(KiteError.from(Object.assign(new Error('aborted'), { name: 'AbortError' })))
      return Promise.resolve({ service, instances, revision: 0, state: 'live', seenAtMs: nowMs, origin: 'direct', problems: [] })
    },
  }
}
