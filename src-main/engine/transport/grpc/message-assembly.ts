// Cuts the body of a gRPC stream into messages: a byte that tells whether it is compressed, a length of four bytes, the message. DATA frames and
// messages have nothing to do with each other: one may hold several of the other.

import { fail } from '../../../../shared/base/error.ts'

export const prefixBytes = 5

/** A message as it travelled. */
export interface RawMessage {
  readonly bytes: Buffer
  readonly compressed: boolean
}

/** First memory for a large message: a length is only believed as its bytes come. */
const firstBytes = 1024 * 1024

const nothing = Buffer.alloc(0)

export class MessageAssembly {
  readonly #maxBytes: number
  /** Bytes of the prefix that have come, up to {@link prefixBytes}; the first is the flag, the others make the length. */
  #prefixHeld = 0
  #flag = 0
  #wanted = 0
  #message = nothing
  #held = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of a message that has not come whole, with its prefix. */
  get unfinished(): number {
    return this.#prefixHeld + this.#held
  }

  /** Takes part of the body; adds messages that became whole. Throws KiteError for a prefix that cannot be, or a message over the limit. */
  push(bytes: Buffer, start: number, end: number, into: RawMessage[]): void {
    let at = start
    while (at < end) {
      if (this.#prefixHeld < prefixBytes) {
        at = this.#prefix(bytes, at, end)
        if (this.#prefixHeld < prefixBytes) return
        this.#begin()
      }
      at = this.#fill(bytes, at, end)
      if (this.#held === this.#wanted) this.#finish(into)
    }
  }

  #prefix(bytes: Buffer, from: number, end: number): number {
    let at = from
    for (; at < end && this.#prefixHeld < prefixBytes; at++) {
      const byte = bytes[at] ?? 0
      if (this.#prefixHeld++ === 0) this.#flag = byte
      else this.#wanted = this.#wanted * 256 + byte
    }
    return at
  }

  #begin(): void {
    if (this.#flag > 1) throw fail('protocol', 'frame', 'http2.grpcFlag', { flag: this.#flag }, { hint: { key: 'http2.grpcFlagHint' } })
    if (this.#wanted > this.#maxBytes) throw fail('protocol', 'frame', 'http2.grpcMessageTooLarge', { bytes: this.#wanted, limit: this.#maxBytes }, { hint: { key: 'http2.grpcMessageTooLargeHint' } })
    this.#message = Buffer.allocUnsafe(Math.min(this.#wanted, firstBytes))
  }

  #fill(bytes: Buffer, at: number, end: number): number {
    const taken = Math.min(this.#wanted - this.#held, end - at)
    if (this.#held + taken > this.#message.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#wanted, Math.max(this.#message.length * 2, this.#held + taken)))
      this.#message.copy(larger, 0, 0, this.#held)
      this.#message = larger
    }
    this.#held += bytes.copy(this.#message, this.#held, at, at + taken)
    return at + taken
  }

  #finish(into: RawMessage[]): void {
    into.push({ bytes: this.#message, compressed: this.#flag === 1 })
    this.#message = nothing
    this.#prefixHeld = 0
    this.#wanted = 0
    this.#held = 0
  }
}
