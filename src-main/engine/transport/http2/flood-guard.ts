// Bounds frames that cost the server nothing and us an answer: settings, pings, empty and late frames. Ten thousand within a second without any
// progress in between are no conversation.

import { errorCode } from './constants.ts'
import { Violation, type FramePlace } from './errors.ts'

const mostPerSecond = 10_000

export class FloodGuard {
  #count = 0
  #since = 0

  /** Something useful was sent or came. */
  progress(): void {
    this.#count = 0
  }

  /** Counts one. Throws Violation when they are too many. */
  count(at: FramePlace): void {
    if (this.#count++ === 0) this.#since = performance.now()
    if (this.#count < mostPerSecond) return
    if (performance.now() - this.#since < 1000) throw new Violation(errorCode.enhanceYourCalm, 'http2.flood', { count: mostPerSecond }, at)
    this.#count = 0
  }
}
