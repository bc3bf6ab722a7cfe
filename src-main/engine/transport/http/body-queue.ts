// The body of a reply between the socket and whoever reads it: what has come and is not yet wanted waits here, and beyond a bound the
// socket is paused, so that a slow reader holds the peer back.

import type { KiteError } from '../../../../shared/base/error.ts'

/** What may wait before the socket is paused. */
const highWaterBytes = 256 * 1024

interface Waiter {
  readonly resolve: (bytes: Buffer | undefined) => void
  readonly reject: (error: KiteError) => void
}

export class BodyQueue {
  readonly #waiting: Buffer[] = []
  readonly #hold: (isHeld: boolean) => void
  #bytes = 0
  #isHeld = false
  #ended = false
  #failure: KiteError | undefined
  #waiter: Waiter | undefined

  /** `hold` pauses the source and lets it go on. */
  constructor(hold: (isHeld: boolean) => void) {
    this.#hold = hold
  }

  push(bytes: Buffer): void {
    const waiter = this.#takeWaiter()
    if (waiter !== undefined) return waiter.resolve(bytes)
    this.#waiting.push(bytes)
    this.#bytes += bytes.length
    if (this.#bytes > highWaterBytes) this.#setHeld(true)
  }

  end(): void {
    this.#ended = true
    this.#takeWaiter()?.resolve(undefined)
  }

  /** What has come can still be read; then this is thrown. */
  fail(error: KiteError): void {
    if (this.#ended) return
    this.#failure ??= error
    this.#takeWaiter()?.reject(this.#failure)
  }

  next(): Promise<Buffer | undefined> {
    const first = this.#waiting.shift()
    if (first !== undefined) {
      this.#bytes -= first.length
      if (this.#bytes <= highWaterBytes / 2) this.#setHeld(false)
      return Promise.resolve(first)
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    if (this.#ended) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => (this.#waiter = { resolve, reject }))
  }

  #takeWaiter(): Waiter | undefined {
    const waiter = this.#waiter
    this.#waiter = undefined
    return waiter
  }

  #setHeld(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return
    this.#isHeld = isHeld
    this.#hold(isHeld)
  }
}
