// Connections that speak HTTP, 1.1 or 2, pooled by the rules of Kitex's long and short pools: last in, first out; at most so many idle for an
// address, and so many in all, beyond which a call waits until its own deadline. TLS of different files never shares a connection.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail } from '../../../../shared/base/error.ts'
import { abortError, whenAborted } from '../abort.ts'
import { dial, type Dialled } from '../dial.ts'
import { defaultPoolOptions } from '../long-pool.ts'
import type { ConnectionPool, HttpRoute, Lease, PoolOptions, Secure } from '../transport.ts'
import { HttpConnection } from './connection.ts'
import { PooledLease } from './lease.ts'
import type { RequestConnection } from './request-connection.ts'
import type { HttpLease } from './types.ts'

/** A connection that lay still for longer gets two turns of the event loop to show that its server closed it. */
const freshMs = 20

/** An {@link HttpLease} maker, as the engine's pools are. */
export interface HttpPool extends ConnectionPool {
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<HttpLease & Lease>
}

/** Makes a pool of connections for plain HTTP, gRPC-Web and Connect. */
export function createHttpPool(kind: 'long' | 'short', options: Partial<PoolOptions> = {}, version: HttpRoute['version'] = 'auto'): HttpPool {
  return new Pool(kind, version, { ...defaultPoolOptions, ...options })
}

/** Told of a connection that came back, or, by undefined, that a place to dial is theirs. */
type Waiter = (connection: RequestConnection | undefined) => void

interface Bucket {
  readonly key: string
  readonly address: string
  readonly secure: Secure | undefined
  readonly idle: RequestConnection[]
  readonly all: Set<RequestConnection>
  readonly waiters: Set<Waiter>
  /** Connections and dials under way. */
  total: number
}

class Pool implements HttpPool {
  readonly kind: 'long' | 'short'
  readonly #version: HttpRoute['version']
  readonly #options: PoolOptions
  readonly #buckets = new Map<string, Bucket>()
  #sweeper: NodeJS.Timeout | undefined
  #disposed = false

  constructor(kind: 'long' | 'short', version: HttpRoute['version'], options: PoolOptions) {
    this.kind = kind
    this.#version = version
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
  async #takeIdle(bucket: Bucket): Promise<RequestConnection | undefined> {
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

  #wait(bucket: Bucket, signal: AbortSignal): Promise<RequestConnection | undefined> {
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

  async #dial(bucket: Bucket, connectTimeoutMs: number, signal: AbortSignal): Promise<RequestConnection> {
    try {
      const connection = await connect(bucket, this.#version, connectTimeoutMs, signal)
      bucket.all.add(connection)
      if (!this.#disposed) return connection
      this.#discard(bucket, connection)
      throw fail('cancelled', 'connection', 'error.cancelled')
    } catch (caught) {
      this.#leave(bucket)
      throw caught
    }
  }

  #lease(bucket: Bucket, connection: RequestConnection, reused: boolean, connectTimeoutMs: number): HttpLease {
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

  #giveBack(bucket: Bucket, connection: RequestConnection, reusable: boolean): void {
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

  #lost(bucket: Bucket, connection: RequestConnection): void {
    const at = bucket.idle.indexOf(connection)
    if (at < 0) return
    bucket.idle.splice(at, 1)
    this.#discard(bucket, connection)
  }

  #discard(bucket: Bucket, connection: RequestConnection): void {
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

/** The version is agreed on by ALPN, where `auto` takes what the server likes better; without TLS `auto` is HTTP/1.1, and `2` is known to be understood. */
async function connect({ address, secure }: Bucket, version: HttpRoute['version'], timeoutMs: number, signal: AbortSignal): Promise<RequestConnection> {
  if (secure === undefined) return version === '2' ? await connectHttp2(address, timeoutMs, signal) : new HttpConnection(await dial(address, timeoutMs, signal), address)
  const alpn = version === '2' ? ['h2'] : version === '1.1' ? ['http/1.1'] : ['h2', 'http/1.1']
  const dialled = await dial(address, timeoutMs, signal, { ...secure, options: { ...secure.options, ALPNProtocols: alpn } })
  return dialled.tls?.alpn === 'h2' ? await connectHttp2(address, timeoutMs, signal, dialled) : new HttpConnection(dialled, address)
}

/** Loaded when it is needed. */
async function connectHttp2(address: string, timeoutMs: number, signal: AbortSignal, dialled?: Dialled): Promise<RequestConnection> {
  const [{ Http2Connection }, { Http2RequestConnection }] = await Promise.all([import('../http2/connection.ts'), import('./http2-request.ts')])
  const { socket, dialMs, tls } = dialled ?? await dial(address, timeoutMs, signal)
  const connection = new Http2Connection(socket, address, tls !== undefined)
  socket.on('data', (chunk: Buffer) => connection.read(chunk, chunk.length))
  return new Http2RequestConnection(connection, dialMs, tls)
}

const first = <T>(values: ReadonlySet<T>): T | undefined => values.values().next().value
