// Whether a number lies in one of many ranges, asked for many numbers: hostile files have a million of both.

export interface NumberSpan {
  readonly from: number
  /** One past the last. */
  readonly to: number
}

export class Ranges {
  /** Sorted, and joined where they touch. */
  readonly #starts: number[] = []
  readonly #ends: number[] = []

  constructor(spans: readonly NumberSpan[]) {
    for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
      const last = this.#ends.length - 1
      const end = this.#ends[last]
      if (end !== undefined && from <= end) this.#ends[last] = Math.max(end, to)
      else if (to > from) {
        this.#starts.push(from)
        this.#ends.push(to)
      }
    }
  }

  has(number: number): boolean {
    return number < (this.#ends[this.#at(number)] ?? Number.NEGATIVE_INFINITY)
  }

  /** The first number from here on that no range has. */
  firstFree(number: number): number {
    const end = this.#ends[this.#at(number)]
    return end !== undefined && number < end ? end : number
  }

  /** The last range that begins at or before the number. */
  #at(number: number): number {
    let low = 0
    let high = this.#starts.length - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= number) low = middle + 1
      else high = middle - 1
    }
    return high
  }
}
