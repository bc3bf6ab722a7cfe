// gRPC streams against a server that a test directs: order, half-close, flow control both ways, cancel, and every way in which a stream may end.

import { afterEach, describe, expect, it } from 'vitest'
import { createHttp2Pool } from '../../../../../src-main/engine/transport/http2/pool.ts'
import { noHeader, type Lease, type MessageStream, type StreamPart } from '../../../../../src-main/engine/transport/transport.ts'
import { route } from './grpc-call.ts'
import { DATA, GOAWAY, grpcHeaders, grpcMessage, grpcTrailers, HEADERS, type Peer, RST_STREAM, ScriptedServer, u32, WINDOW_UPDATE } from './scripted-server.ts'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

interface Setting {
  readonly stream: MessageStream
  readonly peer: Peer
  readonly lease: Lease
}

async function setting(signal: AbortSignal = new AbortController().signal, before: (peer: Peer) => void = (peer) => peer.settings()): Promise<Setting> {
  const server = await ScriptedServer.start(before)
  const pool = createHttp2Pool('mux')
  open.push(() => pool.dispose(), () => server.stop())
  const lease = await pool.acquire(server.address, 5000, new AbortController().signal)
  const stream = await lease.open({ transport: 'grpc', route, header: { strings: [['x-a', '1'], ['x-a', '2']], ints: [] }, maxMessageBytes: 100_000_000, capture: true }, signal)
  await until(() => server.peers[0]?.frames.some(({ type }) => type === HEADERS) === true)
  const [peer] = server.peers
  if (peer === undefined) throw new Error('believed: it is connected')
  return { stream, peer, lease }
}

/** Everything up to the end. */
async function all(stream: MessageStream): Promise<readonly StreamPart[]> {
  const parts: StreamPart[] = []
  for (let some = await stream.receive(); some.length > 0; some = await stream.receive()) parts.push(...some)
  return parts
}

const shown = (parts: readonly StreamPart[]): readonly string[] => parts.map((part) => {
  if (part.kind === 'message') return part.message.toString()
  if (part.kind === 'header') return 'header'
  return part.fault === undefined ? 'trailer' : `trailer ${part.fault.text.key}`
})

const dataBytes = (peer: Peer): number => peer.frames.filter(({ type }) => type === DATA).reduce((sum, { payload }) => sum + payload.length, 0)

describe('a stream', () => {
  it('opens before anything is sent, with metadata in order', async () => {
    const { peer } = await setting()
    expect([peer.frames.some(({ type }) => type === DATA), peer.heads.get(1)]).toEqual([false, [
      [':method', 'POST'], [':scheme', 'http'], [':path', '/a.b.Echo/Say'], [':authority', expect.stringMatching(/^127\.0\.0\.1:\d+$/)], ['te', 'trailers'], ['content-type', 'application/grpc'],
      ['grpc-accept-encoding', 'identity,deflate,gzip'], ['user-agent', 'kite-console'], ['x-a', '1'], ['x-a', '2'],
    ]])
  })

  it('carries messages both ways, several in a frame and one over several frames, then the trailers', async () => {
    const { stream, peer } = await setting()
    await stream.send(Buffer.from('one'))
    await stream.closeSend()
    await peer.frame(DATA, ({ flags }) => (flags & 1) !== 0)
    peer.headers(1, grpcHeaders)
    peer.data(1, Buffer.concat([grpcMessage(Buffer.from('a')), grpcMessage(Buffer.alloc(0)), grpcMessage(Buffer.from('bcd')).subarray(0, 3)]))
    peer.data(1, grpcMessage(Buffer.from('bcd')).subarray(3))
    peer.headers(1, [...grpcTrailers, ['x-t', 'z']], true)
    const parts = await all(stream)
    expect(shown(parts)).toEqual(['header', 'a', '', 'bcd', 'trailer'])
    expect(parts.at(-1)).toEqual({ kind: 'trailer', header: { strings: [['grpc-status', '0'], ['x-t', 'z']], ints: [] } })
    expect(await stream.receive()).toEqual([])
    expect(peer.frames.filter(({ type }) => type === DATA).map(({ payload }) => payload.toString('latin1'))).toEqual(['\0\0\0\0\x03one', ''])
  })

  it('what was captured explains both directions, with messages where they stand', async () => {
    const { stream, peer } = await setting()
    await stream.send(Buffer.from('one'))
    await stream.closeSend()
    peer.headers(1, grpcHeaders)
    peer.data(1, grpcMessage(Buffer.from('reply')).subarray(0, 7))
    peer.data(1, grpcMessage(Buffer.from('reply')).subarray(7))
    peer.headers(1, grpcTrailers, true)
    await all(stream)
    const captured = stream.captured()
    expect(captured?.sent.nodes.map(({ name }) => name)).toEqual(['HEADERS', 'DATA', 'DATA'])
    expect(captured?.sent.messages.map(({ start, end }) => captured.sent.bytes.toString('utf8', start, end))).toEqual(['one'])
    expect(captured?.received.nodes.map(({ name }) => name)).toEqual(['HEADERS', 'DATA', 'DATA', 'HEADERS'])
    expect(captured?.received.messages.map(({ message }) => message?.toString())).toEqual(['reply'])
  })

  it('ends for both when the server has ended it: what is still sent is refused', async () => {
    const { stream, peer } = await setting()
    peer.headers(1, [...grpcHeaders, ['grpc-status', '9'], ['grpc-message', 'enough']], true)
    expect(shown(await all(stream))).toEqual(['trailer grpc.status'])
    await expect(stream.send(Buffer.from('late'))).rejects.toMatchObject({ data: { text: { key: 'grpc.status' } } })
    expect((await peer.frame(RST_STREAM)).payload.readUInt32BE(0)).toBe(0)
  })

  it.each<readonly [what: string, act: (peer: Peer) => void, end: string]>([
    ['reset', (peer) => peer.send(RST_STREAM, 0, 1, u32(8)), 'trailer http2.reset'],
    ['GOAWAY that leaves it out', (peer) => peer.send(GOAWAY, 0, 0, u32(0, 0)), 'trailer http2.goawayNotBegun'],
    ['the connection ends', (peer) => peer.end(), 'trailer http2.closed'],
    ['a breach', (peer) => peer.data(0, Buffer.alloc(1)), 'trailer http2.needsStream'],
    ['no trailers', (peer) => peer.data(1, Buffer.alloc(0), true), 'trailer grpc.statusMissing'],
    ['a message cut short', (peer) => {
      peer.data(1, Buffer.alloc(3))
      peer.headers(1, grpcTrailers, true)
    }, 'trailer http2.grpcCutShort'],
    ['a message that is none', (peer) => peer.data(1, Buffer.from('nonsense')), 'trailer http2.grpcFlag'],
    ['a message over the limit', (peer) => peer.data(1, Buffer.concat([Buffer.of(0), u32(200_000_000)])), 'trailer http2.grpcMessageTooLarge'],
  ])('broken by: %s', async (_, act, end) => {
    const { stream, peer } = await setting()
    peer.headers(1, grpcHeaders)
    peer.data(1, grpcMessage(Buffer.from('a')))
    act(peer)
    expect(shown(await all(stream))).toEqual(['header', 'a', end])
  })

  it('cancelled: the server gets a reset, and whoever waits hears of it', async () => {
    const { stream, peer } = await setting()
    const waiting = stream.receive()
    stream.cancel('done with it')
    await expect(waiting).rejects.toMatchObject({ data: { code: 'cancelled', text: { key: 'http2.streamCancelled', params: { reason: 'done with it' } } } })
    expect((await peer.frame(RST_STREAM)).payload.readUInt32BE(0)).toBe(8)
    await expect(stream.send(Buffer.from('late'))).rejects.toMatchObject({ data: { code: 'cancelled' } })
  })

  it('aborted by its signal: the same', async () => {
    const abort = new AbortController()
    const { stream, peer } = await setting(abort.signal)
    const waiting = stream.receive()
    abort.abort()
    await expect(waiting).rejects.toMatchObject({ data: { code: 'cancelled' } })
    await peer.frame(RST_STREAM)
  })
})

describe('flow control', () => {
  it('a message waits for the window, and the wait is told', async () => {
    const { stream, peer } = await setting(undefined, (one) => one.settings([[4, 100]]))
    // The settings come before anything else is answered.
    peer.send(WINDOW_UPDATE, 0, 0, u32(1))
    await until(() => peer.frames.some(({ type, flags }) => type === 4 && flags === 1))
    let sent = false
    const sending = stream.send(Buffer.alloc(500)).then((ms) => {
      sent = true
      return ms
    })
    await until(() => dataBytes(peer) === 100)
    expect(sent).toBe(false)
    peer.send(WINDOW_UPDATE, 0, 1, u32(1000))
    expect(await sending).toBeGreaterThan(0)
    await until(() => dataBytes(peer) === 505)
  })

  it('a stream that is not read holds the server back at its window; what comes beyond it is a breach', async () => {
    const { stream, peer } = await setting()
    peer.headers(1, grpcHeaders)
    for (let at = 0; at < 16; at++) peer.data(1, grpcMessage(Buffer.alloc(16_384 - 5)))
    await peer.frame(WINDOW_UPDATE, ({ stream: id }) => id === 0)
    expect(peer.frames.some(({ type, stream: id }) => type === WINDOW_UPDATE && id === 1)).toBe(false)
    peer.data(1, Buffer.alloc(1))
    await peer.frame(GOAWAY)
    expect(shown(await all(stream)).at(-1)).toBe('trailer http2.windowExceeded')
  })

  it('what is read is given back, also of a message larger than the window', async () => {
    const { stream, peer } = await setting()
    peer.headers(1, grpcHeaders)
    const message = grpcMessage(Buffer.alloc(3_000_000, 7))
    const received = all(stream)
    let window = 256 * 1024
    let at = 0
    while (at < message.length) {
      const size = Math.min(16_384, window, message.length - at)
      if (size > 0) peer.data(1, message.subarray(at, at + size))
      at += size
      window -= size
      await new Promise((resolve) => setImmediate(resolve))
      window = 256 * 1024 - at + peer.frames.filter(({ type, stream: id }) => type === WINDOW_UPDATE && id === 1).reduce((sum, { payload }) => sum + payload.readUInt32BE(0), 0)
    }
    peer.headers(1, grpcTrailers, true)
    expect((await received).map((part) => (part.kind === 'message' ? part.message.length : part.kind))).toEqual(['header', 3_000_000, 'trailer'])
  })

  it('the window grows while all that it allows is read at once, and stays while it is not used up', async () => {
    const { stream, peer } = await setting()
    peer.headers(1, grpcHeaders)
    const received = all(stream)
    const grants = (): readonly number[] => peer.frames.filter(({ type, stream: id }) => type === WINDOW_UPDATE && id === 1).map(({ payload }) => payload.readUInt32BE(0))
    const granted = (): number => grants().reduce((sum, grant) => sum + grant, 0)
    const half = 8
    const send = (frames: number): void => {
      for (let at = 0; at < frames; at++) peer.data(1, grpcMessage(Buffer.alloc(16_384 - 5)))
    }
    send(half)
    await until(() => grants().length === 1)
    expect(peer.frames.some(({ type }) => type === 6)).toBe(false)
    // Everything that fits comes before the answer to the PING that the first of it begins: the window is what limits.
    send(2 * half)
    const ping = await peer.frame(6)
    peer.send(6, 0, 0, Buffer.alloc(8))
    await peer.frame(6, ({ flags }) => flags === 1)
    peer.send(6, 1, 0, ping.payload)
    send(2 * half)
    await until(() => grants().some((grant) => grant > 256 * 1024))
    // Beyond what was read: the difference is the growth.
    expect(granted()).toBeGreaterThan(5 * half * 16_384)
    peer.headers(1, grpcTrailers, true)
    await received
  })

  it('one stream that is not read does not hold up the others of its connection', async () => {
    const { peer, lease } = await setting()
    peer.headers(1, grpcHeaders)
    for (let at = 0; at < 16; at++) peer.data(1, grpcMessage(Buffer.alloc(16_384 - 5)))
    const other = await lease.open({ transport: 'grpc', route, header: noHeader, maxMessageBytes: 1000, capture: false }, new AbortController().signal)
    await peer.frame(HEADERS, ({ stream: id }) => id === 3)
    peer.headers(3, grpcHeaders)
    peer.data(3, grpcMessage(Buffer.from('free')))
    peer.headers(3, grpcTrailers, true)
    expect(shown(await all(other))).toEqual(['header', 'free', 'trailer'])
  })
})

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 2))
}
