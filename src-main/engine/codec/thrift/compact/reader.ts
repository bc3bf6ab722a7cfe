// Thrift Compact's own part of reading: varints that end in time and fit their type, headers that pack a type with a delta or a count
// (Apache Thrift doc/specs/thrift-compact-protocol.md).

import { Breach } from '../../common/breach.ts'
import { BoundedReader } from '../bounded-reader.ts'
import type { ContainerHeader, FieldHeader } from '../headers.ts'
import { wire, wireName } from '../wire.ts'
import { compact, compactName, minCompactSize, wireOfCompact } from './types.ts'

export class CompactReader extends BoundedReader {
  /** An unsigned varint of 32 bits. */
  varint32(): number {
    const { bytes, end } = this
    const start = this.at
    let at = start
    let value = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end) this.short(at, 1)
      const byte = bytes[at++] ?? 0
      if (shift === 28 && byte > 15) this.longVarint(start, 32)
      value |= (byte & 127) << shift
      if (byte < 128) break
    }
    this.at = at
    return value >>> 0
  }

  zigzag32(): number {
    const value = this.varint32()
    return (value >>> 1) ^ -(value & 1)
  }

  zigzag16(): number {
    const start = this.at
    const value = this.varint32()
    if (value > 0xffff) this.longVarint(start, 16)
    return (value >>> 1) ^ -(value & 1)
  }

  /** A bigint where a number would lose digits. */
  zigzag64(): number | bigint {
    const { bytes, end } = this
    const start = this.at
    let at = start
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= end) this.short(at, 1)
      const byte = bytes[at++] ?? 0
      if (shift < 28) low |= (byte & 127) << shift
      else if (shift === 28) {
        low |= (byte & 127) << 28
        high = (byte & 127) >> 4
      } else {
        if (shift === 63 && byte > 1) this.longVarint(start, 64)
        high |= (byte & 127) << (shift - 32)
      }
      if (byte < 128) break
    }
    this.at = at
    const sign = -(low & 1)
    const plainLow = (((low >>> 1) | (high << 31)) ^ sign) >>> 0
    const plainHigh = (high >>> 1) ^ sign
    if (plainHigh >= 0x20_0000 || plainHigh < -0x20_0000) return (BigInt(plainHigh) << 32n) | BigInt(plainLow)
    return plainHigh * 0x1_0000_0000 + plainLow
  }

  longVarint(at: number, bits: number): never {
    throw new Breach(at, 'codec.bytes.longVarint', { bits })
  }

  /** Length of a string or binary at `at`, checked against what has arrived. */
  length(): number {
    const start = this.at
    const length = this.varint32()
    if (length > this.end - this.at) throw new Breach(start, 'codec.bytes.longLength', { length, left: this.end - this.at })
    return length
  }

  string(): string {
    const length = this.length()
    return this.text(this.at, this.at + length)
  }

  binary(): Buffer {
    const length = this.length()
    this.spend(length)
    return this.copy(length)
  }

  /** The id of a field whose header has no delta, behind its type. */
  fieldId(): number {
    return this.zigzag16()
  }

  /** Passes the header of a list or set and gives its count. */
  listHeader(expected: number): number {
    const start = this.at
    if (start >= this.end) this.short(start, 1)
    const header = this.bytes[start] ?? 0
    this.at = start + 1
    let count = header >> 4
    if (count === 15) count = this.varint32()
    if (count > 0 && wireOfCompact(header & 15) !== expected) this.otherType(start, 'codec.bytes.elementType', expected, header & 15)
    this.#checkCount(start, count, minCompactSize(expected))
    return count
  }

  mapHeader(key: number, value: number): number {
    const start = this.at
    const count = this.varint32()
    // An empty map is this one byte.
    if (count === 0) return 0
    const at = this.at
    if (at >= this.end) this.short(at, 1)
    const types = this.bytes[at] ?? 0
    this.at = at + 1
    if (wireOfCompact(types >> 4) !== key) this.otherType(at, 'codec.bytes.keyType', key, types >> 4)
    if (wireOfCompact(types & 15) !== value) this.otherType(at, 'codec.bytes.elementType', value, types & 15)
    this.#checkCount(start, count, minCompactSize(key) + minCompactSize(value))
    this.spend(count * 8)
    return count
  }

  otherType(at: number, key: string, expected: number, found: number): never {
    throw new Breach(at, key, { expected: wireName(expected), found: compactName(found) })
  }

  #checkCount(at: number, count: number, least: number): void {
    if (count * least > this.end - this.at) throw new Breach(at, 'codec.bytes.longCount', { count, left: this.end - this.at })
    this.spend(count * 8)
  }

  u8(): number {
    if (this.at >= this.end) this.short(this.at, 1)
    return this.bytes[this.at++] ?? 0
  }

  /** A copy of the next bytes, which may be missing. */
  take(length: number): Buffer {
    if (length > this.end - this.at) this.short(this.at, length)
    this.spend(length)
    return this.copy(length)
  }

  /** The header of the next field, not passed; undefined: the stop byte. `before` is the id of the field before. */
  field(before: number): FieldHeader | undefined {
    const start = this.at
    const header = this.u8()
    if (header === wire.stop) {
      this.at = start
      return undefined
    }
    const bits = header & 15
    const type = wireOfCompact(bits)
    if (type === wire.stop) throw new Breach(start, 'codec.bytes.unknownType', { type: compactName(bits) })
    const id = header > 15 ? before + (header >> 4) : this.fieldId()
    if (id > 0x7fff) throw new Breach(start, 'codec.bytes.fieldId', { id })
    const length = this.at - start
    this.at = start
    return { type, id, length, ...(type === wire.bool ? { held: String(bits === compact.true) } : {}) }
  }

  /** The header of a list, set or map, not passed. */
  container(type: number): ContainerHeader {
    const start = this.at
    const isMap = type === wire.map
    const first = isMap ? 0 : this.u8()
    const count = isMap || first >> 4 === 15 ? this.varint32() : first >> 4
    const pair = isMap && count > 0 ? this.u8() : 0
    const bits = !isMap ? [first & 15] : count > 0 ? [pair >> 4, pair & 15] : []
    const length = this.at - start
    const bad = count === 0 ? undefined : bits.find((entry) => wireOfCompact(entry) === wire.stop)
    if (bad !== undefined) throw new Breach(start, 'codec.bytes.unknownType', { type: compactName(bad) })
    const types = bits.map(wireOfCompact)
    const least = types.reduce((sum, entry) => sum + minCompactSize(entry), 0)
    if (count * least > this.end - this.at) throw new Breach(start, 'codec.bytes.longCount', { count, left: this.end - this.at })
    this.at = start
    return { types, count, length }
  }
}
