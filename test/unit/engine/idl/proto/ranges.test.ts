import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Ranges } from '../../../../../src-main/engine/idl/proto/ranges.ts'

const span = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 8 })).map(([from, length]) => ({ from, to: from + length }))

it('answers as a look at every range would', () => {
  fc.assert(fc.property(fc.array(span, { maxLength: 12 }), fc.integer({ min: 0, max: 70 }), (spans, number) => {
    const naive = (at: number): boolean => spans.some(({ from, to }) => at >= from && at < to)
    const ranges = new Ranges(spans)
    let free = number
    while (naive(free)) free++
    expect([ranges.has(number), ranges.firstFree(number)]).toEqual([naive(number), free])
  }))
})
