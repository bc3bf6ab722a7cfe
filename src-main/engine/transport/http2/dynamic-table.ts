// HPACK's dynamic table (RFC 7541 2.3.2): header fields that were sent before, the newest first, as far as a size goes. A ring, so that neither
// adding nor dropping moves the others.

import type { Pair } from '../../../../shared/model/metainfo.ts'

/** What an entry costs beyond its text (RFC 7541 4.1). */
const overheadBytes = 32

/** Size of an entry or of a field in a header list. */
export const fieldSize = (field: Pair): number => field[0].length + field[1].length + overheadBytes

export class DynamicTable {
  #ring: (Pair | undefined)[] = new Array<Pair | undefined>(64)
  /** Entries added in all; the newest stands at `added - 1`. */
  #added = 0
  #count = 0
  #size = 0
  #limit: number
  /** Told of each entry that goes, with its place in the order of adding. */
  readonly #onDrop: ((field: Pair, order: number) => void) | undefined

  constructor(limit: number, onDrop?: (field: Pair, order: number) => void) {
    this.#limit = limit
    this.#onDrop = onDrop
  }

  get count(): number {
    return this.#count
  }

  /** How many were added in all: the order of the next one. Whoever remembers it can tell whether the table has changed. */
  get added(): number {
    return this.#added
  }

  get limit(): number {
    return this.#limit
  }

  /** Entry by its distance from the newest, which is 0. */
  at(distance: number): Pair | undefined {
    if (distance >= this.#count) return undefined
    return this.#ring[(this.#added - 1 - distance) & (this.#ring.length - 1)]
  }

  /** Adds one; one that is larger than the whole table empties it (RFC 7541 4.4). */
  add(field: Pair): boolean {
    const size = fieldSize(field)
    this.#dropTo(this.#limit - size)
    if (size > this.#limit) return false
    if (this.#count === this.#ring.length) this.#grow()
    this.#ring[this.#added & (this.#ring.length - 1)] = field
    this.#added++
    this.#count++
    this.#size += size
    return true
  }

  resize(limit: number): void {
    this.#limit = limit
    this.#dropTo(limit)
  }

  #dropTo(size: number): void {
    while (this.#count > 0 && this.#size > size) {
      const order = this.#added - this.#count
      const at = order & (this.#ring.length - 1)
      const oldest = this.#ring[at]
      this.#ring[at] = undefined
      this.#count--
      if (oldest === undefined) continue
      this.#size -= fieldSize(oldest)
      this.#onDrop?.(oldest, order)
    }
  }

  #grow(): void {
    const larger = new Array<Pair | undefined>(this.#ring.length * 2)
    for (let order = this.#added - this.#count; order < this.#added; order++) larger[order & (larger.length - 1)] = this.#ring[order & (this.#ring.length - 1)]
    this.#ring = larger
  }
}
