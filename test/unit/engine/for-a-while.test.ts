// Answers that are kept for a while: shared while they are looked for, dropped when they fail or are worth nothing, asked again when old. Who gives up
// hears that at once and takes nothing from the others.

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ForAWhile } from '../../../src-main/engine/for-a-while.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

const never = new AbortController().signal

it('asks once for all who ask meanwhile, and again when the while is over', async () => {
  const kept = new ForAWhile<number>(1000)
  const ask = vi.fn().mockResolvedValueOnce(1).mockResolvedValueOnce(2)
  expect(await Promise.all([kept.get('a', never, ask), kept.get('a', never, ask)])).toEqual([1, 1])
  vi.advanceTimersByTime(999)
  expect(await kept.get('a', never, ask)).toBe(1)
  vi.advanceTimersByTime(2)
  expect(await kept.get('a', never, ask)).toBe(2)
  expect(ask).toHaveBeenCalledTimes(2)
})

it('keeps no failure and nothing that is worth nothing', async () => {
  const kept = new ForAWhile<string | undefined>(1000, (answer) => answer !== undefined)
  await expect(kept.get('a', never, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await kept.get('a', never, () => Promise.resolve(undefined))).toBeUndefined()
  expect(await kept.get('a', never, () => Promise.resolve('found'))).toBe('found')
  expect(await kept.get('a', never, () => Promise.resolve('other'))).toBe('found')
  kept.clear()
  expect(await kept.get('a', never, () => Promise.resolve('other'))).toBe('other')
})

it('a failure that comes late drops nothing that was asked since', async () => {
  const kept = new ForAWhile<string>(1000)
  let refuse = (_: Error): void => undefined
  const first = kept.get('a', never, () => new Promise((_, reject) => (refuse = reject)))
  vi.advanceTimersByTime(1001)
  expect(await kept.get('a', never, () => Promise.resolve('new'))).toBe('new')
  refuse(new Error('late'))
  await expect(first).rejects.toThrow('late')
  expect(await kept.get('a', never, () => Promise.resolve('newer'))).toBe('new')
})

it('one who gives up leaves the answer to the others; the asking ends with the last', async () => {
  const kept = new ForAWhile<string>(1000)
  const [first, second] = [new AbortController(), new AbortController()]
  let answer = (_: string): void => undefined
  const asked: AbortSignal[] = []
  const ask = (signal: AbortSignal): Promise<string> => {
    asked.push(signal)
    return new Promise((resolve) => (answer = resolve))
  }
  const one = kept.get('a', first.signal, ask)
  const other = kept.get('a', second.signal, ask)
  first.abort()
  await expect(one).rejects.toMatchObject({ data: { code: 'cancelled' } })
  expect(asked.map(({ aborted }) => aborted)).toEqual([false])
  answer('here')
  expect(await other).toBe('here')
  const last = kept.get('b', first.signal, ask)
  await expect(last).rejects.toMatchObject({ data: { code: 'cancelled' } })
  const third = new AbortController()
  const alone = kept.get('b', third.signal, ask)
  third.abort()
  await expect(alone).rejects.toMatchObject({ data: { code: 'cancelled' } })
  expect(asked.at(-1)?.aborted).toBe(true)
  // Asked anew: what was given up is not kept.
  const again = kept.get('b', never, ask)
  answer('now')
  expect([await again, asked.length]).toEqual(['now', 3])
})
