// What outlives a call: breakers and retry shares by key, for as long as the engine lives. Keys are Kitex's (pkg/circuitbreak
// RPCInfo2Key: from/to/method; an address for an instance).

import { Breaker } from './breaker.ts'
import { PercentageLimit } from './percentage-limit.ts'

export class PolicyStates {
  readonly #now: () => number
  readonly #serviceBreakers = new Map<string, Breaker>()
  readonly #instanceBreakers = new Map<string, Breaker>()
  readonly #retryLimits = new Map<string, PercentageLimit>()

  /** `now` in nanoseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  serviceBreaker(key: string): Breaker {
    return remembered(this.#serviceBreakers, key, () => new Breaker(this.#now))
  }

  instanceBreaker(address: string): Breaker {
    return remembered(this.#instanceBreakers, address, () => new Breaker(this.#now))
  }

  retryLimit(key: string): PercentageLimit {
    return remembered(this.#retryLimits, key, () => new PercentageLimit(this.#now))
  }

  /** An instance that discovery removed comes back with a clean sheet. */
  forget(address: string): void {
    this.#instanceBreakers.delete(address)
  }
}

function remembered<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key)
  if (known !== undefined) return known
  const fresh = make()
  map.set(key, fresh)
  return fresh
}
