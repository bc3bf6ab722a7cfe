// One suite for every balancer, then the sequences that each is known by.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { balancers } from '../../../../src-main/engine/balance/balancers.ts'
import { Rotation } from '../../../../src-main/engine/balance/rotation.ts'
import { periodOf } from '../../../../src-main/engine/balance/weight-round-robin.ts'
import type { Instance } from '../../../../shared/model/instance.ts'

const list = (...weights: readonly number[]): readonly Instance[] => weights.map((weight, n) => ({ address: String.fromCharCode(97 + n), weight, tags: {} }))
const all = (): boolean => true
const picks = (name: keyof typeof balancers, weights: readonly number[], seed: number, count: number): string => {
  const picker = balancers[name](list(...weights), seed)
  return Array.from({ length: count }, () => picker.next(all)?.instance.address ?? '-').join('')
}

describe.each(Object.keys(balancers) as (keyof typeof balancers)[])('%s', (name) => {
  it('picks the same for the same seed', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 6 }), fc.nat(0xffffffff), (weights, seed) => {
      expect(picks(name, weights, seed, 10)).toBe(picks(name, weights, seed, 10))
    }))
  })

  it('never picks who is not eligible or weighs nothing, and nobody when nobody is left', () => {
    const picker = balancers[name](list(3, 0, -1, 5), 4)
    expect(new Set(Array.from({ length: 50 }, () => picker.next(({ address }) => address !== 'd')?.instance.address))).toEqual(new Set(['a']))
    expect(picker.next(() => false)).toBeUndefined()
    expect(balancers[name]([], 1).next(all)).toBeUndefined()
  })

  it('tells the scores of those that took part', () => {
    const pick = balancers[name](list(3, 0, 5), 4).next(all)
    expect([...pick?.scores.keys() ?? []]).toEqual(['a', 'c'])
  })

  it('follows the weights', () => {
    const counts = new Map<string, number>()
    for (const address of picks(name, [1, 2, 7], 42, 10_000)) counts.set(address, (counts.get(address) ?? 0) + 1)
    for (const [n, weight] of [1, 2, 7].entries()) expect((counts.get(String.fromCharCode(97 + n)) ?? 0) / 10_000).toBeCloseTo(weight / 10, 1)
  })
})

describe('weight_round_robin', () => {
  it('is nginx\'s smooth sequence', () => {
    expect(picks('weight_round_robin', [5, 1, 1], 0, 14)).toBe('aabacaaaabacaa')
    expect(picks('weight_round_robin', [4, 2, 1], 0, 7)).toBe('abacaba')
    expect(picks('weight_round_robin', [10, 10, 10], 0, 6)).toBe('abcabc')
  })

  it('begins where the seed says, so that the next seed goes on behind it', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((seed) => picks('weight_round_robin', [50, 10, 10], seed, 1)).join('')).toBe('aabacaa')
    expect(picks('weight_round_robin', [5, 1, 1], 7_000_000_002, 3)).toBe(picks('weight_round_robin', [5, 1, 1], 7_000_000_002 % 7, 3))
  })

  it('repeats after the sum of weights divided by their greatest common divisor', () => {
    expect([periodOf(list(5, 1, 1)), periodOf(list(50, 10, 10)), periodOf(list(0)), periodOf(list(12, 18))]).toEqual([7, 7, 1, 5])
  })
})

describe('seeds that nobody gave', () => {
  it('rotate for each list of instances by itself, and go on behind a call that picked more', () => {
    const rotation = new Rotation(() => 0)
    expect([rotation.draw('x'), rotation.draw('y'), rotation.draw('x')]).toEqual([0, 0, 1])
    rotation.skip('x', 2)
    expect([rotation.draw('x'), rotation.draw('y')]).toEqual([4, 1])
  })
})
