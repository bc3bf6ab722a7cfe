// Seeds for calls that were given none. Each list of instances has a rotation of its own that goes on from call to call, so that round
// robin is round robin over calls too; the seed that a call got stands in its record, and giving it again repeats the pick.

const seeds = 0x1_0000_0000

export class Rotation {
  readonly #random: () => number
  readonly #next = new Map<string, number>()

  constructor(random: () => number) {
    this.#random = random
  }

  /** A seed for one call to the list named `key`. */
  draw(key: string): number {
    const seed = this.#next.get(key) ?? Math.floor(this.#random() * seeds)
    this.#next.set(key, (seed + 1) % seeds)
    return seed
  }

  /** A call has picked `more` times beyond the first: the next one goes on behind that. */
  skip(key: string, more: number): void {
    const next = this.#next.get(key)
    if (next !== undefined) this.#next.set(key, (next + more) % seeds)
  }
}
