// Turns "call me when it changes" into something that can be pulled. Two kinds: `latestOf` for states, where only the newest matters and
// a slow reader skips the ones between; `allOf` for happenings, where each counts until a bound, beyond which the oldest are dropped.

import type { Disposable } from '../../shared/base/disposable.ts'

type Subscribe<T> = (push: (value: T) => void) => Disposable

/** The present value when asked for (if there is one), then the newest after each change. */
export const latestOf = <T>(subscribe: Subscribe<T>, signal: AbortSignal): AsyncIterable<T> => pull(subscribe, signal, 1)

/** Every value, the oldest dropped when more than `limit` wait. */
export const allOf = <T>(subscribe: Subscribe<T>, signal: AbortSignal, limit = 20_000): AsyncIterable<T> => pull(subscribe, signal, limit)

async function* pull<T>(subscribe: Subscribe<T>, signal: AbortSignal, limit: number): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = []
  let wake: (() => void) | undefined
  const subscription = subscribe((value) => {
    if (waiting.length >= limit) waiting.shift()
    waiting.push(value)
    wake?.()
  })
  const onAbort = (): void => wake?.()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      for (let value = waiting.shift(); value !== undefined && !signal.aborted; value = waiting.shift()) yield value
      if (signal.aborted) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      wake = undefined
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    subscription.dispose()
  }
}
