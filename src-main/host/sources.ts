// Turns "call me when it changes" into something that can be pulled. Three kinds: `latestOf` for states, where only the newest matters and
// a slow reader skips the ones between; `allOf` for happenings, where each counts until a bound, beyond which the oldest are
// dropped; `untilEnd` for happenings of something that ends.

import type { Disposable } from '../../shared/base/disposable.ts'

/** How a source is fed. After `end` what waits is still given; an error given to it is thrown then. */
export interface Feed<T> {
  push(value: T): void
  end(error?: unknown): void
}

type Subscribe<T> = (push: (value: T) => void) => Disposable

/** The present value when asked for (if there is one), then the newest after each change. */
export const latestOf = <T>(subscribe: Subscribe<T>, signal: AbortSignal): AsyncIterable<T> => pull((feed) => subscribe((value) => feed.push(value)), signal, 1)

/** Every value, the oldest dropped when more than `limit` wait. */
export const allOf = <T>(subscribe: Subscribe<T>, signal: AbortSignal, limit = 20_000): AsyncIterable<T> =>
  pull((feed) => subscribe((value) => feed.push(value)), signal, limit)

/** Every value of something that ends. */
export const untilEnd = <T>(start: (feed: Feed<T>) => Disposable, signal: AbortSignal): AsyncIterable<T> => pull(start, signal, Number.POSITIVE_INFINITY)

async function* pull<T>(start: (feed: Feed<T>) => Disposable, signal: AbortSignal, limit: number): AsyncGenerator<T, void, undefined> {
  const waiting: T[] = []
  let over: { readonly error: unknown } | undefined
  let wake: (() => void) | undefined
  const subscription = start({
    push: (value) => {
      if (waiting.length >= limit) waiting.shift()
      waiting.push(value)
      wake?.()
    },
    end: (error) => {
      over ??= { error }
      wake?.()
    },
  })
  const onAbort = (): void => wake?.()
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const value = waiting.shift()
      if (value !== undefined) yield value
      else if (over?.error !== undefined) throw over.error
      else if (over !== undefined) return
      else await new Promise<void>((resolve) => { wake = resolve })
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    subscription.dispose()
  }
}
