import * as net from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { createMuxPool } from '../../../../src-main/engine/transport/mux-pool.ts'
import { createLongPool, createShortPool } from '../../../../src-main/engine/transport/serial-pool.ts'
import { type MessageServer, serveMessages } from '../../../../src-main/engine/transport/server.ts'
import type { MessageHandler } from '../../../../src-main/engine/transport/server-connection.ts'
import { type ConnectionPool, type Exchange, type Lease, noHeader, type TransportName } from '../../../../src-main/engine/transport/transport.ts'
import { whenOpen } from '../../../../src-main/engine/transport/when-open.ts'
import { readStringMessage, stringMessage, tinyMeter } from '../../../support/transport/messages.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const never = new AbortController().signal
const read = { meter: tinyMeter, maxFrameBytes: 1024 * 1024 }

async function serve(handler: MessageHandler): Promise<MessageServer> {
  const server = await serveMessages({ meter: tinyMeter, handler })
  closers.push(() => server.close(0))
  return server
}

/** Answers with the text it got. */
const echo: MessageHandler = (incoming) => {
  const { method, seqId, text } = readStringMessage(incoming.message)
  return Promise.resolve({ kind: 'message', message: stringMessage('reply', method, seqId, text, 0) })
}

/** A server that does with each socket what a test says. */
async function rawServer(onSocket: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.resume()
    onSocket(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : ''
}

function using(pool: ConnectionPool): ConnectionPool {
  closers.push(() => pool.dispose())
  return pool
}

const ask = (lease: Lease, text: string, seqId = 1, more: { readonly oneway?: boolean; readonly transport?: TransportName; readonly signal?: AbortSignal } = {}): Promise<Exchange> =>
  lease.exchange(
    { transport: more.transport ?? 'ttheader-framed', seqId, header: noHeader, message: stringMessage(more.oneway === true ? 'oneway' : 'call', 'Say', seqId, text) },
    { ...read, oneway: more.oneway ?? false },
    more.signal ?? never,
  )

const replyText = ({ reply }: Exchange): string => (reply === undefined ? 'no reply' : readStringMessage(reply.message).text)

/** More than a socket buffer takes, so that some of it lies unread when the server stops reading. */
const large = 'x'.repeat(16 * 1024 * 1024)

/** Closing with bytes unread makes the system send a reset; `resetAndDestroy` would send an orderly end first. */
function resetAfter(socket: net.Socket, answer?: Buffer): void {
  socket.once('data', () => {
    socket.pause()
    if (answer === undefined) socket.destroy()
    else socket.write(answer, () => socket.destroy())
  })
}

async function keyOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'no error'
  } catch (caught) {
    return caught instanceof KiteError ? `${caught.data.code} ${caught.data.layer} ${caught.data.text.key}` : String(caught)
  }
}

describe('dialling', () => {
  it('says that nothing listens', async () => {
    const server = await serve(echo)
    await server.close(0)
    for (const pool of [createShortPool(), createLongPool(), createMuxPool()]) {
      expect(await keyOf(using(pool).acquire(server.address, 1000, never))).toBe('get_connection connection transport.refused')
    }
  })

  it('says that a name does not resolve', async () => {
    expect(await keyOf(createShortPool().acquire('no-such-host.invalid:1', 5000, never))).toBe('get_connection connection transport.unresolvable')
  })

  it('says that an address is malformed', async () => {
    for (const address of ['localhost', 'localhost:99999', 'a:b:c', ':', '']) {
      expect(await keyOf(createShortPool().acquire(address, 1000, never))).toBe('usage connection transport.addressMalformed')
    }
  })

  it('gives up when the connect timeout passes', async () => {
    const opening = { address: '127.0.0.1:9', timeoutMs: 5, signal: never, event: 'connect', failed: () => new Error('believed: nothing fails here') } as const
    expect(await keyOf(whenOpen(new net.Socket(), opening, (socket) => ({ socket, dialMs: 0 })))).toBe('get_connection connection transport.dialTimedOut')
  })

  it('looks once more before it gives up, since a busy thread notices no connect', async () => {
    const server = await serve(echo)
    const dialling = createShortPool().acquire(server.address, 1, never)
    // The event loop looks at timers first.
    const until = performance.now() + 20
    while (performance.now() < until);
    const lease = await dialling
    expect(lease.facts).toMatchObject({ pool: 'short', reused: false })
    lease.release(false)
  })

  it('is ended by an abort, with the reason that was given', async () => {
    const reason = new KiteError({ code: 'rpc_timeout', layer: 'policy', text: { key: 'x' } })
    expect(await keyOf(createShortPool().acquire('192.0.2.1:9', 5000, AbortSignal.abort(reason)))).toBe('rpc_timeout policy x')
  })
})

describe('the short pool', () => {
  it('dials for each call and closes afterwards', async () => {
    const server = await serve(echo)
    const pool = using(createShortPool())
    for (const text of ['one', 'two']) {
      const lease = await pool.acquire(server.address, 1000, never)
      expect(replyText(await ask(lease, text))).toBe(text)
      expect(lease.facts).toMatchObject({ pool: 'short', reused: false, uses: 0, idleMs: 0, poolIdle: 0, poolTotal: 1, remote: server.address })
      lease.release(true)
    }
    await expect.poll(() => server.connections).toBe(0)
  })
})

describe('the long pool', () => {
  it('reuses the connection that came back last', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool())
    const [first, second] = [await pool.acquire(server.address, 1000, never), await pool.acquire(server.address, 1000, never)]
    expect([first.facts.poolTotal, second.facts.poolTotal]).toEqual([1, 2])
    await ask(second, 'x')
    first.release(true)
    second.release(true)
    const third = await pool.acquire(server.address, 1000, never)
    expect(third.facts).toMatchObject({ pool: 'long', reused: true, dialMs: 0, uses: 1, poolIdle: 1, poolTotal: 2, local: second.facts.local })
    third.release(true)
  })

  it('keeps no more idle connections than it may', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ maxIdlePerAddress: 2 }))
    const leases = await Promise.all([1, 2, 3, 4].map(() => pool.acquire(server.address, 1000, never)))
    for (const lease of leases) lease.release(true)
    await expect.poll(() => server.connections).toBe(2)
  })

  it('dials no more for callers that begin anew at once, however few may lie idle', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ maxIdlePerAddress: 2 }))
    const leases = await Promise.all([1, 2, 3, 4].map(() => pool.acquire(server.address, 1000, never)))
    for (const lease of leases) lease.release(true)
    const again = await Promise.all([1, 2, 3, 4].map(() => pool.acquire(server.address, 1000, never)))
    expect(again.map(({ facts }) => facts.reused)).toEqual([true, true, true, true])
    for (const lease of again) lease.release(true)
    await expect.poll(() => server.connections).toBe(2)
  })

  it('makes a call wait when all connections are taken, and hands over the first that comes back', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ maxTotalPerAddress: 1 }))
    const first = await pool.acquire(server.address, 1000, never)
    const waiting = pool.acquire(server.address, 1000, never)
    first.release(true)
    const second = await waiting
    expect(second.facts).toMatchObject({ reused: true, local: first.facts.local, poolTotal: 1 })
    second.release(true)
  })

  it('lets a waiting call dial when the connection does not come back', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ maxTotalPerAddress: 1 }))
    const first = await pool.acquire(server.address, 1000, never)
    const waiting = pool.acquire(server.address, 1000, never)
    first.release(false)
    const second = await waiting
    expect(second.facts).toMatchObject({ reused: false, poolTotal: 1 })
    expect(replyText(await ask(second, 'hi'))).toBe('hi')
    second.release(true)
  })

  it('ends the wait for a connection when the call is cancelled', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ maxTotalPerAddress: 1 }))
    const held = await pool.acquire(server.address, 1000, never)
    const cancel = new AbortController()
    const waiting = keyOf(pool.acquire(server.address, 1000, cancel.signal))
    cancel.abort()
    expect(await waiting).toBe('cancelled connection error.cancelled')
    held.release(true)
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(true)
  })

  it('never hands out a connection that its server closed while it lay idle', async () => {
    const sockets: net.Socket[] = []
    const address = await rawServer((socket) => sockets.push(socket))
    const pool = using(createLongPool())
    const first = await pool.acquire(address, 1000, never)
    first.release(true)
    await expect.poll(() => sockets.length).toBe(1)
    const gone = once(sockets[0] ?? new net.Socket(), 'close')
    sockets[0]?.end()
    await gone
    expect((await pool.acquire(address, 1000, never)).facts.reused).toBe(false)
  })

  it('drops a connection on which bytes come that nobody asked for', async () => {
    const sockets: net.Socket[] = []
    const address = await rawServer((socket) => sockets.push(socket))
    const pool = using(createLongPool())
    ;(await pool.acquire(address, 1000, never)).release(true)
    await expect.poll(() => sockets.length).toBe(1)
    const gone = once(sockets[0] ?? new net.Socket(), 'close')
    sockets[0]?.write('late')
    await gone
    expect((await pool.acquire(address, 1000, never)).facts).toMatchObject({ reused: false, poolTotal: 1 })
  })

  it('closes what lay idle for too long', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool({ idleTimeoutMs: 30 }))
    ;(await pool.acquire(server.address, 1000, never)).release(true)
    await expect.poll(() => server.connections).toBe(0)
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(false)
  })

  it('closes what is idle for an address that discovery removed', async () => {
    const server = await serve(echo)
    const pool = using(createLongPool())
    ;(await pool.acquire(server.address, 1000, never)).release(true)
    pool.forget(server.address)
    await expect.poll(() => server.connections).toBe(0)
  })

  it('does not reuse a connection after a oneway', async () => {
    const notes: string[] = []
    const server = await serve((incoming) => {
      notes.push(readStringMessage(incoming.message).text)
      return Promise.resolve({ kind: 'none' })
    })
    const pool = using(createLongPool())
    const lease = await pool.acquire(server.address, 1000, never)
    const { reply, marks } = await ask(lease, 'fired', 1, { oneway: true })
    expect({ reply, readStart: marks.readStart }).toEqual({ reply: undefined, readStart: undefined })
    lease.release(true)
    await expect.poll(() => notes).toEqual(['fired'])
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(false)
  })

  it('does not reuse a connection whose reply announced a close', async () => {
    const server = await serve((incoming) => {
      const { method, seqId } = readStringMessage(incoming.message)
      return Promise.resolve({ kind: 'message', message: stringMessage('exception', method, seqId, 'unknown'), header: { strings: [['crrst', '1']], ints: [] } })
    })
    const pool = using(createLongPool())
    const lease = await pool.acquire(server.address, 1000, never)
    await ask(lease, 'x')
    lease.release(true)
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(false)
  })
})

describe('an exchange', () => {
  it('marks the times of writing and reading in order', async () => {
    const server = await serve(echo)
    const lease = await using(createLongPool()).acquire(server.address, 1000, never)
    const { marks, sent } = await ask(lease, 'hi')
    expect(sent.length).toBeGreaterThan(0)
    const { writeStart, writeFinish, readStart = 0, readFinish = 0 } = marks
    expect([writeStart <= writeFinish, writeStart <= readStart, readStart <= readFinish]).toEqual([true, true, true])
    lease.release(true)
  })

  const failures: readonly (readonly [string, (socket: net.Socket) => void, string])[] = [
    ['is closed without a reply', (socket) => socket.once('data', () => socket.end()), 'remote_or_network connection transport.closedBeforeReply'],
    ['is closed on arrival', (socket) => socket.end(), 'remote_or_network connection transport.closedBeforeReply'],
    ['is reset without a reply', (socket) => resetAfter(socket), 'remote_or_network connection transport.resetBeforeReply'],
    ['is reset in mid reply', (socket) => resetAfter(socket, Buffer.from('0000001980010002', 'hex')), 'remote_or_network connection transport.resetInReply'],
    ['is cut short', (socket) => socket.once('data', () => socket.end(Buffer.from('0000001980010002', 'hex'))), 'remote_or_network frame transport.replyCutShort'],
    ['is closed after the header', (socket) => socket.once('data', () => socket.end(Buffer.from('0000004810000000000000010001', 'hex'))), 'remote_or_network frame transport.replyCutShort'],
    ['answers with HTTP', (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'remote_or_network frame transport.foreignAnswer'],
    ['answers with a short Redis error', (socket) => socket.once('data', () => socket.end('-ERR x\r\n')), 'remote_or_network frame transport.foreignAnswer'],
    ['greets like MySQL', (socket) => socket.write(Buffer.from('4a0000000a382e302e333600', 'hex')), 'remote_or_network frame transport.foreignAnswer'],
    ['answers with a 2 GB length', (socket) => socket.once('data', () => socket.write(Buffer.from('7fffffff80010002', 'hex'))), 'remote_or_network frame transport.frameTooLarge'],
  ]
  it.each(failures)('fails with a cause when the connection %s', async (_name, onSocket, key) => {
    const address = await rawServer(onSocket)
    for (const pool of [createShortPool(), createLongPool()]) {
      const lease = await using(pool).acquire(address, 1000, never)
      expect(await keyOf(ask(lease, large))).toBe(key)
      lease.release(true)
    }
  })

  it('destroys the socket when it is aborted', async () => {
    const seen: net.Socket[] = []
    const address = await rawServer((socket) => seen.push(socket))
    const cancel = new AbortController()
    const lease = await using(createLongPool()).acquire(address, 1000, never)
    const failed = keyOf(ask(lease, 'hi', 1, { signal: cancel.signal }))
    await expect.poll(() => seen.length).toBe(1)
    cancel.abort()
    expect(await failed).toBe('cancelled connection error.cancelled')
    await expect.poll(() => seen[0]?.destroyed === true || seen[0]?.readableEnded === true || seen[0]?.closed === true).toBe(true)
    lease.release(true)
  })
})

describe('a pool that is disposed', () => {
  it.each([['short', createShortPool], ['long', createLongPool], ['mux', createMuxPool]] as const)('ends what runs over it (%s)', async (_name, createPool) => {
    const address = await rawServer(() => undefined)
    const pool = createPool()
    const running = keyOf(ask(await pool.acquire(address, 1000, never), 'hi'))
    pool.dispose()
    expect(await running).toBe('cancelled connection error.cancelled')
  })

  it.each([['short', createShortPool], ['long', createLongPool], ['mux', createMuxPool]] as const)('hands out nothing that was being dialled (%s)', async (_name, createPool) => {
    const address = await rawServer(() => undefined)
    const pool = createPool()
    const dialling = keyOf(pool.acquire(address, 1000, never))
    // The dial has begun, and its end is an event that has not come yet.
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    pool.dispose()
    expect(await dialling).toBe('cancelled connection error.cancelled')
  })

  it('ends who waits for a connection', async () => {
    const address = await rawServer(() => undefined)
    const pool = createLongPool({ maxTotalPerAddress: 1 })
    await pool.acquire(address, 1000, never)
    const waiting = keyOf(pool.acquire(address, 1000, never))
    await new Promise((resolve) => setImmediate(resolve))
    pool.dispose()
    expect(await waiting).toBe('cancelled connection error.cancelled')
  })
})

describe('the mux pool', () => {
  it('carries many calls over one socket and matches replies that come in another order', async () => {
    const waiting = new Map<string, () => void>()
    const server = await serve(async (incoming, peer, signal) => {
      const { text } = readStringMessage(incoming.message)
      await new Promise<void>((resolve) => waiting.set(text, resolve))
      return echo(incoming, peer, signal)
    })
    const pool = using(createMuxPool())
    const leases = await Promise.all(['a', 'b', 'c'].map(() => pool.acquire(server.address, 1000, never)))
    expect(new Set(leases.map(({ facts }) => facts.local)).size).toBe(1)
    expect(leases.map(({ facts }) => facts.reused)).toEqual([false, true, true])
    const order: string[] = []
    const calls = leases.map(async (lease, n) => {
      const text = replyText(await ask(lease, 'abc'[n] ?? '', n + 1))
      order.push(text)
      return text
    })
    for (const text of ['c', 'a', 'b']) {
      await expect.poll(() => waiting.has(text)).toBe(true)
      waiting.get(text)?.()
      await expect.poll(() => order.at(-1)).toBe(text)
    }
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'])
    expect(server.connections).toBe(1)
  })

  it('goes on after a call was abandoned, whose reply comes late', async () => {
    const late: { answer?: () => void } = {}
    const server = await serve(async (incoming, peer, signal) => {
      if (readStringMessage(incoming.message).text === 'late') await new Promise<void>((resolve) => (late.answer = resolve))
      return echo(incoming, peer, signal)
    })
    const pool = using(createMuxPool())
    const lease = await pool.acquire(server.address, 1000, never)
    const cancel = new AbortController()
    const abandoned = keyOf(ask(lease, 'late', 1, { signal: cancel.signal }))
    await expect.poll(() => late.answer).toBeDefined()
    // The server is heard meanwhile, so that nobody doubts the path.
    expect(replyText(await ask(await pool.acquire(server.address, 1000, never), 'beside', 3))).toBe('beside')
    cancel.abort()
    expect(await abandoned).toBe('cancelled connection error.cancelled')
    late.answer?.()
    const next = await pool.acquire(server.address, 1000, never)
    expect(replyText(await ask(next, 'next', 2))).toBe('next')
    expect(next.facts).toMatchObject({ pool: 'mux', reused: true, local: lease.facts.local })
  })

  it('fails all calls under way when the socket breaks, and dials anew', async () => {
    const sockets: net.Socket[] = []
    const address = await rawServer((socket) => sockets.push(socket))
    const pool = using(createMuxPool())
    const lease = await pool.acquire(address, 1000, never)
    const failed = [keyOf(ask(lease, 'a', 1)), keyOf(ask(lease, 'b', 2))]
    await expect.poll(() => sockets[0]?.bytesRead ?? 0).toBeGreaterThan(80)
    sockets[0]?.destroy()
    expect(await Promise.all(failed)).toEqual(Array(2).fill('remote_or_network connection transport.closedBeforeReply'))
    expect((await pool.acquire(address, 1000, never)).facts.reused).toBe(false)
  })

  it('refuses a framing that has no sequence id to match by', async () => {
    const server = await serve(echo)
    const lease = await using(createMuxPool()).acquire(server.address, 1000, never)
    expect(await keyOf(ask(lease, 'x', 1, { transport: 'framed' }))).toBe('unsupported connection transport.muxNeedsTtheader')
  })

  it('closes when idle for too long', async () => {
    const server = await serve(echo)
    const pool = using(createMuxPool({ idleTimeoutMs: 30 }))
    await ask(await pool.acquire(server.address, 1000, never), 'x')
    await expect.poll(() => server.connections).toBe(0)
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(false)
  })

  it('goes elsewhere once a reply announced a close', async () => {
    const server = await serve((incoming) => {
      const { method, seqId } = readStringMessage(incoming.message)
      return Promise.resolve({ kind: 'message', message: stringMessage('reply', method, seqId, 'bye', 0), header: { strings: [['crrst', '1']], ints: [] } })
    })
    const pool = using(createMuxPool())
    await ask(await pool.acquire(server.address, 1000, never), 'x')
    expect((await pool.acquire(server.address, 1000, never)).facts.reused).toBe(false)
  })
})
