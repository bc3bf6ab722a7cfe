// Requests over real sockets to servers that follow a script: what good ones may do, and what broken ones do.

import * as net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { createHttpPool } from '../../../../../src-main/engine/transport/http/pool.ts'
import type { HttpLease, HttpRequestParts } from '../../../../../src-main/engine/transport/http/types.ts'

type Script = (socket: net.Socket, request: string, count: number) => void

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A server whose script runs for each read; resolves with its address. */
async function serve(script: Script): Promise<string> {
  const sockets = new Set<net.Socket>()
  let count = 0
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('data', (chunk) => script(socket, chunk.toString('latin1'), ++count)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

const never = new AbortController().signal
const get: HttpRequestParts = { method: 'GET', path: '/', headers: [] }

async function lease(address: string, kind: 'long' | 'short' = 'long'): Promise<HttpLease> {
  const pool = createHttpPool(kind)
  open.push(() => pool.dispose())
  return await pool.acquire(address, 1000, never)
}

/** Status and body, or key and parameters of the error. */
async function ask(address: string, { parts = get, signal = never, max = 1e6 }: { parts?: HttpRequestParts; signal?: AbortSignal; max?: number } = {}): Promise<unknown> {
  const held = await lease(address)
  try {
    const reply = await held.request(parts, signal)
    return [reply.status, (await reply.read(max)).toString()]
  } catch (caught) {
    return caught instanceof KiteError ? [caught.data.code, caught.data.text.key] : caught
  } finally {
    held.release(true)
  }
}

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

describe('an HTTP/1.1 connection', () => {
  it('sends head and body as they were given, what is missing added', async () => {
    let seen = ''
    const address = await serve((socket, request) => {
      seen += request
      socket.write(ok)
    })
    expect(await ask(address, { parts: { method: 'POST', path: '/p?q=1', headers: [['X-b', '1'], ['a', '2'], ['X-b', '3']], body: Buffer.from('body') } })).toEqual([200, 'ok'])
    expect(seen).toBe(`POST /p?q=1 HTTP/1.1\r\nHost: ${address}\r\nX-b: 1\r\na: 2\r\nX-b: 3\r\nContent-Length: 4\r\n\r\nbody`)
  })

  it('refuses a request that would smuggle another', async () => {
    const address = await serve((socket) => socket.write(ok))
    expect(await Promise.all([
      ask(address, { parts: { ...get, headers: [['X', 'a\r\nY: b']] } }), ask(address, { parts: { ...get, headers: [['X Y', 'a']] } }), ask(address, { parts: { ...get, path: '/a b' } }), ask(address, { parts: { ...get, method: 'GET /x' } }),
    ])).toEqual([['usage', 'http.badHeaderValue'], ['usage', 'http.badHeaderName'], ['usage', 'http.badPath'], ['usage', 'http.badMethod']])
  })

  it('waits with the body for 100 Continue, and sends none where the answer comes without', async () => {
    const reads: string[] = []
    const address = await serve((socket, request) => {
      reads.push(request)
      if (request.startsWith('PUT /no')) socket.write('HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n')
      else socket.write(request.startsWith('PUT') ? 'HTTP/1.1 100 Continue\r\n\r\n' : ok)
    })
    const parts = (path: string): HttpRequestParts => ({ method: 'PUT', path, headers: [['Expect', '100-continue']], body: Buffer.from('later') })
    expect(await ask(address, { parts: parts('/yes') })).toEqual([200, 'ok'])
    expect(await ask(address, { parts: parts('/no') })).toEqual([417, ''])
    expect(reads.map((read) => read.endsWith('\r\n\r\n') ? 'head' : read)).toEqual(['head', 'later', 'head'])
  })

  it('uses a connection again only after a whole reply that did not announce a close', async () => {
    const address = await serve((socket, request) => socket.write(request.includes('/close') ? `HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok` : request.includes('/old') ? 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok' : request.includes('/more') ? `${ok}more` : ok))
    const pool = createHttpPool('long')
    open.push(() => pool.dispose())
    const reusedAfter = async (path: string, reads = true): Promise<boolean> => {
      const first = await pool.acquire(address, 1000, never)
      const reply = await first.request({ ...get, path }, never)
      if (reads) await reply.read(100)
      first.release(true)
      const next = await pool.acquire(address, 1000, never)
      next.release(true)
      return next.facts.reused
    }
    expect([await reusedAfter('/'), await reusedAfter('/close'), await reusedAfter('/old'), await reusedAfter('/more'), await reusedAfter('/')]).toEqual([true, false, false, false, true])
  })

  it('lets go of an idle connection that its server closed', async () => {
    const address = await serve((socket) => {
      socket.write(ok)
      setTimeout(() => socket.end(), 30)
    })
    const pool = createHttpPool('long')
    open.push(() => pool.dispose())
    const first = await pool.acquire(address, 1000, never)
    await (await first.request(get, never)).read(100)
    first.release(true)
    await new Promise((resolve) => setTimeout(resolve, 80))
    const second = await pool.acquire(address, 1000, never)
    expect([second.facts.reused, (await (await second.request(get, never)).read(100)).toString()]).toEqual([false, 'ok'])
    second.release(true)
  })

  it('makes callers wait where an address may have no more connections', async () => {
    const address = await serve((socket) => socket.write(ok))
    const pool = createHttpPool('long', { maxTotalPerAddress: 1 })
    open.push(() => pool.dispose())
    const first = await pool.acquire(address, 1000, never)
    const second = pool.acquire(address, 1000, never)
    const third = new AbortController()
    const given = pool.acquire(address, 1000, third.signal).catch((caught: unknown) => caught)
    third.abort()
    await (await first.request(get, never)).read(100)
    first.release(true)
    expect([(await second).facts.reused, await given]).toMatchObject([true, { data: { code: 'cancelled' } }])
    ;(await second).release(true)
  })

  it('holds a peer back while nobody reads', async () => {
    const total = 64 * 1024 * 1024
    let sent = 0
    const address = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`)
      const chunk = Buffer.alloc(64 * 1024)
      const more = (): void => {
        while (sent < total) {
          sent += chunk.length
          if (!socket.write(chunk)) return void socket.once('drain', more)
        }
      }
      more()
    })
    const held = await lease(address)
    const reply = await held.request(get, never, { captureBytes: 1024 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent).toBeLessThan(total)
    let received = 0
    for (let chunk = await reply.next(); chunk !== undefined; chunk = await reply.next()) received += chunk.length
    expect([received, reply.captured().received.bytes.length]).toEqual([total, 1024])
    held.release(true)
  })
})

describe('broken and hostile HTTP servers', () => {
  const whole = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'

  it('never give a result for a reply that is cut at any byte', async () => {
    const address = await serve((socket, request) => socket.end(whole.slice(0, Number(/GET \/(\d+)/.exec(request)?.[1] ?? 0))))
    for (let length = 0; length < whole.length; length++) {
      expect([length, await ask(address, { parts: { ...get, path: `/${length}` } })]).toEqual([length, ['remote_or_network', length === 0 ? 'transport.closedBeforeReply' : length < whole.indexOf('\r\n\r\n') + 4 ? 'http.cutShort.head' : 'http.cutShort.chunks']])
    }
  })

  it('end by the deadline when they say nothing or one byte at a time', async () => {
    const silent = await serve(() => undefined)
    const trickles = await serve((socket) => {
      let at = 0
      const timer = setInterval(() => (at < 40 ? socket.write(whole.charAt(at++)) : undefined), 10)
      socket.on('close', () => clearInterval(timer))
    })
    const soon = (): AbortSignal => AbortSignal.timeout(60)
    expect(await ask(silent, { signal: soon() })).toEqual(['rpc_timeout', 'transport.timedOut'])
    expect(await ask(trickles, { signal: soon() })).toEqual(['rpc_timeout', 'transport.timedOut'])
  })

  it('are told by what they say, reset or refuse', async () => {
    const says = (bytes: string | Buffer): Promise<string> => serve((socket) => socket.write(bytes))
    expect(await ask(await says('SSH-2.0-OpenSSH_9.6\r\n'))).toEqual(['remote_or_network', 'http.foreignAnswer'])
    expect(await ask(await says(Buffer.alloc(64, 0xa7)))).toEqual(['remote_or_network', 'http.notHttp'])
    expect(await ask(await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', () => setTimeout(() => socket.resetAndDestroy(), 20))))).toEqual(['remote_or_network', 'transport.resetInReply'])
    expect(await ask(await serve((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab')))).toEqual(['remote_or_network', 'http.cutShort.body'])
  })

  it('cannot make us hold more than was asked for', async () => {
    const announced = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n'))
    const endless = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
      const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
      const more = (): void => {
        while (!socket.destroyed && socket.write(chunk)) { /* on until it is held back */ }
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
    })
    const heads = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = (): void => {
        while (!socket.destroyed && socket.write(`X: ${'y'.repeat(4000)}\r\n`)) { /* on until it is held back */ }
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
    })
    expect(await ask(announced, { max: 1e6 })).toEqual(['remote_or_network', 'http.bodyTooLarge'])
    expect(await ask(endless, { max: 1e6 })).toEqual(['remote_or_network', 'http.bodyTooLarge'])
    expect(await ask(heads)).toEqual(['remote_or_network', 'http.headTooLarge'])
  })
})
