// The connection pools of an engine, one of each kind and protocol family, made when first needed and shared by all calls. Families differ in
// what a connection is: a framed one carries any of the four framings, HTTP/2 and TTHeader Streaming need their own (Kitex's server decides once
// per connection, kitex.md 1.8).

import type { PoolKind, TransportName } from '../../shared/model/protocol.ts'
import type { ConnectionPool, HttpRoute } from './transport/transport.ts'

type Family = 'framed' | 'http2' | 'ttstream' | 'http' | 'websocket'

/** What tells apart pools of one family. */
export interface Wishes {
  readonly version: HttpRoute['version']
  /** Silence after which a server is asked whether it is there, in ms; 0: never. */
  readonly keepAliveMs: number
}

const unwished: Wishes = { version: 'auto', keepAliveMs: 0 }

/** How long the answer to a keepalive PING may take: as long as the silence before it, within these; gRPC's own default is the longest. */
const answerMs = { least: 2000, most: 20_000 } as const

export class Pools {
  readonly #pools = new Map<string, Promise<ConnectionPool>>()
  #disposed = false

  get(transport: TransportName, kind: PoolKind, wishes: Partial<Wishes> = {}): Promise<ConnectionPool> {
    const family = families[transport]
    const all = { ...unwished, ...wishes }
    const key = `${family}/${kind}/${tells[family]?.(all) ?? ''}`
    const known = this.#pools.get(key)
    if (known !== undefined) return known
    const making = make[family](kind, all).then((pool) => {
      if (this.#disposed) pool.dispose()
      return pool
    })
    this.#pools.set(key, making)
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

const families: Readonly<Record<TransportName, Family>> = {
  buffered: 'framed', framed: 'framed', ttheader: 'framed', 'ttheader-framed': 'framed',
  grpc: 'http2', 'ttheader-streaming': 'ttstream', http: 'http', 'grpc-web': 'http', connect: 'http', 'jsonrpc-ws': 'websocket',
}

const tells: Readonly<Partial<Record<Family, (wishes: Wishes) => string | number>>> = { http: ({ version }) => version, http2: ({ keepAliveMs }) => keepAliveMs }

const framed: Readonly<Record<PoolKind, () => Promise<ConnectionPool>>> = {
  short: async () => (await import('./transport/serial-pool.ts')).createShortPool(),
  long: async () => (await import('./transport/serial-pool.ts')).createLongPool(),
  mux: async () => (await import('./transport/mux-pool.ts')).createMuxPool(),
}

const make: Readonly<Record<Family, (kind: PoolKind, wishes: Wishes) => Promise<ConnectionPool>>> = {
  framed: (kind) => framed[kind](),
  http2: async (kind, { keepAliveMs }) => (await import('./transport/http2/pool.ts')).createHttp2Pool(kind, { keepAlive: { intervalMs: keepAliveMs, timeoutMs: Math.min(answerMs.most, Math.max(answerMs.least, keepAliveMs)) } }),
  ttstream: async (kind) => (await import('./transport/ttstream/index.ts')).createTtstreamPool(kind),
  http: async (kind, { version }) => (await import('./transport/http/pool.ts')).createHttpPool(kind === 'short' ? 'short' : 'long', {}, version),
  websocket: async (kind) => (await import('./transport/jsonrpc-ws/pool.ts')).createWebSocketPool(kind === 'short' ? 'short' : 'mux'),
}
