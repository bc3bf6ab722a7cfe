// Connections that speak HTTP, 1.1 or 2, one request at a time: pooled as Kitex pools its own.

import { fail } from '../../../../shared/base/error.ts'
import { dial, type Dialled } from '../dial.ts'
import { ExclusivePool, type PoolFacts } from '../exclusive-pool.ts'
import type { Place } from '../place.ts'
import type { ConnectionFacts, ConnectionPool, HttpRoute, PoolOptions, Secure } from '../transport.ts'
import { HttpConnection } from './connection.ts'
import { PooledLease } from './lease.ts'
import type { RequestConnection } from './request-connection.ts'
import type { HttpLease } from './types.ts'

/** An {@link HttpLease} maker, as the engine's pools are. */
export interface HttpPool extends ConnectionPool {
  acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<HttpLease>
}

/** Makes a pool of connections for plain HTTP, gRPC-Web and Connect. */
export function createHttpPool(kind: 'long' | 'short', options: Partial<PoolOptions> = {}, version: HttpRoute['version'] = 'auto'): HttpPool {
  const pool: ExclusivePool<RequestConnection, PooledLease> = new ExclusivePool(kind, {
    dial: (place, connectTimeoutMs, signal) => connect(place, version, connectTimeoutMs, signal),
    lease: (connection, facts, giveBack, { address: here, secure }, connectTimeoutMs) => new PooledLease({ connection, facts: factsOf(connection, facts), giveBack }, {
      another: (signal) => pool.acquire(here, connectTimeoutMs, signal, secure),
      elsewhere: async (address, isTls, signal) => pool.acquire(address, connectTimeoutMs, signal, isTls ? secureFor(address, connection.address, secure) : undefined),
    }),
  }, options)
  return pool
}

function factsOf({ dialMs, local, remote, uses, tls }: RequestConnection, facts: PoolFacts): ConnectionFacts {
  return { ...facts, dialMs: facts.reused ? 0 : dialMs, local, remote, uses, ...(tls === undefined ? {} : { tls }) }
}

/** Where a redirect leads: with the same trust, but a server name of its own, and without the client's certificate, which is credentials. */
function secureFor(address: string, from: string, secure: Secure | undefined): Secure {
  if (secure === undefined) throw fail('unsupported', 'connection', 'http.redirectToTls', { address }, { hint: { key: 'http.redirectToTlsHint' } })
  // The server that was meant, over a new connection.
  if (address === from) return secure
  const { servername: _named, cert: _certificate, key: _key, ...options } = secure.options
  return { ...secure, id: `${secure.id}\0redirected`, options }
}

/** The version is agreed on by ALPN, where `auto` takes what the server likes better; without TLS `auto` is HTTP/1.1, and `2` is known to be understood. */
async function connect({ address, secure }: Place, version: HttpRoute['version'], timeoutMs: number, signal: AbortSignal): Promise<RequestConnection> {
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
