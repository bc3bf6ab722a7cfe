// Messages that were asked to be sent while a stream runs. The call takes one when flow control took the one before, so few wait here: who
// adds from a file waits for room.

import { fail } from '../../../shared/base/error.ts'
import type { StreamMessage } from './port.ts'

const room = 64

export class InputQueue implements AsyncIterable<StreamMessage> {
  readonly #messages: StreamMessage[] = []
  #isClosed = false
  #isTaking = true
  #onMessage: (() => void) | undefined
  readonly #onRoom: (() => void)[] = []

  /** Messages that nobody took yet. */
  get length(): number {
    return this.#messages.length
  }

  /** Nothing more is taken: closed, or the call is over. */
  get isClosed(): boolean {
    return this.#isClosed || !this.#isTaking
  }

  /** Throws KiteError when sending has ended. A promise means: wait for room before adding more. */
  add(message: StreamMessage): Promise<void> | undefined {
    if (this.#isClosed) throw fail('contract', 'engine', 'stream.sendClosed')
    if (!this.#isTaking) throw fail('contract', 'engine', 'stream.notRunning')
    this.#messages.push(message)
    this.#wake()
    return this.#messages.length < room ? undefined : new Promise((resolve) => this.#onRoom.push(resolve))
  }

  /** After what waits, the half-close. */
  close(): void {
    this.#isClosed = true
    this.#wake()
  }

  /** Taken by one call; its `return` ends the queue, and who waits for room goes on to be told so. */
  async* [Symbol.asyncIterator](): AsyncGenerator<StreamMessage, void, undefined> {
    try {
      for (;;) {
        const message = this.#messages.shift()
        if (message !== undefined) {
          if (this.#messages.length < room) this.#letIn()
          yield message
        } else if (this.isClosed) return
        else await new Promise<void>((resolve) => { this.#onMessage = resolve })
      }
    } finally {
      this.end()
    }
  }

  /** The call is over. */
  end(): void {
    this.#isTaking = false
    this.#messages.length = 0
    this.#wake()
    this.#letIn()
  }

  #wake(): void {
    this.#onMessage?.()
    this.#onMessage = undefined
  }

  #letIn(): void {
    for (const resolve of this.#onRoom.splice(0)) resolve()
  }
}
