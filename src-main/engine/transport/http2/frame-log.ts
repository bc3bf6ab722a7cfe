// Keeps the frames of one stream for the byte view, up to a bound, as they went and came. Explaining them costs more than keeping them and is
// done only when somebody looks (`explain-frames.ts`).

import type { Pair } from '../../../../shared/model/metainfo.ts'
import { frameHeadBytes } from './constants.ts'

/** Kept of each direction. */
export const keptBytes = 64 * 1024

const nothing: Buffer = Buffer.alloc(0)

/** Frames of one direction. */
export class FrameTrack {
  /** Of all frames, also of those that were not kept. */
  total = 0
  /** Header lists in the order of their blocks. */
  readonly fields: (readonly Pair[])[] = []
  #kept = nothing
  #length = 0

  /** What was kept: whole frames, but for the last one, which may be cut. */
  get bytes(): Buffer {
    return this.#kept.subarray(0, this.#length)
  }

  /** Keeps bytes that lie in a row. */
  add(bytes: Buffer, start: number, end: number): void {
    this.total += end - start
    const taken = Math.min(end - start, keptBytes - this.#length)
    if (taken <= 0) return
    this.#room(taken)
    this.#length += bytes.copy(this.#kept, this.#length, start, start + taken)
  }

  /** Keeps a frame that was made from its parts. */
  addFrame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
    const left = keptBytes - this.#length
    if (left < frameHeadBytes) {
      this.total += frameHeadBytes + end - start
      return
    }
    this.#room(Math.min(left, frameHeadBytes + end - start))
    const kept = this.#kept
    const at = this.#length
    kept[at] = (end - start) >>> 16
    kept[at + 1] = (end - start) >>> 8
    kept[at + 2] = end - start
    kept[at + 3] = type
    kept[at + 4] = flags
    kept.writeUInt32BE(stream, at + 5)
    this.#length += frameHeadBytes
    this.total += frameHeadBytes
    this.add(bytes, start, end)
  }

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#kept.length) return
    const larger = Buffer.allocUnsafe(Math.min(keptBytes, Math.max(this.#length + bytes, this.#kept.length * 2, 384)))
    this.#kept.copy(larger, 0, 0, this.#length)
    this.#kept = larger
  }
}

export class FrameLog {
  readonly sent = new FrameTrack()
  readonly received = new FrameTrack()
}
