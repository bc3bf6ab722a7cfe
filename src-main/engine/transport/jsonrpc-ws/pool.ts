// WebSockets by address. A call says its path and headers only when it is made, so a lease is a socket, or a promise of a session that is open
// already; sessions of the same path, dialect and headers are shared by the calls of a `mux` pool.

import { fail } from '../../../../shared/base/error.ts'
import { abortError } from '../abort.ts'
import { dial, type Dialled } from '../dial.ts'
import { IdleSweep } from '../idle-sweep.ts'
import { placeKey } from '../place.ts'
import { socketEnds } from '../socket-ends.ts'
import type { ConnectionFacts, ConnectionPool, Lease, Secure } from '../transport.ts'
import type { Bucket, Pooled } from './bucket.ts'
import { WebSocketLease } from './lease.ts'

const idleTimeoutMs = 30_000

/** Makes a pool of WebSockets that speak JSON-RPC. */
export function createWebSocketPool(kind: 'mux' | 'short'): ConnectionPool {
  return new WebSocketPool(kind)
}

class WebSocketPool implements ConnectionPool {
  readonly kind: 'mux' | 'short'
  readonly #buckets = new Map<string, Bucket>()
  readonly #idle = new IdleSweep(idleTimeoutMs, (oldest) => this.#sweep(oldest))
  #disposed = false

  constructor(kind: 'mux' | 'short') {
    this.kind = kind
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    if (signal.aborted) throw abortError(signal)
    if (this.#disposed) throw fail('cancelled', 'connection', 'error.cancelled')
    const bucket = this.#bucket(address, secure)
    const known = this.kind === 'mux' ? [...bucket.open].findLast(({ session }) => session.isOpen && !session.isHidden) : undefined
    const dialled = known === undefined ? await dial(address, connectTimeoutMs, signal, secure) : undefined
    const facts = this.#factsOf(bucket, known, dialled)
    const parts = { bucket, facts, dial: (from: AbortSignal) => dial(address, connectTimeoutMs, from, secure), isShared: this.kind === 'mux', onIdle: () => this.#idle.begin() }
    return new WebSocketLease(parts, dialled)
  }

  /** Whatever is open and unused. */
  forget(address: string): void {
    for (const [key, bucket] of this.#buckets) {
      if (bucket.address !== address) continue
      for (const { session } of bucket.open) if (session.holders === 0) session.close()
      if (bucket.open.size === 0 && bucket.shared.size === 0) this.#buckets.delete(key)
    }
  }

  dispose(): void {
    this.#disposed = true
    this.#idle.stop()
    for (const bucket of this.#buckets.values()) for (const { session } of bucket.open) session.socket.destroy()
    this.#buckets.clear()
  }

  #bucket(address: string, secure: Secure | undefined): Bucket {
    const key = placeKey(address, secure)
    const bucket = this.#buckets.get(key) ?? { address, secure, shared: new Map<string, Promise<Pooled>>(), open: new Set<Pooled>() }
    this.#buckets.set(key, bucket)
    return bucket
  }

  #factsOf(bucket: Bucket, known: Pooled | undefined, fresh: Dialled | undefined): ConnectionFacts {
    const dialled = fresh ?? known?.dialled
    const idle = [...bucket.open].filter(({ session }) => session.holders === 0).length
    return {
      pool: this.kind, reused: fresh === undefined, dialMs: fresh?.dialMs ?? 0,
      ...(dialled === undefined ? { local: '', remote: bucket.address } : socketEnds(dialled.socket, bucket.address)),
      uses: known?.session.uses ?? 0, idleMs: known === undefined || known.session.holders > 0 ? 0 : performance.now() - known.session.idleSince,
      poolIdle: idle, poolTotal: bucket.open.size + (fresh === undefined ? 0 : 1),
      ...(dialled?.tls === undefined ? {} : { tls: dialled.tls }),
    }
  }

  #sweep(oldest: number): boolean {
    let left = 0
    for (const { open } of this.#buckets.values()) {
      for (const { session } of open) if (session.holders === 0 && session.idleSince <= oldest) session.close()
      left += open.size
    }
    return left > 0
  }
}
