// The bounds and budget that compiled decoders check. A breach throws `Breach` with the byte offset; who called turns it into an
// error with the field path, found by a second, slow walk (locate.ts), so that good messages pay nothing for it.

import type { DecodeLimits } from '../codec.ts'
import type { TextParams } from '../../../../shared/base/error.ts'
import { decodeUtf8 } from './text.ts'
import { fixedSize, isValueType, minSize, wire, wireName } from './wire.ts'

/** 64 levels as Kitex's own skip (cloudwego/gopkg protocol/thrift); the budget is ours. */
export const defaultLimits: DecodeLimits = { maxDepth: 64, budgetBytes: 256 * 1024 * 1024 }

/** What was expected at a byte offset and was not there. */
export class Breach {
  readonly offset: number
  readonly key: string
  readonly params: TextParams

  constructor(offset: number, key: string, params: TextParams = {}) {
    this.offset = offset
    this.key = key
    this.params = params
  }
}

declare global {
  interface Buffer {
    /** What `toString('latin1', start, end)` calls after looking up the encoding; untyped, but there since Node 6. */
    latin1Slice(start: number, end: number): string
  }
}

/** Longer strings are read by Node, which then is faster. */
const maxCut = 160
const windowSize = 8 * 1024

export class ByteReader {
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

  badLength(at: number, length: number): never {
    if (length < 0) throw new Breach(at, 'codec.bytes.negativeLength', { length })
    throw new Breach(at, 'codec.bytes.longLength', { length, left: this.end - at - 4 })
  }

  short(at: number, wanted: number): never {
    throw new Breach(at, 'codec.bytes.short', { wanted, left: Math.max(0, this.end - at) })
  }

  /** A header in the last two bytes can only be a stop. */
  lastHeader(at: number): 0 {
    if (at >= this.end) this.short(at, 1)
    if (this.bytes[at] !== wire.stop) this.short(at, 3)
    return 0
  }

  tooDeep(): never {
    throw new Breach(this.at, 'codec.bytes.tooDeep', { max: this.maxDepth })
  }

  /** Length of a string or binary at `at`, checked against what has arrived. */
  length(): number {
    const at = this.at
    if (at + 4 > this.end) this.short(at, 4)
    const length = this.view.getInt32(at)
    if (length < 0 || at + 4 + length > this.end) this.badLength(at, length)
    this.at = at + 4
    this.spend(length)
    return length
  }

  // Written out in one piece: this is where decoding spends its time, and each call less is a tenth of it.
  string(): string {
    const { view, at } = this
    if (at + 4 > this.end) this.short(at, 4)
    const length = view.getInt32(at)
    const start = at + 4
    const end = start + length
    if (length < 0 || end > this.end) this.badLength(at, length)
    this.left -= length
    if (this.left < 0) this.overBudget()
    this.at = end
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

  /** A copy, so that a value does not keep a whole frame alive. */
  binary(): Buffer {
    const length = this.length()
    const start = this.at
    this.at = start + length
    return Buffer.from(this.bytes.subarray(start, this.at))
  }

  uuid(): string {
    const at = this.at
    if (at + 16 > this.end) this.short(at, 16)
    this.at = at + 16
    const hex = this.bytes.toString('hex', at, at + 16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }

  /** A bigint where a number would lose digits. */
  i64(): number | bigint {
    const at = this.at
    if (at + 8 > this.end) this.short(at, 8)
    this.at = at + 8
    const high = this.view.getInt32(at)
    if (high >= 0x20_0000 || high < -0x20_0000) return this.view.getBigInt64(at)
    return high * 0x1_0000_0000 + this.view.getUint32(at + 4)
  }

  /** Element type and count of a list or set. */
  count(elementType: number, expected: number): number {
    const at = this.at
    if (at + 4 > this.end) this.short(at, 4)
    const count = this.view.getInt32(at)
    if (count < 0) throw new Breach(at, 'codec.bytes.negativeCount', { count })
    // Some writers leave the element type of an empty container at 0.
    if (count > 0 && expected !== elementType) throw new Breach(at - 1, 'codec.bytes.elementType', { expected: wireName(expected), found: wireName(elementType) })
    if (count * minSize(elementType) > this.end - at - 4) throw new Breach(at, 'codec.bytes.longCount', { count, left: this.end - at - 4 })
    this.at = at + 4
    this.spend(count * 8)
    return count
  }

  listHeader(expected: number): number {
    if (this.at + 5 > this.end) this.short(this.at, 5)
    const type = this.bytes[this.at++] ?? 0
    return this.count(type, expected)
  }

  mapHeader(key: number, value: number): number {
    const at = this.at
    if (at + 6 > this.end) this.short(at, 6)
    const keyType = this.bytes[at] ?? 0
    this.at = at + 2
    const valueType = this.bytes[at + 1] ?? 0
    if (this.view.getInt32(at + 2) > 0 && keyType !== key) throw new Breach(at, 'codec.bytes.keyType', { expected: wireName(key), found: wireName(keyType) })
    const count = this.count(valueType, value)
    if (count * (minSize(key) + minSize(value)) > this.end - this.at) throw new Breach(at + 2, 'codec.bytes.longCount', { count, left: this.end - this.at })
    this.spend(count * 8)
    return count
  }

  /** Passes over one value of a wire type, checking everything that reading it would check. */
  skip(type: number, depth: number): void {
    const size = fixedSize(type)
    if (size !== undefined) {
      if (this.at + size > this.end) this.short(this.at, size)
      this.at += size
      return
    }
    if (type === wire.string) {
      const length = this.length()
      this.at += length
      return
    }
    if (depth > this.maxDepth) this.tooDeep()
    if (type === wire.struct) this.#skipStruct(depth)
    else if (type === wire.list || type === wire.set) this.#skipElements(1, depth)
    else if (type === wire.map) this.#skipElements(2, depth)
    else throw new Breach(this.at, 'codec.bytes.unknownType', { type: wireName(type) })
  }

  #skipStruct(depth: number): void {
    for (;;) {
      if (this.at >= this.end) this.short(this.at, 1)
      const type = this.bytes[this.at] ?? 0
      if (type === wire.stop) {
        this.at++
        return
      }
      if (!isValueType(type) && type !== wire.void) throw new Breach(this.at, 'codec.bytes.unknownType', { type: wireName(type) })
      if (this.at + 3 > this.end) this.short(this.at, 3)
      this.at += 3
      this.skip(type, depth + 1)
    }
  }

  #skipElements(each: 1 | 2, depth: number): void {
    const start = this.at
    if (start + each + 4 > this.end) this.short(start, each + 4)
    const first = this.bytes[start] ?? 0
    const second = each === 1 ? undefined : (this.bytes[start + 1] ?? 0)
    const count = this.view.getInt32(start + each)
    if (count < 0) throw new Breach(start + each, 'codec.bytes.negativeCount', { count })
    this.at = start + each + 4
    if (count === 0) return
    for (const type of second === undefined ? [first] : [first, second]) {
      if (!isValueType(type)) throw new Breach(start, 'codec.bytes.unknownType', { type: wireName(type) })
    }
    const least = minSize(first) + (second === undefined ? 0 : minSize(second))
    if (count * least > this.end - this.at) throw new Breach(start + each, 'codec.bytes.longCount', { count, left: this.end - this.at })
    const firstSize = fixedSize(first)
    const secondSize = second === undefined ? 0 : fixedSize(second)
    if (firstSize !== undefined && secondSize !== undefined) {
      this.at += count * (firstSize + secondSize)
      return
    }
    for (let i = 0; i < count; i++) {
      this.skip(first, depth + 1)
      if (second !== undefined) this.skip(second, depth + 1)
    }
  }
}
