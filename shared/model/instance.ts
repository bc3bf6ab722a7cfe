// One address of a service as a registry told it. Weight 10 is Kitex's default and what a weight of 0 or less becomes.

import type { ErrorData } from '../base/error.ts'

export interface Instance {
  /** `host:port`. */
  readonly address: string
  readonly weight: number
  readonly tags: Readonly<Record<string, string>>
}

export const defaultWeight = 10

export type RegistryState = 'connecting' | 'live' | 'stale' | 'failed'

/** A service's instances at one moment. `stale` means: last known list, kept while the registry does not answer. */
export interface ServiceSnapshot {
  readonly service: string
  readonly instances: readonly Instance[]
  /** Rises by one with each change seen. */
  readonly revision: number
  readonly state: RegistryState
  /** Milliseconds since the epoch of the last news from the registry. */
  readonly seenAtMs: number
  /** Where it came from, such as `etcd://127.0.0.1:2379`. */
  readonly origin: string
  /** Entries that could not be read, each with its key; the others count. */
  readonly problems: readonly ErrorData[]
  /** Why the registry does not answer now; only while stale or failed. */
  readonly error?: ErrorData
}

/** What one look at the registry differs from the one before. */
export interface Change {
  readonly service: string
  readonly added: readonly Instance[]
  readonly updated: readonly Instance[]
  readonly removed: readonly Instance[]
  readonly snapshot: ServiceSnapshot
}
