// A clock that stands until it is told to go on. Timers fire in order of their time, and what they cause gets its microtasks before the next.

import type { Clock } from '../../src-main/engine/kernel/clock.ts'

interface Timer {
  readonly at: number
  readonly fire: () => void
}

export class FakeClock implements Clock {
  #now = 1_000_000_000
  #timers: Timer[] = []

  now = (): number => this.#now
  unixNano = (): bigint => 1_700_000_000_000_000_000n + BigInt(this.#now)

  timer(ms: number, fire: () => void) {
    const timer = { at: this.#now + ms * 1e6, fire }
    this.#timers.push(timer)
    return { dispose: () => { this.#timers = this.#timers.filter((each) => each !== timer) } }
  }

  get pending(): number {
    return this.#timers.length
  }

  /** Moves time without giving anyone a turn. */
  tick(ns: number): void {
    this.#now += ns
  }

  /** Moves time on, firing what falls due. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms * 1e6
    await settle()
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0]
      if (next === undefined) break
      this.#timers = this.#timers.filter((each) => each !== next)
      this.#now = Math.max(this.#now, next.at)
      next.fire()
      await settle()
    }
    this.#now = end
    await settle()
  }
}

/** Lets everything that waits for nothing but its turn run. */
export const settle = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve) })
