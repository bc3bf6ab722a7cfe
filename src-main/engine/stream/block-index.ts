// Where the blocks of a log begin: five numbers a block of some hundred entries, in one typed array, so that a million entries cost some
// hundred kilobytes. Rows are found by position, and fall out at the front.

import type { StreamFilter } from '../../../shared/model/stream-view.ts'

/** Positions, counted for all entries and for each direction. */
export interface Positions {
  readonly all: number
  readonly sent: number
  readonly received: number
}

/** A block: where its bytes are, and the positions of its first entry. */
export interface Block extends Positions {
  /** Bytes since the log began, over all files. */
  readonly offset: number
  readonly length: number
}

const columns = 5
const columnOf: Readonly<Record<StreamFilter, number>> = { all: 2, sent: 3, received: 4 }

export class BlockIndex {
  #table = new Float64Array(columns * 64)
  #head = 0
  #tail = 0

  get count(): number {
    return this.#tail - this.#head
  }

  add({ offset, length, all, sent, received }: Block): void {
    if ((this.#tail + 1) * columns > this.#table.length) this.#makeRoom()
    this.#table.set([offset, length, all, sent, received], this.#tail * columns)
    this.#tail += 1
  }

  /** The block of that number, counted from the first that is left. */
  at(row: number): Block | undefined {
    if (row < 0 || row >= this.count) return undefined
    const [offset = 0, length = 0, all = 0, sent = 0, received = 0] = this.#table.subarray((this.#head + row) * columns, (this.#head + row + 1) * columns)
    return { offset, length, all, sent, received }
  }

  /** Number of the last block that begins at or before a position. Of a filter, of several that begin there the last: the others hold none of it. */
  find(position: number, filter: StreamFilter): number {
    const column = columnOf[filter]
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#table[(this.#head + middle) * columns + column] ?? 0) <= position) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** Forgets blocks that begin before an offset. */
  dropBefore(offset: number): void {
    while (this.#head < this.#tail && (this.#table[this.#head * columns] ?? 0) < offset) this.#head += 1
  }

  /** Forgets blocks that begin at an offset or after it. */
  dropFrom(offset: number): void {
    while (this.#tail > this.#head && (this.#table[(this.#tail - 1) * columns] ?? 0) >= offset) this.#tail -= 1
  }

  #makeRoom(): void {
    const left = this.#table.subarray(this.#head * columns, this.#tail * columns)
    const table = left.length * 2 > this.#table.length ? new Float64Array(this.#table.length * 2) : this.#table
    if (table === this.#table) table.copyWithin(0, this.#head * columns, this.#tail * columns)
    else table.set(left)
    this.#table = table
    this.#tail -= this.#head
    this.#head = 0
  }
}
