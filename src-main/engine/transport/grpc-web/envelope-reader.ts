// Cuts the body of a reply into envelopes, however its bytes are split. A length is believed only as its bytes come.

import { fail } from '../../../../shared/base/error.ts'
import { Gather } from '../gather.ts'

export const envelopeHeadBytes = 5

/** Bit of the flags that tells that the content is compressed. */
export const compressedFlag = 1

export interface Envelope {
  readonly flags: number
  readonly bytes: Buffer
}

/** A message in its envelope. */
export function writeEnvelope(content: Buffer, isCompressed: boolean): Buffer {
  const head = Buffer.allocUnsafe(envelopeHeadBytes)
  head[0] = isCompressed ? compressedFlag : 0
  head.writeUInt32BE(content.length, 1)
  return Buffer.concat([head, content])
}

export class EnvelopeReader {
  readonly #maxBytes: number
  readonly #head = Buffer.alloc(envelopeHeadBytes)
  /** Bytes of the head that have come. */
  #headHeld = 0
  #wanted = 0
  #content = new Gather()

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of an envelope that is not whole. */
  get unfinished(): number {
    return this.#headHeld + this.#content.length
  }

  /** Takes bytes; returns the envelopes that became whole. Throws KiteError for one over the limit. */
  push(chunk: Buffer): readonly Envelope[] {
    const whole: Envelope[] = []
    for (let at = 0; at < chunk.length;) {
      if (this.#headHeld < envelopeHeadBytes) {
        at = this.#fillHead(chunk, at)
        if (this.#headHeld < envelopeHeadBytes) return whole
      }
      const end = Math.min(chunk.length, at + this.#wanted - this.#content.length)
      this.#content.push(chunk.subarray(at, end))
      at = end
      if (this.#content.length === this.#wanted) whole.push(this.#finish())
    }
    return whole
  }

  #fillHead(chunk: Buffer, at: number): number {
    const copied = chunk.copy(this.#head, this.#headHeld, at)
    this.#headHeld += copied
    if (this.#headHeld < envelopeHeadBytes) return at + copied
    this.#wanted = this.#head.readUInt32BE(1)
    if (this.#wanted > this.#maxBytes) throw fail('protocol', 'frame', 'grpc.messageTooLarge', { bytes: this.#wanted, limit: this.#maxBytes }, { hint: { key: 'grpc.compressedTooLargeHint' } })
    return at + copied
  }

  #finish(): Envelope {
    const envelope = { flags: this.#head[0] ?? 0, bytes: this.#content.bytes() }
    this.#headHeld = 0
    this.#content = new Gather()
    return envelope
  }
}
