// Answers that stay true for a while: who asks again within it gets the same promise, so that what is costly to find out is asked once.

export class ForAWhile<T> {
  readonly #ms: number
  readonly #isWorth: (answer: T) => boolean
  readonly #known = new Map<string, { readonly answer: Promise<T>; readonly until: number }>()

  /** `isWorth`: whether an answer is to be kept; a failure never is. */
  constructor(ms: number, isWorth: (answer: T) => boolean = () => true) {
    this.#ms = ms
    this.#isWorth = isWorth
  }

  get(key: string, ask: () => Promise<T>): Promise<T> {
    const now = performance.now()
    const known = this.#known.get(key)
    if (known !== undefined && known.until > now) return known.answer
    // However many keys there are, old ones do not pile up.
    for (const [each, { until }] of this.#known) if (until <= now) this.#known.delete(each)
    const answer = ask()
    const kept = { answer, until: now + this.#ms }
    this.#known.set(key, kept)
    const drop = (): void => {
      if (this.#known.get(key) === kept) this.#known.delete(key)
    }
    answer.then((one) => { if (!this.#isWorth(one)) drop() }, drop)
    return answer
  }

  clear(): void {
    this.#known.clear()
  }
}
