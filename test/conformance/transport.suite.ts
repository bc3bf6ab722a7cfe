// What every framing over every pool must do, whoever serves: run against our own server, and against a real Kitex. The other side
// serves `Say(1: string) -> string`, which echoes, and `Sleep(1: i32 ms)`; `Fire(1: string)` is oneway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../shared/base/error.ts'
import { createMuxPool } from '../../src-main/engine/transport/mux-pool.ts'
import { measureMessage } from '../../src-main/engine/codec/thrift/measure.ts'
import { createLongPool, createShortPool } from '../../src-main/engine/transport/serial-pool.ts'
import { type ConnectionPool, type Exchange, type Lease, noHeader, type TransportName } from '../../src-main/engine/transport/transport.ts'
import { readStringMessage, sleepMessage, stringMessage } from '../support/transport/messages.ts'

const pools: Readonly<Record<ConnectionPool['kind'], () => ConnectionPool>> = { short: createShortPool, long: createLongPool, mux: createMuxPool }
const read = { meter: measureMessage, maxFrameBytes: 64 * 1024 * 1024 }
const patience = (): AbortSignal => AbortSignal.timeout(20_000)

/** One combination that must pass. */
export interface TransportCase {
  readonly transport: TransportName
  readonly pool: ConnectionPool['kind']
}

/** Every framing over every pool that can carry it. */
export const transportCases: readonly TransportCase[] = (['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const).flatMap((transport) =>
  (['short', 'long', 'mux'] as const).filter((pool) => pool !== 'mux' || transport.startsWith('ttheader')).map((pool) => ({ transport, pool })))

/** Declares the tests of one combination against the server at `address()`. */
export function transportSuite({ transport, pool: kind }: TransportCase, address: () => string): void {
  describe(`${transport} over the ${kind} pool`, () => {
    let pool: ConnectionPool
    let nextSeqId = 1
    beforeAll(() => {
      pool = pools[kind]()
    })
    afterAll(() => pool.dispose())

    const send = (lease: Lease, message: Buffer, seqId: number, oneway = false, signal = patience()): Promise<Exchange> =>
      lease.exchange({ transport, seqId, header: noHeader, message }, { ...read, oneway }, signal)

    async function say(text: string): Promise<{ readonly text: string; readonly seqId: number; readonly exchange: Exchange }> {
      const seqId = nextSeqId++
      const lease = await pool.acquire(address(), 5000, patience())
      const exchange = await send(lease, stringMessage('call', 'Say', seqId, text), seqId)
      lease.release(true)
      const reply = readStringMessage(exchange.reply?.message ?? Buffer.alloc(0))
      return { text: reply.text, seqId: reply.seqId - seqId, exchange }
    }

    it('gets the reply to its own request', async () => {
      const { text, seqId, exchange } = await say('hi')
      expect({ text, seqId, transport: exchange.reply?.transport }).toEqual({ text: 'hi', seqId: 0, transport })
    })

    it('carries an empty and a 5 MB message', async () => {
      expect((await say('')).text).toBe('')
      const large = 'kite '.repeat(1024 * 1024)
      expect((await say(large)).text === large).toBe(true)
    })

    it('keeps 50 concurrent calls apart', async () => {
      const texts = Array.from({ length: 50 }, (_, n) => `call ${n}`)
      expect(await Promise.all(texts.map(async (text) => (await say(text)).text))).toEqual(texts)
    })

    it('reports what carried the call', async () => {
      await say('first')
      const lease = await pool.acquire(address(), 5000, patience())
      const { reused, dialMs, uses, pool: name, remote } = lease.facts
      lease.release(true)
      expect({ reused, fresh: dialMs > 0, used: uses > 0, name, remote }).toEqual({ reused: kind !== 'short', fresh: kind === 'short', used: kind !== 'short', name: kind, remote: address() })
    })

    it('sends a oneway without waiting for anything', async () => {
      const lease = await pool.acquire(address(), 5000, patience())
      const { reply, marks } = await send(lease, stringMessage('oneway', 'Fire', nextSeqId, `${transport} ${kind}`), nextSeqId++, true)
      lease.release(true)
      expect({ reply, readFinish: marks.readFinish }).toEqual({ reply: undefined, readFinish: undefined })
      expect((await say('after')).text).toBe('after')
    })

    it('is cancelled while the server is silent, and serves the next call', async () => {
      const cancel = new AbortController()
      const lease = await pool.acquire(address(), 5000, patience())
      const failed = send(lease, sleepMessage(nextSeqId, 300), nextSeqId++, false, cancel.signal).catch((error: unknown) => (error instanceof KiteError ? error.data.code : error))
      setTimeout(() => cancel.abort(), 20)
      expect(await failed).toBe('cancelled')
      lease.release(false)
      expect((await say('next')).text).toBe('next')
    })
  })
}
