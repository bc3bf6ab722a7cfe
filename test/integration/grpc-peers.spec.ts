// gRPC with servers that nobody here wrote: grpc-go, connect-go's gRPC, Python's grpcio and Kitex. Every kind of method, metadata both ways, status
// with details, deadline, cancel, compression, flow control and TLS; where two may see things differently, grpc-go's own client is asked too.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TlsRequest } from '../../shared/model/call.ts'
import type { Pair } from '../../shared/model/metainfo.ts'
import { createHttp2Pool } from '../../src-main/engine/transport/http2/pool.ts'
import { secureOf } from '../../src-main/engine/transport/secure.ts'
import type { ConnectionPool, Secure } from '../../src-main/engine/transport/transport.ts'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { grpcGoMissing, runGrpcGoClient, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { grpcioMissing, startGrpcioServer } from '../support/peers/grpcio.ts'
import { buildPatienceMs, kitexMissing, startKitexServer, type KitexServer } from '../support/peers/kitex.ts'
import { startTap, type Tap } from '../support/peers/tap.ts'
import { protoBytes } from '../../src-main/engine/transport/grpc/proto-fields.ts'
import { gather, PeerCaller } from '../support/transport/peer-calls.ts'
import {
  bigData, bigRequest, countIndex, countRequest, echoMessage, echoText, failRequest, metaValues, numberMessage, sleepLeftMs, sleepRequest, stateOf, totalOf,
} from '../support/transport/peer-messages.ts'

const mebibyte = 1024 * 1024
const nothing = Buffer.alloc(0)

let pool: ConnectionPool
beforeAll(() => {
  pool = createHttp2Pool('mux')
})
afterAll(() => pool.dispose())

/** What State says now. */
const stateAt = async (caller: PeerCaller): Promise<{ readonly cancelled: number; readonly counted: number }> => stateOf((await caller.call('State', nothing)).message)

/** A number once it no longer grows. */
async function settled(read: () => Promise<number>): Promise<number> {
  let [last, same] = [-1, 0]
  while (same < 5) {
    const now = await read()
    same = now === last ? same + 1 : 0
    last = now
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return last
}

interface Peer {
  readonly name: string
  readonly missing: string | undefined
  start(): Promise<{ readonly address: string; stop(): Promise<void> }>
  readonly compressions: readonly ('gzip' | 'snappy' | 'zstd')[]
  /** Details that it sends with a status. */
  readonly details: number
}

const peers: readonly Peer[] = [
  {
    name: 'grpc-go', missing: grpcGoMissing(), compressions: ['gzip', 'snappy', 'zstd'], details: 11,
    start: async () => {
      const { grpc, stop } = await startGrpcGoServer()
      return { address: grpc, stop }
    },
  },
  {
    name: 'connect-go', missing: grpcGoMissing(), compressions: ['gzip', 'zstd'], details: 11,
    start: async () => {
      const { connect, stop } = await startGrpcGoServer()
      return { address: connect, stop }
    },
  },
  {
    name: 'grpcio', missing: grpcioMissing(), compressions: ['gzip'], details: 1,
    start: async () => {
      const { grpc, stop } = await startGrpcioServer()
      return { address: grpc, stop }
    },
  },
]

describe.each(peers)('gRPC with $name', ({ missing, start, compressions, details, name }) => {
  describe.skipIf(missing !== undefined)(missing === undefined ? 'is there' : `is skipped: ${missing}`, () => {
    let peer: Awaited<ReturnType<Peer['start']>>
    let caller: PeerCaller
    beforeAll(async () => {
      peer = await start()
      caller = new PeerCaller(pool, peer.address, { transport: 'grpc' })
    }, buildPatienceMs)
    afterAll(() => peer.stop())

    it('unary: metadata goes and comes in order and repeated, binary too, and trailers', async () => {
      const headers = [['x-a', '2'], ['X-A', '1'], ['x-b-bin', 'AAH/'], ['x-b-bin', '']] as const
      const { header, trailer, message, fault } = await caller.call('Echo', echoMessage('你好'), { headers })
      expect([echoText(message), fault]).toEqual(['你好', undefined])
      expect(header.strings.filter(([key]) => key === 'x-a')).toEqual([['x-a', '2'], ['x-a', '1']])
      expect(header.strings.filter(([key]) => key === 'x-b-bin')).toEqual([['x-b-bin', 'AAH/'], ['x-b-bin', '']])
      expect(trailer?.filter(([key]) => key.startsWith('t-x-')).toSorted()).toEqual([['t-x-a', '1'], ['t-x-a', '2'], ['t-x-b-bin', ''], ['t-x-b-bin', 'AAH/']])
    })

    it('unary: the server sees what was sent', async () => {
      const { message } = await caller.call('Meta', nothing, { headers: [['authorization', 'Bearer t'], ['x-k-bin', '/+8=']] })
      expect(['authorization', 'user-agent'].map((key) => metaValues(message, key))).toEqual([['Bearer t'], ['kite-console']])
      // connect-go hands its handlers the header as it came, the others hand them bytes.
      expect(metaValues(message, 'x-k-bin')).toEqual(name === 'connect-go' ? ['/+8'] : ['\u00ff\u00ef'])
    })

    it('client stream: many messages, one reply', async () => {
      const { messages, fault } = await caller.stream('Sum', Array.from({ length: 1000 }, (_, index) => numberMessage(index)))
      expect([fault, messages.map(totalOf)]).toEqual([undefined, [{ sum: 499_500, count: 1000 }]])
    })

    it('server stream: one message, many replies in order, header and trailer', async () => {
      const { messages, header, trailer, fault } = await caller.stream('Count', [countRequest({ count: 5000, bytes: 100 })], { headers: [['x-s', 'v']] })
      expect([fault, messages.map(countIndex)]).toEqual([undefined, Array.from({ length: 5000 }, (_, index) => index)])
      expect([header?.filter(([key]) => key === 'x-s'), trailer.filter(([key]) => key === 't-x-s')]).toEqual([[['x-s', 'v']], [['t-x-s', 'v']]])
    })

    it('bidirectional stream: each side answers while the other still sends', async () => {
      const { stream, release } = await caller.open('Chat')
      const seen: string[] = []
      for (const text of ['one', 'two', 'three']) {
        await stream.send(echoMessage(text))
        for (let heard = false; !heard;) {
          const parts = await stream.receive()
          for (const part of parts) if (part.kind === 'message') heard = seen.push(echoText(part.message)) > 0
        }
      }
      await stream.closeSend()
      expect((await gather(stream)).fault).toBeUndefined()
      release(true)
      expect(seen).toEqual(['one', 'two', 'three'])
    })

    // The peer's Chat on connect-go ends with its input alone.
    if (name !== 'connect-go') it('bidirectional stream: the server ends it while we still could send', async () => {
      const { stream, release } = await caller.open('Chat')
      await stream.send(echoMessage('end'))
      const { fault, messages } = await gather(stream)
      expect([fault, messages]).toEqual([undefined, []])
      await expect(stream.send(echoMessage('late'))).rejects.toBeDefined()
      release(true)
    })

    it('a status comes with name, message and details', async () => {
      const { fault, message } = await caller.call('Fail', failRequest(5, 'nothing: 100% 你', true))
      expect([message.length, fault?.code, fault?.text]).toEqual([0, 'remote_or_network', { key: 'grpc.status', params: { code: 5, name: 'NOT_FOUND', message: 'nothing: 100% 你' } }])
      const json = JSON.parse(fault?.exception?.json ?? '{}') as { readonly code: number; readonly details: readonly Readonly<Record<string, unknown>>[] }
      expect([json.code, json.details.length]).toEqual([5, details])
      expect(json.details.find((one) => one['@type'] === 'type.googleapis.com/google.rpc.BadRequest')?.['fieldViolations']).toContainEqual({ field: 'user.name', description: 'empty' })
    })

    it('a stream ends with the status that came in the middle', async () => {
      const { messages, fault } = await caller.stream('Count', [countRequest({ count: 10, failAfter: 3 })])
      expect([messages.length, fault?.exception?.type, fault?.text.params?.['message']]).toEqual([3, 'FAILED_PRECONDITION', 'enough'])
    })

    it('a method that is not there is said so', async () => {
      expect((await caller.call('Nope', nothing)).fault).toMatchObject({ exception: { type: 'UNIMPLEMENTED', typeId: 12 }, hint: { key: 'grpc.hint.unimplemented' } })
      expect((await caller.call('Echo', nothing, { service: 'no.Such' })).fault).toMatchObject({ exception: { typeId: 12 } })
    })

    it('the deadline goes with the call, and the server keeps it', async () => {
      expect(sleepLeftMs((await caller.call('Sleep', sleepRequest(1), { timeoutMs: 5000 })).message)).toBeGreaterThan(3000)
      // Where there is none, grpcio tells its handlers that nothing is left.
      expect(sleepLeftMs((await caller.call('Sleep', sleepRequest(1))).message)).toBe(name === 'grpcio' ? 0 : -1)
      expect((await caller.call('Sleep', sleepRequest(20_000), { timeoutMs: 50 })).fault).toMatchObject({ code: 'rpc_timeout', exception: { type: 'DEADLINE_EXCEEDED' } })
    })

    it('who gives up a unary call lets the server know, and the connection goes on', async () => {
      const { cancelled } = await stateAt(caller)
      const abort = new AbortController()
      const call = caller.call('Sleep', sleepRequest(20_000), { signal: abort.signal })
      setTimeout(() => abort.abort(), 100)
      await expect(call).rejects.toMatchObject({ data: { code: 'cancelled' } })
      await expect.poll(async () => (await stateAt(caller)).cancelled).toBeGreaterThan(cancelled)
    })

    it('who cancels a stream hears of it, and so does the server', async () => {
      const { cancelled } = await stateAt(caller)
      const { stream, release } = await caller.open('Count')
      await stream.send(countRequest({ count: 1_000_000, everyMs: 1 }))
      await stream.closeSend()
      await stream.receive()
      stream.cancel('seen enough')
      await expect(gather(stream)).rejects.toMatchObject({ data: { code: 'cancelled' } })
      release(true)
      await expect.poll(async () => (await stateAt(caller)).cancelled).toBeGreaterThan(cancelled)
    })

    it.each(compressions)('%s goes both ways', async (compress) => {
      const text = 'again and again '.repeat(20_000)
      const { message, fault, captured } = await caller.call('Echo', echoMessage(text), { compress })
      expect([fault, echoText(message) === text]).toEqual([undefined, true])
      // Python's server compresses only when it was told to, whatever came.
      if (name === 'grpcio') return
      expect(captured?.bytes.length).toBeLessThan(text.length / 4)
      const { messages, compressed } = await caller.stream('Count', [countRequest({ count: 20, bytes: 50_000 })], { compress })
      expect([messages.length, compressed]).toEqual([20, 20])
    })

    it('a reply of 100 MB is read whole, and one over the limit is refused by its length', async () => {
      expect(bigData((await caller.call('Big', bigRequest(100 * mebibyte))).message)).toHaveLength(100 * mebibyte)
      await expect(caller.call('Big', bigRequest(5 * mebibyte), { maxMessageBytes: 4 * mebibyte })).rejects.toMatchObject({ data: { code: 'protocol' } })
      expect(echoText((await caller.call('Echo', echoMessage('still there'))).message)).toBe('still there')
    }, 30_000)

    it('who does not read a stream of 100 MB holds the server back, and others on the connection go on', async () => {
      const before = (await stateAt(caller)).counted
      const { stream, release } = await caller.open('Count')
      await stream.send(countRequest({ count: 100, bytes: mebibyte }))
      await stream.closeSend()
      // The server writes ahead as far as windows and its own buffers go. Calls beside it are answered all the while.
      const ahead = await settled(async () => (await stateAt(caller)).counted) - before
      expect(ahead).toBeLessThan(40)
      let [messages, largest] = [0, 0]
      for (let over = false; !over;) {
        for (const part of await stream.receive()) {
          if (part.kind === 'message') [messages, largest] = [messages + 1, Math.max(largest, part.message.length)]
          over ||= part.kind === 'trailer'
          if (part.kind === 'trailer') expect(part.fault).toBeUndefined()
        }
      }
      release(true)
      expect([messages, largest > mebibyte]).toEqual([100, true])
    }, 30_000)
  })
})

const go = grpcGoMissing()
describe.skipIf(go !== undefined)(go === undefined ? 'gRPC beside grpc-go\'s own client' : `gRPC beside grpc-go's own client is skipped: ${go}`, () => {
  let peer: GrpcGoServer
  beforeAll(async () => {
    peer = await startGrpcGoServer()
  }, buildPatienceMs)
  afterAll(() => peer.stop())

  it('reads the same details of a status', async () => {
    const { fault } = await new PeerCaller(pool, peer.grpc, { transport: 'grpc' }).call('Fail', failRequest(3, 'bad', true))
    const ours = (JSON.parse(fault?.exception?.json ?? '{}') as { readonly details: readonly Readonly<Record<string, unknown>>[] }).details
    const [theirs] = await runGrpcGoClient(peer.grpc, [{ method: 'Fail', messages: [{ code: 3, message: 'bad', details: true }] }])
    // The last is a Struct, which is no detail that anybody agreed upon.
    expect(ours.slice(0, -1).map(({ '@type': _, ...fields }) => fields)).toEqual(theirs?.details.slice(0, -1))
  })

  it('sees the same metadata and trailers', async () => {
    const headers = [['x-a', '1'], ['x-b', 'two'], ['x-a', '3']] as const
    const { header, trailer } = await new PeerCaller(pool, peer.grpc, { transport: 'grpc' }).call('Echo', echoMessage(''), { headers })
    const [theirs] = await runGrpcGoClient(peer.grpc, [{ method: 'Echo', messages: [{}], headers }])
    const grouped = (pairs: readonly Pair[]): Record<string, readonly string[]> => Object.fromEntries(pairs.map(([key]) => [key, pairs.filter(([other]) => other === key).map(([, value]) => value)]))
    expect(grouped(header.strings)).toEqual(theirs?.header)
    expect(grouped((trailer ?? []).filter(([key]) => !key.startsWith('grpc-')))).toEqual(theirs?.trailer)
  })
})

describe.skipIf(go !== undefined)(go === undefined ? 'gRPC over a long path to grpc-go' : `gRPC over a long path is skipped: ${go}`, () => {
  let peer: GrpcGoServer
  let path: Tap
  beforeAll(async () => {
    peer = await startGrpcGoServer()
    path = await startTap(peer.grpc, { delayMs: 15 })
  }, buildPatienceMs)
  afterAll(async () => {
    path.close()
    await peer.stop()
  })

  // Windows grow while the first is read; those that begin later must not wait for credit that only a large window would earn.
  it('reads one large reply and stream after another on one connection whose windows have grown', async () => {
    const caller = new PeerCaller(pool, path.address, { transport: 'grpc' })
    for (let round = 0; round < 3; round++) {
      expect(bigData((await caller.call('Big', bigRequest(30 * mebibyte))).message)).toHaveLength(30 * mebibyte)
      const { messages, fault } = await caller.stream('Count', [countRequest({ count: 30, bytes: mebibyte })])
      expect([messages.length, fault]).toEqual([30, undefined])
    }
  })
})

describe.skipIf(go !== undefined)(go === undefined ? 'gRPC over TLS with grpc-go' : `gRPC over TLS is skipped: ${go}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-grpc-tls-'))
  let files: Certificates
  let peer: GrpcGoServer
  beforeAll(async () => {
    files = await makeCertificates(folder)
    peer = await startGrpcGoServer({ tls: { cert: files.cert, key: files.key, ca: files.ca } })
  }, buildPatienceMs)
  afterAll(async () => {
    await peer.stop()
    rmSync(folder, { recursive: true })
  })

  const secure = (tls: Partial<TlsRequest>): Secure => secureOf({ insecure: false, ...tls }, (path) => readFileSync(path), ['h2'])
  const echo = async (address: string | undefined, tls: Partial<TlsRequest> | undefined): Promise<string> => {
    const options = { transport: 'grpc' as const, ...(tls === undefined ? {} : { secure: secure(tls) }) }
    const { message, fault } = await new PeerCaller(pool, address ?? '', options).call('Echo', echoMessage('secret'))
    return fault === undefined ? echoText(message) : fault.text.key
  }

  it('answers when its authority is trusted, over TLS and mutual TLS', async () => {
    expect(await echo(peer.tls, { caFile: files.ca })).toBe('secret')
    expect(await echo(peer.connects, { caFile: files.ca })).toBe('secret')
    expect(await echo(peer.mtls, { caFile: files.ca, certFile: files.clientCert, keyFile: files.clientKey })).toBe('secret')
    expect(await echo(peer.tls, { insecure: true })).toBe('secret')
  })

  it.each([
    ['nobody vouches for it', {}],
    ['another authority is trusted', 'otherCa'],
    ['another name is expected', 'serverName'],
  ] as const)('is refused where %s, and nothing is sent in plaintext', async (_, wrong) => {
    const tls = wrong === 'otherCa' ? { caFile: files.otherCa } : wrong === 'serverName' ? { caFile: files.ca, serverName: 'elsewhere.example' } : {}
    await expect(echo(peer.tls, tls)).rejects.toMatchObject({ data: { code: 'get_connection' } })
  })

  it('refuses who has no certificate where it asks for one', async () => {
    await expect(echo(peer.mtls, { caFile: files.ca })).rejects.toMatchObject({ data: { layer: 'connection' } })
  })

  it('refuses a certificate whose time is over or that is for another host', async () => {
    for (const { cert, key } of [files.expired, files.wrongHost]) {
      const bad = await startGrpcGoServer({ tls: { cert, key } })
      await expect(echo(bad.tls, { caFile: files.ca })).rejects.toMatchObject({ data: { code: 'get_connection' } })
      await bad.stop()
    }
  })

  it('does not answer who speaks plaintext to it', async () => {
    await expect(echo(peer.tls, undefined)).rejects.toMatchObject({ data: { code: expect.stringMatching(/remote_or_network|protocol|get_connection/) } })
  })
})

const kitex = kitexMissing()
describe.skipIf(kitex !== undefined)(kitex === undefined ? 'gRPC with Kitex' : `gRPC with Kitex is skipped: ${kitex}`, () => {
  let plain: KitexServer
  let zipped: KitexServer
  let caller: PeerCaller
  beforeAll(async () => {
    [plain, zipped] = await Promise.all([startKitexServer(), startKitexServer({ gzip: true })])
    caller = new PeerCaller(pool, plain.pb, { transport: 'grpc', service: 'peerpb.PbPeer' })
  }, buildPatienceMs)
  afterAll(() => Promise.all([plain.stop(), zipped.stop()]))

  /** Note{text, number}. */
  const note = (text: string, number = 0): Buffer => Buffer.concat([protoBytes(1, text), Buffer.from(number === 0 ? [] : [0x10, number])])

  it('is answered by a server without its gzip codec, since identity is among what we accept', async () => {
    const { message, fault } = await caller.call('Say', note('hi'))
    expect([fault, echoText(message)]).toEqual([undefined, 'hi'])
  })

  it('reads gzip of a server that has it', async () => {
    const { message, fault } = await new PeerCaller(pool, zipped.pb, { transport: 'grpc', service: 'peerpb.PbPeer' }).call('Say', note('hi'), { compress: 'gzip' })
    expect([fault, echoText(message)]).toEqual([undefined, 'hi'])
  })

  it('hears why a server without the codec cannot read gzip', async () => {
    expect((await caller.call('Say', note('hi'), { compress: 'gzip' })).fault).toMatchObject({ exception: { typeId: 13 }, hint: { key: expect.stringMatching(/^grpc\.hint\.(kitexCompressor|compression)$/) } })
  })

  it('knows a business error from an error', async () => {
    const entry = protoBytes(3, Buffer.concat([protoBytes(1, 'k'), protoBytes(2, '<v>&')]))
    const { fault } = await caller.call('Biz', Buffer.concat([Buffer.from([0x08, 42]), protoBytes(2, '没有库存'), entry]))
    expect(fault).toMatchObject({ code: 'biz', biz: { status: 42, message: '没有库存', extra: { k: '<v>&' } } })
  })

  it('tells an unknown method (status 1) and an unknown service (status 20) as Kitex does', async () => {
    expect((await caller.call('NoSuch', nothing)).fault).toMatchObject({ code: 'remote_or_network', exception: { typeId: 1 }, hint: { key: 'grpc.hint.kitexUnknownMethod' } })
    expect((await caller.call('Say', nothing, { service: 'peerpb.Nobody' })).fault).toMatchObject({ exception: { typeId: 20 }, hint: { key: 'grpc.hint.kitexUnknownService' } })
  })

  it('streams in all three ways', async () => {
    const list = await caller.stream('List', [Buffer.from([0x08, 3])])
    const collect = await caller.stream('Collect', [note('a', 2), note('b', 3)])
    const chat = await caller.stream('Chat', [note('a'), note('b')])
    expect([list, collect, chat].map(({ fault, messages }) => [fault, messages.length])).toEqual([[undefined, 3], [undefined, 1], [undefined, 2]])
  })

  it('keeps the deadline, which its handler turns into a plain error', async () => {
    const { fault } = await caller.call('Sleep', Buffer.from([0x10, 0xe0, 0x5d]), { timeoutMs: 50 })
    expect(fault).toMatchObject({ exception: { typeId: 13 }, text: { params: { message: 'context deadline exceeded [biz error]' } }, hint: { key: 'grpc.hint.deadline' } })
  })
})

describe('a port that speaks no gRPC', () => {
  it('is told apart by what it answers', async () => {
    const { createServer } = await import('node:http2')
    const server = createServer((_, response) => {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const { fault } = await new PeerCaller(pool, `127.0.0.1:${port}`, { transport: 'grpc' }).call('Echo', nothing)
    expect(fault).toMatchObject({ text: { key: 'grpc.httpStatus', params: { httpStatus: 404 } }, exception: { type: 'UNIMPLEMENTED' } })
    pool.forget(`127.0.0.1:${port}`)
    server.close()
  })
})

