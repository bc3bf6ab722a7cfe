// Cuts the body of a reply into envelopes, however its bytes are split. A length is believed only as its bytes come.

import { fail } from '../../../../shared/base/error.ts'

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
  #chunks: Buffer[] = []
  #held = 0
  #head: { readonly flags: number; readonly length: number } | undefined

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of an envelope that is not whole. */
  get unfinished(): number {
    return this.#held + (this.#head === undefined ? 0 : envelopeHeadBytes)
  }

  /** Takes bytes; returns the envelopes that became whole. Throws KiteError for one over the limit. */
  push(chunk: Buffer): readonly Envelope[] {
    if (chunk.length > 0) this.#chunks.push(chunk)
    this.#held += chunk.length
    const whole: Envelope[] = []
    for (;;) {
      this.#head ??= this.#readHead()
      if (this.#head === undefined || this.#held < this.#head.length) return whole
      whole.push({ flags: this.#head.flags, bytes: this.#take(this.#head.length) })
      this.#head = undefined
    }
  }

  #readHead(): { readonly flags: number; readonly length: number } | undefined {
    if (this.#held < envelopeHeadBytes) return undefined
    const head = this.#take(envelopeHeadBytes)
    const length = head.readUInt32BE(1)
    if (length > this.#maxBytes) throw fail('protocol', 'frame', 'grpc.messageTooLarge', { bytes: length, limit: this.#maxBytes }, { hint: { key: 'grpc.compressedTooLargeHint' } })
    return { flags: head[0] ?? 0, length }
  }

  #take(length: number): Buffer {
    const [first] = this.#chunks
    const all = first !== undefined && first.length >= length ? first : Buffer.concat(this.#chunks)
    const rest = all.subarray(length)
    if (all === first) this.#chunks[0] = rest
    else this.#chunks = [rest]
    if (rest.length === 0) this.#chunks.shift()
    this.#held -= length
    return all.subarray(0, length)
  }
}
