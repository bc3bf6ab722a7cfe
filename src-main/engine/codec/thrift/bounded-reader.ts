// What the readers of both wire forms share: place, bounds, budget, and the cutting of texts. Compiled decoders keep `at` in a local and
// come here for what JavaScript cannot do quickly itself.

import type { DecodeLimits } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { decodeUtf8 } from '../common/text.ts'

declare global {
  interface Buffer {
    /** What `toString('latin1', start, end)` calls after looking up the encoding; untyped, but there since Node 6. */
    latin1Slice(start: number, end: number): string
  }
}

/** Longer strings are read by Node, which then is faster. */
const maxCut = 160
const windowSize = 8 * 1024
const shownBytes = 200

export class BoundedReader {
  readonly bytes: Buffer
  readonly view: DataView
  readonly end: number
  readonly maxDepth: number
  at: number
  /** Bytes that may still be allocated. */
  left: number
  window = ''
  windowStart = 0
  windowEnd = 0

  constructor(bytes: Buffer, at: number, limits: DecodeLimits) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.end = bytes.length
    this.at = at
    this.maxDepth = limits.maxDepth
    this.left = limits.budgetBytes
  }

  /** Takes from the budget before something is allocated. */
  spend(cost: number): void {
    this.left -= cost
    if (this.left < 0) this.overBudget()
  }

  overBudget(): never {
    throw new Breach(this.at, 'codec.bytes.overBudget')
  }

  short(at: number, wanted: number): never {
    throw new Breach(at, 'codec.bytes.short', { wanted, left: Math.max(0, this.end - at) })
  }

  tooDeep(): never {
    throw new Breach(this.at, 'codec.bytes.tooDeep', { max: this.maxDepth })
  }

  /** The text from `start` to `end`, which have been checked; goes on at `end`. */
  text(start: number, end: number): string {
    const { view } = this
    const length = end - start
    this.left -= length
    if (this.left < 0) this.overBudget()
    this.at = end
    if (length === 0) return ''
    if (length > maxCut) return decodeUtf8(this.bytes, start, end)
    // Four bytes a step; the last step may overlap the one before.
    let seen = 0
    if (length < 4) for (let i = start; i < end; i++) seen |= view.getInt8(i)
    else {
      for (let i = start; i < end - 4; i += 4) seen |= view.getInt32(i)
      seen |= view.getInt32(end - 4)
    }
    if ((seen & 0x8080_8080) !== 0) return decodeUtf8(this.bytes, start, end)
    if (start < this.windowStart || end > this.windowEnd) this.slideWindow(start)
    return this.window.substring(start - this.windowStart, end - this.windowStart)
  }

  // A call into Node for each short string costs more than the string; one call for a window of them, then cutting, is three times faster.
  slideWindow(start: number): void {
    this.windowStart = start
    this.windowEnd = Math.min(this.end, start + windowSize)
    this.window = this.bytes.latin1Slice(start, this.windowEnd)
  }

  uuid(): string {
    const at = this.at
    if (at + 16 > this.end) this.short(at, 16)
    this.at = at + 16
    const hex = this.bytes.toString('hex', at, at + 16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** The begin of the next bytes as hex, for showing them. */
  hex(length: number): string {
    return this.bytes.toString('hex', this.at, this.at + Math.min(length, shownBytes))
  }

  /** A copy, so that a value does not keep a whole frame alive. */
  copy(length: number): Buffer {
    const start = this.at
    this.at = start + length
    return Buffer.from(this.bytes.subarray(start, this.at))
  }
}
