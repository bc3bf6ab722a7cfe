// Kitex's long connections: last in, first out on get; at most so many idle for an address, and so many in all, beyond which a
// call waits until its own deadline. A connection that its server closed meanwhile is never handed out.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from './abort.ts'
import { dialWire } from './dial-wire.ts'
import { SerialConnection } from './serial-connection.ts'
import { SerialLease } from './serial-lease.ts'
import type { ConnectionPool, Lease, PoolOptions, Secure } from './transport.ts'

/** Kitex's pkg/connpool/config.go after normalising; it has no bound on the total. */
export const defaultPoolOptions: PoolOptions = { maxIdlePerAddress: 10, maxTotalPerAddress: 1024, idleTimeoutMs: 30_000 }

/** A connection that lay still for longer gets a turn of the event loop to show that its server closed it. */
const freshMs = 20

/** Makes a pool of reusable connections. */
export function createLongPool(options: Partial<PoolOptions> = {}): ConnectionPool {
  return new LongPool({ ...defaultPoolOptions, ...options })
}

/** Told of a connection that came back, or, by undefined, that a place to dial is theirs. */
type Waiter = (connection: SerialConnection | undefined) => void

/** What may share connections: an address with one kind of security. */
interface Bucket {
  readonly key: string
  readonly address: string
  readonly secure: Secure | undefined
  readonly idle: SerialConnection[]
  readonly all: Set<SerialConnection>
  readonly waiters: Set<Waiter>
  /** Connections and dials under way. */
  total: number
}

class LongPool implements ConnectionPool {
  readonly kind = 'long'
  readonly #options: PoolOptions
  readonly #buckets = new Map<string, Bucket>()
  #sweeper: NodeJS.Timeout | undefined
  #disposed = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    if (signal.aborted) throw abortError(signal)
    const bucket = this.#bucket(address, secure)
    const idle = await this.#takeIdle(bucket)
    if (idle !== undefined) return this.#lease(bucket, idle, true)
    // One may have come back while that was awaited.
    if (bucket.idle.length > 0) return await this.acquire(address, connectTimeoutMs, signal, secure)
    const handed = this.#reserve(bucket) ? undefined : await this.#wait(bucket, signal)
    if (this.#disposed) throw fail('cancelled', 'connection', 'error.cancelled')
    if (handed !== undefined) return this.#lease(bucket, handed, true)
    return this.#lease(bucket, await this.#dial(bucket, connectTimeoutMs, signal), false)
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
  #takeIdle(bucket: Bucket): SerialConnection | undefined | Promise<SerialConnection | undefined> {
    const connection = bucket.idle.pop()
    if (connection === undefined) return undefined
    const stillMs = performance.now() - connection.wire.idleSince
    if (stillMs > freshMs && stillMs <= this.#options.idleTimeoutMs) return this.#takeProven(bucket, connection)
    if (connection.reusable && stillMs <= this.#options.idleTimeoutMs) return connection
    this.#discard(bucket, connection)
    return this.#takeIdle(bucket)
  }

  async #takeProven(bucket: Bucket, connection: SerialConnection): Promise<SerialConnection | undefined> {
    await twoTurns()
    if (connection.reusable) return connection
    this.#discard(bucket, connection)
    return await this.#takeIdle(bucket)
  }

  /** Takes a place for a dial, where there is one. */
  #reserve(bucket: Bucket): boolean {
    if (bucket.total >= this.#options.maxTotalPerAddress) return false
    bucket.total++
    return true
  }

  #wait(bucket: Bucket, signal: AbortSignal): Promise<SerialConnection | undefined> {
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

  async #dial(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal): Promise<SerialConnection> {
    try {
      const { wire, dialMs, tls } = await dialWire(bucket.address, connectTimeoutMs, signal, bucket.secure)
      const connection = new SerialConnection(wire, dialMs, tls)
      bucket.all.add(connection)
      return connection
    } catch (caught) {
      this.#leave(bucket)
      throw caught
    }
  }

  #lease(bucket: Bucket, connection: SerialConnection, reused: boolean): Lease {
    connection.onIdleEnd = undefined
    connection.wire.keepsProcess = true
    const idleMs = reused ? performance.now() - connection.wire.idleSince : 0
    const facts = { pool: 'long', reused, idleMs, poolIdle: bucket.idle.length, poolTotal: bucket.total } as const
    return new SerialLease(connection, facts, (reusable) => this.#giveBack(bucket, connection, reusable))
  }

  #giveBack(bucket: Bucket, connection: SerialConnection, reusable: boolean): void {
    if (!reusable || this.#disposed) return this.#discard(bucket, connection)
    connection.wire.idleSince = performance.now()
    const waiter = first(bucket.waiters)
    if (waiter !== undefined) {
      bucket.waiters.delete(waiter)
      return waiter(connection)
    }
    if (bucket.idle.length === this.#options.maxIdlePerAddress) setImmediate(() => this.#trim(bucket))
    connection.onIdleEnd = () => this.#lost(bucket, connection)
    connection.wire.keepsProcess = false
    bucket.idle.push(connection)
    this.#sweepLater()
  }

  /** What is too many goes at the end of the turn: many callers that each begin anew at once would else dial for every call. */
  #trim(bucket: Bucket): void {
    const excess = bucket.idle.length - this.#options.maxIdlePerAddress
    if (excess > 0) for (const connection of bucket.idle.splice(0, excess)) this.#discard(bucket, connection)
  }

  #lost(bucket: Bucket, connection: SerialConnection): void {
    const at = bucket.idle.indexOf(connection)
    if (at < 0) return
    bucket.idle.splice(at, 1)
    this.#discard(bucket, connection)
  }

  #discard(bucket: Bucket, connection: SerialConnection): void {
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
    for (const bucket of [...this.#buckets.values()]) {
      const old = bucket.idle.filter(({ wire }) => wire.idleSince <= oldest)
      for (const connection of old) this.#lost(bucket, connection)
      left += bucket.idle.length
    }
    if (left > 0) return
    clearInterval(this.#sweeper)
    this.#sweeper = undefined
  }
}

const first = <T>(values: ReadonlySet<T>): T | undefined => values.values().next().value

/** One whole poll of the event loop, wherever in its round the caller stands. */
async function twoTurns(): Promise<void> {
  await nextTurn()
  await nextTurn()
}
