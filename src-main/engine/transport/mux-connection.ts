// A socket that carries many exchanges at once. A reply with a sequence id that nobody waits for is one that was abandoned, and
// is dropped. When the server announces a close, exchanges under way may finish and new ones go elsewhere.

import { fail, type KiteError } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from './abort.ts'
import { Doubt } from './doubt.ts'
import { writeFrame } from './frame-writer.ts'
import type { ReadOptions } from './frame-reader.ts'

import { closedBeforeReply } from './socket-errors.ts'
import type { Exchange, ExchangeOptions, IncomingMessage, OutgoingMessage } from './transport.ts'
import { stringKey, ttHeaderFlag } from './ttheader/keys.ts'
import { headerString } from './ttheader/metainfo.ts'
import type { Wire, WireOwner } from './wire.ts'

/** TTHeader has nothing to ask with, so that one call that is given up soon is not enough for doubt. */
const patientMs = 200

interface Pending {
  readonly succeed: (message: IncomingMessage, firstByteAt: number) => void
  readonly fail: (error: KiteError) => void
}

export class MuxConnection implements WireOwner {
  readonly wire: Wire
  readonly dialMs: number
  readonly #idleTimeoutMs: number
  readonly #onGone: () => void
  readonly #pending = new Map<number, Pending>()
  readonly #oneways = new Set<(error: KiteError) => void>()
  readonly #idleTimer: NodeJS.Timeout
  /** When it last had nothing to do, on the monotonic clock. */
  idleSince = performance.now()
  #options: ReadOptions | undefined
  #draining = false
  readonly #doubt = new Doubt(patientMs)

  constructor(wire: Wire, dialMs: number, idleTimeoutMs: number, onGone: () => void) {
    this.wire = wire
    this.dialMs = dialMs
    this.#idleTimeoutMs = idleTimeoutMs
    this.#onGone = onGone
    this.#idleTimer = setTimeout(() => this.#closeIfIdle(), idleTimeoutMs)
    this.#idleTimer.unref()
    wire.owner = this
  }

  get usable(): boolean {
    return !this.#draining && this.wire.alive
  }

  get inFlight(): number {
    return this.#pending.size
  }

  /** Sends a message with its own sequence id and waits for the reply that bears it. Aborting abandons the id. */
  async exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    if (signal.aborted) throw abortError(signal)
    if (message.transport !== 'ttheader' && message.transport !== 'ttheader-framed') {
      throw fail('unsupported', 'connection', 'transport.muxNeedsTtheader', { transport: message.transport }, { hint: { key: 'transport.muxHint' } })
    }
    if (!this.wire.alive) throw this.wire.failure ?? closedBeforeReply(this.wire.address)
    if (this.#pending.has(message.seqId)) throw fail('internal', 'connection', 'transport.sequenceIdInUse', { seqId: message.seqId })
    const sent = writeFrame(message, ttHeaderFlag.outOfOrder)
    this.#options = options
    this.wire.uses++
    return await (options.oneway ? this.#send(sent, signal) : this.#ask(message.seqId, sent, signal))
  }

  /** Takes no further exchange and closes when those under way are done. */
  drain(): void {
    this.#draining = true
    this.#onGone()
    this.#closeWhenDone()
  }

  destroy(error: KiteError): void {
    this.wire.destroy()
    this.ended(error)
  }

  readOptions(): ReadOptions | undefined {
    return this.#options
  }

  message(message: IncomingMessage, firstByteAt: number): void {
    if (headerString(message.header, stringKey.connectionReset) === '1') this.drain()
    const pending = message.headerSeqId === undefined ? this.#only() : this.#pending.get(message.headerSeqId)
    pending?.succeed(message, firstByteAt)
  }

  heard(): void {
    this.#doubt.heard()
  }

  ended(error: KiteError): void {
    clearTimeout(this.#idleTimer)
    this.#onGone()
    for (const pending of [...this.#pending.values()]) pending.fail(error)
    for (const failOneway of [...this.#oneways]) failOneway(error)
  }

  #ask(seqId: number, sent: Buffer, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const writeStart = performance.now()
      let writeFinish: number | undefined
      const settle = (): void => {
        this.#pending.delete(seqId)
        forgetAbort()
        this.#rest()
      }
      const failed = (error: KiteError): void => {
        settle()
        reject(error)
      }
      const forgetAbort = whenAborted(signal, () => {
        failed(abortError(signal))
        if (this.usable && this.#doubt.gaveUp(writeStart)) this.drain()
      })
      this.#begin(seqId, {
        fail: failed,
        succeed: (reply, readStart) => {
          settle()
          resolve({ sent, reply, marks: { writeStart, writeFinish: writeFinish ?? readStart, readStart, readFinish: performance.now() } })
        },
      })
      this.wire.writeJoined(sent, () => (writeFinish = performance.now()))
    })
  }

  /** A oneway is done when the system has taken its bytes; the socket stays, since others use it. */
  #send(sent: Buffer, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const writeStart = performance.now()
      const failed = (error: KiteError): void => {
        this.#oneways.delete(failed)
        forgetAbort()
        reject(error)
      }
      const forgetAbort = whenAborted(signal, () => failed(abortError(signal)))
      this.#oneways.add(failed)
      this.wire.writeJoined(sent, () => {
        this.#oneways.delete(failed)
        forgetAbort()
        this.#rest()
        resolve({ sent, marks: { writeStart, writeFinish: performance.now() } })
      })
    })
  }

  #begin(seqId: number, pending: Pending): void {
    this.#pending.set(seqId, pending)
    this.wire.keepsProcess = true
  }

  /** Called when one exchange less is under way. */
  #rest(): void {
    if (this.#pending.size > 0) return
    this.idleSince = performance.now()
    if (this.#draining) return this.#closeWhenDone()
    this.wire.keepsProcess = false
    this.#idleTimer.refresh()
  }

  /** The reply of a server that answers without TTHeader can be told only when a single call waits. */
  #only(): Pending | undefined {
    return this.#pending.size === 1 ? this.#pending.values().next().value : undefined
  }

  #closeIfIdle(): void {
    // A timer may fire a fraction of a millisecond early.
    const stillMs = performance.now() - this.idleSince + 1
    if (this.#pending.size === 0 && stillMs >= this.#idleTimeoutMs) this.drain()
    else this.#idleTimer.refresh()
  }

  #closeWhenDone(): void {
    if (this.#pending.size > 0) return
    clearTimeout(this.#idleTimer)
    this.wire.close()
  }
}
