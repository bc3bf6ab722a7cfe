// Connections that speak HTTP, pooled by the rules of Kitex's long and short pools: last in, first out; at most so many idle for an
// address, and so many in all, beyond which a call waits until its own deadline. TLS of different files never shares a connection.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail } from '../../../../shared/base/error.ts'
import { abortError, whenAborted } from '../abort.ts'
import { dial } from '../dial.ts'
import { defaultPoolOptions } from '../long-pool.ts'
import type { ConnectionPool, Lease, PoolOptions, Secure } from '../transport.ts'
import { HttpConnection } from './connection.ts'
import { PooledLease } from './lease.ts'
import type { HttpLease } from './types.ts'

/** A connection that lay still for longer gets two turns of the event loop to show that its server closed it. */
const freshMs = 20

/** An {@link HttpLease} maker, as the engine's pools are. */
export interface HttpPool extends ConnectionPool {
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<HttpLease & Lease>
}

/** Makes a pool of connections for plain HTTP, gRPC-Web and Connect. */
export function createHttpPool(kind: 'long' | 'short', options: Partial<PoolOptions> = {}): HttpPool {
  return new Pool(kind, { ...defaultPoolOptions, ...options })
}

/** Told of a connection that came back, or, by undefined, that a place to dial is theirs. */
type Waiter = (connection: HttpConnection | undefined) => void

interface Bucket {
  readonly key: string
  readonly address: string
  readonly secure: Secure | undefined
  readonly idle: HttpConnection[]
  readonly all: Set<HttpConnection>
  readonly waiters: Set<Waiter>
  /** Connections and dials under way. */
  total: number
}

class Pool implements HttpPool {
  readonly kind: 'long' | 'short'
  readonly #options: PoolOptions
  readonly #buckets = new Map<string, Bucket>()
  #sweeper: NodeJS.Timeout | undefined
  #disposed = false

  constructor(kind: 'long' | 'short', options: PoolOptions) {
    this.kind = kind
    this.#options = options
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<HttpLease> {
    if (signal.aborted) throw abortError(signal)
    const bucket = this.#bucket(address, secure)
    const idle = await this.#takeIdle(bucket)
    if (idle !== undefined) return this.#lease(bucket, idle, true, connectTimeoutMs)
    const handed = this.#reserve(bucket) ? undefined : await this.#wait(bucket, signal)
    if (this.#disposed) throw fail('cancelled', 'connection', 'error.cancelled')
    if (handed !== undefined) return this.#lease(bucket, handed, true, connectTimeoutMs)
    return this.#lease(bucket, await this.#dial(bucket, connectTimeoutMs, signal), false, connectTimeoutMs)
  }

  forget(address: string): void {
    for (const bucket of this.#buckets.values()) {
      if (bucket.address !== address) continue
      for (const connection of bucket.idle.splice(0)) this.#discard(bucket, connection)
      if (bucket.total === 0 && bucket.waiters.size === 0) this.#buckets.delete(bucket.key)
    }
  }

  dispose(): void {
    this.#disposed = true
    clearInterval(this.#sweeper)
    for (const bucket of this.#buckets.values()) {
      for (const connection of bucket.all) connection.close()
      for (const waiter of bucket.waiters) waiter(undefined)
    }
    this.#buckets.clear()
  }

  #bucket(address: string, secure: Secure | undefined): Bucket {
    const key = secure === undefined ? address : `${address}\0${secure.id}`
    const bucket = this.#buckets.get(key) ?? { key, address, secure, idle: [], all: new Set(), waiters: new Set(), total: 0 }
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** The idle connection that came back last and is still good. */
  async #takeIdle(bucket: Bucket): Promise<HttpConnection | undefined> {
    for (let connection = bucket.idle.pop(); connection !== undefined; connection = bucket.idle.pop()) {
      const stillMs = performance.now() - connection.idleSince
      if (stillMs > freshMs) {
        await nextTurn()
        await nextTurn()
      }
      if (connection.reusable && stillMs <= this.#options.idleTimeoutMs) return connection
      this.#discard(bucket, connection)
    }
    return undefined
  }

  /** Takes a place for a dial, where there is one. Short connections are as many as there are calls. */
  #reserve(bucket: Bucket): boolean {
    if (this.kind === 'long' && bucket.total >= this.#options.maxTotalPerAddress) return false
    bucket.total++
    return true
  }

  #wait(bucket: Bucket, signal: AbortSignal): Promise<HttpConnection | undefined> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = (connection) => {
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

  async #dial(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal): Promise<HttpConnection> {
    try {
      const connection = new HttpConnection(await dial(bucket.address, connectTimeoutMs, signal, bucket.secure), bucket.address)
      bucket.all.add(connection)
      if (!this.#disposed) return connection
      this.#discard(bucket, connection)
      throw fail('cancelled', 'connection', 'error.cancelled')
    } catch (caught) {
      this.#leave(bucket)
      throw caught
    }
  }

  #lease(bucket: Bucket, connection: HttpConnection, reused: boolean, connectTimeoutMs: number): HttpLease {
    connection.onIdleEnd = undefined
    connection.keepsProcess = true
    const facts = {
      pool: this.kind, reused, dialMs: reused ? 0 : connection.dialMs, local: connection.local, remote: connection.remote, uses: connection.uses,
      idleMs: reused ? performance.now() - connection.idleSince : 0, poolIdle: bucket.idle.length, poolTotal: bucket.total,
      ...(connection.tls === undefined ? {} : { tls: connection.tls }),
    }
    const elsewhere = (address: string, isTls: boolean, signal: AbortSignal): Promise<HttpLease> => this.#elsewhere(bucket, address, isTls, connectTimeoutMs, signal)
    return new PooledLease(connection, facts, elsewhere, (reusable) => this.#giveBack(bucket, connection, reusable))
  }

  /** Where a redirect leads: with the same trust, but a server name of its own. */
  async #elsewhere(bucket: Bucket, address: string, isTls: boolean, connectTimeoutMs: number, signal: AbortSignal): Promise<HttpLease> {
    if (!isTls) return await this.acquire(address, connectTimeoutMs, signal)
    const { secure } = bucket
    if (secure === undefined) throw fail('unsupported', 'connection', 'http.redirectToTls', { address }, { hint: { key: 'http.redirectToTlsHint' } })
    const { servername: _named, ...options } = secure.options
    return await this.acquire(address, connectTimeoutMs, signal, { ...secure, id: `${secure.id}\0redirected`, options })
  }

  #giveBack(bucket: Bucket, connection: HttpConnection, reusable: boolean): void {
    if (!reusable || this.kind === 'short' || this.#disposed) return this.#discard(bucket, connection)
    const waiter = first(bucket.waiters)
    if (waiter !== undefined) {
      bucket.waiters.delete(waiter)
      return waiter(connection)
    }
    if (bucket.idle.length >= this.#options.maxIdlePerAddress) return this.#discard(bucket, connection)
    connection.onIdleEnd = () => this.#lost(bucket, connection)
    connection.keepsProcess = false
    bucket.idle.push(connection)
    this.#sweepLater()
  }

  #lost(bucket: Bucket, connection: HttpConnection): void {
    const at = bucket.idle.indexOf(connection)
    if (at < 0) return
    bucket.idle.splice(at, 1)
    this.#discard(bucket, connection)
  }

  #discard(bucket: Bucket, connection: HttpConnection): void {
    connection.onIdleEnd = undefined
    connection.close()
    if (bucket.all.delete(connection)) this.#leave(bucket)
  }

  /** A place is free: whoever waited longest takes it over to dial. */
  #leave(bucket: Bucket): void {
    const waiter = first(bucket.waiters)
    if (waiter === undefined) bucket.total--
    else {
      bucket.waiters.delete(waiter)
      waiter(undefined)
    }
  }

  #sweepLater(): void {
    if (this.#sweeper !== undefined) return
    this.#sweeper = setInterval(() => this.#sweep(), Math.max(10, this.#options.idleTimeoutMs / 2))
    this.#sweeper.unref()
  }

  #sweep(): void {
    const oldest = performance.now() - this.#options.idleTimeoutMs
    let left = 0
    for (const bucket of this.#buckets.values()) {
      for (const connection of bucket.idle.filter(({ idleSince }) => idleSince <= oldest)) this.#lost(bucket, connection)
      left += bucket.idle.length
    }
    if (left > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}

const first = <T>(values: ReadonlySet<T>): T | undefined => values.values().next().value
