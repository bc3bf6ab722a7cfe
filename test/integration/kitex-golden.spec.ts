// Says whether the golden captures are still what a real Kitex sends. `KITE_RECORD=1` writes them anew.

import { beforeAll, describe, expect, it } from 'vitest'
import { FrameReader } from '../../src-main/engine/transport/frame-reader.ts'
import { measureMessage } from '../../src-main/engine/codec/thrift/measure.ts'
import { buildKitexPeer, buildPatienceMs, kitexMissing, runKitexClientLines, startKitexServer } from '../support/peers/kitex.ts'
import { type Capture, type CaptureOrder, captureOrders, type CaptureTransport, captureTransports, readCaptures, writeCaptures } from '../support/peers/kitex-captures.ts'
import { startTap } from '../support/peers/tap.ts'

const missing = kitexMissing()

describe.skipIf(missing !== undefined)(`the captures of Kitex${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(() => buildKitexPeer(), buildPatienceMs)

  it.each(captureTransports)('of %s are what it sends now', async (transport) => {
    const fresh = await record(transport)
    if (process.env['KITE_RECORD'] === '1') await writeCaptures(transport, fresh)
    expect(fresh.map(comparable)).toEqual((await readCaptures(transport)).map(comparable))
  })
})

async function record(transport: CaptureTransport): Promise<readonly Capture[]> {
  const server = await startKitexServer()
  const tap = await startTap(server.thrift)
  const captures: Capture[] = []
  for (const order of captureOrders) captures.push(await one(transport, order, tap))
  tap.close()
  await server.stop()
  return captures
}

async function one(transport: CaptureTransport, order: CaptureOrder, tap: Awaited<ReturnType<typeof startTap>>): Promise<Capture> {
  const { name, method, args, service = 'Peer', transient = {}, persistent = {}, timeoutMs = 0, noHandler = false } = order
  const rest = JSON.stringify({ transport, service, method, transient, persistent, timeoutMs, noHandler }).slice(1)
  const [line = ''] = await runKitexClientLines(tap.address, [`{"args":${args},${rest}`])
  const { sent, received } = tap.take()
  const { error, backward } = JSON.parse(line) as Pick<Capture, 'error' | 'backward'>
  const result = /^\{"result":(.*),"backward":/.exec(line)?.[1] ?? ''
  return { name, service, method, transient, persistent, args, result, error, backward, request: sent.toString('hex'), reply: received.toString('hex') }
}

/** Go's maps come in another order each time: sizes and sorted pairs stay. A panic's stack differs from machine to machine. */
function comparable({ request, reply, result, error, ...capture }: Capture): unknown {
  const panicked = capture.method === 'Panic'
  return { ...capture, request: shape(request), reply: panicked ? undefined : shape(reply), result: sorted(result), error: panicked ? error?.code : error }
}

function shape(hex: string): unknown {
  if (hex === '') return undefined
  const reader = new FrameReader()
  reader.push(Buffer.from(hex, 'hex'))
  const read = reader.next({ meter: measureMessage, maxFrameBytes: 1 << 20 })
  return { left: reader.size, bytes: hex.length / 2, transport: read?.transport, strings: read?.header.strings.map(String).sort(), ints: read?.header.ints.map(String).sort(), token: read?.header.aclToken }
}

const sorted = (json: string): unknown => (json === '' ? '' : JSON.parse(json))
