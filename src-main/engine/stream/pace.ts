// So many messages a second. A stream that was held up does not make good for it in one burst: what was missed beyond a tenth of a
// second stays missed.

import { sleep, systemClock, type Clock } from '../kernel/clock.ts'

/** Ask before each message. */
export interface Pace {
  /** Undefined: at once. Otherwise resolves when the next message is due, or when the signal aborts. */
  wait(): Promise<void> | undefined
}

const atOnce: Pace = { wait: () => undefined }
const catchUpNs = 100e6

/** `rate` in messages a second; 0 is no limit. */
export function pace(rate: number, signal: AbortSignal, clock: Clock = systemClock): Pace {
  if (rate <= 0) return atOnce
  const stepNs = 1e9 / rate
  let due = clock.now()
  return {
    wait: () => {
      const now = clock.now()
      due = Math.max(due, now - catchUpNs)
      const waitNs = due - now
      due += stepNs
      // Timers count whole milliseconds: above a thousand a second, several messages share one.
      return waitNs < 1e6 ? undefined : sleep(clock, waitNs / 1e6, signal).then(() => undefined)
    },
  }
}
