// Cuts the bytes of a connection into frames (RFC 9113 4.1). A frame that came whole is handed on where it lies; only one that a read cut in two is
// copied together. What is handed on may be overwritten by the next read: whoever keeps it copies it.

import { defaultMaxFrameSize, errorCode, frameHeadBytes } from './constants.ts'
import { Violation } from './errors.ts'

/** Takes frames: the payload is `[start, end)`, and the frame's head stands just before it. */
export interface FrameSink {
  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void
}

export class FrameParser {
  readonly #sink: FrameSink
  #partial: Buffer = Buffer.allocUnsafe(64)
  #held = 0
  /** Whole length of the frame that is held, once its head has come. */
  #wanted = frameHeadBytes
  #offset = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Where the head of the frame that is being handed on, or of the next one, stands in all bytes received. */
  get offset(): number {
    return this.#offset
  }

  /** Bytes of a frame that has not come whole. */
  get held(): number {
    return this.#held
  }

  /** Takes the first `length` bytes of a read. Throws {@link Violation} for a frame that is too large, and what the sink throws. */
  push(bytes: Buffer, length = bytes.length): void {
    let at = this.#held === 0 ? 0 : this.#complete(bytes, length)
    while (length - at >= frameHeadBytes) {
      const size = this.#size(bytes, at)
      const end = at + frameHeadBytes + size
      if (end > length) break
      this.#hand(bytes, at, end)
      at = end
    }
    if (at < length) this.#hold(bytes, at, length)
  }

  /** Fills up the frame that is held; tells how much of the read that took. */
  #complete(bytes: Buffer, length: number): number {
    let at = this.#fill(bytes, 0, length)
    if (this.#held < this.#wanted) return at
    if (this.#wanted === frameHeadBytes) {
      this.#expect(this.#size(this.#partial, 0))
      at = this.#fill(bytes, at, length)
      if (this.#held < this.#wanted) return at
    }
    const end = this.#held
    this.#held = 0
    this.#wanted = frameHeadBytes
    this.#hand(this.#partial, 0, end)
    return at
  }

  #fill(bytes: Buffer, at: number, length: number): number {
    const end = Math.min(length, at + this.#wanted - this.#held)
    this.#held += bytes.copy(this.#partial, this.#held, at, end)
    return end
  }

  #hold(bytes: Buffer, at: number, length: number): void {
    if (length - at >= frameHeadBytes) this.#expect(this.#size(bytes, at))
    this.#held = bytes.copy(this.#partial, 0, at, length)
  }

  #expect(size: number): void {
    this.#wanted = frameHeadBytes + size
    if (this.#partial.length >= this.#wanted) return
    const larger = Buffer.allocUnsafe(Math.max(this.#wanted, 1024))
    this.#partial.copy(larger, 0, 0, this.#held)
    this.#partial = larger
  }

  #size(bytes: Buffer, at: number): number {
    const size = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    if (size <= defaultMaxFrameSize) return size
    throw new Violation(errorCode.frameSizeError, 'http2.frameTooLarge', { bytes: size, limit: defaultMaxFrameSize }, { type: bytes[at + 3] ?? 0, offset: this.#offset })
  }

  #hand(bytes: Buffer, at: number, end: number): void {
    const stream = (((bytes[at + 5] ?? 0) & 0x7f) << 24) | ((bytes[at + 6] ?? 0) << 16) | ((bytes[at + 7] ?? 0) << 8) | (bytes[at + 8] ?? 0)
    this.#sink.frame(bytes[at + 3] ?? 0, bytes[at + 4] ?? 0, stream, bytes, at + frameHeadBytes, end)
    this.#offset += end - at
  }
}
