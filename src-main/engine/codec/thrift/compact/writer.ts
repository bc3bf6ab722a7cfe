// Thrift Compact's own part of writing: varints, lengths before texts in as few bytes as they need.

import { encodeEscaped, hasEscapedBytes } from '../../common/text.ts'
import { GrowingBuffer } from '../growing-buffer.ts'

export class CompactWriter extends GrowingBuffer {
  /** Length, then UTF-8. Short texts are written here, long ones by Node. */
  string(text: string): void {
    const length = text.length
    // Three bytes a unit: up to here the length takes one byte whatever the text is.
    if (length > 42) return this.longString(text)
    const start = this.at + 1
    const bytes = start + length * 3 > this.bytes.length ? this.grow(1 + length * 3) : this.bytes
    let at = start
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit < 0x80) bytes[at++] = unit
      else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6)
        bytes[at++] = 0x80 | (unit & 0x3f)
      } else if (unit >= 0xd800 && unit < 0xe000) return this.longString(text)
      else {
        bytes[at++] = 0xe0 | (unit >> 12)
        bytes[at++] = 0x80 | ((unit >> 6) & 0x3f)
        bytes[at++] = 0x80 | (unit & 0x3f)
      }
    }
    bytes[start - 1] = at - start
    this.at = at
  }

  longString(text: string): void {
    this.grow(5 + text.length * 3)
    // Written as if it were ASCII, which most texts are; else once more behind a length that is right.
    const start = this.at
    this.varint32(text.length)
    const length = this.bytes.write(text, this.at, 'utf8')
    if (length === text.length) {
      this.at += length
      return
    }
    if (hasEscapedBytes(text)) {
      this.at = start
      return this.binary(encodeEscaped(text))
    }
    this.at = start
    this.varint32(length)
    this.at += this.bytes.write(text, this.at, 'utf8')
  }

  /** Length, then the bytes. */
  binary(value: Uint8Array): void {
    this.varint32(value.length)
    this.raw(value)
  }

  /** Any number of 32 bits, as unsigned. */
  varint32(value: number): void {
    const bytes = this.grow(5)
    let rest = value
    let { at } = this
    while ((rest & -128) !== 0) {
      bytes[at++] = (rest & 127) | 128
      rest >>>= 7
    }
    bytes[at++] = rest
    this.at = at
  }

  zigzag32(value: number): void {
    this.varint32((value << 1) ^ (value >> 31))
  }

  zigzag64(value: number | bigint): void {
    const plainHigh = typeof value === 'bigint' ? Number(BigInt.asIntN(32, value >> 32n)) : Math.floor(value / 0x1_0000_0000)
    const plainLow = typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value | 0
    const sign = plainHigh >> 31
    let high = ((plainHigh << 1) | (plainLow >>> 31)) ^ sign
    let low = (plainLow << 1) ^ sign
    const bytes = this.grow(10)
    let { at } = this
    while (high !== 0) {
      bytes[at++] = (low & 127) | 128
      low = (low >>> 7) | (high << 25)
      high >>>= 7
    }
    while ((low & -128) !== 0) {
      bytes[at++] = (low & 127) | 128
      low >>>= 7
    }
    bytes[at++] = low
    this.at = at
  }

  /** A field's header: the distance from the field before in four bits where it fits, else the id by itself. */
  fieldHeader(bits: number, id: number, before: number): void {
    const delta = id - before
    if (delta > 0 && delta <= 15) return this.u8((delta << 4) | bits)
    this.u8(bits)
    this.zigzag32(id)
  }

  listHeader(bits: number, count: number): void {
    if (count < 15) return this.u8((count << 4) | bits)
    this.u8(0xf0 | bits)
    this.varint32(count)
  }
}
