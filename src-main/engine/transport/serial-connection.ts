// A connection that carries one exchange at a time, as Kitex's short and long pools do. The next message is the reply: an abandoned
// exchange destroys the socket, so that no late reply can be taken for another's.

import { assert } from '../../../shared/base/assert.ts'
import { fail, type KiteError } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from './abort.ts'
import { writeFrame } from './frame-writer.ts'
import type { ExclusiveConnection } from './exclusive-pool.ts'
import type { ReadOptions } from './frame-reader.ts'
import { closedBeforeReply } from './socket-errors.ts'
import type { ConnectionFacts, Exchange, ExchangeOptions, IncomingMessage, OutgoingMessage } from './transport.ts'
import { stringKey } from './ttheader/keys.ts'
import { headerString } from './ttheader/metainfo.ts'
import type { Wire, WireOwner } from './wire.ts'

/** Kitex sleeps 500 us after a oneway before it closes, lest the server drop what it has not read (remotecli/client.go). */
const onewayPauseMs = 1

interface Pending {
  readonly options: ReadOptions
  /** The reply, or undefined when a oneway needs none. */
  readonly succeed: (message: IncomingMessage | undefined, firstByteAt: number) => void
  readonly fail: (error: KiteError) => void
}

export class SerialConnection implements WireOwner, ExclusiveConnection {
  readonly wire: Wire
  readonly dialMs: number
  readonly tls: ConnectionFacts['tls']
  idleSince = performance.now()
  onIdleEnd: (() => void) | undefined
  #pending: Pending | undefined
  #spent = false

  constructor(wire: Wire, dialMs: number, tls?: ConnectionFacts['tls']) {
    this.wire = wire
    this.dialMs = dialMs
    this.tls = tls
    wire.owner = this
  }

  /** Whether another exchange may follow: not after a oneway, a failure, or a reply that announced a close. */
  get reusable(): boolean {
    return !this.#spent && this.#pending === undefined && this.wire.alive
  }

  set keepsProcess(keeps: boolean) {
    this.wire.keepsProcess = keeps
  }

  /** Sends a message and, unless oneway, waits for the reply. Aborting destroys the socket. */
  async exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    if (signal.aborted) throw abortError(signal)
    if (!this.wire.alive) throw this.wire.failure ?? closedBeforeReply(this.wire.address)
    assert(this.#pending === undefined, 'a serial connection carries one exchange at a time')
    const sent = writeFrame(message)
    this.wire.uses++
    return options.oneway ? await this.#sendOneway(sent, options, signal) : await this.#ask(sent, options, signal)
  }

  /** Closes it in good order; an exchange that is still under way ends as cancelled. */
  close(): void {
    if (this.#pending === undefined) return this.wire.close()
    this.wire.destroy()
    this.#pending.fail(fail('cancelled', 'connection', 'error.cancelled'))
  }

  readOptions(): ReadOptions | undefined {
    return this.#pending?.options
  }

  message(message: IncomingMessage, firstByteAt: number): void {
    if (headerString(message.header, stringKey.connectionReset) === '1') this.#spent = true
    this.#pending?.succeed(message, firstByteAt)
  }

  ended(error: KiteError): void {
    if (this.#pending === undefined) this.onIdleEnd?.()
    else this.#pending.fail(error)
  }

  #ask(sent: Buffer, options: ReadOptions, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      const writeStart = performance.now()
      let writeFinish: number | undefined
      this.#pend(options, signal, reject, (reply, readStart) => {
        if (reply !== undefined) resolve({ sent, reply, marks: { writeStart, writeFinish: writeFinish ?? readStart, readStart, readFinish: performance.now() } })
      })
      if (this.wire.send(sent)) writeFinish = performance.now()
    })
  }

  /** Whatever the server does once the bytes are with the system, a oneway has succeeded. */
  #sendOneway(sent: Buffer, options: ReadOptions, signal: AbortSignal): Promise<Exchange> {
    this.#spent = true
    return new Promise((resolve, reject) => {
      const writeStart = performance.now()
      let finish: (() => void) | undefined
      this.#pend(options, signal, (error) => (finish === undefined ? reject(error) : finish()), () => finish?.())
      this.wire.write(sent, () => {
        const writeFinish = performance.now()
        finish = () => resolve({ sent, marks: { writeStart, writeFinish } })
        setTimeout(() => this.#pending?.succeed(undefined, writeFinish), onewayPauseMs)
      })
    })
  }

  /** Makes this exchange the pending one. */
  #pend(options: ReadOptions, signal: AbortSignal, reject: (error: KiteError) => void, succeed: Pending['succeed']): void {
    const settle = (): void => {
      this.#pending = undefined
      forgetAbort()
    }
    const failed = (error: KiteError): void => {
      if (this.#pending !== pending) return
      settle()
      this.#spent = true
      reject(error)
    }
    const pending: Pending = {
      options,
      fail: failed,
      succeed: (reply, firstByteAt) => {
        settle()
        succeed(reply, firstByteAt)
      },
    }
    this.#pending = pending
    const forgetAbort = whenAborted(signal, () => {
      this.wire.destroy()
      failed(abortError(signal))
    })
  }
}
