// WebSockets against servers that follow a script, byte by byte; good servers are in test/integration/jsonrpc-ws.spec.ts.

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import * as net from 'node:net'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { FrameReader, opcode, writeFrame } from '../../../../../src-main/engine/transport/jsonrpc-ws/frames.ts'
import { createWebSocketPool } from '../../../../../src-main/engine/transport/jsonrpc-ws/pool.ts'
import { noRoute, type Exchange, type OutgoingMessage } from '../../../../../src-main/engine/transport/transport.ts'

/** A frame as a server sends it, unmasked. */
function serverFrame(payload: string | Buffer, first = 0x81): Buffer {
  const body = Buffer.from(payload)
  const head = body.length < 126 ? Buffer.from([first, body.length]) : body.length <= 0xffff ? Buffer.from([first, 126, body.length >> 8, body.length & 0xff]) : Buffer.from([first, 127, 0, 0, 0, 0, body.length >>> 24, (body.length >>> 16) & 0xff, (body.length >>> 8) & 0xff, body.length & 0xff])
  return Buffer.concat([head, body])
}

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

type Script = (socket: net.Socket, accept: string) => void

/** A server that runs its script once the handshake has come, and another for every later read. */
async function serve(handshake: Script, later: (socket: net.Socket) => void = () => undefined): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    let shaken = false
    sockets.add(socket.on('error', () => undefined).on('data', (chunk) => {
      const key = /sec-websocket-key: (\S+)/i.exec(chunk.toString('latin1'))?.[1]
      if (shaken || key === undefined) return later(socket)
      shaken = true
      handshake(socket, createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64'))
    }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

const agree: Script = (socket, accept) => socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)

const outgoing: OutgoingMessage = {
  transport: 'jsonrpc-ws', seqId: 1, header: { strings: [], ints: [] }, message: Buffer.from('[1]'),
  route: { service: '', method: 'm', codec: 'json', language: 'none', compress: 'none', timeoutMs: 0, http: noRoute },
}

/** The reply's message, or key of the error. */
async function ask(address: string, signal: AbortSignal = AbortSignal.timeout(3000), max = 1e6): Promise<unknown> {
  const pool = createWebSocketPool('short')
  open.push(() => pool.dispose())
  const lease = await pool.acquire(address, 1000, signal)
  try {
    const exchange: Exchange = await lease.exchange(outgoing, { oneway: false, meter: () => undefined, maxFrameBytes: max }, signal)
    return exchange.reply?.message.toString()
  } catch (caught) {
    return caught instanceof KiteError ? caught.data.text.key : caught
  } finally {
    lease.release(true)
  }
}

const answer = '{"jsonrpc":"2.0","id":1,"result":[9007199254740993]}'

describe('WebSocket frames', () => {
  it('are read whatever the split, in every length form', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(0, 1, 125, 126, 127, 65535, 65536), { minLength: 1, maxLength: 4 }), fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 5 }), (lengths, sizes) => {
      const bytes = Buffer.concat(lengths.map((length) => serverFrame(Buffer.alloc(length, 0x61))))
      const reader = new FrameReader(1e6)
      const read: number[] = []
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = sizes[n % sizes.length] ?? 1
        reader.push(bytes.subarray(at, at + size))
        at += size
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) read.push(frame.payload.length)
      }
      expect([read, reader.pending]).toEqual([lengths, 0])
    }))
  })

  it('are written masked, so that the mask undoes itself', () => {
    for (const length of [0, 5, 126, 70_000]) {
      const payload = Buffer.alloc(length, 0x7a)
      const frame = writeFrame(opcode.text, payload)
      const head = length < 126 ? 2 : length <= 0xffff ? 4 : 10
      const mask = frame.subarray(head, head + 4)
      expect([frame[0], (frame[1] ?? 0) & 0x80, Buffer.from(frame.subarray(head + 4).map((byte, at) => byte ^ (mask[at & 3] ?? 0))).equals(payload)]).toEqual([0x81, 0x80, true])
    }
  })
})

describe('a JSON-RPC call over a WebSocket', () => {
  it('reads an answer that is cut anywhere', async () => {
    const bytes = serverFrame(answer)
    for (const at of [1, 2, 3, 20, bytes.length - 1]) {
      const address = await serve(agree, (socket) => {
        socket.write(bytes.subarray(0, at))
        setTimeout(() => socket.write(bytes.subarray(at)), 5)
      })
      expect(await ask(address)).toBe('[9007199254740993]')
    }
  })

  it('never takes a cut answer for a whole one', async () => {
    const bytes = Buffer.concat([serverFrame('{"jsonrpc":"2.0",', 0x01), serverFrame('"id":1,"result":1}', 0x80)])
    for (let at = 0; at < bytes.length; at++) {
      const address = await serve(agree, (socket) => socket.end(bytes.subarray(0, at)))
      expect([at, await ask(address)]).toEqual([at, at === 0 ? 'ws.closedWithoutWord' : 'ws.cutShort'])
    }
    expect(await ask(await serve(agree, (socket) => socket.write(bytes)))).toBe('1')
  })

  it('refuses what breaks the rules', async () => {
    const says = (...frames: readonly Buffer[]): Promise<unknown> => serve(agree, (socket) => socket.write(Buffer.concat(frames))).then((address) => ask(address))
    expect(await Promise.all([
      says(serverFrame(answer, 0xc1)), says(serverFrame(answer, 0x83)), says(writeFrame(opcode.text, Buffer.from(answer))), says(serverFrame('a'.repeat(126), 0x89)), says(serverFrame('x', 0x09)),
      says(serverFrame(answer, 0x80)), says(serverFrame('{', 0x01), serverFrame('}', 0x81)), says(serverFrame(Buffer.from([0xff, 0xfe]))), says(serverFrame('no json')), says(Buffer.from('HTTP/1.1 200 OK')),
      says(serverFrame(Buffer.from([0x03, 0xea, 0x62, 0x79, 0x65]), 0x88)),
    ])).toEqual([
      'ws.badFrame', 'ws.badFrame', 'ws.maskedByServer', 'ws.badControlFrame', 'ws.badControlFrame',
      'ws.badContinuation', 'ws.badContinuation', 'ws.notUtf8', 'ws.notJson', 'ws.badFrame',
      'ws.closedWith',
    ])
  })

  it('refuses more than it was asked to hold, by what a head declares', async () => {
    const head = Buffer.from([0x81, 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
    expect(await ask(await serve(agree, (socket) => socket.write(head)))).toBe('ws.tooLarge')
    const fragments = Buffer.concat([serverFrame('x'.repeat(60_000), 0x01), ...Array.from({ length: 20 }, () => serverFrame('x'.repeat(60_000), 0x00))])
    expect(await ask(await serve(agree, (socket) => socket.write(fragments)))).toBe('ws.tooLarge')
  })

  it('refuses a message of endless fragments, though they hold nothing', async () => {
    const fragments = Buffer.concat([serverFrame('', 0x01), Buffer.alloc(2 * 100_001, Buffer.from([0x00, 0x00]))])
    expect(await ask(await serve(agree, (socket) => socket.write(fragments)))).toBe('ws.tooManyFragments')
  })

  it('keeps no answers to pings for a server that does not read them', async () => {
    const pings = 300_000
    const ping = Buffer.concat(Array.from({ length: 1000 }, () => serverFrame('p'.repeat(125), 0x89)))
    let peer: net.Socket | undefined
    const address = await serve((socket, accept) => {
      peer = socket
      agree(socket, accept)
      socket.pause()
      let sent = 0
      const more = (): void => {
        if (sent >= pings) return void socket.write(serverFrame(answer))
        sent += 1000
        socket.write(ping, more)
      }
      more()
    })
    expect(await ask(address, AbortSignal.timeout(20_000))).toBe('[9007199254740993]')
    peer?.resume()
    if (peer !== undefined && !peer.closed) await once(peer, 'close')
    // Beside what the system itself holds.
    expect(peer?.bytesRead).toBeLessThan(pings * 131 / 2)
  })

  it('says when the handshake is none', async () => {
    expect(await ask(await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')))).toBe('ws.refusedWith')
    expect(await ask(await serve((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: bm9wZQ==\r\n\r\n')))).toBe('ws.badAccept')
    expect(await ask(await serve((socket) => socket.end()))).toBe('transport.closedBeforeReply')
    expect(await ask(await serve((socket) => socket.write('SSH-2.0-x\r\n')))).toBe('http.foreignAnswer')
  })

  it('ends by the deadline when nothing is said, before the handshake and after it', async () => {
    expect(await ask(await serve(() => undefined), AbortSignal.timeout(50))).toBe('transport.timedOut')
    expect(await ask(await serve(agree), AbortSignal.timeout(50))).toBe('transport.timedOut')
  })

  it('ends every damaged answer in a result or an error of ours', () => {
    const bytes = serverFrame(answer)
    fc.assert(fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (damage) => {
      const damaged = Buffer.from(bytes)
      for (const [at, value] of damage) damaged[at] = value
      const reader = new FrameReader(1e6)
      reader.push(damaged)
      try {
        for (let frame = reader.next(); frame !== undefined; frame = reader.next()) expect(frame.raw.length).toBeGreaterThan(0)
      } catch (caught) {
        expect(caught).toBeInstanceOf(KiteError)
      }
    }), { numRuns: 20_000 })
  })
})
