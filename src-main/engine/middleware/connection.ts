// Holds a connection for one attempt: from the pool, and back to it only when the exchange left it in a known state. A reply marked
// `crrst` (the server will close), a oneway call and any failure end it, as in Kitex (pkg/remote/remotecli).

import { fail } from '../../../shared/base/error.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, thrownReply, type Note, type Reply } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { stringKey } from '../transport/ttheader/keys.ts'
import { headerString } from '../transport/ttheader/metainfo.ts'
import type { ConnectionFacts, ConnectionPool, Lease } from '../transport/transport.ts'

export const connection = (pool: ConnectionPool, isDefault: boolean): Middleware => ({
  kind: 'connection',
  name: 'connection',
  source: isDefault ? 'default' : 'call',
  async call(ctx, next) {
    const { instance } = ctx
    if (instance === undefined) return failedReply(fail('loadbalance', 'balance', 'chain.nothingPicked').data)
    let lease: Lease
    try {
      lease = await pool.acquire(instance.address, ctx.config.connectTimeoutMs, ctx.signal, ctx.config.secure)
    } catch (caught) {
      return thrownReply(caught, 'connection', { instance })
    }
    let reusable = false
    try {
      const reply = await next({ ...ctx, lease })
      reusable = isReusable(ctx, reply)
      const { facts } = lease
      return ctx.stats === 'disabled' ? { ...reply, instance, connection: facts } : { ...reply, instance, connection: facts, note: noteOf(facts, reusable) }
    } finally {
      lease.release(reusable)
    }
  },
})

const isReusable = ({ invocation }: RpcInfo, { outcome, header }: Reply): boolean => (
  (outcome === 'ok' || outcome === 'biz_error' || outcome === 'exception') && !invocation.oneway && headerString(header, stringKey.connectionReset) !== '1')

function reasonOf({ reused, tls, moves }: ConnectionFacts): string {
  if (moves !== undefined) return tls === undefined ? 'chain.connectionMoved' : 'chain.connectionMovedTls'
  if (tls === undefined) return reused ? 'chain.connectionReused' : 'chain.connectionDialled'
  return reused ? 'chain.connectionReusedTls' : 'chain.connectionDialledTls'
}

const noteOf = (facts: ConnectionFacts, kept: boolean): Note => ({
  verdict: 'pass',
  reason: {
    key: reasonOf(facts),
    params: {
      ...(facts.tls === undefined ? {} : { tls: facts.tls.version }), ...(facts.moves === undefined ? {} : { moves: facts.moves }),
      pool: facts.pool, remote: facts.remote, local: facts.local, uses: facts.uses, dialMs: Math.round(facts.dialMs * 1e3) / 1e3, idleMs: Math.round(facts.idleMs), kept: kept ? 1 : 0,
    },
  },
  decision: { kind: 'connection', ...facts },
})
