// Looks at a pool's idle connections now and then while there are any, so that those that lay still for too long are closed within half of that time
// more, and no timer runs for a pool without connections.

export class IdleSweep {
  readonly #idleTimeoutMs: number
  readonly #sweep: (oldest: number) => boolean
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /** `sweep` closes what has been idle since `oldest` (monotonic clock) or longer, and says whether anything is left. */
  constructor(idleTimeoutMs: number, sweep: (oldest: number) => boolean) {
    this.#idleTimeoutMs = idleTimeoutMs
    this.#sweep = sweep
  }

  /** A connection lies idle. */
  begin(): void {
    if (this.#timer !== undefined || this.#stopped) return
    this.#timer = setInterval(() => this.#look(), Math.max(10, this.#idleTimeoutMs / 2)).unref()
  }

  /** For good. */
  stop(): void {
    this.#stopped = true
    this.#rest()
  }

  #look(): void {
    if (!this.#sweep(performance.now() - this.#idleTimeoutMs)) this.#rest()
  }

  #rest(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}
