// A sliding window of outcomes, as bytedance/gopkg cloud/circuitbreaker counts them: 100 buckets of 100 ms. Pure but for the clock
// that it is given.

export interface Counts {
  readonly ok: number
  readonly fail: number
  readonly timeout: number
}

export type Outcome = keyof Counts

const bucketNs = 100e6
const buckets = 100

export class CountWindow {
  readonly #now: () => number
  readonly #slots = Array.from({ length: buckets }, () => ({ tick: Number.NEGATIVE_INFINITY, ok: 0, fail: 0, timeout: 0 }))

  /** `now` in nanoseconds. */
  constructor(now: () => number) {
    this.#now = now
  }

  add(outcome: Outcome): void {
    const tick = this.#tick()
    const slot = this.#slots[tick % buckets]
    if (slot === undefined) return
    if (slot.tick !== tick) Object.assign(slot, { tick, ok: 0, fail: 0, timeout: 0 })
    slot[outcome] += 1
  }

  counts(): Counts {
    const oldest = this.#tick() - buckets
    const sum = { ok: 0, fail: 0, timeout: 0 }
    for (const slot of this.#slots) {
      if (slot.tick <= oldest) continue
      sum.ok += slot.ok
      sum.fail += slot.fail
      sum.timeout += slot.timeout
    }
    return sum
  }

  reset(): void {
    for (const slot of this.#slots) slot.tick = Number.NEGATIVE_INFINITY
  }

  #tick(): number {
    return Math.floor(this.#now() / bucketNs)
  }
}

export const samplesOf = ({ ok, fail, timeout }: Counts): number => ok + fail + timeout

/** Failures and timeouts among all; 0 when there is nothing. */
export function errorRateOf(counts: Counts): number {
  const samples = samplesOf(counts)
  return samples === 0 ? 0 : (counts.fail + counts.timeout) / samples
}
