// How the three kinds of pool share HTTP/2 connections, and what they say of them.

import { afterEach, describe, expect, it } from 'vitest'
import { createHttp2Pool, type Http2PoolOptions } from '../../../../../src-main/engine/transport/http2/pool.ts'
import type { ConnectionPool } from '../../../../../src-main/engine/transport/transport.ts'
import type { PoolKind } from '../../../../../shared/model/protocol.ts'
import { call, grpcCall } from './grpc-call.ts'
import { HEADERS, RST_STREAM, ScriptedServer, u32 } from './scripted-server.ts'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

/** A server that answers every call, and a pool of it. */
async function setting(kind: PoolKind, options: Partial<Http2PoolOptions> = {}): Promise<{ readonly server: ScriptedServer; readonly pool: ConnectionPool }> {
  const server = await ScriptedServer.start(async (peer) => {
    peer.settings()
    for (let stream = 1; stream < 200; stream += 2) {
      await peer.frame(HEADERS, (frame) => frame.stream === stream)
      peer.reply(stream)
    }
  })
  const pool = createHttp2Pool(kind, options)
  open.push(() => pool.dispose(), () => server.stop())
  return { server, pool }
}

const { signal } = new AbortController()

describe('mux', () => {
  it('carries calls at once over one connection, also those that came while it was dialled', async () => {
    const { server, pool } = await setting('mux')
    const done = await Promise.all(Array.from({ length: 20 }, () => call(pool, server.address)))
    expect([done.every(({ reply }) => reply?.message.toString() === 'pong'), server.peers.length]).toEqual([true, 1])
  })

  it('says who dialled and who shares', async () => {
    const { server, pool } = await setting('mux')
    const first = await pool.acquire(server.address, 5000, signal)
    const second = await pool.acquire(server.address, 5000, signal)
    expect([first.facts.reused, first.facts.dialMs > 0, first.facts.uses, second.facts.reused, second.facts.dialMs, second.facts.uses, second.facts.poolTotal]).toEqual([false, true, 0, true, 0, 1, 1])
    expect(second.facts.remote).toBe(server.address)
  })

  it('a failed call leaves the connection to others', async () => {
    const { server, pool } = await setting('mux')
    const lease = await pool.acquire(server.address, 5000, signal)
    await grpcCall(lease)
    lease.release(false)
    expect((await pool.acquire(server.address, 5000, signal)).facts.reused).toBe(true)
  })
})

describe('long', () => {
  it('gives each call a connection of its own and uses the last one again', async () => {
    const { server, pool } = await setting('long')
    const leases = await Promise.all([0, 1, 2].map(() => pool.acquire(server.address, 5000, signal)))
    for (const lease of leases) lease.release(true)
    const next = await pool.acquire(server.address, 5000, signal)
    expect([next.facts.reused, next.facts.poolTotal, next.facts.poolIdle]).toEqual([true, 3, 3])
  })

  it('keeps no more idle ones than it may', async () => {
    const { server, pool } = await setting('long', { maxIdlePerAddress: 1 })
    const leases = await Promise.all([0, 1, 2].map(() => pool.acquire(server.address, 5000, signal)))
    for (const lease of leases) lease.release(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect((await pool.acquire(server.address, 5000, signal)).facts.poolTotal).toBe(1)
  })

  it('beyond its bound a call waits for one to come back', async () => {
    const { server, pool } = await setting('long', { maxTotalPerAddress: 1 })
    const first = await pool.acquire(server.address, 5000, signal)
    const second = pool.acquire(server.address, 5000, signal)
    first.release(true)
    expect([(await second).facts.reused, server.peers.length]).toEqual([true, 1])
  })

  it('and gives up waiting at its deadline', async () => {
    const { server, pool } = await setting('long', { maxTotalPerAddress: 1 })
    await pool.acquire(server.address, 5000, signal)
    await expect(pool.acquire(server.address, 5000, AbortSignal.timeout(50))).rejects.toMatchObject({ data: { code: 'rpc_timeout' } })
  })

  it('closes what lay idle for too long, and what discovery forgets', async () => {
    const { server, pool } = await setting('long', { idleTimeoutMs: 30 })
    await call(pool, server.address)
    await server.peers[0]?.frame(7)
    await call(pool, server.address)
    pool.forget(server.address)
    await server.peers[1]?.frame(7)
    expect(server.peers).toHaveLength(2)
  })
})

it('short: dials for every call and closes after it', async () => {
  const { server, pool } = await setting('short')
  await call(pool, server.address)
  await call(pool, server.address)
  await Promise.all(server.peers.map((peer) => peer.frame(7)))
  expect(server.peers).toHaveLength(2)
})

it('a call that is given up resets its stream and leaves no trace in the pool', async () => {
  const server = await ScriptedServer.start((peer) => peer.settings())
  const pool = createHttp2Pool('mux')
  open.push(() => pool.dispose(), () => server.stop())
  await expect(call(pool, server.address, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ data: { code: 'rpc_timeout' } })
  expect((await server.peers[0]?.frame(RST_STREAM))?.payload).toEqual(u32(8))
})

it('nobody listens: refused at once', async () => {
  const server = await ScriptedServer.start(() => undefined)
  const { address } = server
  await server.stop()
  const pool = createHttp2Pool('mux')
  await expect(pool.acquire(address, 5000, signal)).rejects.toMatchObject({ data: { code: 'get_connection', text: { key: 'transport.refused' } } })
})

it('disposed: calls that run end as cancelled', async () => {
  const server = await ScriptedServer.start((peer) => peer.settings())
  const pool = createHttp2Pool('mux')
  open.push(() => server.stop())
  const running = call(pool, server.address)
  setTimeout(() => pool.dispose(), 20)
  await expect(running).rejects.toMatchObject({ data: { code: 'cancelled' } })
})
