// A server closes a kept connection just as the next request leaves: what changes nothing is asked again over another connection, all else is told.

import * as net from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import { createHttpPool } from '../../../../../src-main/engine/transport/http/pool.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** Answers the first request of each connection and ends it at the second, as `ends` says; tells how many connections there were. */
async function serve(ends: (socket: net.Socket) => void): Promise<{ readonly address: string; connections(): number }> {
  let connections = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    connections++
    let requests = 0
    sockets.add(socket.on('error', () => undefined).on('data', () => {
      if (requests++ === 0) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      else ends(socket)
    }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { address: `127.0.0.1:${(server.address() as net.AddressInfo).port}`, connections: () => connections }
}

/** The second request's end, how often it moved, and the connections that were dialled. */
async function second(method: string, ends: (socket: net.Socket) => void): Promise<readonly unknown[]> {
  const { address, connections } = await serve(ends)
  const pool = createHttpPool('long')
  open.push(() => pool.dispose())
  const { signal } = new AbortController()
  const ask = async (): Promise<readonly unknown[]> => {
    const lease = await pool.acquire(address, 1000, signal)
    try {
      const reply = await lease.request({ method, path: '/', headers: [], ...(method === 'POST' ? { body: Buffer.from('{}') } : {}) }, signal)
      if (method !== 'HEAD') await reply.read(100)
      return [reply.status, lease.facts.moves]
    } catch (caught) {
      return [KiteError.from(caught).data.text.key]
    } finally {
      lease.release(true)
    }
  }
  await ask()
  return [...await ask(), connections()]
}

it.each([['GET', 'closes', (socket: net.Socket) => socket.end()], ['OPTIONS', 'resets', (socket: net.Socket) => socket.resetAndDestroy()]] as const)('%s goes over another connection where the server %s', async (method, _, ends) => {
  expect(await second(method, ends)).toEqual([200, 1, 2])
})

it('a request at which the server breaks off each time is not asked on every kept connection', async () => {
  let crashes = 0
  const server = net.createServer((socket) => void socket.on('error', () => undefined).on('data', (bytes: Buffer) => {
    if (!bytes.includes('/crash')) return void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    crashes++
    socket.end()
  }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const pool = createHttpPool('long')
  open.push(() => pool.dispose(), () => void server.close())
  const { signal } = new AbortController()
  const acquire = () => pool.acquire(`127.0.0.1:${(server.address() as net.AddressInfo).port}`, 1000, signal)
  const leases = await Promise.all(Array.from({ length: 8 }, acquire))
  for (const lease of leases) await (await lease.request({ method: 'GET', path: '/', headers: [] }, signal)).read(10)
  for (const lease of leases) lease.release(true)
  const lease = await acquire()
  await expect(lease.request({ method: 'GET', path: '/crash', headers: [] }, signal)).rejects.toMatchObject({ data: { text: { key: 'transport.closedBeforeReply' } } })
  lease.release(false)
  expect(crashes).toBe(3)
})

it('POST is not sent twice, since nobody knows what became of the first', async () => {
  expect(await second('POST', (socket) => socket.end())).toEqual(['transport.closedBeforeReply', 1])
})

it('nothing is asked again once the reply has begun', async () => {
  expect(await second('GET', (socket) => socket.end('HTTP/1.1 200'))).toEqual([expect.not.stringContaining('closedBeforeReply'), 1])
})

it('a server that closes every fresh connection is asked once', async () => {
  let connections = 0
  const server = net.createServer((socket) => {
    connections++
    socket.on('error', () => undefined).once('data', () => socket.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => void server.close())
  const pool = createHttpPool('long')
  open.push(() => pool.dispose())
  const { signal } = new AbortController()
  const lease = await pool.acquire(`127.0.0.1:${(server.address() as net.AddressInfo).port}`, 1000, signal)
  await expect(lease.request({ method: 'GET', path: '/', headers: [] }, signal)).rejects.toMatchObject({ data: { text: { key: 'transport.closedBeforeReply' } } })
  lease.release(false)
  expect(connections).toBe(1)
})
