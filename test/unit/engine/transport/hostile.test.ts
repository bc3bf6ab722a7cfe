// Rubbish over real sockets: whatever comes, both ends stay up, end in an error of ours, and serve the next one.

import * as net from 'node:net'
import { once } from 'node:events'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { writeFrame } from '../../../../src-main/engine/transport/frame-writer.ts'
import { createLongPool } from '../../../../src-main/engine/transport/serial-pool.ts'
import { createMuxPool } from '../../../../src-main/engine/transport/mux-pool.ts'
import { serveMessages } from '../../../../src-main/engine/transport/server.ts'
import { transportNames } from '../../../../src-main/engine/transport/transport.ts'
import { readStringMessage, stringMessage } from '../../../support/transport/messages.ts'

const read = { meter: measureMessage, maxFrameBytes: 1024 * 1024, oneway: false }
const header = { strings: [['isn', 'Peer']], ints: [[9, 'Say']] } as const
const patience = (): AbortSignal => AbortSignal.timeout(10_000)

/** A good frame with some bytes changed, some cut off, or some added: closer to the code than pure noise. */
const spoilt = fc.record({
  transport: fc.constantFrom(...transportNames), changes: fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 4 }), keep: fc.double({ min: 0, max: 1, noNaN: true }), more: fc.uint8Array({ maxLength: 40 }),
}).map(({ transport, changes, keep, more }) => {
  const frame = Buffer.from(writeFrame({ transport, seqId: 1, header, message: stringMessage('reply', 'Say', 1, 'hello', 0) }))
  for (const [at, value] of changes) if (at < frame.length) frame[at] = value
  return Buffer.concat([frame.subarray(0, Math.ceil(frame.length * keep)), more])
})

describe('hostile bytes', () => {
  it('do no harm to the server', async () => {
    const server = await serveMessages({
      meter: measureMessage,
      handler: (incoming) => Promise.resolve({ kind: 'message', message: incoming.message }),
    })
    await fc.assert(fc.asyncProperty(spoilt, async (bytes) => {
      const socket = net.connect(server.port, server.host)
      socket.on('error', () => undefined)
      socket.resume()
      socket.end(bytes)
      await once(socket, 'close')
    }), { numRuns: 300 })
    const pool = createLongPool()
    const lease = await pool.acquire(server.address, 2000, patience())
    const { reply } = await lease.exchange({ transport: 'framed', seqId: 1, header, message: stringMessage('call', 'Say', 1, 'still there') }, read, patience())
    pool.dispose()
    await server.close(0)
    expect(readStringMessage(reply?.message ?? Buffer.alloc(0)).text).toBe('still there')
  })

  it.each([['long', createLongPool], ['mux', createMuxPool]] as const)('end every exchange of the %s pool, by a reply or an error of ours', async (_name, createPool) => {
    let answer = Buffer.alloc(0)
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => socket.end(answer))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const bound = server.address()
    const address = typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : ''
    const pool = createPool()
    await fc.assert(fc.asyncProperty(spoilt, async (bytes) => {
      answer = bytes
      const lease = await pool.acquire(address, 2000, patience())
      const ended: unknown = await lease.exchange({ transport: 'ttheader', seqId: 1, header, message: stringMessage('call', 'Say', 1, 'x') }, read, patience()).catch((error: unknown) => error)
      lease.release(false)
      if (ended instanceof Error) expect(ended instanceof KiteError && ended.data.code !== 'internal' ? ended.data.layer : ended).toMatch(/^(frame|connection|codec)$/)
    }), { numRuns: 300 })
    pool.dispose()
    server.close()
  })
})
