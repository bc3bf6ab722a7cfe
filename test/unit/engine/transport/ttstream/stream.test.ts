// Streams against a server that keeps to a script: every way to begin and to end, and everything that a server should not do.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail } from '../../../../../shared/base/error.ts'
import { en } from '../../../../../shared/i18n/catalogue.ts'
import { createTtstreamPool } from '../../../../../src-main/engine/transport/ttstream/index.ts'
import { decodeException } from '../../../../../src-main/engine/transport/ttstream/exception.ts'
import { payloadOf } from '../../../../../src-main/engine/transport/ttstream/frame.ts'
import type { TtStream } from '../../../../../src-main/engine/transport/ttstream/stream.ts'
import type { ConnectionPool, MessageStream, StreamOpening } from '../../../../../src-main/engine/transport/transport.ts'
import { writeFrame } from '../../../../../src-main/engine/transport/frame-writer.ts'
import { mutations } from '../../../../support/fuzz/mutate.ts'
import { stringMessage } from '../../../../support/transport/messages.ts'
import { type Conversation, faultOf, opening, plain, readAll, type ScriptedPeer, type ServerStream, startScriptedPeer } from './scripted-peer.ts'

let peer: ScriptedPeer
let pool: ConnectionPool
const patience = (): AbortSignal => AbortSignal.timeout(10_000)

beforeEach(async () => {
  peer = await startScriptedPeer()
  pool = createTtstreamPool('mux')
})
afterEach(() => {
  pool.dispose()
  peer.close()
})

const open = async (more: Partial<StreamOpening> = {}, signal = patience()): Promise<MessageStream> => (
  (await pool.acquire(peer.address, 2000, patience())).open({ ...opening, ...more }, signal))

/** A stream from both sides. */
async function pair(more: Partial<StreamOpening> = {}, signal?: AbortSignal): Promise<{ readonly stream: MessageStream; readonly conversation: Conversation; readonly server: ServerStream }> {
  const stream = await open(more, signal)
  const conversation = await peer.accept()
  return { stream, conversation, server: await conversation.stream() }
}

const reasonOf = async (conversation: Conversation): Promise<unknown> => {
  const frame = await conversation.next()
  return frame === undefined ? undefined : decodeException(payloadOf(frame))
}

describe('a stream', () => {
  it('begins with a Header frame, sends Data, and half-closes by an empty Trailer', async () => {
    const stream = await open()
    const waited = [await stream.send(Buffer.from('one')), await stream.send(Buffer.alloc(0))]
    await stream.closeSend()
    await stream.closeSend()
    const conversation = await peer.accept()
    expect([waited, await conversation.told(), await conversation.told(), await conversation.told(), await conversation.told()]).toEqual([
      [0, 0], ['header', [['isn', 'Streams'], ['RPC_TRANSIT_tk', 't1']], ''], ['data', [], 'one'], ['data', [], ''], ['trailer', [], ''],
    ])
  })

  it('carries the ACL token and integers of the opening beside its own', async () => {
    const stream = await open({ header: { strings: [], ints: [[12, '100']], aclToken: 'token' } })
    const conversation = await peer.accept()
    const frame = await conversation.next()
    expect([frame?.raw.includes('token'), frame?.raw.includes('100'), stream.captured()?.sent.bytes.equals(frame?.raw ?? Buffer.alloc(0))]).toEqual([true, true, true])
  })

  it('hands out header, messages and the end in order, and then nothing', async () => {
    const { stream, server } = await pair()
    server.send('header', [['h', '1']])
    server.data('a')
    server.data('b')
    server.send('trailer', [['t', '2']])
    expect([await readAll(stream), await stream.receive()]).toEqual([[['header', [['h', '1']]], 'a', 'b', ['trailer', [['t', '2']], 'ok']], []])
  })

  it('half-closes when the server has ended it first, as Kitex does for old peers', async () => {
    const { stream, server, conversation } = await pair()
    server.send('trailer')
    expect([await readAll(stream), await conversation.told()]).toEqual([[['trailer', [], 'ok']], ['trailer', [], '']])
  })

  it('takes messages that come before a Header frame, and ignores Meta frames', async () => {
    const { stream, server } = await pair()
    server.send('meta', [['m', '1']], Buffer.from('x'))
    server.data('early')
    server.send('trailer')
    expect(await readAll(stream)).toEqual(['early', ['trailer', [], 'ok']])
  })

  it('sends a large message whole without copying it, captured or not', async () => {
    const large = Buffer.alloc(300_000, 'l')
    for (const capture of [true, false]) {
      const { stream, conversation } = await pair({ capture })
      await stream.send(large)
      expect(payloadOf((await conversation.next()) ?? { type: 'data', streamId: 0, raw: Buffer.alloc(0), payloadOffset: 0 }).equals(large)).toBe(true)
      expect(stream.captured() === undefined).toBe(!capture)
      pool.dispose()
      pool = createTtstreamPool('mux')
    }
  })

  it('refuses to send after the half-close and after the end', async () => {
    const { stream, server } = await pair()
    await stream.closeSend()
    await expect(stream.send(Buffer.from('x'))).rejects.toThrow('ttstream.sendAfterClose')
    server.send('trailer')
    await readAll(stream)
    await expect(stream.send(Buffer.from('x'))).rejects.toThrow('ttstream.overForSending')
  })

  it('is refused where its header does not fit, and the connection goes on', async () => {
    await expect(open({ header: { strings: [['k', 'v'.repeat(70_000)]], ints: [] } })).rejects.toThrow('transport.infoTooLong')
    const { stream, server } = await pair()
    server.send('trailer')
    expect(await readAll(stream)).toEqual([['trailer', [], 'ok']])
  })
})

describe('the end of a stream', () => {
  it('by an exception tells its number, name and text', async () => {
    const { stream, server } = await pair()
    server.send('header')
    server.exception('trailer', { typeId: 6, message: 'biz error: why' }, [['t', '1']])
    const fault = await faultOf(stream)
    expect(fault).toEqual(fail('remote_or_network', 'remote', 'ttstream.exception', { typeId: 6, name: 'InternalError', message: 'biz error: why' }, { exception: { type: 'InternalError', typeId: 6 } }).data)
  })

  it('by a business error tells status, message and extra', async () => {
    const { stream, server } = await pair()
    server.send('trailer', [['biz-status', '42'], ['biz-message', 'no'], ['biz-extra', '{"k":"v"}']])
    const fault = await faultOf(stream)
    expect([fault?.code, fault?.biz]).toEqual(['biz', { status: 42, message: 'no', extra: { k: 'v' } }])
  })

  it.each([
    ['an exception that cannot be read', [], Buffer.from('xx'), 'ttstream.unreadableException'],
    ['a status that is no number', [['biz-status', 'x']], undefined, 'transport.bizStatusNotANumber'],
    ['an extra that is no object', [['biz-status', '1'], ['biz-extra', '[']], undefined, 'transport.bizExtraNotAnObject'],
  ] as const)('by %s says so', async (_what, pairs, payload, key) => {
    const { stream, server } = await pair()
    server.send('trailer', pairs, payload)
    expect((await faultOf(stream))?.text.key).toBe(key)
  })

  it.each(['opened', 'header', 'data', 'half-closed'] as const)('by a reset after %s tells code and path, and half-closes', async (state) => {
    const { stream, server, conversation } = await pair()
    if (state !== 'opened') server.send('header')
    if (state === 'data') server.data('x')
    if (state === 'half-closed') {
      await stream.closeSend()
      await conversation.next()
    }
    server.exception('rst', { typeId: 12009, message: 'gone' }, [['ttscp', 'A,B']])
    const fault = await faultOf(stream)
    expect([fault?.code, fault?.exception, fault?.text]).toEqual(['remote_or_network', { type: 'DownstreamCancel', typeId: 12009 }, { key: 'ttstream.resetAlong', params: { typeId: 12009, name: 'DownstreamCancel', message: 'gone', path: 'A -> B' } }])
    await expect(stream.send(Buffer.from('x'))).rejects.toThrow('ttstream.resetAlong')
    // Whoever comes next sees whether a Trailer was owed.
    conversation.socket.end()
    expect(await conversation.told()).toEqual(state === 'half-closed' ? 'closed' : ['trailer', [], ''])
  })

  it('by a reset without a payload is what Kitex takes it for', async () => {
    const { stream, server } = await pair()
    server.send('rst')
    expect((await faultOf(stream))?.text).toEqual({ key: 'ttstream.reset', params: { typeId: 13, name: 'type 13', message: 'rst' } })
  })

  it('is told once: what comes after it is ignored', async () => {
    const { stream, server, conversation } = await pair()
    server.send('trailer')
    server.data('late')
    server.exception('rst', { typeId: 1, message: 'late' })
    server.send('trailer')
    // Frames of another stream, behind those, show that all were taken.
    const other = await open()
    const second = await conversation.stream()
    second.send('trailer')
    expect([await readAll(other), await readAll(stream)]).toEqual([[['trailer', [], 'ok']], [['trailer', [], 'ok']]])
  })
})

describe('a cancel', () => {
  it('tells the server reason and path, half-closes, and ends the reader', async () => {
    const { stream, conversation } = await pair()
    const reading = readAll(stream)
    stream.cancel('enough seen')
    stream.cancel('twice')
    const rst = await conversation.next()
    expect([rst?.type, rst?.raw.includes('kite.test'), rst === undefined ? '' : decodeException(payloadOf(rst)), await conversation.told(), await reading]).toEqual([
      'rst', true, { typeId: 12007, message: 'enough seen' }, ['trailer', [], ''], [['trailer', [], 'error.cancelled']],
    ])
  })

  it('after the half-close sends no second Trailer, and after the end nothing', async () => {
    const { stream, conversation, server } = await pair()
    await stream.closeSend()
    await conversation.next()
    stream.cancel('')
    const reason = await reasonOf(conversation)
    const other = await open()
    const second = await conversation.stream()
    conversation.send(second.frame('trailer'))
    await readAll(other)
    other.cancel('late')
    server.send('meta')
    conversation.socket.end()
    expect([reason, await conversation.told(), await conversation.told()]).toEqual([
      { typeId: 12007, message: expect.stringContaining('invoking cancel() actively') as string }, ['trailer', [], ''], 'closed',
    ])
  })

  it('by a timeout is told as Kitex tells its stream timeout', async () => {
    const abort = new AbortController()
    const { stream, conversation } = await pair({}, abort.signal)
    abort.abort(fail('rpc_timeout', 'policy', 'chain.rpcTimeout', { timeoutMs: 100 }))
    expect([await reasonOf(conversation), (await faultOf(stream))?.code]).toEqual([{ typeId: 12015, message: 'stream timeout, timeout in ctx: 100ms' }, 'rpc_timeout'])
  })

  it('before the stream has begun opens none', async () => {
    await expect(open({}, AbortSignal.abort(fail('cancelled', 'engine', 'error.cancelled')))).rejects.toThrow('error.cancelled')
  })

  it('comes with the release of a lease whose stream has not ended', async () => {
    const lease = await pool.acquire(peer.address, 2000, patience())
    await lease.open(opening, patience())
    const conversation = await peer.accept()
    await conversation.stream()
    lease.release(true)
    lease.release(true)
    expect(await reasonOf(conversation)).toMatchObject({ typeId: 12007 })
  })
})

describe('a server that misbehaves', () => {
  it.each([
    ['a second Header frame', (server: ServerStream) => Buffer.concat([server.frame('header'), server.frame('header')]), 'ttstream.duplicateHeader'],
    ['a reply to a unary call', () => writeFrame({ transport: 'ttheader-framed', seqId: 1, header: { strings: [], ints: [] }, message: stringMessage('reply', 'Chat', 1, 'x') }), 'ttstream.notStreaming'],
    ['HTTP', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'transport.foreignAnswer'],
    ['rubbish', () => Buffer.alloc(64, 0xa7), 'transport.invalidPayload'],
    ['an unknown frame type', (server: ServerStream) => { const frame = server.frame('data'); frame.write('9', frame.indexOf(Buffer.from('001b0001', 'hex')) + 4); return frame }, 'ttstream.unknownFrameType'],
  ] as const)('by %s ends every stream of the connection, and the next one gets another', async (_what, bytes, key) => {
    const { stream, server, conversation } = await pair()
    const other = await open()
    await conversation.stream()
    conversation.send(bytes(server))
    const faults = [await faultOf(stream), await faultOf(other)]
    expect(faults.map((fault) => [fault?.code, fault?.text.key])).toEqual([['remote_or_network', key], ['remote_or_network', key]])
    const next = await pair()
    next.server.send('trailer')
    expect(await readAll(next.stream)).toEqual([['trailer', [], 'ok']])
  })

  it('by closing at once is suspected to speak something else', async () => {
    const { stream, conversation } = await pair()
    conversation.socket.end()
    const fault = await faultOf(stream)
    expect([fault?.text.key, fault?.hint?.key, fault?.cause?.text.key]).toEqual(['ttstream.connectionClosed', 'ttstream.closedAtOnceHint', 'transport.closedBeforeReply'])
  })

  it('by closing after the header is told without that suspicion', async () => {
    const { stream, conversation, server } = await pair()
    conversation.socket.end(server.frame('header'))
    const fault = await faultOf(stream)
    expect([fault?.text.key, fault?.hint]).toEqual(['ttstream.connectionClosed', undefined])
  })

  it('by a reset of the connection is told so', async () => {
    const { stream, conversation } = await pair()
    conversation.socket.resetAndDestroy()
    expect((await faultOf(stream))?.cause?.text.key).toBe('transport.resetBeforeReply')
  })

  it('by closing inside a frame, at any byte, is told so', async () => {
    pool = createTtstreamPool('short')
    for (let cut = 1; cut < 40; cut += 3) {
      const { stream, conversation, server } = await pair()
      conversation.socket.end(Buffer.concat([server.frame('header'), server.frame('data', [], Buffer.from('message')).subarray(0, cut)]))
      expect((await faultOf(stream))?.text.key).toMatch(/^(transport\.(replyCutShort|foreignAnswer)|ttstream\.connectionClosed)$/)
    }
  })

  it('by silence is left when the call gives up', async () => {
    const abort = new AbortController()
    const { stream } = await pair({}, abort.signal)
    const reading = faultOf(stream)
    abort.abort(fail('cancelled', 'engine', 'error.cancelled'))
    expect((await reading)?.code).toBe('cancelled')
  })

  it('by one byte at a time is understood all the same', async () => {
    const { stream, conversation, server } = await pair()
    const bytes = Buffer.concat([server.frame('header', [['h', '1']]), server.frame('data', [], Buffer.from('slow')), server.frame('trailer')])
    for (const byte of bytes) {
      conversation.send(Buffer.of(byte))
      await nextTurn()
    }
    expect(await readAll(stream)).toEqual([['header', [['h', '1']]], 'slow', ['trailer', [], 'ok']])
  })

  it('by frames of streams that nobody opened does no harm', async () => {
    const { stream, conversation, server } = await pair()
    for (const type of ['header', 'data', 'trailer', 'rst', 'meta'] as const) {
      const frame = server.frame(type, [], Buffer.alloc(type === 'data' ? 20_000 : 10))
      frame.writeInt32BE(-99, 8)
      conversation.send(frame)
    }
    server.send('trailer')
    expect(await readAll(stream)).toEqual([['trailer', [], 'ok']])
  })

  it.each([100, 50_000])('by a message beyond the limit of %i bytes loses that stream alone', async (limit) => {
    const { stream, conversation, server } = await pair({ maxMessageBytes: limit })
    const other = await open()
    const second = await conversation.stream()
    server.send('data', [], Buffer.alloc(limit + 1))
    second.data('well')
    second.send('trailer')
    const fault = await faultOf(stream)
    expect([fault?.text, await readAll(other), await reasonOf(conversation)]).toEqual([
      { key: 'ttstream.messageTooLarge', params: { bytes: limit + 1, limit } }, ['well', ['trailer', [], 'ok']],
      { typeId: 12007, message: `message of ${limit + 1} bytes exceeds the limit of ${limit}` },
    ])
  })

  it('by damaged frames ends in an error of ours or goes on', async () => {
    // Each stream on a connection of its own, since each of these ends one.
    pool = createTtstreamPool('short')
    for (const damage of mutations([Buffer.from('header'), Buffer.from('data'), Buffer.from('trailer')], 150, 7)) {
      const { stream, conversation, server } = await pair()
      const whole = Buffer.concat([server.frame('header', [['h', '1']]), server.frame('data', [], damage), server.frame('trailer', [['t', '1']])])
      for (const bytes of mutations([whole], 1, damage.length * 31 + (damage[0] ?? 0))) conversation.socket.end(bytes)
      const [last] = (await readAll(stream)).slice(-1) as [readonly [string, unknown, string]]
      expect([last[0], last[2] === 'ok' || last[2] in en]).toEqual(['trailer', true])
    }
  })
})

describe('a reader that falls behind', () => {
  it('holds the server back, and loses nothing', async () => {
    const { stream, server } = await pair({ capture: false })
    const total = 64
    for (let n = 0; n < total; n++) server.send('data', [], Buffer.alloc(64 * 1024, n))
    server.send('trailer')
    const { unreadBytes } = await held(stream as TtStream)
    expect(unreadBytes).toBeLessThan(2 * 1024 * 1024)
    const parts = await readAllBytes(stream)
    expect([parts.length, parts.every((message, n) => message[0] === n)]).toEqual([total, true])
  })

  it('does not hold back another stream that waits for its message', async () => {
    const { stream, conversation, server } = await pair({ capture: false })
    const other = await open()
    const second = await conversation.stream()
    for (let n = 0; n < 48; n++) server.send('data', [], Buffer.alloc(64 * 1024))
    const waiting = other.receive()
    second.data('through')
    expect((await waiting).map(plain)).toEqual(['through'])
    stream.cancel('')
  })

  /** Waits until the stream's unread bytes have passed the limit and grow no more. */
  async function held(stream: TtStream): Promise<TtStream> {
    for (let last = -1; stream.unreadBytes < 1024 * 1024 || stream.unreadBytes !== last;) {
      last = stream.unreadBytes
      for (let turn = 0; turn < 20; turn++) await nextTurn()
    }
    return stream
  }

  async function readAllBytes(stream: MessageStream): Promise<readonly Buffer[]> {
    const all: Buffer[] = []
    for (let parts = await stream.receive(); parts.length > 0; parts = await stream.receive()) for (const part of parts) if (part.kind === 'message') all.push(part.message)
    return all
  }
})

describe('a server that does not read', () => {
  it('makes the sender wait, and the wait is told', async () => {
    const { stream, conversation } = await pair({ capture: false })
    conversation.socket.pause()
    let waiting: Promise<number> | undefined
    for (let n = 0; n < 4000 && waiting === undefined; n++) {
      const sent = stream.send(Buffer.alloc(64 * 1024))
      const first = await Promise.race([sent, turns(50)])
      if (first === undefined) waiting = sent
    }
    conversation.socket.resume()
    expect(await waiting).toBeGreaterThan(0)
  })

  it('does not keep the sender once the stream is cancelled', async () => {
    const abort = new AbortController()
    const { stream, conversation } = await pair({ capture: false }, abort.signal)
    conversation.socket.pause()
    let stuck: Promise<number> | undefined
    for (let n = 0; n < 4000 && stuck === undefined; n++) {
      const sent = stream.send(Buffer.alloc(64 * 1024))
      if ((await Promise.race([sent, turns(50)])) === undefined) stuck = sent
    }
    const ended = expect(stuck).rejects.toThrow('error.cancelled')
    abort.abort(fail('cancelled', 'engine', 'error.cancelled'))
    await ended
  })

  async function turns(count: number): Promise<undefined> {
    for (let n = 0; n < count; n++) await nextTurn()
    return undefined
  }
})
