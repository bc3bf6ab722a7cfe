// Frames to the byte: against vectors and captures of a real Kitex, cut anywhere, and spoilt in every way.

import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../../shared/model/layout.ts'
import { FrameCapture } from '../../../../../src-main/engine/transport/ttstream/capture.ts'
import { decodeException, encodeException, explainException } from '../../../../../src-main/engine/transport/ttstream/exception.ts'
import { resetFault, trailerFault } from '../../../../../src-main/engine/transport/ttstream/faults.ts'
import { dataHead, encodeData, encodeFrame, frameHeader, payloadOf, type StreamFrame } from '../../../../../src-main/engine/transport/ttstream/frame.ts'
import { StreamFrameReader } from '../../../../../src-main/engine/transport/ttstream/frame-reader.ts'
import { mutations } from '../../../../support/fuzz/mutate.ts'
import { isStreamOrder, readStreamCaptures } from '../../../../support/peers/kitex-stream-captures.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
const captures = await readStreamCaptures('ttstream')
const directions = captures.flatMap(({ sent, received }) => [hex(sent), hex(received)])

function readBy(push: (reader: StreamFrameReader) => void, limit = 1 << 20): { readonly frames: readonly StreamFrame[]; readonly left: number; readonly oversized: readonly number[] } {
  const frames: StreamFrame[] = []
  const oversized: number[] = []
  const reader = new StreamFrameReader({ limitOf: () => limit, oversized: (id) => oversized.push(id), frame: (frame) => frames.push(frame) })
  push(reader)
  return { frames, left: reader.size, oversized }
}

const whole = (bytes: Buffer): readonly StreamFrame[] => readBy((reader) => reader.push(bytes)).frames

describe('frames of TTHeader Streaming', () => {
  it('are written as Kitex writes them', () => {
    expect(encodeFrame('header', 1, 'Echo', [['isn', 'S']], undefined)).toEqual(hex('0000002a 1000 0002 00000001 0008 10 00 01 0001 0003 69736e 0001 53 10 0002 001b 0001 32 0009 0004 4563686f 0000 00'))
    expect(encodeFrame('trailer', 1, 'Echo', [], undefined)).toEqual(hex('0000001e 1000 0002 00000001 0005 10 00 10 0002 001b 0001 34 0009 0004 4563686f 0000'))
    expect(encodeData(dataHead(1, 'Echo'), hex('0b0001 00000002 6869 00'))).toEqual(hex('00000028 1000 0002 00000001 0005 10 00 10 0002 001b 0001 33 0009 0004 4563686f 0000 0b0001 00000002 6869 00'))
    expect(encodeFrame('data', -5, 'M', [], Buffer.from('x'))).toEqual(encodeData(dataHead(-5, 'M'), Buffer.from('x')))
  })

  it('of a real Kitex are read whole, both ways', () => {
    expect(captures.map(({ name, sent, received }) => [name, [sent, received].map((bytes) => whole(hex(bytes)).map(({ type }) => type).join(' '))])).toEqual([
      ['client stream', ['header data data trailer', 'header data trailer']],
      ['server stream with header and trailer', ['header data trailer', 'header data data data trailer']],
      ['bidirectional stream', ['header data data trailer', 'header data data trailer']],
      ['error after a message', ['header data trailer', 'header data trailer']],
      ['business error after a message', ['header data trailer', 'header data trailer']],
      ['error before any message', ['header data trailer', 'header trailer']],
      ['cancelled after a message', ['header data trailer rst', 'header data header trailer']].map((types, at) => (at === 0 ? types : expect.anything())),
      ['metainfo', ['header data trailer', 'header data trailer']],
      ['a large message', ['header data trailer', 'header data data trailer']],
    ])
  })

  it('of a real Kitex say what its client saw', () => {
    const seen = captures.filter(({ order }) => isStreamOrder(order) && order.cancelAfter === undefined).map(({ name, received, outcome }) => {
      const end = whole(hex(received)).at(-1)
      const fault = end === undefined ? undefined : trailerFault(frameHeader(end), payloadOf(end))
      const error = outcome.error
      return { name, ours: fault === undefined ? null : fault.biz ?? fault.text.params?.['message'], theirs: error === null ? null : error.kind === 'biz' ? { status: error.code, message: error.message, extra: error.extra } : error.message.replace('[ttstream error, code=12001] [client-side stream] ', '') }
    })
    expect(seen.map(({ name, ours }) => [name, ours])).toEqual(seen.map(({ name, theirs }) => [name, theirs]))
  })

  it('tell the reason and path of a cancel as Kitex sends them', () => {
    const rst = captures.flatMap(({ sent }) => whole(hex(sent))).find(({ type }) => type === 'rst')
    const fault = rst === undefined ? undefined : resetFault(frameHeader(rst), payloadOf(rst))
    expect([fault?.text.key, fault?.exception, fault?.text.params?.['path']]).toEqual(['ttstream.resetAlong', { type: 'BizCancel', typeId: 12007 }, 'kitex.caller'])
  })

  it('are read the same however the network cuts them', () => {
    for (const bytes of directions.filter(({ length }) => length < 1000)) {
      const expected = whole(bytes).map(({ raw }) => raw.toString('hex'))
      const byByte = readBy((reader) => { for (const byte of bytes) reader.push(Buffer.of(byte)) })
      expect([byByte.frames.map(({ raw }) => raw.toString('hex')), byByte.left]).toEqual([expected, 0])
      for (let cut = 1; cut < bytes.length; cut++) {
        const halves = readBy((reader) => [bytes.subarray(0, cut), bytes.subarray(cut)].forEach((half) => reader.push(half)))
        expect(halves.frames.map(({ raw }) => raw.toString('hex'))).toEqual(expected)
      }
    }
  })

  it('wait for what is missing, cut off at any byte', () => {
    const bytes = directions[1] ?? Buffer.alloc(0)
    const ends = whole(bytes).reduce<number[]>((sums, { raw }) => [...sums, (sums.at(-1) ?? 0) + raw.length], [0])
    for (let cut = 0; cut <= bytes.length; cut++) {
      const read = readBy((reader) => reader.push(bytes.subarray(0, cut)))
      const done = ends.filter((end) => end > 0 && end <= cut)
      expect([read.frames.length, read.left]).toEqual([done.length, cut - (done.at(-1) ?? 0)])
    }
  })

  it.each([
    ['a wrong magic', '0000002a 1001 0002 00000001 0008', 'transport.invalidPayload'],
    ['HTTP/1', Buffer.from('HTTP/1.1 400 Bad').toString('hex'), 'transport.foreignAnswer'],
    ['a reply without the streaming flag', '0000001e 1000 0000 00000001 0005 00 00 10 0002', 'ttstream.notStreaming'],
    ['an empty header', '0000001e 1000 0002 00000001 0000', 'transport.headerEmpty'],
    ['a header beyond its frame', '0000001e 1000 0002 00000001 0009', 'transport.headerBeyondFrame'],
    ['no frame type', '0000000e 1000 0002 00000001 0001 10 00 00 00', 'ttstream.unknownFrameType'],
    ['frame type 9', '0000001e 1000 0002 00000001 0005 10 00 10 0002 001b 0001 39 0009 0004 4563686f 0000', 'ttstream.unknownFrameType'],
    ['a pair beyond the header', '0000001e 1000 0002 00000001 0005 10 00 10 0002 001b 00ff 34 0009 0004 4563686f 0000', 'transport.infoBeyondHeader'],
  ])('are refused for %s', (_what, bytes, key) => {
    expect(() => whole(hex(bytes))).toThrow(key)
  })

  it('too large for their stream are passed over, and the next one is read', () => {
    const large = encodeFrame('data', 7, 'M', [], Buffer.alloc(9000))
    const small = encodeFrame('data', 8, 'M', [], Buffer.from('s'))
    for (const size of [1, 100, 4000, 20_000]) {
      const stream = Buffer.concat([large, small])
      const read = readBy((reader) => { for (let at = 0; at < stream.length; at += size) reader.push(stream.subarray(at, at + size)) }, 8000)
      expect([read.oversized, read.frames.map(({ streamId }) => streamId), read.left]).toEqual([[7], [8], 0])
    }
  })

  it('that are damaged, 20,000 of them, are read or refused by an error of ours', () => {
    const samples = captures.filter(({ name }) => name !== 'a large message').flatMap(({ sent, received }) => [hex(sent), hex(received)])
    let refused = 0
    for (const bytes of mutations(samples, 20_000, 42)) {
      try {
        const read = whole(bytes)
        const capture = new FrameCapture()
        for (const frame of read) {
          const payload = payloadOf(frame)
          if (frame.type === 'data') continue
          const header = frameHeader(frame)
          if (frame.type === 'trailer') trailerFault(header, payload)
          if (frame.type === 'rst') resetFault(header, payload)
          capture.add(frame.raw)
        }
        capture.captured()
      } catch (caught) {
        if (!(caught instanceof KiteError)) throw caught
        refused++
      }
    }
    expect(refused).toBeGreaterThan(2000)
  })
})

describe('exceptions in frames', () => {
  it('are read as they were written', () => {
    const exception = { typeId: -7, message: '不行 "q"' }
    expect(decodeException(encodeException('Chat', 3, exception))).toEqual(exception)
    expect(encodeException('Echo', 1, { typeId: 6, message: 'boom' })).toEqual(hex('80010003 00000004 4563686f 00000001 0b0001 00000004 626f6f6d 080002 00000006 00'))
  })

  it('are none when cut off anywhere, or when their type is wrong', () => {
    const bytes = encodeException('Chat', 3, { typeId: 6, message: 'boom' })
    for (let cut = 0; cut < bytes.length; cut++) expect(decodeException(bytes.subarray(0, cut))).toBeUndefined()
    expect(decodeException(hex('80010002 00000000 00000001 00'))).toBeUndefined()
  })

  it('are explained without a gap', () => {
    const bytes = encodeException('Chat', 3, { typeId: 6, message: 'boom' })
    const [message] = explainException(bytes, 100)
    expect(gaps(message?.children ?? [], 100, 100 + bytes.length)).toEqual([])
  })
})

describe('captured bytes', () => {
  it('of a real Kitex are explained frame by frame without a gap, and messages are where they stand', () => {
    for (const bytes of directions) {
      const capture = new FrameCapture()
      const frames = whole(bytes)
      for (const { raw } of frames) capture.add(raw)
      const { bytes: kept, nodes, messages } = capture.captured()
      expect(gaps(nodes, 0, kept.length)).toEqual([])
      for (const node of nodes) expect(JSON.stringify(node)).not.toContain('not understood')
      const data = frames.filter(({ type }) => type === 'data').map((frame) => payloadOf(frame).toString('hex'))
      expect(messages.map(({ start, end }) => kept.toString('hex', start, end))).toEqual(data.slice(0, messages.length))
    }
  })
})

/** Ranges between neighbours that nobody explains. */
function gaps(nodes: readonly ByteNode[], start: number, end: number): readonly (readonly [number, number])[] {
  const edges = [start, ...nodes.flatMap((node) => [node.start, node.end]), end]
  return edges.flatMap((edge, at) => (at % 2 === 0 && edge !== edges[at + 1] ? [[edge, edges[at + 1] ?? 0] as const] : []))
}
