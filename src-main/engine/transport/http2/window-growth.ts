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
  #due = false
  #sampling = false
  #bytes = 0

  /** A stream was given credit, so that windows may be what limits it: the next bytes begin a measurement. Small calls never need one. */
  granted(): void {
    this.#due = true
  }

  /**
   * Counts what came; true when a measurement begins, and the PING has to go. It begins with bytes that came and not with credit, which goes out in
   * the middle of what one window lets come at a time: all of it is to be counted.
   */
  came(bytes: number): boolean {
    if (this.#sampling) {
      this.#bytes += bytes
      return false
    }
    if (!this.#due || this.streamWindow >= largestStreamWindow) return false
    this.#due = false
    this.#sampling = true
    this.#bytes = bytes
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
