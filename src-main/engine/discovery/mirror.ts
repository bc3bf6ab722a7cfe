// The last known content of a registry and who watches it. Sources (file, etcd, …) tell it tables and states; it finds what changed,
// counts revisions and keeps the list, marked stale, while the source is silent. It does no I/O.

import type { ErrorData } from '../../../shared/base/error.ts'
import { Emitter } from '../../../shared/base/emitter.ts'
import type { Change, Instance, RegistryState, ServiceSnapshot } from '../../../shared/model/instance.ts'
import type { ServicesWatch, ServiceWatch } from './registry.ts'

/** What a source knows of one service. */
export interface ServiceTable {
  readonly instances: readonly Instance[]
  readonly problems: readonly ErrorData[]
}

interface Entry {
  snapshot: ServiceSnapshot
  readonly changes: Emitter<Change>
}

export class Mirror {
  readonly #origin: string
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()
  readonly #names = new Emitter<readonly string[]>()
  #state: RegistryState = 'connecting'
  #error: ErrorData | undefined
  #known: readonly string[] = []

  constructor(origin: string, now: () => number) {
    this.#origin = origin
    this.#now = now
  }

  get state(): RegistryState {
    return this.#state
  }

  get services(): readonly string[] {
    return this.#known
  }

  /** Takes the whole content; services that are missing in it have no instances from now on. */
  setAll(tables: ReadonlyMap<string, ServiceTable>): void {
    this.#state = 'live'
    this.#error = undefined
    for (const service of this.#entries.keys()) {
      if (!tables.has(service)) this.#set(service, { instances: [], problems: [] })
    }
    for (const [service, table] of tables) this.#set(service, table)
    this.#setNames([...tables.keys()])
  }

  /** Takes the news of one service while the others stand. */
  setOne(service: string, table: ServiceTable | undefined): void {
    this.#set(service, table ?? { instances: [], problems: [] })
    const others = this.#known.filter((name) => name !== service)
    this.#setNames(table === undefined ? others : [...others, service])
  }

  /** The source went silent: what was known stays and is stale; with nothing known it has failed. */
  lose(error: ErrorData): void {
    const hadContent = this.#state === 'live' || this.#state === 'stale'
    this.#state = hadContent ? 'stale' : 'failed'
    this.#error = error
    for (const entry of this.#entries.values()) this.#publish(entry, { ...entry.snapshot, ...this.#health() }, [], [], [])
    this.#names.fire(this.#known)
  }

  watch(service: string): ServiceWatch {
    const entry = this.#entry(service)
    const subscriptions: { dispose(): void }[] = []
    return {
      get snapshot() {
        return entry.snapshot
      },
      onDidChange: (listener) => {
        const subscription = entry.changes.event(listener)
        subscriptions.push(subscription)
        return subscription
      },
      dispose: () => {
        for (const subscription of subscriptions) subscription.dispose()
      },
    }
  }

  watchServices(): ServicesWatch {
    const names = this.#names
    const current = (): readonly string[] => this.#known
    const subscriptions: { dispose(): void }[] = []
    return {
      get services() {
        return current()
      },
      onDidChange: (listener) => {
        const subscription = names.event(listener)
        subscriptions.push(subscription)
        return subscription
      },
      dispose: () => {
        for (const subscription of subscriptions) subscription.dispose()
      },
    }
  }

  dispose(): void {
    this.#names.dispose()
    for (const entry of this.#entries.values()) entry.changes.dispose()
  }

  #entry(service: string): Entry {
    const known = this.#entries.get(service)
    if (known !== undefined) return known
    const entry: Entry = {
      snapshot: { service, instances: [], revision: 0, ...this.#health(), seenAtMs: this.#now(), origin: this.#origin, problems: [] },
      changes: new Emitter<Change>(),
    }
    this.#entries.set(service, entry)
    return entry
  }

  #set(service: string, table: ServiceTable): void {
    const entry = this.#entry(service)
    const before = new Map(entry.snapshot.instances.map((instance) => [instance.address, instance]))
    const after = new Map(table.instances.map((instance) => [instance.address, instance]))
    const added = table.instances.filter((instance) => !before.has(instance.address))
    const removed = entry.snapshot.instances.filter((instance) => !after.has(instance.address))
    const updated = table.instances.filter((instance) => {
      const old = before.get(instance.address)
      return old !== undefined && !sameInstance(old, instance)
    })
    const moved = added.length + removed.length + updated.length > 0
    const { error: _, ...rest } = entry.snapshot
    const snapshot: ServiceSnapshot = {
      ...rest,
      ...this.#health(),
      instances: table.instances,
      problems: table.problems,
      revision: rest.revision + (moved ? 1 : 0),
      seenAtMs: this.#now(),
    }
    this.#publish(entry, snapshot, added, updated, removed)
  }

  #health(): { state: RegistryState; error?: ErrorData } {
    return this.#error === undefined ? { state: this.#state } : { state: this.#state, error: this.#error }
  }

  #publish(entry: Entry, snapshot: ServiceSnapshot, added: readonly Instance[], updated: readonly Instance[], removed: readonly Instance[]): void {
    const silent = added.length + updated.length + removed.length === 0 && snapshot.state === entry.snapshot.state
    entry.snapshot = snapshot
    if (!silent) entry.changes.fire({ service: snapshot.service, added, updated, removed, snapshot })
  }

  #setNames(names: readonly string[]): void {
    const sorted = [...names].sort()
    const same = sorted.length === this.#known.length && sorted.every((name, at) => name === this.#known[at])
    this.#known = sorted
    if (!same) this.#names.fire(sorted)
  }
}

function sameInstance(a: Instance, b: Instance): boolean {
  const keys = Object.keys(a.tags)
  return a.weight === b.weight && keys.length === Object.keys(b.tags).length && keys.every((key) => a.tags[key] === b.tags[key])
}
