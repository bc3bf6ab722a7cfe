// Answers that are kept for a while: shared while they are looked for, dropped when they fail or are worth nothing, asked again when old.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ForAWhile } from '../../../src-main/engine/for-a-while.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

it('asks once for all who ask meanwhile, and again when the while is over', async () => {
  const kept = new ForAWhile<number>(1000)
  const ask = vi.fn().mockResolvedValueOnce(1).mockResolvedValueOnce(2)
  expect(await Promise.all([kept.get('a', ask), kept.get('a', ask)])).toEqual([1, 1])
  vi.advanceTimersByTime(999)
  expect(await kept.get('a', ask)).toBe(1)
  vi.advanceTimersByTime(2)
  expect(await kept.get('a', ask)).toBe(2)
  expect(ask).toHaveBeenCalledTimes(2)
})

it('keeps no failure and nothing that is worth nothing', async () => {
  const kept = new ForAWhile<string | undefined>(1000, (answer) => answer !== undefined)
  await expect(kept.get('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await kept.get('a', () => Promise.resolve(undefined))).toBeUndefined()
  expect(await kept.get('a', () => Promise.resolve('found'))).toBe('found')
  expect(await kept.get('a', () => Promise.resolve('other'))).toBe('found')
  kept.clear()
  expect(await kept.get('a', () => Promise.resolve('other'))).toBe('other')
})

it('a failure that comes late drops nothing that was asked since', async () => {
  const kept = new ForAWhile<string>(1000)
  let refuse = (_: Error): void => undefined
  const first = kept.get('a', () => new Promise((_, reject) => (refuse = reject)))
  vi.advanceTimersByTime(1001)
  expect(await kept.get('a', () => Promise.resolve('new'))).toBe('new')
  refuse(new Error('late'))
  await expect(first).rejects.toThrow('late')
  expect(await kept.get('a', () => Promise.resolve('newer'))).toBe('new')
})
