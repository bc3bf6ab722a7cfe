import { describe, expect, it } from 'vitest'
import { pace } from '../../../../src-main/engine/stream/pace.ts'
import { FakeClock } from '../../../support/fake-clock.ts'

const never = new AbortController().signal

/** How many messages may go within so many ms. */
async function within(clock: FakeClock, rate: number, ms: number): Promise<number> {
  const pacing = pace(rate, never, clock)
  let count = 0
  let isOver = false
  const sending = (async () => {
    while (!isOver) {
      await pacing.wait()
      count += 1
    }
  })()
  for (let at = 0; at < ms; at += 1) await clock.advance(1)
  isOver = true
  const sent = count
  await clock.advance(1000)
  await sending
  return sent
}

describe('pace', () => {
  it('lets everything through at once without a rate', () => {
    expect(pace(0, never).wait()).toBeUndefined()
  })

  it('lets so many messages through a second, below and above one a millisecond', async () => {
    // The first goes at once, the last at the very end.
    expect(await within(new FakeClock(), 100, 1000)).toBe(101)
    const fast = await within(new FakeClock(), 5000, 1000)
    expect([fast >= 5000, fast <= 5010]).toEqual([true, true])
  })

  it('does not make good in one burst for a time when nothing could go', async () => {
    const clock = new FakeClock()
    const pacing = pace(100, never, clock)
    await pacing.wait()
    clock.tick(10e9)
    let burst = 0
    while (pacing.wait() === undefined) burst += 1
    expect(burst).toBe(11)
  })

  it('stops waiting when the signal aborts', async () => {
    const abort = new AbortController()
    const pacing = pace(1, abort.signal, new FakeClock())
    await pacing.wait()
    const waiting = pacing.wait()
    abort.abort()
    await waiting
  })
})
