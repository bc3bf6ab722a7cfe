// One open socket as a stream of whole messages: what serial and multiplexed connections share. It says how the stream ended in
// words of ours, once, and counts what the call record wants to know.

import type { Socket } from 'node:net'
import { KiteError } from '../../../shared/base/error.ts'
import { cutShort, foreignAnswer } from './frame-errors.ts'
import { FrameReader, type ReadOptions } from './frame-reader.ts'
import { socketEnds } from './socket-ends.ts'
import { closedBeforeReply, connectionBroke } from './socket-errors.ts'
import { lateAlert } from './tls-errors.ts'
import type { IncomingMessage } from './transport.ts'

/** What a wire tells its owner. `firstByteAt` and `now` are of the monotonic clock. */
export interface WireOwner {
  /** Options to read with, or undefined when nothing is expected: then any byte breaks the wire. */
  readOptions(): ReadOptions | undefined
  message(message: IncomingMessage, firstByteAt: number): void
  /** Bytes came, perhaps of no whole message. */
  heard?(): void
  /** The wire is of no more use; called once. */
  ended(error: KiteError): void
}

export class Wire {
  /** As it was dialled. */
  readonly address: string
  readonly local: string
  readonly remote: string
  /** Exchanges begun on it so far. */
  uses = 0
  /** Why it ended by itself, for whoever comes to use it afterwards. */
  failure: KiteError | undefined
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  #owner: WireOwner | undefined
  #firstByteAt = 0
  #ended = false

  constructor(socket: Socket, address: string) {
    this.#socket = socket
    this.address = address
    const { local, remote } = socketEnds(socket, address)
    this.local = local
    this.remote = remote
    socket.on('end', () => this.#ending())
    socket.on('error', (caught) => this.#fail(lateAlert(caught, address) ?? connectionBroke(caught, address, this.#reader.size)))
    socket.on('close', () => this.#fail(this.#endedEarly()))
  }

  set owner(owner: WireOwner) {
    this.#owner = owner
  }

  /** Whether it can carry one more exchange. */
  get alive(): boolean {
    return !this.#ended && this.#socket.writable && !this.#socket.destroyed
  }

  /** Sends bytes, and says whether the system has taken them at once, as it nearly always does. A failure ends the wire. */
  send(bytes: Buffer): boolean {
    this.#socket.write(bytes)
    return this.#socket.writableLength === 0
  }

  /** Sends bytes; `done` runs when the system has taken them. A failure ends the wire. */
  write(bytes: Buffer, done: () => void): void {
    this.#socket.write(bytes, (error) => {
      if (error === undefined || error === null) done()
      else this.#fail(connectionBroke(error, this.address, this.#reader.size))
    })
  }

  /** The same, joined with what else is written in this turn of the event loop: one system call for many calls at once. */
  writeJoined(bytes: Buffer, done: () => void): void {
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork()
      process.nextTick(() => this.#socket.uncork())
    }
    this.write(bytes, done)
  }

  /** Ends it in good order: what was written still arrives. */
  close(): void {
    this.#ended = true
    this.#socket.end()
    this.#socket.destroySoon()
  }

  /** Ends it at once. */
  destroy(): void {
    this.#ended = true
    this.#socket.destroy()
  }

  /** Lets the process exit although this wire is open. */
  set keepsProcess(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Takes bytes as they came; they are kept. */
  read(chunk: Buffer): void {
    if (this.#ended) return
    this.#owner?.heard?.()
    if (this.#reader.size === 0) this.#firstByteAt = performance.now()
    this.#reader.push(chunk)
    try {
      this.#handOut()
    } catch (caught) {
      this.#fail(KiteError.from(caught, 'frame'))
    }
  }

  #handOut(): void {
    while (this.#reader.size > 0 && !this.#ended) {
      const options = this.#owner?.readOptions()
      if (options === undefined) return this.#fail(foreignAnswer(this.#reader.leftover()))
      const message = this.#reader.next(options)
      if (message === undefined) return
      this.#owner?.message(message, this.#firstByteAt)
    }
  }

  /** A reset while bytes of ours are unsent shows as an end of theirs first, and as a failed write within the same turn. */
  #ending(): void {
    if (this.#socket.writableLength === 0) this.#fail(this.#endedEarly())
    else setImmediate(() => this.#fail(this.#endedEarly()))
  }

  #endedEarly(): KiteError {
    const leftover = this.#reader.leftover()
    return leftover.length > 0 ? cutShort(leftover) : closedBeforeReply(this.address)
  }

  #fail(error: KiteError): void {
    if (this.#ended) return
    this.#ended = true
    this.failure = error
    this.#socket.destroy()
    this.#owner?.ended(error)
  }
}
