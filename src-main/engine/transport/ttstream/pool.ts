// Connections of TTHeader Streaming, which carry nothing else: a Kitex server decides once per connection what it speaks (kitex.md 1.8). `mux` shares
// one connection for each address among all streams, as Kitex does by default; `long` gives a stream a connection of its own and keeps it for the next;
// `short` closes it afterwards.

import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { PoolKind } from '../../../../shared/model/protocol.ts'
import { abortError, whenAborted } from '../abort.ts'
import { dial } from '../dial.ts'
import { IdleSweep } from '../idle-sweep.ts'
import { placeKey, type Place } from '../place.ts'
import { freshMs, wholePoll } from '../stillness.ts'
import type { ConnectionPool, Lease, Secure } from '../transport.ts'
import { TtStreamConnection } from './connection.ts'
import { TtStreamLease } from './lease.ts'

/** Kitex's MaxIdleTimeout of both pools (client_trans_pool_muxconn.go). */
const idleTimeoutMs = 60_000

export interface TtStreamPoolOptions {
  readonly idleTimeoutMs?: number
}

/** Makes a pool of connections for TTHeader Streaming. */
export function createTtstreamPool(kind: PoolKind, options: TtStreamPoolOptions = {}): ConnectionPool {
  return new TtStreamPool(kind, options.idleTimeoutMs ?? idleTimeoutMs)
}

/** What is open towards one address with one kind of TLS. */
interface Bucket extends Place {
  readonly key: string
  readonly all: Set<TtStreamConnection>
  /** Of `long`: connections that nobody holds, the last one back last. */
  readonly idle: TtStreamConnection[]
  /** Of `mux`: the dial that several wait for. */
  dialling: Dialling | undefined
}

interface Dialling {
  readonly cancel: AbortController
  readonly connection: Promise<TtStreamConnection>
}

class TtStreamPool implements ConnectionPool {
  readonly kind: PoolKind
  readonly #buckets = new Map<string, Bucket>()
  readonly #idle: IdleSweep
  #disposed = false

  constructor(kind: PoolKind, idleMs: number) {
    this.kind = kind
    this.#idle = new IdleSweep(idleMs, (oldest) => this.#sweep(oldest))
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    if (signal.aborted) throw abortError(signal)
    const bucket = this.#bucket(address, secure)
    const known = await this.#known(bucket)
    if (known !== undefined) return this.#lease(bucket, known, true)
    if (signal.aborted) throw abortError(signal)
    if (this.#disposed) throw cancelled()
    if (this.kind !== 'mux') return this.#lease(bucket, await this.#dial(bucket, connectTimeoutMs, signal), false)
    const shared = bucket.dialling !== undefined
    return this.#lease(bucket, await joined(bucket.dialling ?? this.#dialShared(bucket, connectTimeoutMs), signal), shared)
  }

  forget(address: string): void {
    for (const bucket of this.#buckets.values()) {
      if (bucket.address === address) for (const connection of [...bucket.all]) if (connection.isIdle || this.kind === 'mux') connection.drain()
    }
  }

  dispose(): void {
    this.#disposed = true
    this.#idle.stop()
    for (const bucket of this.#buckets.values()) {
      bucket.dialling?.cancel.abort()
      for (const connection of [...bucket.all]) connection.destroy(cancelled())
    }
    this.#buckets.clear()
  }

  #bucket(address: string, secure: Secure | undefined): Bucket {
    const key = placeKey(address, secure)
    const bucket = this.#buckets.get(key) ?? { key, address, secure, all: new Set(), idle: [], dialling: undefined }
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** A connection that is open already and good. */
  async #known(bucket: Bucket): Promise<TtStreamConnection | undefined> {
    for (;;) {
      const connection = this.kind === 'mux' ? [...bucket.all].find(({ usable }) => usable) : bucket.idle.pop()
      if (connection === undefined) return undefined
      if (connection.isIdle && performance.now() - connection.idleSince > freshMs) await wholePoll()
      if (connection.usable) return connection
      connection.drain()
    }
  }

  #dialShared(bucket: Bucket, connectTimeoutMs: number): Dialling {
    const cancel = new AbortController()
    const connection = this.#dial(bucket, connectTimeoutMs, cancel.signal).finally(() => (bucket.dialling = undefined))
    bucket.dialling = { cancel, connection }
    return bucket.dialling
  }

  async #dial(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal): Promise<TtStreamConnection> {
    const dialled = await dial(bucket.address, connectTimeoutMs, signal, bucket.secure)
    const connection = new TtStreamConnection(dialled, bucket.address, () => this.#gone(bucket, connection))
    bucket.all.add(connection)
    if (this.#disposed) {
      connection.destroy(cancelled())
      throw cancelled()
    }
    return connection
  }

  #lease(bucket: Bucket, connection: TtStreamConnection, reused: boolean): Lease {
    const poolIdle = this.kind === 'mux' ? [...bucket.all].filter(({ isIdle }) => isIdle).length : bucket.idle.length
    const facts = {
      pool: this.kind, reused, dialMs: reused ? 0 : connection.dialMs, local: connection.local, remote: connection.remote, uses: connection.uses,
      idleMs: reused && connection.isIdle ? performance.now() - connection.idleSince : 0, poolIdle, poolTotal: bucket.all.size,
      ...(connection.tls === undefined ? {} : { tls: connection.tls }),
    }
    connection.hold()
    return new TtStreamLease(connection, facts, (reusable) => this.#giveBack(bucket, connection, reusable))
  }

  #giveBack(bucket: Bucket, connection: TtStreamConnection, reusable: boolean): void {
    connection.letGo()
    if (this.kind === 'short' || (this.kind === 'long' && !(reusable && connection.usable && connection.isIdle))) return connection.drain()
    if (this.kind === 'long') bucket.idle.push(connection)
    this.#idle.begin()
  }

  #gone(bucket: Bucket, connection: TtStreamConnection): void {
    bucket.all.delete(connection)
    const at = bucket.idle.indexOf(connection)
    if (at >= 0) bucket.idle.splice(at, 1)
    if (bucket.all.size === 0 && bucket.dialling === undefined && this.#buckets.get(bucket.key) === bucket) this.#buckets.delete(bucket.key)
  }

  #sweep(oldest: number): boolean {
    for (const { all } of this.#buckets.values()) {
      for (const connection of [...all]) if (connection.isIdle && connection.idleSince <= oldest) connection.drain()
    }
    return this.#buckets.size > 0
  }
}

/** Waits for a dial that may serve several; who gives up does not end it for the others. */
function joined({ connection }: Dialling, signal: AbortSignal): Promise<TtStreamConnection> {
  return new Promise((resolve, reject) => {
    const forgetAbort = whenAborted(signal, () => reject(abortError(signal)))
    connection.then(resolve, reject).finally(forgetAbort)
  })
}

const cancelled = (): KiteError => fail('cancelled', 'connection', 'error.cancelled')
