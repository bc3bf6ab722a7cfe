// A server that breaks HTTP/2 or gRPC, stops, or says nothing: every call ends, with an error that says what happened, and the connection of
// others is hurt only where it must be.

import { afterEach, describe, expect, it } from 'vitest'
import { KiteError, type ErrorData } from '../../../../../shared/base/error.ts'
import { createHttp2Pool } from '../../../../../src-main/engine/transport/http2/pool.ts'
import type { ConnectionPool, Exchange } from '../../../../../src-main/engine/transport/transport.ts'
import { call, grpcCall } from './grpc-call.ts'
import { CONTINUATION, DATA, frameBytes, GOAWAY, grpcHeaders, grpcMessage, grpcTrailers, HEADERS, type Peer, PING, RST_STREAM, ScriptedServer, SETTINGS, settings, u32, WINDOW_UPDATE } from './scripted-server.ts'

const open: { stop(): Promise<void> | void }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.stop()
})

/** A server and a client of it. */
async function setting(script: (peer: Peer, number: number) => void | Promise<void>, kind: 'mux' | 'long' | 'short' = 'mux'): Promise<{ readonly server: ScriptedServer; readonly pool: ConnectionPool }> {
  const server = await ScriptedServer.start(script)
  const pool = createHttp2Pool(kind)
  open.push({ stop: () => pool.dispose() }, server)
  return { server, pool }
}

/** What became of one call. */
async function outcome(script: (peer: Peer) => void | Promise<void>): Promise<{ readonly error?: ErrorData; readonly done?: Exchange; readonly peer: Peer }> {
  const { server, pool } = await setting(script)
  const result = await attempt(call(pool, server.address))
  const [peer] = server.peers
  if (peer === undefined) throw new Error('believed: it was connected')
  return { ...result, peer }
}

async function attempt(done: Promise<Exchange>): Promise<{ readonly error?: ErrorData; readonly done?: Exchange }> {
  try {
    return { done: await done }
  } catch (caught) {
    if (!(caught instanceof KiteError)) throw caught
    return { error: caught.data }
  }
}

const key = ({ error, done }: { readonly error?: ErrorData; readonly done?: Exchange }): string => error?.text.key ?? done?.reply?.fault?.text.key ?? 'ok'

describe('a breach of HTTP/2 ends the connection, says which frame, and tells the server', () => {
  const breaches: readonly (readonly [what: string, bytes: (peer: Peer) => Buffer, key: string, code: number])[] = [
    ['a frame larger than allowed', () => Buffer.from('ffffff000000000001', 'hex'), 'http2.frameTooLarge', 6],
    ['DATA on stream 0', () => frameBytes(DATA, 0, 0), 'http2.needsStream', 1],
    ['HEADERS on stream 0', () => frameBytes(HEADERS, 4, 0), 'http2.needsStream', 1],
    ['SETTINGS on a stream', () => frameBytes(SETTINGS, 0, 1), 'http2.needsNoStream', 1],
    ['SETTINGS of 5 bytes', () => frameBytes(SETTINGS, 0, 0, Buffer.alloc(5)), 'http2.frameLength', 6],
    ['an acknowledged SETTINGS with content', () => frameBytes(SETTINGS, 1, 0, Buffer.alloc(6)), 'http2.frameLength', 6],
    ['a window setting beyond 2^31-1', () => frameBytes(SETTINGS, 0, 0, settings([[4, 0x80000000]])), 'http2.settingValue', 3],
    ['a frame size setting of 1', () => frameBytes(SETTINGS, 0, 0, settings([[5, 1]])), 'http2.settingValue', 1],
    ['PING of 7 bytes', () => frameBytes(PING, 0, 0, Buffer.alloc(7)), 'http2.frameLength', 6],
    ['GOAWAY of 4 bytes', () => frameBytes(GOAWAY, 0, 0, Buffer.alloc(4)), 'http2.frameLength', 6],
    ['RST_STREAM of 3 bytes', () => frameBytes(RST_STREAM, 0, 1, Buffer.alloc(3)), 'http2.frameLength', 6],
    ['RST_STREAM of a stream that never began', () => frameBytes(RST_STREAM, 0, 99, u32(8)), 'http2.idleStream', 1],
    ['HEADERS of a stream that never began', (peer) => frameBytes(HEADERS, 4, 99, peer.block(grpcHeaders)), 'http2.idleStream', 1],
    ['DATA of a stream of the server', () => frameBytes(DATA, 0, 2), 'http2.idleStream', 1],
    ['a push', () => frameBytes(5, 4, 1, u32(2)), 'http2.pushed', 1],
    ['more padding than content', () => frameBytes(DATA, 8, 1, Buffer.of(200, 1)), 'http2.padding', 1],
    ['an empty padded frame', () => frameBytes(DATA, 8, 1), 'http2.padding', 1],
    ['CONTINUATION of nothing', () => frameBytes(CONTINUATION, 4, 1), 'http2.continuation', 1],
    ['a frame between HEADERS and CONTINUATION', () => Buffer.concat([frameBytes(HEADERS, 0, 1, Buffer.of(0x88)), frameBytes(PING, 0, 0, Buffer.alloc(8))]), 'http2.continuation', 1],
    ['CONTINUATION of another stream', () => Buffer.concat([frameBytes(HEADERS, 0, 1, Buffer.of(0x88)), frameBytes(CONTINUATION, 4, 3)]), 'http2.continuation', 1],
    ['a header block that is none', () => frameBytes(HEADERS, 4, 1, Buffer.of(0xff, 0xff, 0xff)), 'http2.headerBlock', 9],
    ['a window of the connection grown by 0', () => frameBytes(WINDOW_UPDATE, 0, 0, u32(0)), 'http2.windowIncrement', 1],
    ['a window of the connection grown too far', () => Buffer.concat([frameBytes(WINDOW_UPDATE, 0, 0, u32(0x7fffffff)), frameBytes(WINDOW_UPDATE, 0, 0, u32(0x7fffffff))]), 'http2.windowIncrement', 3],
    ['a flood of pings', () => Buffer.concat(Array.from({ length: 10_001 }, () => frameBytes(PING, 0, 0, Buffer.alloc(8)))), 'http2.flood', 11],
    ['a flood of interim replies', (peer) => Buffer.concat(Array.from({ length: 10_001 }, () => frameBytes(HEADERS, 4, 1, peer.block([[':status', '103']])))), 'http2.flood', 11],
    ['a flood of settings', () => Buffer.concat(Array.from({ length: 10_001 }, () => frameBytes(SETTINGS, 0, 0))), 'http2.flood', 11],
    ['a flood of empty DATA', (peer) => Buffer.concat([frameBytes(HEADERS, 4, 1, peer.block(grpcHeaders)), ...Array.from({ length: 10_001 }, () => frameBytes(DATA, 0, 1))]), 'http2.flood', 11],
    ['a header block without an end', () => Buffer.concat([frameBytes(HEADERS, 0, 1), ...Array.from({ length: 1100 }, () => frameBytes(CONTINUATION, 0, 1))]), 'http2.headerBlockTooLarge', 11],
  ]
  it.each(breaches)('%s', async (_, bytes, expected, code) => {
    const { error, peer } = await outcome(async (server) => {
      server.settings()
      await server.frame(HEADERS)
      server.raw(bytes(server))
    })
    expect([error?.code, error?.layer, error?.text.key]).toEqual(['remote_or_network', 'frame', expected])
    expect(error?.at?.offset).toBeGreaterThanOrEqual(9)
    const { payload } = await peer.frame(GOAWAY)
    expect(payload.readUInt32BE(4)).toBe(code)
  })
})

describe('a breach that concerns one stream ends only that stream', () => {
  it.each<readonly [what: string, act: (peer: Peer) => void, key: string]>([
    ['a body before the headers', (peer) => peer.data(1, grpcMessage(Buffer.from('x'))), 'http2.dataBeforeHeaders'],
    ['trailers that do not end', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.headers(1, grpcTrailers)
    }, 'http2.trailersNotLast'],
    ['a window grown by 0', (peer) => peer.send(WINDOW_UPDATE, 0, 1, u32(0)), 'http2.windowIncrement'],
    ['headers that are too large', (peer) => {
      const block = peer.block([...grpcHeaders, ...Array.from({ length: 70 }, (_, at): readonly [string, string] => [`x-${at}`, 'x'.repeat(16_000)])])
      for (let at = 0; at < block.length; at += 16_384) peer.send(at === 0 ? HEADERS : CONTINUATION, at + 16_384 >= block.length ? 4 : 0, 1, block.subarray(at, at + 16_384))
    }, 'http2.headerListTooLarge'],
  ])('%s', async (_, act, expected) => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      act(peer)
      await peer.frame(HEADERS, ({ stream }) => stream === 3)
      peer.reply(3)
    })
    const first = await attempt(call(pool, server.address))
    expect([key(first), (await call(pool, server.address)).reply?.message.toString(), server.peers.length]).toEqual([expected, 'pong', 1])
    expect((await server.peers[0]?.frame(RST_STREAM))?.stream).toBe(1)
  })
})

describe('GOAWAY', () => {
  const goAway = (last: number, code = 0, debug = ''): Buffer => Buffer.concat([u32(last, code), Buffer.from(debug)])

  it('a call that the server has not begun is sent again over a new connection, and the connection tells of it', async () => {
    const { server, pool } = await setting(async (peer, number) => {
      peer.settings()
      await peer.frame(HEADERS)
      if (number < 3) peer.send(GOAWAY, 0, 0, goAway(0))
      else peer.reply(1)
    })
    const lease = await pool.acquire(server.address, 5000, new AbortController().signal)
    const { reply } = await grpcCall(lease)
    expect([reply?.message.toString(), lease.facts.moves, server.peers.length]).toEqual(['pong', 2, 3])
    lease.release(true)
  })

  it.each<readonly [what: string, last: number, code: number, connections: number]>([
    ['in good order each time before any call', 0, 0, 4], ['with an error', 0, 11, 2],
  ])('a server that ends every connection %s is not asked for ever', async (_, last, code, connections) => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      peer.send(GOAWAY, 0, 0, goAway(last, code))
    })
    const { error } = await attempt(call(pool, server.address))
    expect([error?.code, error?.text.key, server.peers.length]).toEqual(['get_connection', 'http2.goawayNotBegun', connections])
  })

  it('a call that the server has begun ends in peace', async () => {
    const { done } = await outcome(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      peer.headers(1, grpcHeaders)
      peer.send(GOAWAY, 0, 0, goAway(1))
      peer.data(1, grpcMessage(Buffer.from('late')))
      peer.headers(1, grpcTrailers, true)
    })
    expect(done?.reply?.message.toString()).toBe('late')
  })

  it.each([['before the headers', 0], ['after the headers', 1], ['within the message', 2]])('followed by a close, %s, says what the server said', async (_, state) => {
    const { error } = await outcome(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      if (state > 0) peer.headers(1, grpcHeaders)
      if (state > 1) peer.data(1, grpcMessage(Buffer.from('half')).subarray(0, 7))
      peer.send(GOAWAY, 0, 0, goAway(1, 11, 'too_many_pings'))
      peer.end()
    })
    expect([error?.code, error?.text.key, error?.text.params?.['name'], error?.text.params?.['debug'], error?.hint?.key]).toEqual(['remote_or_network', 'http2.goaway', 'ENHANCE_YOUR_CALM', 'too_many_pings', 'http2.tooManyPingsHint'])
  })

  it('calls that waited for their turn are sent again, each over a connection that takes it', async () => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings([[3, 1]])
      await peer.frame(HEADERS)
      await peer.frame(SETTINGS, ({ flags }) => flags === 1)
      peer.send(GOAWAY, 0, 0, goAway(1))
      peer.reply(1)
    })
    const ends = await Promise.all([0, 1, 2].map(() => attempt(call(pool, server.address))))
    expect([ends.map(key), server.peers.length]).toEqual([['ok', 'ok', 'ok'], 3])
  })

  it('a lease whose connection ended in good order goes on over another', async () => {
    const { server, pool } = await setting(async (peer, number) => {
      peer.settings()
      await peer.frame(HEADERS)
      if (number === 1) peer.send(GOAWAY, 0, 0, goAway(1))
      peer.reply(1)
    })
    const lease = await pool.acquire(server.address, 5000, new AbortController().signal)
    expect([(await grpcCall(lease)).reply?.message.toString(), (await grpcCall(lease)).reply?.message.toString(), lease.facts.moves, server.peers.length]).toEqual(['pong', 'pong', 1, 2])
    lease.release(true)
  })

  it('before any call is no error: the next call dials anew', async () => {
    const { server, pool } = await setting(async (peer, number) => {
      peer.settings()
      await peer.frame(HEADERS)
      peer.reply(1)
      if (number === 1) peer.send(GOAWAY, 0, 0, goAway(1))
    })
    await call(pool, server.address)
    await server.peers[0]?.frame(GOAWAY)
    expect((await call(pool, server.address)).reply?.message.toString()).toBe('pong')
    expect(server.peers).toHaveLength(2)
  })
})

describe('RST_STREAM', () => {
  const states: readonly (readonly [string, (peer: Peer) => void])[] = [
    ['before the headers', () => undefined],
    ['after the headers', (peer) => peer.headers(1, grpcHeaders)],
    ['within the message', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, grpcMessage(Buffer.from('half')).subarray(0, 7))
    }],
    ['after the message', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, grpcMessage(Buffer.from('whole')))
    }],
  ]
  it.each(states)('%s ends the call with the status that it stands for, and the connection goes on', async (_, act) => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      act(peer)
      peer.send(RST_STREAM, 0, 1, u32(11))
      await peer.frame(HEADERS, ({ stream }) => stream === 3)
      peer.reply(3)
    })
    const { error } = await attempt(call(pool, server.address))
    expect([error?.code, error?.text.key, error?.text.params?.['name'], error?.exception]).toEqual(['remote_or_network', 'http2.reset', 'ENHANCE_YOUR_CALM', { type: 'RESOURCE_EXHAUSTED', typeId: 8 }])
    expect((await call(pool, server.address)).reply?.message.toString()).toBe('pong')
    expect(server.peers).toHaveLength(1)
  })

  it.each([[7, 'http2.refused', 'get_connection', undefined], [8, 'http2.reset', 'remote_or_network', 'CANCELLED'], [2, 'http2.reset', 'remote_or_network', 'INTERNAL'], [12, 'http2.reset', 'remote_or_network', 'PERMISSION_DENIED'], [0, 'http2.reset', 'remote_or_network', 'INTERNAL']])('code %i', async (code, expected, kind, status) => {
    const { error } = await outcome(async (peer) => {
      peer.settings()
      await peer.frame(HEADERS)
      peer.send(RST_STREAM, 0, 1, u32(code))
    })
    expect([error?.text.key, error?.code, error?.exception?.type]).toEqual([expected, kind, status])
  })
})

it('CANCEL after the deadline of the call is the deadline, since the status that says so may come too late', async () => {
  const { server, pool } = await setting(async (peer) => {
    peer.settings()
    await peer.frame(HEADERS)
    setTimeout(() => peer.send(RST_STREAM, 0, 1, u32(8)), 60)
  })
  const { reply } = await call(pool, server.address, { route: { timeoutMs: 20 } })
  expect([reply?.fault?.code, reply?.fault?.exception?.type]).toEqual(['rpc_timeout', 'DEADLINE_EXCEEDED'])
})

describe('a server that stops or says nothing', () => {
  it('silent: the call ends at its deadline, and the stream is reset', async () => {
    const { server, pool } = await setting((peer) => peer.settings())
    const { error } = await attempt(call(pool, server.address, { signal: AbortSignal.timeout(100) }))
    expect([error?.code, error?.text.key]).toEqual(['rpc_timeout', 'transport.timedOut'])
    const { stream, payload } = await (server.peers[0] as Peer).frame(RST_STREAM)
    expect([stream, payload.readUInt32BE(0)]).toEqual([1, 8])
  })

  it('silent although it is asked by keepalive pings: the connection is given up', async () => {
    const server = await ScriptedServer.start((peer) => peer.settings())
    const pool = createHttp2Pool('mux', { keepAlive: { intervalMs: 20, timeoutMs: 40 } })
    open.push({ stop: () => pool.dispose() }, server)
    expect(key(await attempt(call(pool, server.address)))).toBe('http2.keepAliveLost')
  })

  it('busy for long, but answering keepalive pings: the call goes on', async () => {
    const server = await ScriptedServer.start(async (peer) => {
      peer.settings()
      for (let pings = 0; pings < 4;) {
        await peer.frame(PING, () => true)
        const all = peer.frames.filter(({ type }) => type === PING)
        for (const { payload } of all.slice(pings)) peer.send(PING, 1, 0, payload)
        pings = all.length
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      peer.reply(1)
    })
    const pool = createHttp2Pool('mux', { keepAlive: { intervalMs: 10, timeoutMs: 5000 } })
    open.push({ stop: () => pool.dispose() }, server)
    expect((await call(pool, server.address)).reply?.message.toString()).toBe('pong')
  })

  it('not even settings: the same', async () => {
    const { server, pool } = await setting(() => undefined)
    expect(key(await attempt(call(pool, server.address, { signal: AbortSignal.timeout(100) })))).toBe('transport.timedOut')
  })

  it('byte by byte: the reply is read all the same', async () => {
    const { done } = await outcome(async (peer) => {
      await peer.frame(HEADERS)
      const bytes = Buffer.concat([frameBytes(SETTINGS, 0, 0, settings([[3, 100]])), frameBytes(HEADERS, 4, 1, peer.block(grpcHeaders)), frameBytes(DATA, 0, 1, grpcMessage(Buffer.from('slow'))), frameBytes(HEADERS, 5, 1, peer.block(grpcTrailers))])
      for (const byte of bytes) {
        peer.raw(Buffer.of(byte))
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    expect(done?.reply?.message.toString()).toBe('slow')
  })

  it.each<readonly [what: string, act: (peer: Peer) => void, key: string]>([
    ['closes at once', (peer) => peer.end(), 'http2.closedUnspoken'],
    ['closes after its settings', (peer) => {
      peer.settings()
      peer.end()
    }, 'http2.closed'],
    ['closes after the headers', (peer) => {
      peer.settings()
      peer.headers(1, grpcHeaders)
      peer.end()
    }, 'http2.closed'],
    ['resets the connection', (peer) => {
      peer.settings()
      setTimeout(() => peer.reset(), 20)
    }, 'transport.resetBeforeReply'],
    ['speaks HTTP/1', (peer) => peer.raw(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')), 'http2.foreignAnswer'],
    ['speaks TLS', (peer) => peer.raw(Buffer.from('15030100020216', 'hex')), 'http2.foreignAnswer'],
    ['speaks rubbish', (peer) => peer.raw(Buffer.alloc(64, 0xa7)), 'http2.notHttp2'],
  ])('%s', async (_, act, expected) => {
    const { error } = await outcome(async (peer) => {
      await peer.frame(HEADERS)
      act(peer)
      if (expected === 'http2.foreignAnswer') peer.end()
    })
    expect([error?.code, error?.text.key]).toEqual(['remote_or_network', expected])
  })
})

describe('a reply that is no whole gRPC reply', () => {
  const answered = (act: (peer: Peer) => void) => outcome(async (peer) => {
    peer.settings()
    await peer.frame(HEADERS)
    act(peer)
  })

  it.each<readonly [what: string, act: (peer: Peer) => void, key: string]>([
    ['trailers missing', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, grpcMessage(Buffer.from('x')), true)
    }, 'grpc.statusMissing'],
    ['trailers without a status', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.headers(1, [['x-a', 'b']], true)
    }, 'grpc.statusMissing'],
    ['success without a message', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.headers(1, grpcTrailers, true)
    }, 'http2.grpcNoMessage'],
    ['success within a message', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, grpcMessage(Buffer.from('whole')).subarray(0, 8))
      peer.headers(1, grpcTrailers, true)
    }, 'http2.grpcCutShort'],
    ['two messages', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, Buffer.concat([grpcMessage(Buffer.from('a')), grpcMessage(Buffer.from('b'))]))
    }, 'http2.grpcTwoMessages'],
    ['a flag that is none', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, Buffer.from('GIF89a and more'))
    }, 'http2.grpcFlag'],
    ['a compressed message that nobody named', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, grpcMessage(Buffer.from('x'), 1))
      peer.headers(1, grpcTrailers, true)
    }, 'http2.grpcCompressedUnnamed'],
    ['a compression that is not known', (peer) => {
      peer.headers(1, [...grpcHeaders, ['grpc-encoding', 'rle']])
      peer.data(1, grpcMessage(Buffer.from('x'), 1))
      peer.headers(1, grpcTrailers, true)
    }, 'grpc.compressUnknown'],
    ['a message over the limit', (peer) => {
      peer.headers(1, grpcHeaders)
      peer.data(1, Buffer.concat([Buffer.of(0), u32(0xffffffff)]))
    }, 'http2.grpcMessageTooLarge'],
    ['a web page', (peer) => {
      peer.headers(1, [[':status', '200'], ['content-type', 'text/html']])
      peer.data(1, Buffer.from('<html>'), true)
    }, 'http2.grpcNotGrpc'],
    ['a refusal of a proxy', (peer) => peer.headers(1, [[':status', '503'], ['content-type', 'text/plain']], true), 'grpc.httpStatus'],
    ['a refusal with a body', (peer) => {
      peer.headers(1, [[':status', '404'], ['content-type', 'text/plain']])
      peer.data(1, Buffer.from('no'), true)
    }, 'grpc.httpStatus'],
  ])('%s', async (_, act, expected) => {
    expect(key(await answered(act))).toBe(expected)
  })

  it('headers alone, with a status, are a whole answer', async () => {
    const { done } = await answered((peer) => peer.headers(1, [...grpcHeaders, ['grpc-status', '5'], ['grpc-message', 'no such thing']], true))
    expect([done?.reply?.fault?.exception?.type, done?.reply?.trailer]).toEqual(['NOT_FOUND', [['content-type', 'application/grpc'], ['grpc-status', '5'], ['grpc-message', 'no such thing']]])
  })

  it('interim headers are not the reply, padding is not the message, and frames of other types are nothing', async () => {
    const { done } = await answered((peer) => {
      peer.headers(1, [[':status', '103'], ['link', 'x']])
      peer.send(77, 255, 1, Buffer.from('whatever'))
      peer.headers(1, grpcHeaders)
      peer.send(2, 0, 1, Buffer.alloc(5))
      peer.send(DATA, 8, 1, Buffer.concat([Buffer.of(3), grpcMessage(Buffer.from('padded')), Buffer.alloc(3)]))
      peer.send(HEADERS, 0x2d, 1, Buffer.concat([Buffer.of(2), Buffer.alloc(5), peer.block(grpcTrailers), Buffer.alloc(2)]))
    })
    expect([done?.reply?.message.toString(), done?.reply?.header.strings]).toEqual(['padded', [['content-type', 'application/grpc']]])
  })
})

describe('what the server bounds', () => {
  it('a window that stays shut holds the message back until the call is given up', async () => {
    const { server, pool } = await setting((peer) => peer.settings([[4, 10]]))
    await attempt(call(pool, server.address, { signal: AbortSignal.timeout(30) }))
    const { error } = await attempt(call(pool, server.address, { message: Buffer.alloc(100_000), signal: AbortSignal.timeout(100) }))
    expect(error?.code).toBe('rpc_timeout')
    const sent = server.peers[0]?.frames.filter(({ type, stream }) => type === DATA && stream === 3).reduce((sum, { payload }) => sum + payload.length, 0)
    expect(sent).toBe(10)
  })

  it('a window that opens bit by bit lets the whole message through', async () => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings([[4, 0]])
      await peer.frame(HEADERS)
      let got = 0
      while (got < 100_005) {
        peer.send(WINDOW_UPDATE, 0, 1, u32(30_000))
        peer.send(WINDOW_UPDATE, 0, 0, u32(30_000))
        await new Promise((resolve) => setTimeout(resolve, 5))
        got = peer.frames.filter(({ type }) => type === DATA).reduce((sum, { payload }) => sum + payload.length, 0)
      }
      peer.reply(1)
    })
    expect((await call(pool, server.address, { message: Buffer.alloc(100_000) })).reply?.message.toString()).toBe('pong')
  })

  it('two streams at once: the third call waits for its turn on another connection', async () => {
    const held: (() => void)[] = []
    const { server, pool } = await setting(async (peer) => {
      peer.settings([[3, 2]])
      for (const stream of [1, 3]) {
        await peer.frame(HEADERS, (frame) => frame.stream === stream)
        held.push(() => peer.reply(stream))
      }
    })
    const first = call(pool, server.address)
    await until(() => held.length === 1)
    const others = [call(pool, server.address), call(pool, server.address)]
    await until(() => held.length === 3)
    expect(server.peers).toHaveLength(2)
    for (const reply of held) reply()
    expect(await Promise.all([first, ...others].map(async (one) => (await one).reply?.message.toString()))).toEqual(['pong', 'pong', 'pong'])
  })

  it('calls that began before the bound was known wait within the connection', async () => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings([[3, 1]])
      for (const stream of [1, 3, 5, 7, 9]) {
        await peer.frame(HEADERS, (frame) => frame.stream === stream)
        peer.reply(stream)
      }
    })
    const lease = await pool.acquire(server.address, 5000, new AbortController().signal)
    const all = await Promise.all(Array.from({ length: 5 }, () => grpcCall(lease)))
    expect(all.map(({ reply }) => reply?.message.toString())).toEqual(['pong', 'pong', 'pong', 'pong', 'pong'])
    lease.release(true)
  })

  it('a header table of nothing', async () => {
    const { server, pool } = await setting(async (peer) => {
      peer.settings([[1, 0]])
      for (const stream of [1, 3]) {
        await peer.frame(HEADERS, (frame) => frame.stream === stream)
        peer.reply(stream)
      }
    })
    await call(pool, server.address)
    await call(pool, server.address)
    const [first, second] = [server.peers[0]?.heads.get(1), server.peers[0]?.heads.get(3)]
    expect(second).toEqual(first)
  })

  it('PING is answered with the same bytes', async () => {
    const { done, peer } = await outcome(async (server) => {
      server.settings()
      await server.frame(HEADERS)
      server.send(PING, 0, 0, Buffer.from('02041010090e0707', 'hex'))
      await server.frame(PING)
      server.reply(1)
    })
    expect([done?.reply?.message.toString(), (await peer.frame(PING)).flags, (await peer.frame(PING)).payload.toString('hex')]).toEqual(['pong', 1, '02041010090e0707'])
  })
})

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 2))
}
