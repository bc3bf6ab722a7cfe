import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { subtract, total, union } from '../../../../src-main/engine/kernel/intervals.ts'

const interval = fc.tuple(fc.nat(50), fc.nat(20)).map(([from, length]) => ({ from, to: from + length }))
const moments = Array.from({ length: 71 }, (_, n) => n)
const holds = (intervals: readonly { readonly from: number; readonly to: number }[], at: number): boolean => intervals.some(({ from, to }) => from <= at && at < to)

describe('intervals', () => {
  it('union covers exactly what its parts cover, once', () => {
    fc.assert(fc.property(fc.array(interval), (parts) => {
      const merged = union(parts)
      expect(moments.filter((at) => holds(merged, at))).toEqual(moments.filter((at) => holds(parts, at)))
      expect(total(merged)).toBe(moments.filter((at) => holds(parts, at)).length)
    }))
  })

  it('subtract leaves exactly what the other does not cover', () => {
    fc.assert(fc.property(fc.array(interval), fc.array(interval), (left, right) => {
      const rest = subtract(union(left), union(right))
      expect(moments.filter((at) => holds(rest, at))).toEqual(moments.filter((at) => holds(left, at) && !holds(right, at)))
    }))
  })
})
