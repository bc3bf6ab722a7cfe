// Finds out that a server is gone although its socket is not: a PING when nothing came for a while, and the end when that is not answered either.
// Off unless it is asked for, as in Kitex and grpc-go: servers refuse clients that ping too often.

export interface KeepAliveOptions {
  /** Silence after which a PING is sent; 0: never. */
  readonly intervalMs: number
  /** How long its answer may take. */
  readonly timeoutMs: number
}

export const noKeepAlive: KeepAliveOptions = { intervalMs: 0, timeoutMs: 20_000 }

/** Any eight bytes; its answer counts as anything that comes does. */
const payload = Buffer.from('6b6974652d6b6131', 'hex')

export interface KeepAliveHost {
  /** Somebody waits for something. */
  busy(): boolean
  ping(payload: Buffer): void
  lost(silentMs: number): void
}

export class KeepAlive {
  readonly #options: KeepAliveOptions
  readonly #host: KeepAliveHost
  readonly #timer: NodeJS.Timeout | undefined
  #heardAt = performance.now()
  #pingedAt: number | undefined

  constructor(options: KeepAliveOptions, host: KeepAliveHost) {
    this.#options = options
    this.#host = host
    if (options.intervalMs === 0) return
    this.#timer = setInterval(() => this.#look(), Math.max(1, Math.min(options.intervalMs, options.timeoutMs) / 2))
    this.#timer.unref()
  }

  /** Something came. */
  heard(): void {
    if (this.#timer === undefined) return
    this.#heardAt = performance.now()
    this.#pingedAt = undefined
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const now = performance.now()
    if (this.#pingedAt !== undefined) {
      if (now - this.#pingedAt >= this.#options.timeoutMs) this.#host.lost(now - this.#heardAt)
    } else if (this.#host.busy() && now - this.#heardAt >= this.#options.intervalMs) {
      this.#pingedAt = now
      this.#host.ping(payload)
    }
  }
}
