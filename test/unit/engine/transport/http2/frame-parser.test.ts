// Frames are the same however the network cuts their bytes, and bytes that end anywhere leave nothing but a frame to wait for.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Violation } from '../../../../../src-main/engine/transport/http2/errors.ts'
import { FrameParser } from '../../../../../src-main/engine/transport/http2/frame-parser.ts'
import { frameBytes } from './scripted-server.ts'

type Seen = readonly [type: number, flags: number, stream: number, payload: string, offset: number]

/** Pushes pieces, each in memory that is overwritten afterwards, as a socket's is. */
function parse(pieces: readonly Uint8Array[]): { readonly seen: readonly Seen[]; readonly held: number } {
  const seen: Seen[] = []
  const parser = new FrameParser({ frame: (type, flags, stream, bytes, start, end) => void seen.push([type, flags, stream, bytes.toString('hex', start, end), parser.offset]) })
  for (const piece of pieces) {
    const memory = Buffer.from(piece)
    parser.push(memory)
    memory.fill(0xee)
  }
  return { seen, held: parser.held }
}

const frame = fc.record({ type: fc.integer({ min: 0, max: 255 }), flags: fc.integer({ min: 0, max: 255 }), stream: fc.integer({ min: 0, max: 0x7fffffff }), payload: fc.uint8Array({ maxLength: 400 }) })
const bytesOf = (frames: readonly { readonly type: number; readonly flags: number; readonly stream: number; readonly payload: Uint8Array }[]): Buffer => (
  Buffer.concat(frames.map(({ type, flags, stream, payload }) => frameBytes(type, flags, stream, payload))))

it('reads what was written, with the place of each frame', () => {
  const { seen } = parse([bytesOf([{ type: 0, flags: 1, stream: 0x7fffffff, payload: Buffer.from('abc') }, { type: 9, flags: 4, stream: 3, payload: Buffer.alloc(0) }])])
  expect(seen).toEqual([[0, 1, 0x7fffffff, '616263', 0], [9, 4, 3, '', 12]])
})

it('ignores the reserved bit of a stream number', () => {
  const bytes = frameBytes(6, 0, 0, Buffer.alloc(8))
  bytes[5] = 0x80
  expect(parse([bytes]).seen).toEqual([[6, 0, 0, '0000000000000000', 0]])
})

it('any cuts of the bytes give the same frames', () => {
  fc.assert(fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (frames, cuts) => {
    const bytes = bytesOf(frames)
    const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
    const pieces = [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length))
    expect(parse(pieces)).toEqual(parse([bytes]))
  }))
})

it('cut off at every byte, it hands out the frames that are whole and waits', () => {
  const frames = [{ type: 4, flags: 0, stream: 0, payload: Buffer.alloc(12) }, { type: 1, flags: 4, stream: 1, payload: Buffer.from('88', 'hex') }, { type: 0, flags: 1, stream: 1, payload: Buffer.alloc(40) }]
  const bytes = bytesOf(frames)
  const ends = frames.map((_, index) => bytesOf(frames.slice(0, index + 1)).length)
  for (let end = 0; end <= bytes.length; end++) {
    const whole = ends.filter((one) => one <= end).length
    const { seen, held } = parse([bytes.subarray(0, end)])
    expect([seen.length, held]).toEqual([whole, end - (ends[whole - 1] ?? 0)])
  }
})

it.each([[[frameBytes(0, 0, 1, Buffer.alloc(16_385))]], [[Buffer.of(0), Buffer.of(0x40), Buffer.of(1, 0, 0, 0, 0, 0, 1)]]])('refuses a frame over 16384 bytes by its head alone', (pieces) => {
  expect(() => parse(pieces)).toThrow(Violation)
})
