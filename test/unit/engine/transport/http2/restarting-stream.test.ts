// Streams that a server ends its connection on before it has begun them: they begin again elsewhere with all that was said, or end with the reason
// where that is no longer possible.

import { afterEach, expect, it } from 'vitest'
import { grpcCarrier } from '../../../../../src-main/engine/transport/grpc/carrier.ts'
import { dialHttp2 } from '../../../../../src-main/engine/transport/http2/dial-http2.ts'
import { Http2Lease, type Share } from '../../../../../src-main/engine/transport/http2/lease.ts'
import { createHttp2Pool } from '../../../../../src-main/engine/transport/http2/pool.ts'
import { noHeader, type Lease, type MessageStream, type StreamPart } from '../../../../../src-main/engine/transport/transport.ts'
import { route } from './grpc-call.ts'
import { DATA, GOAWAY, grpcHeaders, grpcMessage, grpcTrailers, HEADERS, type Peer, RST_STREAM, ScriptedServer, SETTINGS, u32 } from './scripted-server.ts'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

async function setting(script: (peer: Peer, number: number) => void | Promise<void>): Promise<{ readonly stream: MessageStream; readonly lease: Lease; readonly server: ScriptedServer }> {
  const server = await ScriptedServer.start(script)
  const pool = createHttp2Pool('mux')
  open.push(() => pool.dispose(), () => server.stop())
  const { signal } = new AbortController()
  const lease = await pool.acquire(server.address, 5000, signal)
  return { lease, server, stream: await lease.open({ transport: 'grpc', route, header: noHeader, maxMessageBytes: 100_000_000, capture: false }, signal) }
}

async function all(stream: MessageStream): Promise<readonly string[]> {
  const parts: StreamPart[] = []
  for (let some = await stream.receive(); some.length > 0; some = await stream.receive()) parts.push(...some)
  return parts.map((part) => (part.kind === 'message' ? part.message.toString() : part.kind === 'header' ? 'header' : `trailer ${part.fault?.text.key ?? 'ok'}`))
}

const goAway = u32(0, 0)
/** The stream's body as the server has it, once it is whole. */
async function bodyOf(peer: Peer, stream = 1): Promise<Buffer> {
  await peer.frame(DATA, (frame) => frame.stream === stream && (frame.flags & 1) !== 0)
  return Buffer.concat(peer.frames.filter((frame) => frame.type === DATA && frame.stream === stream).map(({ payload }) => payload))
}
const bodyOfTwo = Buffer.concat([grpcMessage(Buffer.from('one')), grpcMessage(Buffer.from('two'))])

/** Ends the first connection once `ready`, and answers on the others with what it was told. */
const secondAnswers = (ready: (peer: Peer) => Promise<unknown>) => async (peer: Peer, number: number): Promise<void> => {
  peer.settings()
  await ready(peer)
  if (number === 1) return peer.send(GOAWAY, 0, 0, goAway)
  const body = await bodyOf(peer)
  peer.headers(1, grpcHeaders)
  peer.data(1, grpcMessage(Buffer.from(body.equals(bodyOfTwo) ? 'all of it' : body.toString('hex'))))
  peer.headers(1, grpcTrailers, true)
}

it.each<readonly [when: string, ready: (peer: Peer) => Promise<unknown>]>([
  ['at once', (peer) => peer.frame(HEADERS)],
  ['when all was said', (peer) => bodyOf(peer)],
])('ended %s, it is said again in order, and the connection tells of it', async (_, ready) => {
  const { stream, lease, server } = await setting(secondAnswers(ready))
  const ends = all(stream)
  await stream.send(Buffer.from('one'))
  await stream.send(Buffer.from('two'))
  await stream.closeSend()
  expect([await ends, server.peers.length, lease.facts.moves]).toEqual([['header', 'all of it', 'trailer ok'], 2, 1])
})

it('a message that waits for the window goes over the next connection, and nobody else has to ask', async () => {
  const { stream, server } = await setting(async (peer, number) => {
    peer.settings(number === 1 ? [[4, 3]] : [])
    await peer.frame(HEADERS)
    if (number > 1) return
    await peer.frame(DATA)
    peer.send(GOAWAY, 0, 0, goAway)
  })
  await server.peers[0]?.frame(SETTINGS, ({ flags }) => flags === 1)
  expect(await stream.send(Buffer.from('one'))).toBeGreaterThan(0)
  const [, second] = server.peers
  expect((await second?.frame(DATA))?.payload).toEqual(grpcMessage(Buffer.from('one')))
})

const refusing = async (peer: Peer): Promise<void> => {
  peer.settings()
  await peer.frame(HEADERS)
  peer.send(RST_STREAM, 0, 1, u32(7))
}

it('a stream that is refused is tried once more, on another connection', async () => {
  const { stream, server } = await setting(refusing)
  expect([await all(stream), server.peers.length]).toEqual([['trailer http2.refused'], 2])
})

/** A stream over shares of a pool whose second connection comes when the test says so; the log tells what was given back. */
async function held(): Promise<{ readonly lease: Http2Lease; readonly stream: MessageStream; readonly log: string[]; arrive(): Promise<void> }> {
  const server = await ScriptedServer.start(refusing)
  open.push(() => server.stop())
  const log: string[] = []
  const share = async (name: string): Promise<Share> => {
    const { connection } = await dialHttp2(server.address, 1000, signal, undefined)
    open.push(() => connection.close())
    return { connection, facts: { pool: 'mux', reused: false, dialMs: 0, local: name, remote: '', uses: 0, idleMs: 0, poolIdle: 0, poolTotal: 1 }, giveBack: () => void log.push(`${name} back`) }
  }
  const { signal } = new AbortController()
  let arrive = (): void => undefined
  const second = await share('two')
  const asked = new Promise<void>((resolve) => (arrive = resolve))
  const lease = new Http2Lease(await share('one'), { grpc: grpcCarrier }, () => asked.then(() => second))
  const stream = await lease.open({ transport: 'grpc', route, header: noHeader, maxMessageBytes: 1000, capture: false }, signal)
  return { lease, stream, log, arrive: async () => {
    arrive()
    await new Promise((resolve) => setTimeout(resolve, 20))
  } }
}

it('a lease that is given back while it looks for another connection gives each back once', async () => {
  const { lease, stream, log, arrive } = await held()
  const ends = all(stream)
  await new Promise((resolve) => setTimeout(resolve, 50))
  lease.release()
  await arrive()
  expect([await ends, log]).toEqual([['trailer http2.refused'], ['one back', 'two back']])
})

it('who cancels while it looks for another connection hears it at once', async () => {
  const { lease, stream, log, arrive } = await held()
  const ends = all(stream)
  await new Promise((resolve) => setTimeout(resolve, 50))
  stream.cancel('enough')
  await expect(ends).rejects.toMatchObject({ data: { code: 'cancelled', text: { params: { reason: 'enough' } } } })
  await arrive()
  lease.release()
  expect(log).toEqual(['one back', 'two back'])
})

it('what was said at length is not said again, and the reason is told', async () => {
  const { stream, server } = await setting(async (peer) => {
    peer.settings([[4, 1_000_000]])
    await peer.frame(HEADERS)
    await peer.frame(DATA)
    peer.send(GOAWAY, 0, 0, goAway)
  })
  stream.send(Buffer.alloc(300_000)).catch(() => undefined)
  expect([await all(stream), server.peers.length]).toEqual([['trailer http2.goawayNotBegun'], 1])
  await expect(stream.send(Buffer.from('late'))).rejects.toMatchObject({ data: { text: { key: 'http2.goawayNotBegun' } } })
})

it('what the server has begun is not begun again, whatever it says afterwards', async () => {
  const { stream, server } = await setting(async (peer) => {
    peer.settings()
    await peer.frame(HEADERS)
    peer.headers(1, grpcHeaders)
    peer.send(GOAWAY, 0, 0, goAway)
  })
  expect([await all(stream), server.peers.length]).toEqual([['header', 'trailer http2.goawayNotBegun'], 1])
})

it('cancelled meanwhile, it stays ended', async () => {
  const { stream, server } = await setting(async (peer) => {
    peer.settings()
    await peer.frame(HEADERS)
    peer.send(GOAWAY, 0, 0, goAway)
  })
  stream.cancel('enough')
  await expect(all(stream)).rejects.toMatchObject({ data: { code: 'cancelled' } })
  expect(server.peers.length).toBe(1)
})
