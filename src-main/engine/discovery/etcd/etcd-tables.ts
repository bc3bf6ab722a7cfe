// Keys and values of etcd gathered into tables of services. One bad value costs that entry only.

import { unreadable, readInstance } from '../instance-value.ts'
import type { ServiceTable } from '../mirror.ts'
import { splitKey } from './etcd-url.ts'

/** The registry's keys as they stand, changed by watch events, read out service by service. */
export class EtcdTables {
  readonly #prefix: string
  readonly #services = new Map<string, Map<string, string>>()

  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Returns the service that changed, or undefined when the key is none of ours. */
  put(key: string, value: string): string | undefined {
    const service = splitKey(key, this.#prefix)?.service
    if (service === undefined) return undefined
    const entries = this.#services.get(service) ?? new Map<string, string>()
    this.#services.set(service, entries.set(key, value))
    return service
  }

  delete(key: string): string | undefined {
    const service = splitKey(key, this.#prefix)?.service
    if (service === undefined) return undefined
    const entries = this.#services.get(service)
    entries?.delete(key)
    if (entries?.size === 0) this.#services.delete(service)
    return service
  }

  table(service: string): ServiceTable | undefined {
    const entries = this.#services.get(service)
    if (entries === undefined) return undefined
    const read = [...entries].map(([key, value]) => readInstance(parse(value), key))
    return {
      instances: read.flatMap((result) => (result.ok ? [result.value] : [])),
      problems: read.flatMap((result) => (result.ok ? [] : [result.error])),
    }
  }

  all(): Map<string, ServiceTable> {
    const tables = new Map<string, ServiceTable>()
    for (const service of this.#services.keys()) tables.set(service, this.table(service) ?? { instances: [], problems: [unreadable(service, '')] })
    return tables
  }
}

function parse(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    // Not JSON: the schema check names the key and says what was expected.
    return undefined
  }
}
