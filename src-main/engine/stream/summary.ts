// What a call record keeps of a stream. A record goes to history and over IPC whole, so it holds counts, the first messages, and what
// frames them (header, half-close, trailer, end), which always fit.

import type { StreamCounts, StreamEntry, StreamSummary } from '../../../shared/model/stream.ts'

export const maxKeptChars = 1024 * 1024
export const maxKeptEntries = 1000

/** Add each entry once, in order. */
export class StreamSummaryBuilder {
  readonly #kept: StreamEntry[] = []
  #chars = 0
  #isFull = false
  #sent = 0
  #received = 0
  #sentBytes = 0
  #receivedBytes = 0
  #entries = 0

  add(entry: StreamEntry): void {
    this.#entries += 1
    switch (entry.event) {
      case 'send':
        this.#sent += 1
        this.#sentBytes += entry.bytes
        return this.#keep(entry, entry.json.length)
      case 'message':
        this.#received += 1
        this.#receivedBytes += entry.bytes
        return this.#keep(entry, entry.json.length)
      case 'unreadable':
        this.#received += 1
        this.#receivedBytes += entry.bytes
        return this.#keep(entry, 0)
      case 'stall':
        return this.#keep(entry, 0)
      case 'header': case 'trailer': case 'half-close': case 'end':
        this.#kept.push(entry)
    }
  }

  get counts(): StreamCounts {
    return { sent: this.#sent, received: this.#received, sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes, entries: this.#entries }
  }

  get summary(): StreamSummary {
    return { ...this.counts, kept: [...this.#kept], left: this.#entries - this.#kept.length }
  }

  /** The first ones without a gap: a smaller message after one that did not fit is left out too. */
  #keep(entry: StreamEntry, chars: number): void {
    this.#isFull ||= this.#kept.length >= maxKeptEntries || this.#chars + chars > maxKeptChars
    if (this.#isFull) return
    this.#kept.push(entry)
    this.#chars += chars
  }
}
