// A conversation over a WebSocket of its own: everything that comes, and what the user sends. A message is the parameters of a call of the
// stream's method, or, where it says itself what it is, a message as it stands.

import type { ErrorData } from '../../../../shared/base/error.ts'
import { fail, type KiteError } from '../../../../shared/base/error.ts'
import { abortError, whenAborted } from '../abort.ts'
import { joinCaptured } from '../http/captured.ts'
import type { Captured, MessageStream, StreamOpening, StreamPart } from '../transport.ts'
import { receivedOf, sentOf } from './captured.ts'
import type { Incoming } from './dialect.ts'
import type { Session, SessionListener } from './session.ts'
import type { TextMessage } from './web-socket.ts'

/** What may wait before the socket is held. */
const highWaterBytes = 1024 * 1024
/** What is kept of each direction. */
const capturedBytes = 64 * 1024

export class SessionStream implements MessageStream, SessionListener {
  readonly #session: Session
  readonly #method: string
  readonly #sent: Captured[]
  readonly #received: Captured[]
  readonly #keeps: boolean
  readonly #waiting: StreamPart[]
  readonly #open = new Set<number>()
  #waitingBytes = 0
  #sentBytes = 0
  #receivedBytes = 0
  #calls = 0
  #sendEnded = false
  #isOver = false
  #wake: (() => void) | undefined
  readonly #forgetAbort: () => void

  constructor(session: Session, { route, capture }: StreamOpening, signal: AbortSignal) {
    this.#session = session
    this.#method = route.method
    this.#keeps = capture
    this.#sent = [session.handshake.sent]
    this.#received = [session.handshake.received]
    this.#waiting = [{ kind: 'header', header: { strings: session.handshake.headers, ints: [] } }]
    session.listener = this
    this.#forgetAbort = whenAborted(signal, () => this.#stop(abortError(signal)))
  }

  async send(message: Buffer): Promise<number> {
    if (this.#isOver) throw fail('remote_or_network', 'connection', 'ws.streamOver')
    const { text, id } = this.#session.dialect.compose(this.#method, message.toString())
    if (id !== undefined) this.#open.add(id)
    this.#calls++
    const { waitedMs, frame } = await this.#session.send(text)
    if (this.#keeps && this.#sentBytes < capturedBytes) this.#sent.push(sentOf(frame, text))
    this.#sentBytes += frame.length
    return waitedMs
  }

  /**
   * A WebSocket has no half-close: the connection is closed once every call that was sent has its answer; where none was sent, or callbacks were, the
   * server decides, or the user.
   */
  closeSend(): Promise<void> {
    this.#sendEnded = true
    this.#closeWhenAnswered()
    return Promise.resolve()
  }

  async receive(): Promise<readonly StreamPart[]> {
    if (this.#waiting.length === 0 && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#waitingBytes = 0
    this.#session.socket.hold(false)
    return this.#waiting.splice(0)
  }

  cancel(reason: string): void {
    this.#stop(fail('cancelled', 'connection', 'error.cancelled'), reason)
  }

  captured(): { readonly sent: Captured; readonly received: Captured } | undefined {
    return this.#keeps ? { sent: joinCaptured(this.#sent), received: joinCaptured(this.#received) } : undefined
  }

  heard(incoming: Incoming, message: TextMessage): void {
    if (incoming.kind !== 'answer' && incoming.kind !== 'said') return
    if (this.#keeps && this.#receivedBytes < capturedBytes) this.#received.push(receivedOf(message, incoming))
    this.#receivedBytes += message.raw.length
    this.#waiting.push({ kind: 'message', message: Buffer.from(incoming.shown), wireBytes: message.raw.length, compressed: false })
    this.#waitingBytes += message.raw.length
    if (this.#waitingBytes > highWaterBytes) this.#session.socket.hold(true)
    if (incoming.kind === 'answer') {
      this.#open.delete(incoming.id)
      this.#closeWhenAnswered()
    }
    this.#wakeUp()
  }

  ended(error: KiteError | undefined): void {
    this.#over(error?.data)
  }

  #closeWhenAnswered(): void {
    if (this.#sendEnded && this.#calls > 0 && this.#open.size === 0 && !this.#session.dialect.awaitsCallbacks) this.#session.close()
  }

  #stop({ data }: KiteError, reason = 'cancelled'): void {
    this.#over(data)
    this.#session.socket.close(1000, reason)
  }

  #over(fault: ErrorData | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#forgetAbort()
    this.#waiting.push({ kind: 'trailer', header: { strings: [], ints: [] }, ...(fault === undefined ? {} : { fault }) })
    this.#wakeUp()
  }

  #wakeUp(): void {
    const wake = this.#wake
    this.#wake = undefined
    wake?.()
  }
}
