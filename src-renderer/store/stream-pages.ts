// Rows of a stream as a list needs them: fetched in pages when they come into view, the pages seen last kept. A page that is not full is
// fetched again when there is more.

import type { Result } from '../../shared/base/result.ts'
import type { StreamPage, StreamRow } from '../../shared/model/stream-view.ts'

const pageRows = 100
const keptPages = 60

interface Page {
  readonly rows: readonly StreamRow[]
  /** Position of the first of `rows`: above the page's own where the oldest fell out. */
  readonly from: number
}

export class StreamPages {
  readonly #read: (from: number, count: number) => Promise<Result<StreamPage>>
  readonly #onLoad: () => void
  readonly #pages = new Map<number, Page>()
  readonly #loading = new Set<number>()

  constructor(read: (from: number, count: number) => Promise<Result<StreamPage>>, onLoad: () => void) {
    this.#read = read
    this.#onLoad = onLoad
  }

  row(position: number): StreamRow | undefined {
    const page = this.#pages.get(Math.floor(position / pageRows))
    return page?.rows[position - page.from]
  }

  /** Rows `[from, to)` are in view; `end` is where rows end now. */
  show(from: number, to: number, end: number): void {
    for (let number = Math.floor(from / pageRows); number * pageRows < to; number += 1) {
      const page = this.#pages.get(number)
      const wanted = Math.min(end, (number + 1) * pageRows)
      if (page === undefined || page.from + page.rows.length < wanted) void this.#load(number)
      else this.#touch(number, page)
    }
  }

  async #load(number: number): Promise<void> {
    if (this.#loading.has(number)) return
    this.#loading.add(number)
    const result = await this.#read(number * pageRows, pageRows)
    this.#loading.delete(number)
    if (!result.ok) return
    const { from, entries } = result.value
    this.#touch(number, { from, rows: entries.slice(0, Math.max(0, (number + 1) * pageRows - from)) })
    this.#onLoad()
  }

  /** The map's order is that of use. */
  #touch(number: number, page: Page): void {
    this.#pages.delete(number)
    this.#pages.set(number, page)
    const [oldest] = this.#pages.keys()
    if (this.#pages.size > keptPages && oldest !== undefined) this.#pages.delete(oldest)
  }
}
