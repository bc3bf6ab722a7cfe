// Time as the engine sees it. Everything that measures or waits takes a Clock, so that tests decide what time it is. The monotonic
// clock counts nanoseconds as doubles: exact to the nanosecond for months, and free of allocation, unlike bigint.

import type { Disposable } from '../../../shared/base/disposable.ts'

/** What time it is and what happens later. */
export interface Clock {
  /** Monotonic, nanoseconds since an arbitrary moment, whole numbers. Same base as `performance.now()` in the system clock. */
  now(): number
  /** Wall time in nanoseconds since 1970. */
  unixNano(): bigint
  /** Runs `fire` once after `ms`; disposing cancels. */
  timer(ms: number, fire: () => void): Disposable
}

const unixBase = BigInt(Math.round(performance.timeOrigin * 1e3)) * 1000n

/**
 * The machine's own clock. A timer that falls due lets sockets speak first: Node looks at timers before sockets, so after a busy moment
 * of ours a reply that lies there already would otherwise be called late.
 */
export const systemClock: Clock = {
  now: () => Math.round(performance.now() * 1e6),
  unixNano: () => unixBase + BigInt(Math.round(performance.now() * 1e6)),
  timer(ms, fire) {
    let due: NodeJS.Immediate | undefined
    const handle = setTimeout(() => { due = setImmediate(fire) }, ms)
    return {
      dispose: () => {
        clearTimeout(handle)
        clearImmediate(due)
      },
    }
  },
}

/** Waits `ms` or until the signal aborts, whichever is first; says whether the whole time passed. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const end = (passed: boolean): void => {
      timer.dispose()
      signal.removeEventListener('abort', onAbort)
      resolve(passed)
    }
    const onAbort = (): void => end(false)
    const timer = clock.timer(ms, () => end(true))
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
