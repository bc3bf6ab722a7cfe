// What a stranger may send to the port of a served page: nothing of it may end the process, and nothing of it gets in.

import { connect } from 'node:net'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Handlers, type StreamHandlers, createRouter } from '../../../src-main/host/router.ts'
import { type PageServer, startPageServer } from '../../../src-main/host/page-server.ts'

let folder = ''
let server: PageServer
let port = 0
let pulled = 0

/** A value that no message can hold. */
function endless(): object {
  const value: { self?: object } = {}
  value.self = value
  return value
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-page-'))
  await writeFile(join(folder, 'index.html'), 'the window')
  const handlers: Partial<Handlers> = { 'workspace.loadDrafts': () => ({ format: 1, tabs: [] }), 'trace.list': () => endless() as never }
  const streamHandlers: Partial<StreamHandlers> = {
    'idl.watch': async function* () { yield endless() as never },
    'reply.save': async function* (_input, signal) {
      for (; pulled < 1000 && !signal.aborted; pulled += 1) {
        yield { bytes: 1, text: 'x'.repeat(1024 * 1024) }
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
  server = await startPageServer({
    host: '127.0.0.1', port: 0, allowRemote: false, rendererFolder: folder, refusal: 'used up',
    openSession: createRouter(handlers as Handlers, streamHandlers as StreamHandlers).openSession,
  })
  port = Number(new URL(server.address).port)
})

afterEach(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

/** The status of the answer to bytes as they stand, or `none` where the connection ends without one. */
async function statusOf(request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.end(request)
  let text = ''
  socket.on('data', (chunk) => { text += String(chunk) })
  await once(socket, 'close')
  return /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 'none'
}

const head = (line: string, more = ''): string => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${more}\r\n`

async function cookie(): Promise<string> {
  const answer = await fetch(server.address, { redirect: 'manual' })
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}

const upgrade = 'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n'

describe('a stranger', () => {
  it.each(['GET //', 'GET ///', 'GET http://[', 'GET http://127.0.0.1/', 'GET /%', 'GET /\\', 'OPTIONS *', 'GET /..%2f..%2fetc%2fpasswd', 'HEAD /?token='])('is refused on %s, and the server goes on', async (line) => {
    expect(['400', '403', '405']).toContain(await statusOf(head(line)))
    expect((await fetch(server.address, { redirect: 'manual' })).status).toBe(302)
  })

  it('who asks for a socket and is gone before the answer takes nothing down', async () => {
    for (let n = 0; n < 50; n += 1) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      await once(socket, 'connect')
      socket.write(head('GET /socket', 'Connection: Upgrade\r\nUpgrade: websocket\r\n'))
      if (n % 2 === 1) await new Promise((resolve) => setImmediate(resolve))
      socket.resetAndDestroy()
    }
    expect(await statusOf(head('GET /'))).toBe('403')
  })

  it.each([
    ['no Origin', ''], ['the origin null', 'Origin: null\r\n'], ['another page', 'Origin: https://evil.example\r\n'],
    ['a page of another port', 'Origin: http://127.0.0.1:1\r\n'], ['another name for this machine', 'Origin: http://localhost\r\n'],
  ])('with %s gets no socket, cookie or not', async (_, origin) => {
    const known = `Cookie: ${await cookie()}\r\n`
    expect(await statusOf(`GET /socket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n${upgrade}${known}${origin}\r\n`)).toBe('403')
  })

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1@evil.example', '0.0.0.0', ''])('who calls this server %j is refused, cookie or not', async (host) => {
    const known = `Cookie: ${await cookie()}\r\n`
    expect(await statusOf(`GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${known}\r\n`)).toBe('403')
  })

  it('finds the printed address used up after one use', async () => {
    const token = new URL(server.address).search
    expect(await statusOf(head(`GET /${token}`))).toBe('302')
    expect(await statusOf(head(`GET /${token}`))).toBe('403')
  })
})

describe('a page', () => {
  const socketOf = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { headers: { cookie: await cookie(), origin: `http://127.0.0.1:${port}` } })
    await once(socket, 'open')
    return socket
  }

  it.each([
    '{', '[]', 'null', '{"kind":"request","id":"1","channel":"app.info"}', '{"kind":"request","id":{"valueOf":1,"toString":1},"channel":"app.info"}',
    '{"kind":"open","stream":{"valueOf":1,"toString":1},"channel":"x"}', '{"kind":"cancel","id":null}', '{"kind":"__proto__","id":1}', '{"$":"nothing"}', '['.repeat(100_000),
    `{"$":"bigint","v":"${'9'.repeat(2000)}"}`,
  ])('that says %.60s loses its socket, and only that', async (text) => {
    const socket = await socketOf()
    socket.send(text)
    expect((await once(socket, 'close'))[0]).toBe(1002)
    expect(await statusOf(head('GET /'))).toBe('403')
  })

  it('whose answer cannot be sent is told so, and the server goes on', async () => {
    const socket = await socketOf()
    socket.send('{"kind":"request","id":1,"channel":"trace.list","input":{}}')
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ id: 1, result: { ok: false, error: { text: { key: 'workspace.unsendable' } } } })
    socket.send('{"kind":"open","stream":1,"channel":"idl.watch","input":{"$":"undefined"}}')
    expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ stream: 1, message: { kind: 'error', error: { text: { key: 'workspace.unsendable' } } } })
    expect(await statusOf(head('GET /'))).toBe('403')
    socket.terminate()
  })

  it('that reads slowly holds back what is read for it', async () => {
    const socket = await socketOf()
    socket.pause()
    socket.send('{"kind":"open","stream":1,"channel":"reply.save","input":{"callId":"a"}}')
    let before = -1
    while (pulled !== before || pulled === 0) {
      before = pulled
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    expect(pulled).toBeLessThan(100)
    socket.resume()
    while (pulled < before + 20) await once(socket, 'message')
    socket.terminate()
  })

  it.each(['{"toString":1,"valueOf":1}', '"__proto__"', '"constructor"', '["app.info"]', '7'])('that names the channel %s is told that there is none', async (channel) => {
    const socket = await socketOf()
    socket.send(`{"kind":"request","id":1,"channel":${channel}}`)
    const [data] = await once(socket, 'message')
    expect(JSON.parse(String(data))).toMatchObject({ kind: 'result', id: 1, result: { ok: false, error: { text: { key: 'workspace.unknownChannel' } } } })
    socket.terminate()
  })
})
