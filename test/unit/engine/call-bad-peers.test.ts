// Servers that are none, or break off: each ends in an error that says what happened and what to do, at once and not at the timeout.

import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createEngine, systemPorts } from '../../../src-main/engine/index.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import { createTranslator } from '../../../shared/i18n/translate.ts'

const idlPath = new URL('../../fixtures/call/shop.thrift', import.meta.url).pathname
const cleanup: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const each of cleanup.splice(0)) await each()
})

/** A raw server: `onBytes` gets the socket when the request has come. */
async function raw(onBytes: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => onBytes(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanup.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

async function call(address: string): Promise<CallRecord> {
  const engine = createEngine(systemPorts())
  cleanup.push(() => engine.dispose())
  return engine.call({ idl: { paths: [idlPath] }, method: 'GetUser', body: '{"id":7}', target: { kind: 'direct', endpoints: [address] }, timeoutMs: 5000, connectTimeoutMs: 1000 })
}

const header = Buffer.from('000000141000000000000001000100000000', 'hex')

describe.each([
  ['an HTTP server', (socket: net.Socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'), 'transport.foreignAnswer'],
  ['garbage', (socket: net.Socket) => socket.end(Buffer.from('deadbeefdeadbeefdeadbeef', 'hex')), 'transport.invalidPayload'],
  ['one that closes without a word', (socket: net.Socket) => socket.end(), 'transport.closedBeforeReply'],
  ['one that resets', (socket: net.Socket) => socket.resetAndDestroy(), 'transport.resetBeforeReply'],
  ['a reply cut short', (socket: net.Socket) => socket.end(header), 'transport.replyCutShort'],
  ['a reset in mid reply', (socket: net.Socket) => { socket.write(header, () => setTimeout(() => socket.resetAndDestroy(), 20)) }, 'transport.resetInReply'],
  ['a length of 2 GB', (socket: net.Socket) => socket.write(Buffer.from('7fffffff1000000000000001', 'hex')), undefined],
  ['a framed length of 2 GB', (socket: net.Socket) => socket.write(Buffer.from('7fffffff80010002', 'hex')), undefined],
] as const)('%s', (_what, behaviour, key) => {
  it('ends at once with a sentence in both languages, and the bytes that were sent are kept', async () => {
    const { outcome, error, durationNs, bytes, byteViews, chain } = await call(await raw(behaviour))
    expect(outcome).toBe('failed')
    expect(['frame', 'connection', 'codec']).toContain(error?.layer)
    expect(error?.code).toBe('remote_or_network')
    if (key !== undefined) expect(error?.text.key).toBe(key)
    expect(durationNs).toBeLessThan(5e9)
    expect(byteViews[0]).toMatchObject({ direction: 'sent', length: bytes.sent })
    expect(chain.nodes.find(({ kind }) => kind === 'wire')).toMatchObject({ verdict: 'failed' })
    for (const language of ['en', 'zh-CN'] as const) {
      const { error: word } = createTranslator(language)
      const text = error === undefined ? '' : word(error)
      expect(text).not.toMatch(/\{\{|\w+\.[a-z]\w+[A-Z]\w+/)
      if (language === 'zh-CN') expect(text).toMatch(/\p{Script=Han}/u)
    }
  })
})

it('a port that refuses call after call is asked what it speaks once, and each call says it', async () => {
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    socket.on('error', () => undefined).once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanup.push(() => new Promise((resolve) => server.close(resolve)))
  const engine = createEngine(systemPorts())
  cleanup.push(() => engine.dispose())
  const failed = async (): Promise<readonly [string | undefined, number]> => {
    const before = connections
    const { error } = await engine.call({
      idl: { paths: [idlPath] }, method: 'GetUser', body: '{"id":7}', target: { kind: 'direct', endpoints: [`127.0.0.1:${(server.address() as net.AddressInfo).port}`] }, transport: 'framed', timeoutMs: 5000, connectTimeoutMs: 1000,
    })
    return [error?.hint?.key, connections - before]
  }
  const [first, second] = [await failed(), await failed()]
  expect([first[0], second]).toEqual(['probe.hint.speaks', ['probe.hint.speaks', 1]])
  expect(first[1]).toBeGreaterThan(5)
})
