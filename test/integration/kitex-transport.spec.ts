// Our framings and pools against a real Kitex: messages by hand, so that only the transport is on trial.

import * as net from 'node:net'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backwardFromHeader, headerInt, metainfoToHeader } from '../../src-main/engine/transport/ttheader/metainfo.ts'
import { bizStatusFromHeader } from '../../src-main/engine/transport/ttheader/biz-status.ts'
import { createLongPool } from '../../src-main/engine/transport/serial-pool.ts'
import { createMuxPool } from '../../src-main/engine/transport/mux-pool.ts'
import { explainFrame } from '../../src-main/engine/transport/explain.ts'
import { measureMessage } from '../../src-main/engine/codec/thrift/measure.ts'
import { type Exchange, type HeaderInfo, noHeader, transportNames, type TransportName } from '../../src-main/engine/transport/transport.ts'
import { buildPatienceMs, kitexMissing, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'
import { readStringMessage, sleepMessage, stringMessage } from '../support/transport/messages.ts'
import { transportCases, transportSuite } from '../conformance/transport.suite.ts'

const missing = kitexMissing()
const read = { meter: measureMessage, maxFrameBytes: 64 * 1024 * 1024, oneway: false }

describe.skipIf(missing !== undefined)(`a real Kitex server${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let kitex: KitexServer
  const pool = createLongPool()
  beforeAll(async () => {
    kitex = await startKitexServer()
  }, buildPatienceMs)
  afterAll(async () => {
    pool.dispose()
    await kitex.stop()
  })

  describe('with its TTHeader handler', () => {
    for (const transportCase of transportCases) transportSuite(transportCase, () => kitex.thrift)
  })

  describe('with its multiplexing transport', () => {
    for (const transportCase of transportCases.filter(({ pool: kind }) => kind === 'mux')) transportSuite(transportCase, () => kitex.mux)

    it('answers out of order, and each reply finds its call', async () => {
      const mux = createMuxPool()
      const order: string[] = []
      const lease = await mux.acquire(kitex.mux, 5000, AbortSignal.timeout(10_000))
      const call = async (message: Buffer, seqId: number, name: string): Promise<void> => {
        await lease.exchange({ transport: 'ttheader-framed', seqId, header: noHeader, message }, read, AbortSignal.timeout(10_000))
        order.push(name)
      }
      await Promise.all([call(sleepMessage(1, 200), 1, 'slow'), call(stringMessage('call', 'Say', 2, 'x'), 2, 'fast')])
      mux.dispose()
      expect(order).toEqual(['fast', 'slow'])
    })
  })

  async function exchange(address: string, transport: TransportName, message: Buffer, header: HeaderInfo = noHeader): Promise<Exchange> {
    const lease = await pool.acquire(address, 5000, AbortSignal.timeout(10_000))
    const result = await lease.exchange({ transport, seqId: 1, header, message }, read, AbortSignal.timeout(10_000))
    lease.release(true)
    return result
  }

  it('routes by the service name of the TTHeader', async () => {
    const say = stringMessage('call', 'Say', 1, 'abc')
    const { reply } = await exchange(kitex.thrift, 'ttheader', say, { strings: [['isn', 'Second']], ints: [] })
    expect(readStringMessage(reply?.message ?? Buffer.alloc(0)).text).toBe('ABC')
    expect(headerInt(reply?.header ?? noHeader, 22)).toBe('2')
  })

  it('sends backward metainfo and business errors as string pairs', async () => {
    const biz = bizMessage(42, 'no')
    const { reply } = await exchange(kitex.thrift, 'ttheader-framed', biz, { strings: [['isn', 'Peer'], ...metainfoToHeader({ transient: [['t', '1']], persistent: [] }).strings], ints: [] })
    expect(bizStatusFromHeader(reply?.header ?? noHeader)).toEqual({ status: 42, message: 'no', extra: {} })
    expect(backwardFromHeader(reply?.header ?? noHeader)).toEqual([])
    const bare = await exchange(kitex.bare, 'ttheader-framed', biz)
    expect(bizStatusFromHeader(bare.reply?.header ?? noHeader)).toBeUndefined()
  })

  it('announces a close after an unknown method, so that the connection is not reused', async () => {
    const { reply } = await exchange(kitex.thrift, 'ttheader', stringMessage('call', 'NoSuch', 1, 'x'), { strings: [['isn', 'Peer']], ints: [] })
    expect(reply?.header.strings).toContainEqual(['crrst', '1'])
    const lease = await pool.acquire(kitex.thrift, 5000, AbortSignal.timeout(10_000))
    expect(await lease.exchange({ transport: 'ttheader', seqId: 2, header: noHeader, message: stringMessage('call', 'Say', 2, 'fresh') }, read, AbortSignal.timeout(10_000)).then(({ reply: next }) => readStringMessage(next?.message ?? Buffer.alloc(0)).text)).toBe('fresh')
    lease.release(true)
  })

  it.each(transportNames)('explains every byte of a %s frame that Kitex wrote', async (transport) => {
    const { reply } = await exchange(kitex.thrift, transport, stringMessage('call', 'Say', 1, 'x'))
    const explained = explainFrame(reply?.raw ?? Buffer.alloc(0))
    expect({ transport: explained.transport, offset: explained.messageOffset, gaps: gaps(explained.nodes, 0, explained.messageOffset ?? -1), unknown: JSON.stringify(explained.nodes).includes('"unknown"') })
      .toEqual({ transport, offset: reply?.messageOffset, gaps: 0, unknown: false })
  })

  it('closes without a word on what it does not understand, which we tell', async () => {
    const [host = '', port = ''] = kitex.thrift.split(':')
    const socket = net.connect(Number(port), host)
    const got: Buffer[] = []
    socket.on('data', (chunk: Buffer) => got.push(chunk))
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    expect(got).toEqual([])
  })

  it('shows that its process died in mid call', async () => {
    const doomed = await startKitexServer()
    const failed = await exchange(doomed.thrift, 'framed', stringMessage('call', 'Die', 1, 'x')).catch((error: unknown) => error)
    await doomed.stop()
    expect(String(failed)).toMatch(/remote_or_network: transport\.(closedBeforeReply|resetBeforeReply)/)
  })
})

/** A call of `Biz(1: i32 status, 2: string message)`. */
function bizMessage(status: number, text: string): Buffer {
  const message = stringMessage('call', 'Biz', 1, text, 2)
  const field = Buffer.alloc(7)
  field[0] = 8
  field.writeInt16BE(1, 1)
  field.writeInt32BE(status, 3)
  return Buffer.concat([message.subarray(0, 15), field, message.subarray(15)])
}

/** Bytes of `[start, end)` that no node covers. */
function gaps(nodes: readonly { readonly start: number; readonly end: number }[], start: number, end: number): number {
  let at = start
  let missed = 0
  for (const node of nodes) {
    missed += Math.max(0, node.start - at)
    at = node.end
  }
  return missed + Math.max(0, end - at)
}
