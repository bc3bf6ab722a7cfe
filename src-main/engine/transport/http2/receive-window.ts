// How much a peer may send before we let it send more (RFC 9113 5.2). Credit is given back in halves of a window, not byte by byte, and the window
// grows while the reader keeps up.

export class ReceiveWindow {
  /** What the peer may still send. */
  #left: number
  /** What was read and not yet given back. */
  #owed = 0
  /** What the peer was told that the window is, counting what is unread. */
  #told: number
  /** Size that is aimed at. */
  target: number

  constructor(size: number) {
    this.#left = size
    this.#told = size
    this.target = size
  }

  /** Takes what came; false when the peer sent more than it was allowed. */
  take(bytes: number): boolean {
    this.#left -= bytes
    return this.#left >= 0
  }

  /** Gives back what was read; returns what to say in WINDOW_UPDATE, 0 for nothing yet. */
  giveBack(bytes: number): number {
    this.#owed += bytes
    // Half of what the peer knows of, not of what is aimed at: that may have grown beyond twice as much, and no more can come to be owed.
    if (this.#owed < this.#told >>> 1) return 0
    return this.#credit(this.target)
  }

  /** Widens the window to `size` at once; returns what to say in WINDOW_UPDATE. */
  widen(size: number): number {
    this.target = size
    return this.#credit(size)
  }

  #credit(size: number): number {
    // What the peer may send, what is unread and what is owed make up the size that was told.
    const grant = this.#owed + Math.max(0, size - this.#told)
    this.#told = Math.max(this.#told, size)
    this.#owed = 0
    this.#left += grant
    return grant
  }
}
