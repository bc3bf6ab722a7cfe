// A stream that begins again elsewhere when its server has not begun it. What was sent is kept until the first word of the server, as far as it is
// little; from then on this only hands through.

import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Captured, MessageStream, StreamPart } from '../transport.ts'
import type { NotBegun } from './errors.ts'

/** A stream that knows whether its server has begun it. */
export interface BeginningStream extends MessageStream {
  /** Why it is over before the server began it; undefined otherwise. */
  readonly notBegun: NotBegun | undefined
}

/** So much of what was sent is kept; whoever sends more has shown the server too much to say it again. */
const maxKeptBytes = 256 * 1024

export class RestartingStream implements MessageStream {
  readonly #again: (why: NotBegun) => Promise<BeginningStream | undefined>
  #inner: BeginningStream
  /** What to say again; undefined once that is no longer possible or needed. */
  #kept: Buffer[] | undefined = []
  #keptBytes = 0
  #closed = false
  #restarting: Promise<boolean> | undefined
  /** Ends a restart that waits for a connection. */
  #stop: (error: KiteError) => void = () => undefined

  /** `again`: another such stream; undefined where there is none to be had. */
  constructor(inner: BeginningStream, again: (why: NotBegun) => Promise<BeginningStream | undefined>) {
    this.#inner = inner
    this.#again = again
  }

  async send(message: Buffer): Promise<number> {
    if (this.#kept === undefined) return this.#inner.send(message)
    await this.#restarting
    this.#keep(message)
    const inner = this.#inner
    const from = performance.now()
    try {
      return await inner.send(message)
    } catch (caught) {
      // What began again has sent it too.
      if (!await this.#restart(inner)) throw caught
      return performance.now() - from
    }
  }

  async closeSend(): Promise<void> {
    await this.#restarting
    this.#closed = true
    await this.#inner.closeSend()
  }

  async receive(): Promise<readonly StreamPart[]> {
    for (;;) {
      const inner = this.#inner
      const parts = await inner.receive()
      if (this.#kept === undefined) return parts
      if (await this.#restart(inner)) continue
      this.#kept = undefined
      return parts
    }
  }

  cancel(reason: string): void {
    this.#kept = undefined
    this.#inner.cancel(reason)
    this.#stop(fail('cancelled', 'connection', 'http2.streamCancelled', { reason }))
  }

  captured(): { readonly sent: Captured; readonly received: Captured } | undefined {
    return this.#inner.captured()
  }

  #keep(message: Buffer): void {
    this.#keptBytes += message.length
    if (this.#keptBytes > maxKeptBytes) this.#kept = undefined
    else this.#kept?.push(message)
  }

  /** True when what `inner` was to do is done by another stream now. */
  async #restart(inner: BeginningStream): Promise<boolean> {
    if (inner !== this.#inner) return true
    const { notBegun } = inner
    if (notBegun === undefined || this.#kept === undefined) return false
    this.#restarting ??= this.#begin(notBegun).finally(() => (this.#restarting = undefined))
    return this.#restarting
  }

  async #begin(why: NotBegun): Promise<boolean> {
    const asked = this.#again(why)
    const stopped = new Promise<never>((_, reject) => (this.#stop = reject))
    let next: BeginningStream | undefined
    try {
      next = await Promise.race([asked, stopped])
    } catch (caught) {
      asked.then((late) => late?.cancel('given up'), () => undefined)
      const { data: { code } } = KiteError.from(caught, 'connection')
      // Whoever cancelled or ran out of time hears that; where there is no other connection, the end of this one is what is told.
      if (code === 'cancelled' || code === 'rpc_timeout') throw caught
      return false
    }
    const kept = this.#kept
    if (next === undefined || kept === undefined) {
      next?.cancel('given up')
      return false
    }
    this.#inner = next
    // In this order and without waiting: whoever sent them waits, and what fails is told by the stream's end.
    for (const message of kept) next.send(message).catch(() => undefined)
    if (this.#closed) await next.closeSend()
    return true
  }
}
