// Who gets which connection: shared, kept, or closed; and what happens to those that wait or have gone.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTtstreamPool } from '../../../../../src-main/engine/transport/ttstream/index.ts'
import type { ConnectionPool, Lease, OutgoingMessage } from '../../../../../src-main/engine/transport/transport.ts'
import { type Conversation, opening, readAll, type ScriptedPeer, startScriptedPeer } from './scripted-peer.ts'

let peer: ScriptedPeer
const pools: ConnectionPool[] = []
const patience = (): AbortSignal => AbortSignal.timeout(10_000)

beforeEach(async () => {
  peer = await startScriptedPeer()
})
afterEach(() => {
  for (const pool of pools.splice(0)) pool.dispose()
  peer.close()
})

function poolOf(kind: 'mux' | 'long' | 'short', idleTimeoutMs?: number): ConnectionPool {
  const pool = createTtstreamPool(kind, idleTimeoutMs === undefined ? {} : { idleTimeoutMs })
  pools.push(pool)
  return pool
}
const acquire = (pool: ConnectionPool): Promise<Lease> => pool.acquire(peer.address, 2000, patience())

/** Opens a stream and lets the server end it. */
async function complete(lease: Lease, conversation: Conversation): Promise<void> {
  const stream = await lease.open(opening, patience())
  const server = await conversation.stream()
  await stream.closeSend()
  await conversation.next()
  server.send('trailer')
  await readAll(stream)
}

describe('the mux pool', () => {
  it('shares one connection among streams, also those that wait for its dial', async () => {
    const pool = poolOf('mux')
    const leases = await Promise.all([acquire(pool), acquire(pool), acquire(pool)])
    const streams = await Promise.all(leases.map((lease) => lease.open(opening, patience())))
    const conversation = await peer.accept()
    const servers = [await conversation.stream(), await conversation.stream(), await conversation.stream()]
    for (const server of [...servers].reverse()) {
      server.data(`to ${servers.indexOf(server)}`)
      server.send('trailer')
    }
    const read = await Promise.all(streams.map(readAll))
    expect([peer.accepted(), read.map(([message]) => message), leases.map(({ facts: { pool: kind, reused } }) => [kind, reused])]).toEqual([
      1, ['to 0', 'to 1', 'to 2'], [['mux', false], ['mux', true], ['mux', true]],
    ])
  })

  it('dials anew when the server has closed, and when discovery has dropped the address', async () => {
    const pool = poolOf('mux')
    const first = await acquire(pool)
    const conversation = await peer.accept()
    await complete(first, conversation)
    first.release(true)
    conversation.socket.end()
    while ((await acquire(pool)).facts.reused) await nextTurn()
    await peer.accept()
    pool.forget(peer.address)
    expect([(await acquire(pool)).facts.reused, peer.accepted()]).toEqual([false, 3])
  })

  it('lets streams that are open finish when the address is dropped', async () => {
    const pool = poolOf('mux')
    const lease = await acquire(pool)
    const stream = await lease.open(opening, patience())
    const conversation = await peer.accept()
    const server = await conversation.stream()
    pool.forget(peer.address)
    server.data('still')
    server.send('trailer')
    const read = await readAll(stream)
    lease.release(true)
    expect([read, await conversation.told(), await conversation.told()]).toEqual([['still', ['trailer', [], 'ok']], ['trailer', [], ''], 'closed'])
  })

  it('does not take the connection away from a call that has it and is about to open its stream', async () => {
    const pool = poolOf('mux')
    const lease = await acquire(pool)
    const conversation = await peer.accept()
    pool.forget(peer.address)
    await complete(lease, conversation)
    lease.release(true)
    expect(await conversation.told()).toBe('closed')
  })

  it('gives up waiting for a dial without ending it for others', async () => {
    const pool = poolOf('mux')
    const abort = new AbortController()
    const given = pool.acquire(peer.address, 2000, abort.signal)
    const kept = acquire(pool)
    // Both wait for the dial by now, which needs a turn of the event loop.
    await Promise.resolve().then(() => undefined)
    abort.abort()
    await expect(given).rejects.toThrow('error.cancelled')
    expect((await kept).facts.pool).toBe('mux')
  })
})

describe('the long pool', () => {
  it('gives each stream a connection, and the next stream one that has come back', async () => {
    const pool = poolOf('long')
    const [one, two] = [await acquire(pool), await acquire(pool)]
    const conversation = await peer.accept()
    await complete(one, conversation)
    one.release(true)
    const again = await acquire(pool)
    expect([peer.accepted(), one.facts.reused, two.facts.reused, again.facts.reused, again.facts.uses, again.facts.poolTotal]).toEqual([2, false, false, true, 1, 2])
  })

  it('keeps none that is not to be used again', async () => {
    const pool = poolOf('long')
    const lease = await acquire(pool)
    const conversation = await peer.accept()
    lease.release(false)
    expect([await conversation.told(), (await acquire(pool)).facts.reused]).toEqual(['closed', false])
  })

  it('closes what has lain idle for too long', async () => {
    const pool = poolOf('long', 5)
    const lease = await acquire(pool)
    const conversation = await peer.accept()
    lease.release(true)
    expect(await conversation.told()).toBe('closed')
  })
})

describe('the short pool', () => {
  it('closes the connection with the lease', async () => {
    const pool = poolOf('short')
    const lease = await acquire(pool)
    const conversation = await peer.accept()
    await complete(lease, conversation)
    lease.release(true)
    expect([await conversation.told(), (await acquire(pool)).facts.reused]).toEqual(['closed', false])
  })
})

describe('any pool', () => {
  it.each(['mux', 'long', 'short'] as const)('of kind %s says what a connection can do, and refuses unary calls with the way that works', async (kind) => {
    const lease = await acquire(poolOf(kind))
    const message: OutgoingMessage = { transport: 'ttheader-streaming', route: opening.route, seqId: 1, header: opening.header, message: Buffer.alloc(0) }
    const refused = await lease.exchange(message, { oneway: false, meter: () => undefined, maxFrameBytes: 1 }, patience()).catch((error: unknown) => error)
    expect([lease.can, refused]).toMatchObject([{ exchange: false, streams: true, halfClose: true, flowControl: false }, { data: { code: 'unsupported', hint: { key: 'ttstream.unaryHint' } } }])
  })

  it.each(['mux', 'long', 'short'] as const)('of kind %s ends its streams when it is disposed, and says who refused a dial', async (kind) => {
    const pool = poolOf(kind)
    const stream = await (await acquire(pool)).open(opening, patience())
    pool.dispose()
    const parts = await readAll(stream)
    peer.close()
    const refused = await createTtstreamPool(kind).acquire(peer.address, 2000, patience()).catch((error: unknown) => error)
    expect([parts, refused]).toMatchObject([[['trailer', [], 'error.cancelled']], { data: { code: 'get_connection' } }])
  })
})
