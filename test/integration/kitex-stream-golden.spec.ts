// Says whether the golden captures of streams, Kitex Protobuf and gRPC are still what a real Kitex sends. `KITE_RECORD=1` writes them anew.

import { beforeAll, describe, expect, it } from 'vitest'
import { StreamFrameReader } from '../../src-main/engine/transport/ttstream/frame-reader.ts'
import { frameHeader, payloadOf } from '../../src-main/engine/transport/ttstream/frame.ts'
import { buildKitexPeer, buildPatienceMs, kitexMissing, runKitexClient, runKitexStreams, startKitexServer } from '../support/peers/kitex.ts'
import { isStreamOrder, readStreamCaptures, type StreamCapture, type StreamCaptureFile, streamCaptureFiles, type StreamCaptureOrder, streamCaptureOrders, writeStreamCaptures } from '../support/peers/kitex-stream-captures.ts'
import { startTap } from '../support/peers/tap.ts'

const missing = kitexMissing()

describe.skipIf(missing !== undefined)(`the captures of Kitex's streams${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(() => buildKitexPeer(), buildPatienceMs)

  it.each(streamCaptureFiles)('of %s are what it sends now', async (file) => {
    const fresh = await record(file)
    if (process.env['KITE_RECORD'] === '1') await writeStreamCaptures(file, fresh)
    expect(fresh.map((capture) => comparable(file, capture))).toEqual((await readStreamCaptures(file)).map((capture) => comparable(file, capture)))
  })
})

async function record(file: StreamCaptureFile): Promise<readonly StreamCapture[]> {
  const server = await startKitexServer()
  const tap = await startTap(file.startsWith('protobuf') ? server.pb : server.thrift)
  const captures: StreamCapture[] = []
  for (const order of streamCaptureOrders[file]) captures.push(await one(order, tap))
  tap.close()
  await server.stop()
  return captures
}

async function one({ name, order }: StreamCaptureOrder, tap: Awaited<ReturnType<typeof startTap>>): Promise<StreamCapture> {
  const [outcome] = isStreamOrder(order) ? await runKitexStreams(tap.address, [order]) : await runKitexClient(tap.address, [order])
  await tap.settled()
  const { sent, received } = tap.take()
  if (outcome === undefined) throw new Error('believed: each order has an outcome')
  return { name, order, outcome, sent: sent.toString('hex'), received: received.toString('hex') }
}

/**
 * Go's maps come in another order each time, and HTTP/2's pings and window updates at another moment. A panic's stack differs from machine to machine,
 * what a cancelled client still sent is a race, and so is the empty Trailer with which a client answers the server's last one, and whether Kitex's client hands out a message that an error follows at once.
 */
function comparable(file: StreamCaptureFile, { name, order, sent, received, outcome }: StreamCapture): unknown {
  const shape = file === 'ttstream' ? frames : file === 'protobuf' ? (hex: string): unknown => hex.length / 2 : dataFrames
  const bytes = name.startsWith('cancelled') || name === 'panic' ? undefined : name === 'metainfo' && file.endsWith('grpc') ? [sent, received].map((hex) => dataFrames(hex).length) : [shape(sent), shape(received)]
  return { name, order, bytes, outcome: outcome.error === null ? outcome : outcome.error.code }
}

function frames(hex: string): unknown {
  const seen: unknown[] = []
  const reader = new StreamFrameReader({
    limitOf: () => 1 << 20,
    oversized: () => seen.push('oversized'),
    frame: (frame) => seen.push([frame.type, frame.streamId, frameHeader(frame).strings.map(String).sort(), payloadOf(frame).toString('hex')]),
  })
  reader.push(Buffer.from(hex, 'hex'))
  while (JSON.stringify(seen.at(-1)).startsWith('["trailer"') && JSON.stringify(seen.at(-1)).endsWith(',[],""]')) seen.pop()
  return [...seen, reader.size]
}

/** Payloads of HTTP/2's DATA frames, joined. */
function dataFrames(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  const preface = bytes.toString('latin1', 0, 3) === 'PRI' ? 24 : 0
  const data: Buffer[] = []
  for (let at = preface; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) {
    if (bytes[at + 3] === 0) data.push(bytes.subarray(at + 9, at + 9 + bytes.readUIntBE(at, 3)))
  }
  return Buffer.concat(data).toString('hex')
}
