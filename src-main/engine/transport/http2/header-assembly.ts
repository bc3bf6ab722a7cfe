// Joins a header block that comes as HEADERS and CONTINUATION frames. Nothing else may come in between, and what is gathered is bounded: a peer
// that never ends a block must not fill the memory.

import { errorCode, flag, frameType } from './constants.ts'
import { misplaced, Violation } from './errors.ts'
import { HpackError, type HeaderBlock, type HpackDecoder } from './hpack-decoder.ts'
import { payloadEnd, payloadStart } from './payload.ts'

/** Coded bytes of one block; decoded it may be larger, which the decoder bounds. */
export const maxBlockBytes = 1024 * 1024

/** A whole block: `[start, end)` of `bytes`. */
export interface Block {
  readonly stream: number
  readonly endStream: boolean
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/** The fields of a block. Throws Violation for one that cannot be read: from then on the tables of both sides differ (RFC 9113 4.3). */
export function decodeBlock(decoder: HpackDecoder, { bytes, start, end }: Block, offset: number): HeaderBlock {
  try {
    return decoder.decode(bytes, start, end)
  } catch (caught) {
    if (!(caught instanceof HpackError)) throw caught
    throw new Violation(errorCode.compressionError, 'http2.headerBlock', { reason: caught.reason, at: caught.offset }, { type: frameType.headers, offset })
  }
}

export class HeaderAssembly {
  #stream = 0
  #endStream = false
  #parts: Buffer[] = []
  #size = 0
  #frames = 0

  /** A block has begun and not ended. */
  get open(): boolean {
    return this.#stream !== 0
  }

  /** Takes HEADERS; gives the block when it is whole. */
  headers(flags: number, stream: number, bytes: Buffer, start: number, end: number, offset: number): Block | undefined {
    const from = payloadStart(frameType.headers, flags, start)
    const to = payloadEnd(frameType.headers, flags, bytes, start, end, offset)
    const endStream = (flags & flag.endStream) !== 0
    if ((flags & flag.endHeaders) !== 0) return { stream, endStream, bytes, start: from, end: to }
    this.#stream = stream
    this.#endStream = endStream
    this.#add(bytes, from, to, offset)
    return undefined
  }

  /** Takes CONTINUATION; gives the block when it is whole. */
  continuation(flags: number, stream: number, bytes: Buffer, start: number, end: number, offset: number): Block | undefined {
    if (stream !== this.#stream) throw misplaced('continuation', { type: frameType.continuation, offset })
    this.#add(bytes, start, end, offset)
    if ((flags & flag.endHeaders) === 0) return undefined
    const whole = Buffer.concat(this.#parts)
    this.#stream = 0
    this.#parts = []
    this.#size = 0
    this.#frames = 0
    return { stream, endStream: this.#endStream, bytes: whole, start: 0, end: whole.length }
  }

  #add(bytes: Buffer, start: number, end: number, offset: number): void {
    this.#size += end - start
    this.#frames++
    // Empty frames cost the sender nothing: their number is bounded too.
    if (this.#size > maxBlockBytes || this.#frames > 1024) {
      throw new Violation(errorCode.enhanceYourCalm, 'http2.headerBlockTooLarge', { bytes: this.#size, frames: this.#frames, limit: maxBlockBytes }, { type: frameType.continuation, offset })
    }
    this.#parts.push(Buffer.from(bytes.subarray(start, end)))
  }
}
