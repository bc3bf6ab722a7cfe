// Answers that stay true for a while: who asks again within it gets the same one, so that what is costly to find out is asked once. The asking belongs
// to all who wait for it: it ends early only when the last of them has given up.

import { abortError, whenAborted } from './transport/abort.ts'

interface Kept<T> {
  readonly answer: Promise<T>
  readonly until: number
  readonly stop: AbortController
  /** Who waits. */
  askers: number
  isSettled: boolean
}

export class ForAWhile<T> {
  readonly #ms: number
  readonly #isWorth: (answer: T) => boolean
  readonly #known = new Map<string, Kept<T>>()

  /** `isWorth`: whether an answer is to be kept; a failure never is. */
  constructor(ms: number, isWorth: (answer: T) => boolean = () => true) {
    this.#ms = ms
    this.#isWorth = isWorth
  }

  /** Rejects as `ask` does, or as the signal says. */
  get(key: string, signal: AbortSignal, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    const known = this.#known.get(key)
    const kept = known !== undefined && known.until > performance.now() ? known : this.#ask(key, ask)
    return kept.isSettled ? kept.answer : this.#wait(key, kept, signal)
  }

  clear(): void {
    this.#known.clear()
  }

  #ask(key: string, ask: (signal: AbortSignal) => Promise<T>): Kept<T> {
    const now = performance.now()
    // However many keys there are, old ones do not pile up.
    for (const [each, { until }] of this.#known) if (until <= now) this.#known.delete(each)
    const stop = new AbortController()
    const kept: Kept<T> = { answer: ask(stop.signal), until: now + this.#ms, stop, askers: 0, isSettled: false }
    this.#known.set(key, kept)
    const settle = (isKept: boolean): void => {
      kept.isSettled = true
      if (!isKept) this.#drop(key, kept)
    }
    kept.answer.then((one) => settle(this.#isWorth(one)), () => settle(false))
    return kept
  }

  #wait(key: string, kept: Kept<T>, signal: AbortSignal): Promise<T> {
    kept.askers++
    return new Promise((resolve, reject) => {
      const forget = whenAborted(signal, () => {
        if (--kept.askers === 0 && !kept.isSettled) {
          this.#drop(key, kept)
          kept.stop.abort()
        }
        reject(abortError(signal))
      })
      kept.answer.then(resolve, reject).finally(forget)
    })
  }

  #drop(key: string, kept: Kept<T>): void {
    if (this.#known.get(key) === kept) this.#known.delete(key)
  }
}
