import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Gather } from '../../../../src-main/engine/transport/gather.ts'

describe('gathered bytes', () => {
  it('are those that came, in order, however they are split', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 70_000 }), { maxLength: 12 }), (lengths) => {
      const pieces = lengths.map((length, index) => Buffer.alloc(length, index + 1))
      const gather = new Gather()
      for (const piece of pieces) gather.push(piece)
      const whole = Buffer.concat(pieces)
      expect(gather.length).toBe(whole.length)
      expect(gather.bytes().equals(whole)).toBe(true)
    }), { numRuns: 60 })
  })

  it('are the piece itself where there is one only', () => {
    const gather = new Gather()
    const piece = Buffer.from('whole')
    gather.push(Buffer.alloc(0))
    gather.push(piece)
    expect(gather.bytes()).toBe(piece)
  })

  // A Buffer for each of them would take a hundred times their memory.
  it('are copied where pieces are small, and no piece is kept', () => {
    const gather = new Gather()
    const source = Buffer.alloc(1)
    for (let count = 0; count < 200_000; count += 1) {
      source[0] = count & 0xff
      gather.push(Buffer.from(source.buffer, source.byteOffset, 1))
    }
    source[0] = 0xee
    const whole = gather.bytes()
    expect(whole.length).toBe(200_000)
    expect(whole.subarray(1).every((byte, index) => byte === ((index + 1) & 0xff))).toBe(true)
  })
})
