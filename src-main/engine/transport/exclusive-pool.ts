// Connections that serve one call at a time, by the rules of Kitex's long and short connections: last in, first out on get; at most so many idle
// for an address, and so many in all, beyond which a call waits until its own deadline. A connection that its server closed meanwhile is never
// handed out. What is spoken on a connection is not known here.

import { fail, type KiteError } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from './abort.ts'
import { IdleSweep } from './idle-sweep.ts'
import { placeKey, type Place } from './place.ts'
import { freshMs, wholePoll } from './stillness.ts'
import type { ConnectionFacts, ConnectionPool, Lease, PoolOptions, Secure } from './transport.ts'

/** Kitex's pkg/connpool/config.go after normalising; it has no bound on the total. */
export const defaultPoolOptions: PoolOptions = { maxIdlePerAddress: 10, maxTotalPerAddress: 1024, idleTimeoutMs: 30_000 }

/** A connection as the pool sees it. */
export interface ExclusiveConnection {
  /** Whether another call may follow: not after a failure, or where the peer announced a close. */
  readonly reusable: boolean
  /** When it last came back, on the monotonic clock; the pool sets it. */
  idleSince: number
  /** Lets the process exit although this connection is open. */
  keepsProcess: boolean
  /** Called when it breaks while nobody uses it. */
  onIdleEnd: (() => void) | undefined
  /** Closes it in good order; a call that is still under way ends as cancelled. */
  close(): void
}

/** What the pool knows at the moment of a lease. */
export type PoolFacts = Pick<ConnectionFacts, 'pool' | 'reused' | 'idleMs' | 'poolIdle' | 'poolTotal'>

/** What the pool asks of those who know the protocol. */
export interface ExclusiveKind<C extends ExclusiveConnection, L extends Lease> {
  dial(place: Place, connectTimeoutMs: number, signal: AbortSignal): Promise<C>
  lease(connection: C, facts: PoolFacts, giveBack: (reusable: boolean) => void, place: Place, connectTimeoutMs: number): L
}

/** Told of a connection that came back, or, by undefined, that a place to dial is theirs. */
type Waiter<C> = (connection: C | undefined) => void

interface Bucket<C> extends Place {
  readonly key: string
  readonly idle: C[]
  readonly all: Set<C>
  readonly waiters: Set<Waiter<C>>
  /** Connections and dials under way. */
  total: number
}

export class ExclusivePool<C extends ExclusiveConnection, L extends Lease> implements ConnectionPool {
  readonly kind: 'long' | 'short'
  readonly #of: ExclusiveKind<C, L>
  readonly #options: PoolOptions
  readonly #buckets = new Map<string, Bucket<C>>()
  readonly #idle: IdleSweep
  #disposed = false

  constructor(kind: 'long' | 'short', of: ExclusiveKind<C, L>, options: Partial<PoolOptions> = {}) {
    this.kind = kind
    this.#of = of
    this.#options = { ...defaultPoolOptions, ...options }
    this.#idle = new IdleSweep(this.#options.idleTimeoutMs, (oldest) => this.#sweep(oldest))
  }

  /** One that lies there fresh is handed out at once: no step is awaited for it. */
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<L> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    const bucket = this.#bucket(address, secure)
    const idle = this.#takeIdle(bucket)
    if (idle !== undefined && !(idle instanceof Promise)) return Promise.resolve(this.#lease(bucket, idle, true, connectTimeoutMs))
    return this.#acquireLater(bucket, idle, connectTimeoutMs, signal)
  }

  async #acquireLater(bucket: Bucket<C>, proving: Promise<C | undefined> | undefined, connectTimeoutMs: number, signal: AbortSignal): Promise<L> {
    const idle = proving === undefined ? undefined : await proving
    if (idle !== undefined) return this.#lease(bucket, idle, true, connectTimeoutMs)
    // One may have come back while that was awaited.
    if (bucket.idle.length > 0) return await this.acquire(bucket.address, connectTimeoutMs, signal, bucket.secure)
    const handed = this.#reserve(bucket) ? undefined : await this.#wait(bucket, signal)
    if (this.#disposed) throw cancelled()
    if (handed !== undefined) return this.#lease(bucket, handed, true, connectTimeoutMs)
    return this.#lease(bucket, await this.#dial(bucket, connectTimeoutMs, signal), false, connectTimeoutMs)
  }

  forget(address: string): void {
    for (const bucket of [...this.#buckets.values()]) {
      if (bucket.address !== address) continue
      for (const connection of bucket.idle.splice(0)) this.#discard(bucket, connection)
      if (bucket.total === 0 && bucket.waiters.size === 0) this.#buckets.delete(bucket.key)
    }
  }

  dispose(): void {
    this.#disposed = true
    this.#idle.stop()
    for (const bucket of this.#buckets.values()) {
      for (const connection of bucket.all) connection.close()
      for (const waiter of bucket.waiters) waiter(undefined)
    }
    this.#buckets.clear()
  }

  #bucket(address: string, secure: Secure | undefined): Bucket<C> {
    const key = placeKey(address, secure)
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const made: Bucket<C> = { key, address, secure, idle: [], all: new Set(), waiters: new Set(), total: 0 }
    this.#buckets.set(key, made)
    return made
  }

  /** The idle connection that came back last and is still good. */
  #takeIdle(bucket: Bucket<C>): C | undefined | Promise<C | undefined> {
    const connection = bucket.idle.pop()
    if (connection === undefined) return undefined
    const stillMs = performance.now() - connection.idleSince
    if (stillMs > freshMs && stillMs <= this.#options.idleTimeoutMs) return this.#takeProven(bucket, connection)
    if (connection.reusable && stillMs <= this.#options.idleTimeoutMs) return connection
    this.#discard(bucket, connection)
    return this.#takeIdle(bucket)
  }

  async #takeProven(bucket: Bucket<C>, connection: C): Promise<C | undefined> {
    await wholePoll()
    if (connection.reusable) return connection
    this.#discard(bucket, connection)
    return await this.#takeIdle(bucket)
  }

  /** Takes a place for a dial, where there is one. Short connections are as many as there are calls. */
  #reserve(bucket: Bucket<C>): boolean {
    if (this.kind === 'long' && bucket.total >= this.#options.maxTotalPerAddress) return false
    bucket.total++
    return true
  }

  #wait(bucket: Bucket<C>, signal: AbortSignal): Promise<C | undefined> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    return new Promise((resolve, reject) => {
      const waiter: Waiter<C> = (connection) => {
        forgetAbort()
        resolve(connection)
      }
      const forgetAbort = whenAborted(signal, () => {
        bucket.waiters.delete(waiter)
        reject(abortError(signal))
      })
      bucket.waiters.add(waiter)
    })
  }

  async #dial(bucket: Bucket<C>, connectTimeoutMs: number, signal: AbortSignal): Promise<C> {
    let connection: C
    try {
      connection = await this.#of.dial(bucket, connectTimeoutMs, signal)
    } catch (caught) {
      this.#leave(bucket)
      throw caught
    }
    bucket.all.add(connection)
    if (!this.#disposed) return connection
    this.#discard(bucket, connection)
    throw cancelled()
  }

  #lease(bucket: Bucket<C>, connection: C, reused: boolean, connectTimeoutMs: number): L {
    connection.onIdleEnd = undefined
    connection.keepsProcess = true
    const idleMs = reused ? performance.now() - connection.idleSince : 0
    const facts: PoolFacts = { pool: this.kind, reused, idleMs, poolIdle: bucket.idle.length, poolTotal: bucket.total }
    return this.#of.lease(connection, facts, (reusable) => this.#giveBack(bucket, connection, reusable), bucket, connectTimeoutMs)
  }

  #giveBack(bucket: Bucket<C>, connection: C, reusable: boolean): void {
    if (!reusable || this.kind === 'short' || this.#disposed) return this.#discard(bucket, connection)
    connection.idleSince = performance.now()
    const waiter = first(bucket.waiters)
    if (waiter !== undefined) {
      bucket.waiters.delete(waiter)
      return waiter(connection)
    }
    if (bucket.idle.length === this.#options.maxIdlePerAddress) setImmediate(() => this.#trim(bucket))
    connection.onIdleEnd = () => this.#lost(bucket, connection)
    connection.keepsProcess = false
    bucket.idle.push(connection)
    this.#idle.begin()
  }

  /** What is too many goes at the end of the turn: many callers that each begin anew at once would else dial for every call. */
  #trim(bucket: Bucket<C>): void {
    const excess = bucket.idle.length - this.#options.maxIdlePerAddress
    if (excess > 0) for (const connection of bucket.idle.splice(0, excess)) this.#discard(bucket, connection)
  }

  #lost(bucket: Bucket<C>, connection: C): void {
    const at = bucket.idle.indexOf(connection)
    if (at < 0) return
    bucket.idle.splice(at, 1)
    this.#discard(bucket, connection)
  }

  #discard(bucket: Bucket<C>, connection: C): void {
    connection.onIdleEnd = undefined
    connection.close()
    if (bucket.all.delete(connection)) this.#leave(bucket)
  }

  /** A place is free: whoever waited longest takes it over to dial. */
  #leave(bucket: Bucket<C>): void {
    const waiter = first(bucket.waiters)
    if (waiter === undefined) bucket.total--
    else {
      bucket.waiters.delete(waiter)
      waiter(undefined)
    }
  }

  #sweep(oldest: number): boolean {
    let left = 0
    for (const bucket of [...this.#buckets.values()]) {
      for (const connection of bucket.idle.filter(({ idleSince }) => idleSince <= oldest)) this.#lost(bucket, connection)
      left += bucket.idle.length
    }
    return left > 0
  }
}

const cancelled = (): KiteError => fail('cancelled', 'connection', 'error.cancelled')

const first = <T>(values: ReadonlySet<T>): T | undefined => values.values().next().value
