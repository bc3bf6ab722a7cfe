// What the server may send us: the connection's own window and those of its streams, and their growth. Streams bound what lies in memory; the
// connection's window is given back at once, so that one paused reader does not hold up the others.

import { defaultWindow, errorCode } from './constants.ts'
import { Violation, type FramePlace } from './errors.ts'
import { ReceiveWindow } from './receive-window.ts'
import type { Sender } from './sender.ts'
import type { Http2Stream } from './stream.ts'
import { firstConnectionWindow, WindowGrowth } from './window-growth.ts'

/** Of the PING that measures the path; a server's own are of any value. */
const growthPing = Buffer.from('6b69746562647031', 'hex')

export class Inflow {
  readonly #sender: Sender
  readonly #growth = new WindowGrowth()
  readonly #window = new ReceiveWindow(defaultWindow)

  constructor(sender: Sender) {
    this.#sender = sender
  }

  begin(): void {
    this.#sender.grant(0, this.#window.widen(firstConnectionWindow))
  }

  /** So many bytes of DATA came on the connection. Throws Violation for more than was allowed. */
  came(bytes: number, at: FramePlace): void {
    if (!this.#window.take(bytes)) throw new Violation(errorCode.flowControlError, 'http2.windowExceeded', { stream: 0 }, at)
    if (this.#growth.came(bytes)) this.#sender.ping(growthPing, 0)
    this.#sender.grant(0, this.#window.giveBack(bytes))
  }

  /** They belong to a stream that runs. */
  cameTo(stream: Http2Stream, bytes: number, at: FramePlace): void {
    if (!stream.receive.take(bytes)) throw new Violation(errorCode.flowControlError, 'http2.windowExceeded', { stream: stream.id }, at)
  }

  /** They were read. */
  consumed(stream: Http2Stream, bytes: number): void {
    if (stream.receive.target < this.#growth.streamWindow) stream.receive.target = this.#growth.streamWindow
    const grant = stream.receive.giveBack(bytes)
    if (grant === 0) return
    this.#sender.grant(stream.id, grant)
    this.#growth.granted()
  }

  /** A PING was answered, perhaps ours. */
  answered(bytes: Buffer, start: number, end: number): void {
    if (growthPing.compare(bytes, start, end) !== 0 || !this.#growth.answered()) return
    this.#sender.grant(0, this.#window.widen(Math.max(this.#window.target, this.#growth.streamWindow * 2)))
  }
}
