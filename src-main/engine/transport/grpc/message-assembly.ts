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

export class MessageAssembly {
  readonly #maxBytes: number
  readonly #prefix = Buffer.alloc(prefixBytes)
  #prefixHeld = 0
  #message: Buffer | undefined
  #held = 0
  #wanted = 0

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
        const taken = Math.min(prefixBytes - this.#prefixHeld, end - at)
        bytes.copy(this.#prefix, this.#prefixHeld, at, at + taken)
        this.#prefixHeld += taken
        at += taken
        if (this.#prefixHeld < prefixBytes) return
        this.#begin()
      }
      at = this.#fill(bytes, at, end)
      if (this.#held === this.#wanted) this.#finish(into)
    }
  }

  #begin(): void {
    const flags = this.#prefix[0] ?? 0
    if (flags > 1) throw fail('protocol', 'frame', 'http2.grpcFlag', { flag: flags }, { hint: { key: 'http2.grpcFlagHint' } })
    this.#wanted = this.#prefix.readUInt32BE(1)
    if (this.#wanted > this.#maxBytes) throw fail('protocol', 'frame', 'http2.grpcMessageTooLarge', { bytes: this.#wanted, limit: this.#maxBytes }, { hint: { key: 'http2.grpcMessageTooLargeHint' } })
    this.#message = Buffer.allocUnsafe(Math.min(this.#wanted, firstBytes))
    this.#held = 0
  }

  #fill(bytes: Buffer, at: number, end: number): number {
    const taken = Math.min(this.#wanted - this.#held, end - at)
    let message = this.#message ?? Buffer.alloc(0)
    if (this.#held + taken > message.length) {
      const larger = Buffer.allocUnsafe(Math.min(this.#wanted, Math.max(message.length * 2, this.#held + taken)))
      message.copy(larger, 0, 0, this.#held)
      message = larger
      this.#message = larger
    }
    this.#held += bytes.copy(message, this.#held, at, at + taken)
    return at + taken
  }

  #finish(into: RawMessage[]): void {
    into.push({ bytes: this.#message ?? Buffer.alloc(0), compressed: this.#prefix[0] === 1 })
    this.#message = undefined
    this.#prefixHeld = 0
    this.#held = 0
  }
}
