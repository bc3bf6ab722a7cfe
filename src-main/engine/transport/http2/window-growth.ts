// Finds how large receive windows should be, as gRPC's BDP estimate does: a PING is sent while data flows, and what came until it was answered is
// what fits into the path. While that nearly fills the window, the window is what limits, and grows.

/** First size of a stream's window: enough for a local network, little enough that a paused reader soon holds its peer back. */
export const firstStreamWindow = 256 * 1024

/** First size of the connection's window, which all streams share. */
export const firstConnectionWindow = 1024 * 1024

/** The most that one stream may have under way: what a paused reader costs in memory. */
export const largestStreamWindow = 8 * 1024 * 1024

export class WindowGrowth {
  streamWindow = firstStreamWindow
  #sampling = false
  #bytes = 0

  /** Counts what came. */
  came(bytes: number): void {
    if (this.#sampling) this.#bytes += bytes
  }

  /** Begins a measurement; false when one is under way or growth has ended. */
  begin(): boolean {
    if (this.#sampling || this.streamWindow >= largestStreamWindow) return false
    this.#sampling = true
    this.#bytes = 0
    return true
  }

  /** The PING was answered; true when the window has grown. */
  answered(): boolean {
    if (!this.#sampling) return false
    this.#sampling = false
    if (this.#bytes < this.streamWindow * 0.6) return false
    this.streamWindow = Math.min(largestStreamWindow, Math.max(this.streamWindow * 2, this.#bytes * 2))
    return true
  }
}
