// A reply of 100 MB from nghttp2, read with a pause: what lies in between is bounded by the window, whatever the server would like to send.

import * as http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHttp2Pool } from '../../../../../src-main/engine/transport/http2/pool.ts'
import { largestStreamWindow } from '../../../../../src-main/engine/transport/http2/window-growth.ts'
import { noHeader } from '../../../../../src-main/engine/transport/transport.ts'
import { route } from './grpc-call.ts'
import { grpcMessage } from './scripted-server.ts'

const total = 100 * 1024 * 1024
const piece = grpcMessage(Buffer.alloc(64 * 1024 - 5, 7))
let server: http2.Http2Server
let address = ''
/** What nghttp2 has taken from the server, and so has sent or holds. */
let taken = 0

beforeAll(async () => {
  server = http2.createServer()
  server.on('stream', (stream) => {
    taken = 0
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    const more = (): void => {
      for (; taken < total;) {
        taken += piece.length
        if (!stream.write(piece)) return void stream.once('drain', more)
      }
      stream.end()
    }
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

it('a reader that pauses holds the server back, and all of it comes when it reads on', async () => {
  const pool = createHttp2Pool('mux')
  const { signal } = new AbortController()
  const lease = await pool.acquire(address, 5000, signal)
  const stream = await lease.open({ transport: 'grpc', route, header: noHeader, maxMessageBytes: 1024 * 1024, capture: true }, signal)
  await stream.closeSend()
  let received = 0
  const count = (parts: Awaited<ReturnType<typeof stream.receive>>): boolean => {
    for (const part of parts) if (part.kind === 'message') received += part.message.length + 5
    return parts.length > 0
  }
  while (received < 20 * 1024 * 1024) count(await stream.receive())
  // Until the server stands still.
  let before = -1
  while (before !== taken) {
    before = taken
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const paused = process.memoryUsage().rss
  // The window, what nghttp2 buffers of its own, and what the system holds of the socket.
  expect(taken - received).toBeLessThan(largestStreamWindow + 8 * 1024 * 1024)
  let most = paused
  while (count(await stream.receive())) most = Math.max(most, process.memoryUsage().rss)
  expect([received, taken]).toEqual([total, total])
  // Loosely: both ends live in this process, and memory is collected when it pleases.
  expect(most - paused).toBeLessThan(80 * 1024 * 1024)
  expect(stream.captured()?.received.bytes.length).toBe(64 * 1024)
  lease.release(true)
  pool.dispose()
})
