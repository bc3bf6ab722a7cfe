// One registry, whatever it is. A watch keeps the last known list when the registry goes away and says that it is stale;
// it comes back by itself.

import type { Event } from '../../../shared/base/emitter.ts'
import type { Disposable } from '../../../shared/base/disposable.ts'
import type { Change, ServiceSnapshot } from '../../../shared/model/instance.ts'

export interface ServiceWatch extends Disposable {
  readonly snapshot: ServiceSnapshot
  readonly onDidChange: Event<Change>
}

export interface Registry extends Disposable {
  /** As shown to people: the URL without secrets. */
  readonly origin: string
  /** Names of all services known now, sorted. Throws KiteError `service_discovery`. */
  services(signal: AbortSignal): Promise<readonly string[]>
  /** Resolves once the first list (perhaps empty) is there; throws KiteError `service_discovery` when the registry cannot be reached in time and nothing is known. */
  watch(service: string, signal: AbortSignal): Promise<ServiceWatch>
  /** Watches the set of services itself. */
  watchServices(signal: AbortSignal): Promise<ServicesWatch>
  /** Registers as Kitex would and keeps it alive; dispose deregisters (await `deregister` to be sure). */
  register(entry: RegistryEntry, signal: AbortSignal): Promise<Registration>
}

export interface ServicesWatch extends Disposable {
  readonly services: readonly string[]
  readonly onDidChange: Event<readonly string[]>
}

export interface RegistryEntry {
  readonly service: string
  readonly address: string
  readonly weight: number
  readonly tags: Readonly<Record<string, string>>
}

export interface Registration {
  deregister(): Promise<void>
}
