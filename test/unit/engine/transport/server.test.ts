import * as net from 'node:net'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { FrameReader } from '../../../../src-main/engine/transport/frame-reader.ts'
import { writeFrame } from '../../../../src-main/engine/transport/frame-writer.ts'
import { serveMessages, type MessageServer } from '../../../../src-main/engine/transport/server.ts'
import type { MessageHandler } from '../../../../src-main/engine/transport/server-connection.ts'
import { type HeaderInfo, type IncomingMessage, noHeader, transportNames } from '../../../../src-main/engine/transport/transport.ts'
import { readStringMessage, stringMessage, tinyMeter } from '../../../support/transport/messages.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const read = { meter: tinyMeter, maxFrameBytes: 1024 * 1024 }

async function serve(handler: MessageHandler, more: { readonly onRefused?: (error: KiteError) => void } = {}): Promise<MessageServer> {
  const server = await serveMessages({ meter: tinyMeter, handler, ...more })
  closers.push(() => server.close(0))
  return server
}

const echo: MessageHandler = (incoming) => {
  const { method, seqId, text } = readStringMessage(incoming.message)
  return Promise.resolve({ kind: 'message', message: stringMessage('reply', method, seqId, text, 0), header: { strings: [['back', text]], ints: [] } })
}

interface Client {
  readonly socket: net.Socket
  readonly got: IncomingMessage[]
  readonly ended: Promise<unknown>
}

async function connect(server: MessageServer): Promise<Client> {
  const socket = net.connect(server.port, server.host)
  closers.push(() => socket.destroy())
  await once(socket, 'connect')
  const reader = new FrameReader()
  const got: IncomingMessage[] = []
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    for (let message = reader.next(read); message !== undefined; message = reader.next(read)) got.push(message)
  })
  return { socket, got, ended: once(socket, 'close') }
}

const request = (transport: (typeof transportNames)[number], seqId: number, text: string, header: HeaderInfo = noHeader, flags = 0): Buffer =>
  writeFrame({ transport, seqId, header, message: stringMessage('call', 'Say', seqId, text) }, flags)

const seen = ({ got }: Client): string[] => got.map(({ transport, message, headerSeqId }) => `${transport} ${headerSeqId ?? '-'} ${readStringMessage(message).text}`)

describe('the message server', () => {
  it('answers each message in its own framing, although they alternate and come joined', async () => {
    const client = await connect(await serve(echo))
    client.socket.write(Buffer.concat(transportNames.map((transport, n) => request(transport, n + 1, transport))))
    await expect.poll(() => seen(client)).toEqual(['buffered - buffered', 'framed - framed', 'ttheader 3 ttheader', 'ttheader-framed 4 ttheader-framed'])
    expect(client.got.map(({ header }) => header.strings)).toEqual([[], [], [['back', 'ttheader']], [['back', 'ttheader-framed']]])
  })

  it('hands over one request at a time, but those marked out of order side by side', async () => {
    const running: string[] = []
    const server = await serve(async (incoming, peer, signal) => {
      const { text } = readStringMessage(incoming.message)
      running.push(text)
      if (text.startsWith('slow')) await new Promise((resolve) => setTimeout(resolve, 30))
      return echo(incoming, peer, signal)
    })
    const serial = await connect(server)
    serial.socket.write(Buffer.concat([request('ttheader', 1, 'slow 1'), request('ttheader', 2, 'fast 2')]))
    await expect.poll(() => seen(serial)).toEqual(['ttheader 1 slow 1', 'ttheader 2 fast 2'])
    const mux = await connect(server)
    mux.socket.write(Buffer.concat([request('ttheader', 1, 'slow 1', noHeader, 1), request('ttheader', 2, 'fast 2', noHeader, 1)]))
    await expect.poll(() => seen(mux)).toEqual(['ttheader 2 fast 2', 'ttheader 1 slow 1'])
  })

  it('closes without an answer on bytes of another protocol, and says which', async () => {
    const refused: string[] = []
    const server = await serve(echo, { onRefused: (error) => refused.push(JSON.stringify(error.data.text)) })
    const client = await connect(server)
    client.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await client.ended
    expect({ refused, got: client.got }).toEqual({ refused: [JSON.stringify({ key: 'transport.foreignAnswer', params: { protocol: 'HTTP/1 (request)', evidence: 'GET / HTTP/1.1' } })], got: [] })
  })

  it('says nothing to a oneway, and closes after an answer that asks for it, marking it', async () => {
    const server = await serve((incoming, peer, signal) => {
      const { text } = readStringMessage(incoming.message)
      if (text === 'oneway') return Promise.resolve({ kind: 'none' })
      return echo(incoming, peer, signal).then((answer) => ({ ...answer, thenClose: true }))
    })
    const client = await connect(server)
    client.socket.write(Buffer.concat([request('ttheader', 1, 'oneway'), request('ttheader', 2, 'last'), request('ttheader', 3, 'too late')]))
    await client.ended
    expect(seen(client)).toEqual(['ttheader 2 last'])
    expect(client.got[0]?.header.strings).toContainEqual(['crrst', '1'])
  })

  it('closes the connection when its handler throws, and says why', async () => {
    const refused: string[] = []
    const server = await serve(() => Promise.reject(new Error('boom')), { onRefused: (error) => refused.push(error.data.text.key) })
    const client = await connect(server)
    client.socket.write(request('framed', 1, 'x'))
    await client.ended
    expect(refused).toEqual(['error.internal'])
  })

  it('tells the handler when the caller has gone', async () => {
    const gone: string[] = []
    const server = await serve((_incoming, _peer, signal) => new Promise((resolve) => signal.addEventListener('abort', () => {
      gone.push('gone')
      resolve({ kind: 'none' })
    })))
    const client = await connect(server)
    client.socket.write(request('framed', 1, 'x'))
    client.socket.end()
    client.socket.destroy()
    await expect.poll(() => gone).toEqual(['gone'])
  })

  it('lets replies under way go out when it closes, marked, and drops idle connections', async () => {
    const release: { now?: () => void } = {}
    const server = await serve(async (incoming, peer, signal) => {
      await new Promise<void>((resolve) => (release.now = resolve))
      return echo(incoming, peer, signal)
    })
    const [busy, idle] = [await connect(server), await connect(server)]
    busy.socket.write(request('ttheader', 1, 'last'))
    await expect.poll(() => release.now).toBeDefined()
    const closed = server.close(5000)
    await idle.ended
    release.now?.()
    await Promise.all([closed, busy.ended])
    expect({ seen: seen(busy), strings: busy.got[0]?.header.strings }).toEqual({ seen: ['ttheader 1 last'], strings: [['back', 'last'], ['crrst', '1']] })
  })

  it('cuts what is left when the grace is over', async () => {
    const server = await serve(() => new Promise(() => undefined))
    const client = await connect(server)
    client.socket.write(request('ttheader', 1, 'never'))
    await expect.poll(() => server.connections).toBe(1)
    await server.close(20)
    await client.ended
    expect(client.got).toEqual([])
  })

  it('says that a port is taken, and which is free', async () => {
    const { port } = await serve(echo)
    const error: unknown = await serveMessages({ port, meter: tinyMeter, handler: echo }).catch((caught: unknown) => caught)
    const data = error instanceof KiteError ? error.data : undefined
    const next = Number(data?.text.params?.['next'])
    expect(data).toEqual({
      code: 'listen', layer: 'connection', text: { key: 'transport.portTaken', params: { host: '127.0.0.1', port, next } },
      hint: { key: 'transport.portTakenHint', params: { host: '127.0.0.1', port, next } },
    })
    const second = await serveMessages({ port: next, meter: tinyMeter, handler: echo })
    expect(second.port).toBe(next)
    await second.close(0)
  })

  it('says that an address is not of this machine', async () => {
    const error: unknown = await serveMessages({ host: '192.0.2.1', meter: tinyMeter, handler: echo }).catch((caught: unknown) => caught)
    expect(error instanceof KiteError ? error.data.text.key : error).toBe('transport.noSuchLocalAddress')
  })
})
