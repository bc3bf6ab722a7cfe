// Pools of HTTP/2 connections. `mux`: all calls to an address share a connection, and another is dialled when the server's bound on streams is
// reached; `long`: one stream at a time on a connection that is kept; `short`: dialled for one call. They differ only in how many streams a
// connection may carry and in what happens to it afterwards.

import { fail } from '../../../../shared/base/error.ts'
import type { PoolKind } from '../../../../shared/model/protocol.ts'
import { abortError, whenAborted } from '../abort.ts'
import { IdleSweep } from '../idle-sweep.ts'
import { placeKey, type Place } from '../place.ts'
import { freshMs, wholePoll } from '../stillness.ts'
import type { ConnectionFacts, ConnectionPool, Lease, PoolOptions, Secure } from '../transport.ts'
import { grpcCarrier } from '../grpc/carrier.ts'
import type { Carriers } from './carriers.ts'
import type { Http2Connection } from './connection.ts'
import { dialHttp2, type PooledConnection } from './dial-http2.ts'
import { noKeepAlive, type KeepAliveOptions } from './keep-alive.ts'
import { Http2Lease, type Share } from './lease.ts'

export interface Http2PoolOptions extends PoolOptions {
  /** What speaks a protocol on a connection, by transport. */
  readonly carriers: Carriers
  readonly keepAlive: KeepAliveOptions
}

const defaults: Http2PoolOptions = { maxIdlePerAddress: 10, maxTotalPerAddress: 1024, idleTimeoutMs: 30_000, carriers: { grpc: grpcCarrier }, keepAlive: noKeepAlive }

/** How long the PING of a connection in doubt may take, in ms. */
const answerMs = 1000

/** Makes a pool of HTTP/2 connections. */
export function createHttp2Pool(kind: PoolKind, options: Partial<Http2PoolOptions> = {}): ConnectionPool {
  return new Http2Pool(kind, { ...defaults, ...options })
}

/** Connections to one address with one kind of security. */
interface Bucket extends Place {
  readonly key: string
  readonly connections: PooledConnection[]
  readonly waiters: Set<() => void>
  dialling: number
}

class Http2Pool implements ConnectionPool {
  readonly kind: PoolKind
  readonly #options: Http2PoolOptions
  readonly #buckets = new Map<string, Bucket>()
  readonly #cancel = new AbortController()
  readonly #idle: IdleSweep

  constructor(kind: PoolKind, options: Http2PoolOptions) {
    this.kind = kind
    this.#options = options
    this.#idle = new IdleSweep(options.idleTimeoutMs, (oldest) => this.#sweep(oldest))
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    const share = (ended: AbortSignal, but?: Http2Connection): Promise<Share> => this.#share(this.#bucket(address, secure), connectTimeoutMs, ended, but)
    return new Http2Lease(await share(signal), this.#options.carriers, share)
  }

  async #share(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal, but: Http2Connection | undefined): Promise<Share> {
    if (signal.aborted) throw abortError(signal)
    for (;;) {
      const free = this.#free(bucket, but)
      if (free !== undefined) {
        if (free.leases > 0 || performance.now() - free.idleSince <= freshMs) return this.#shareOf(bucket, free, true)
        free.leases++
        await wholePoll()
        free.leases--
        if (free.connection.usable) return this.#shareOf(bucket, free, true)
        this.#drop(bucket, free)
      } else if (this.#mayDial(bucket)) return await this.#dial(bucket, connectTimeoutMs, signal)
      else await this.#wait(bucket, signal)
      if (this.#cancel.signal.aborted) throw fail('cancelled', 'connection', 'error.cancelled')
    }
  }

  forget(address: string): void {
    for (const bucket of this.#buckets.values()) {
      if (bucket.address !== address) continue
      for (const one of [...bucket.connections]) {
        one.retired = true
        if (one.leases === 0) this.#drop(bucket, one)
      }
    }
  }

  dispose(): void {
    this.#cancel.abort()
    this.#idle.stop()
    for (const bucket of this.#buckets.values()) {
      for (const one of [...bucket.connections]) one.connection.close()
      this.#wake(bucket)
    }
    this.#buckets.clear()
  }

  #bucket(address: string, secure: Secure | undefined): Bucket {
    const key = placeKey(address, secure)
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    const made: Bucket = { key, address, secure, connections: [], waiters: new Set(), dialling: 0 }
    this.#buckets.set(key, made)
    return made
  }

  /** A connection that can take one more stream: of the shared ones the first, of the others the one that came back last. */
  #free(bucket: Bucket, but: Http2Connection | undefined): PooledConnection | undefined {
    if (this.kind === 'short') return undefined
    return bucket.connections.findLast((one) => one.leases < this.#places(one) && !one.retired && one.connection.usable && !one.connection.isDoubtful && one.connection !== but)
  }

  #places({ connection }: PooledConnection): number {
    return this.kind === 'mux' ? connection.maxStreams : 1
  }

  /** A shared connection that is being dialled will carry whoever comes meanwhile. */
  #mayDial(bucket: Bucket): boolean {
    if (this.kind === 'mux' && bucket.dialling > 0) return false
    return bucket.connections.length + bucket.dialling < this.#options.maxTotalPerAddress
  }

  async #dial(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal): Promise<Share> {
    bucket.dialling++
    try {
      const made = await dialHttp2(bucket.address, connectTimeoutMs, signal, bucket.secure, this.#options.keepAlive)
      if (this.#cancel.signal.aborted) {
        made.connection.close()
        throw fail('cancelled', 'connection', 'error.cancelled')
      }
      bucket.connections.push(made)
      made.connection.onChange = () => this.#changed(bucket, made)
      return this.#shareOf(bucket, made, false)
    } finally {
      bucket.dialling--
      this.#wake(bucket)
    }
  }

  #wait(bucket: Bucket, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const woken = (): void => {
        forgetAbort()
        resolve()
      }
      const forgetAbort = whenAborted(signal, () => {
        bucket.waiters.delete(woken)
        reject(abortError(signal))
      })
      bucket.waiters.add(woken)
    })
  }

  /** Whoever waits looks again. */
  #wake(bucket: Bucket): void {
    const waiters = [...bucket.waiters]
    bucket.waiters.clear()
    for (const waiter of waiters) waiter()
  }

  #shareOf(bucket: Bucket, one: PooledConnection, reused: boolean): Share {
    const facts = this.#facts(bucket, one, reused)
    if (one.leases++ === 0) one.connection.keepsProcess = true
    one.uses++
    return { connection: one.connection, facts, giveBack: () => this.#giveBack(bucket, one) }
  }

  #facts(bucket: Bucket, one: PooledConnection, reused: boolean): ConnectionFacts {
    const { connection, tls } = one
    let idle = 0
    for (const { leases } of bucket.connections) if (leases === 0) idle++
    const facts: ConnectionFacts = {
      pool: this.kind, reused, dialMs: reused ? 0 : one.dialMs, local: connection.local, remote: connection.remote, uses: one.uses,
      idleMs: reused && one.leases === 0 ? performance.now() - one.idleSince : 0, poolIdle: idle, poolTotal: bucket.connections.length,
    }
    return tls === undefined ? facts : { ...facts, tls }
  }

  #giveBack(bucket: Bucket, one: PooledConnection): void {
    one.leases--
    if (one.leases === 0) {
      one.idleSince = performance.now()
      one.connection.keepsProcess = false
      if (this.kind === 'short' || one.retired) this.#drop(bucket, one)
      else {
        if (one.connection.isDoubtful) setTimeout(() => this.#dropDoubtful(bucket, one), answerMs).unref()
        if (bucket.connections.length > this.#options.maxIdlePerAddress) setImmediate(() => this.#trim(bucket))
        this.#idle.begin()
      }
    }
    if (bucket.waiters.size > 0) this.#wake(bucket)
  }

  /** Nobody holds it, and its server was given time to say that it is there. */
  #dropDoubtful(bucket: Bucket, one: PooledConnection): void {
    if (one.leases === 0 && one.connection.isDoubtful) this.#drop(bucket, one)
  }

  #changed(bucket: Bucket, one: PooledConnection): void {
    if (!one.connection.usable) remove(bucket, one)
    if (bucket.waiters.size > 0) this.#wake(bucket)
  }

  /** What is too many goes at the end of the turn: many callers that each begin anew at once would else dial for every call. */
  #trim(bucket: Bucket): void {
    const idle = bucket.connections.filter(({ leases }) => leases === 0)
    for (const one of idle.slice(0, Math.max(0, idle.length - this.#options.maxIdlePerAddress))) this.#drop(bucket, one)
  }

  #drop(bucket: Bucket, one: PooledConnection): void {
    remove(bucket, one)
    one.connection.close()
  }

  #sweep(oldest: number): boolean {
    for (const bucket of [...this.#buckets.values()]) {
      for (const one of bucket.connections.filter(({ leases, idleSince }) => leases === 0 && idleSince <= oldest)) this.#drop(bucket, one)
      if (bucket.connections.length + bucket.dialling + bucket.waiters.size === 0) this.#buckets.delete(bucket.key)
    }
    return this.#buckets.size > 0
  }
}

function remove(bucket: Bucket, one: PooledConnection): void {
  const at = bucket.connections.indexOf(one)
  if (at >= 0) bucket.connections.splice(at, 1)
}
