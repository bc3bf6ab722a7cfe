// Thrift Binary's own part of reading: fixed widths, big endian (Apache Thrift doc/specs/thrift-binary-protocol.md).

import { Breach } from '../common/breach.ts'
import { BoundedReader } from './bounded-reader.ts'
import { fixedSize, isValueType, minSize, wire, wireName } from './wire.ts'

export class ByteReader extends BoundedReader {
  badLength(at: number, length: number): never {
    if (length < 0) throw new Breach(at, 'codec.bytes.negativeLength', { length })
    throw new Breach(at, 'codec.bytes.longLength', { length, left: this.end - at - 4 })
  }

  /** As generated code has it: type * 65536 + id, 0 for the stop byte. Behind a header in the last three bytes its value is missing. */
  lastHeader(at: number): number {
    if (at >= this.end) this.short(at, 1)
    if (this.bytes[at] === wire.stop) return 0
    if (at + 3 > this.end) this.short(at, 3)
    return this.bytes.readUIntBE(at, 3)
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

  string(): string {
    const { at } = this
    if (at + 4 > this.end) this.short(at, 4)
    const length = this.view.getInt32(at)
    const end = at + 4 + length
    if (length < 0 || end > this.end) this.badLength(at, length)
    return this.text(at + 4, end)
  }

  binary(): Buffer {
    return this.copy(this.length())
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
