// The connection pools of an engine, one of each kind, made when first needed and shared by all calls.

import type { CallPolicy } from '../../shared/model/call.ts'
import type { ConnectionPool } from './transport/transport.ts'

type Kind = CallPolicy['pool']

export class Pools {
  readonly #pools = new Map<Kind, Promise<ConnectionPool>>()
  #disposed = false

  get(kind: Kind): Promise<ConnectionPool> {
    const known = this.#pools.get(kind)
    if (known !== undefined) return known
    const making = make[kind]().then((pool) => {
      if (this.#disposed) pool.dispose()
      return pool
    })
    this.#pools.set(kind, making)
    return making
  }

  /** Closes what lies idle for an address that discovery removed. */
  forget(address: string): void {
    for (const pool of this.#pools.values()) void pool.then((made) => made.forget(address))
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    for (const pool of await Promise.all(this.#pools.values())) pool.dispose()
    this.#pools.clear()
  }
}

const make: Readonly<Record<Kind, () => Promise<ConnectionPool>>> = {
  short: async () => (await import('./transport/short-pool.ts')).createShortPool(),
  long: async () => (await import('./transport/long-pool.ts')).createLongPool(),
  mux: async () => (await import('./transport/mux-pool.ts')).createMuxPool(),
}
