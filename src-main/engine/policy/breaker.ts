// Kitex's circuit breaker (pkg/circuitbreak over bytedance/gopkg cloud/circuitbreaker). Three habits of it surprise and are kept: a trip
// is considered only when an error is recorded, never on a success; cooling is looked at only when somebody asks; half open lets
// one probe through each 200 ms, and two successes in a row close it with an empty window.

import type { BreakerPolicy } from '../../../shared/model/call.ts'
import { CountWindow, errorRateOf, samplesOf, type Counts, type Outcome } from './window.ts'

export type BreakerState = 'closed' | 'open' | 'half-open'

const coolingNs = 5e9
const detectNs = 200e6
const successesToClose = 2

/** A breaker at one moment. */
export interface BreakerView {
  readonly state: BreakerState
  readonly window: Counts
  /** Failures among samples, 0 to 1. */
  readonly errRate: number
  /** How many samples are missing before it may open at all. */
  readonly samplesNeeded: number
  /** Until it lets a probe through; only when open. */
  readonly openForMs?: number
}

export class Breaker {
  readonly #now: () => number
  readonly #window: CountWindow
  #state: BreakerState = 'closed'
  #openedAt = 0
  #probedAt = 0
  #successes = 0

  /** `now` in nanoseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#window = new CountWindow(now)
  }

  /** Whether a call may pass; asking moves an open breaker on once it has cooled. */
  decide(): boolean {
    const now = this.#now()
    switch (this.#state) {
      case 'closed':
        return true
      case 'open':
        if (this.#openedAt + coolingNs > now) return false
        this.#state = 'half-open'
        this.#successes = 0
        this.#probedAt = now
        return true
      case 'half-open':
        if (this.#probedAt + detectNs > now) return false
        this.#probedAt = now
        return true
    }
  }

  /** Records how a call ended. */
  observe(outcome: Outcome, policy: BreakerPolicy): void {
    if (outcome === 'ok') this.#succeed()
    else this.#fail(outcome, policy)
  }

  view(policy: BreakerPolicy): BreakerView {
    const window = this.#window.counts()
    const left = (this.#openedAt + coolingNs - this.#now()) / 1e6
    return {
      state: this.#state,
      window,
      errRate: errorRateOf(window),
      samplesNeeded: Math.max(0, policy.minSample - samplesOf(window)),
      ...(this.#state === 'open' ? { openForMs: Math.max(0, left) } : {}),
    }
  }

  /** Only a closed breaker counts successes. */
  #succeed(): void {
    if (this.#state === 'closed') this.#window.add('ok')
    if (this.#state !== 'half-open') return
    this.#successes += 1
    if (this.#successes < successesToClose) return
    this.#window.reset()
    this.#state = 'closed'
  }

  #fail(outcome: Outcome, policy: BreakerPolicy): void {
    this.#window.add(outcome)
    if (this.#state === 'open') return
    const counts = this.#window.counts()
    const trips = this.#state === 'half-open' || (samplesOf(counts) >= policy.minSample && errorRateOf(counts) >= policy.errRate)
    if (!trips) return
    this.#state = 'open'
    this.#openedAt = this.#now()
  }
}
