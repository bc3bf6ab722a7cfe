// A connection that carries one exchange at a time, as Kitex's short and long pools do. The next message is the reply: an abandoned
// exchange destroys the socket, so that no late reply can be taken for another's.

import { assert } from '../../../shared/base/assert.ts'
import { fail, type KiteError } from '../../../shared/base/error.ts'
import { abortError, heed, unheed } from './abort.ts'
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

/** The exchange under way. */
interface Pending {
  readonly options: ExchangeOptions
  readonly signal: AbortSignal
  readonly sent: Buffer
  readonly writeStart: number
  /** Undefined until the system has taken the bytes. */
  writeFinish: number | undefined
  readonly resolve: (exchange: Exchange) => void
  readonly reject: (error: unknown) => void
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
  exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) throw abortError(signal)
      if (!this.wire.alive) throw this.wire.failure ?? closedBeforeReply(this.wire.address)
      assert(this.#pending === undefined, 'a serial connection carries one exchange at a time')
      const sent = writeFrame(message)
      this.wire.uses++
      const pending: Pending = { options, signal, sent, writeStart: performance.now(), writeFinish: undefined, resolve, reject }
      this.#pending = pending
      heed(signal, this.#onAbort)
      if (options.oneway) this.#sendOneway(pending)
      else if (this.wire.send(sent)) pending.writeFinish = performance.now()
    })
  }

  /** Closes it in good order; an exchange that is still under way ends as cancelled. */
  close(): void {
    if (this.#pending === undefined) return this.wire.close()
    this.wire.destroy()
    this.#fail(fail('cancelled', 'connection', 'error.cancelled'))
  }

  readOptions(): ReadOptions | undefined {
    return this.#pending?.options
  }

  message(reply: IncomingMessage, firstByteAt: number): void {
    if (headerString(reply.header, stringKey.connectionReset) === '1') this.#spent = true
    const pending = this.#settle()
    if (pending === undefined) return
    if (pending.options.oneway) return succeedOneway(pending)
    const { sent, writeStart, writeFinish = firstByteAt, resolve } = pending
    resolve({ sent, reply, marks: { writeStart, writeFinish, readStart: firstByteAt, readFinish: performance.now() } })
  }

  ended(error: KiteError): void {
    if (this.#pending === undefined) this.onIdleEnd?.()
    else this.#fail(error)
  }

  #sendOneway(pending: Pending): void {
    this.#spent = true
    this.wire.write(pending.sent, () => {
      pending.writeFinish = performance.now()
      setTimeout(() => {
        if (this.#pending === pending) this.#settle()
        succeedOneway(pending)
      }, onewayPauseMs)
    })
  }

  /** One for all exchanges, since there is but one at a time. */
  readonly #onAbort = (): void => {
    const signal = this.#pending?.signal
    if (signal === undefined) return
    this.wire.destroy()
    this.#fail(abortError(signal))
  }

  /** Whatever the server does once the bytes are with the system, a oneway has succeeded. */
  #fail(error: KiteError): void {
    const pending = this.#settle()
    if (pending === undefined) return
    this.#spent = true
    if (pending.options.oneway && pending.writeFinish !== undefined) succeedOneway(pending)
    else pending.reject(error)
  }

  /** Takes the pending exchange away. */
  #settle(): Pending | undefined {
    const pending = this.#pending
    if (pending === undefined) return undefined
    this.#pending = undefined
    unheed(pending.signal, this.#onAbort)
    return pending
  }
}

const succeedOneway = ({ sent, writeStart, writeFinish = performance.now(), resolve }: Pending): void => resolve({ sent, marks: { writeStart, writeFinish } })
