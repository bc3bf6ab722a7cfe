// What a call record keeps of a stream. A record goes to history and over IPC whole, so it holds counts, the first messages, and what
// frames them (header, half-close, trailer, end), which always fit.

import { StreamCounter } from '../../../shared/logic/stream/counter.ts'
import type { StreamCounts, StreamEntry, StreamSummary } from '../../../shared/model/stream.ts'

export const maxKeptChars = 1024 * 1024
export const maxKeptEntries = 1000

/** Add each entry once, in order. */
export class StreamSummaryBuilder {
  readonly #counter = new StreamCounter()
  readonly #kept: StreamEntry[] = []
  #chars = 0
  #isFull = false

  add(entry: StreamEntry): void {
    this.#counter.add(entry)
    switch (entry.event) {
      case 'send': case 'message':
        return this.#keep(entry, entry.json.length)
      case 'unreadable': case 'stall':
        return this.#keep(entry, 0)
      case 'header': case 'trailer': case 'half-close': case 'end':
        this.#kept.push(entry)
    }
  }

  get counts(): StreamCounts {
    return this.#counter.counts
  }

  get summary(): StreamSummary {
    const { counts } = this
    return { ...counts, kept: [...this.#kept], left: counts.entries - this.#kept.length }
  }

  /** The first ones without a gap: a smaller message after one that did not fit is left out too. */
  #keep(entry: StreamEntry, chars: number): void {
    this.#isFull ||= this.#kept.length >= maxKeptEntries || this.#chars + chars > maxKeptChars
    if (this.#isFull) return
    this.#kept.push(entry)
    this.#chars += chars
  }
}
