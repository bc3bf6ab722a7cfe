// Kitex's default retry container (pkg/retry/percentage_limit.go): first calls count as success and retries as failure, so the rate is
// the share of retries, not the server's failure rate. Above the limit retrying stops.

import { CountWindow, errorRateOf, samplesOf } from './window.ts'

/** Fewer calls than this never stop a retry (Kitex cbMinSample). */
const minSample = 10

export class PercentageLimit {
  readonly #window: CountWindow

  /** `now` in nanoseconds. */
  constructor(now: () => number) {
    this.#window = new CountWindow(now)
  }

  /** Before each attempt; `attempt` counts from 1. */
  record(attempt: number): void {
    this.#window.add(attempt > 1 ? 'fail' : 'ok')
  }

  /** Whether another retry is refused, with the numbers. */
  decide(errorRate: number): { readonly stop: boolean; readonly rate: number; readonly samples: number } {
    const counts = this.#window.counts()
    const rate = errorRateOf(counts)
    const samples = samplesOf(counts)
    return { stop: samples >= minSample && rate >= errorRate, rate, samples }
  }
}
