// Counts a stream's entries: one way for the record, the log and the running call.

import type { StreamCounts, StreamEntry } from '../../model/stream.ts'

/** Add each entry once. */
export class StreamCounter {
  #sent = 0
  #received = 0
  #sentBytes = 0
  #receivedBytes = 0
  #entries = 0

  add(entry: StreamEntry): void {
    this.#entries += 1
    if (entry.event === 'send') {
      this.#sent += 1
      this.#sentBytes += entry.bytes
    } else if (entry.event === 'message' || entry.event === 'unreadable') {
      this.#received += 1
      this.#receivedBytes += entry.bytes
    }
  }

  get counts(): StreamCounts {
    return { sent: this.#sent, received: this.#received, sentBytes: this.#sentBytes, receivedBytes: this.#receivedBytes, entries: this.#entries }
  }
}
