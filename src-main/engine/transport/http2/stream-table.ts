// The streams of a connection: those that run, by number, and those that wait until the server's bound lets them begin.

import { maxWindow } from './constants.ts'
import type { RequestHead } from './sender.ts'
import type { Http2Stream } from './stream.ts'

interface Waiting {
  readonly stream: Http2Stream
  readonly head: RequestHead
}

export class StreamTable {
  readonly #running = new Map<number, Http2Stream>()
  #waiting: Waiting[] = []
  #nextId = 1

  get running(): number {
    return this.#running.size
  }

  /** Numbers are used once and end at 2^31-1 (RFC 9113 5.1.1). */
  get spent(): boolean {
    return this.#nextId >= maxWindow
  }

  get(id: number): Http2Stream | undefined {
    return this.#running.get(id)
  }

  all(): readonly Http2Stream[] {
    return [...this.#running.values()]
  }

  /** Whether a stream of this number has ever begun. */
  begun(id: number): boolean {
    return id % 2 === 1 && id < this.#nextId
  }

  /** Gives it a number. */
  begin(stream: Http2Stream): void {
    stream.id = this.#nextId
    this.#nextId += 2
    this.#running.set(stream.id, stream)
  }

  wait(stream: Http2Stream, head: RequestHead): void {
    this.#waiting.push({ stream, head })
  }

  /** Who waited longest. */
  next(): Waiting | undefined {
    return this.#waiting.length === 0 ? undefined : this.#waiting.shift()
  }

  /** False when it did not run. */
  remove(stream: Http2Stream): boolean {
    if (stream.id === 0) this.#waiting = this.#waiting.filter((one) => one.stream !== stream)
    stream.drop()
    return this.#running.delete(stream.id)
  }

  /** Takes out all that wait, and of those that run the ones above a number. */
  takeAbove(id: number): { readonly waiting: readonly Http2Stream[]; readonly running: readonly Http2Stream[] } {
    const waiting = this.#waiting.splice(0).map(({ stream }) => stream)
    const running = this.all().filter((stream) => stream.id > id)
    for (const stream of running) this.#running.delete(stream.id)
    for (const stream of [...waiting, ...running]) stream.drop()
    return { waiting, running }
  }
}
