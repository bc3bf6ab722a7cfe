// Thrift Binary's own part of writing: fixed widths, big endian, lengths of four bytes.

import { encodeEscaped, hasEscapedBytes } from '../common/text.ts'
import { GrowingBuffer } from './growing-buffer.ts'

export class ByteWriter extends GrowingBuffer {
  /** Length, then UTF-8. Short texts are written here, long ones by Node. */
  string(text: string): void {
    const length = text.length
    if (length > 48) return this.longString(text)
    const start = this.at + 4
    const bytes = start + length * 3 > this.bytes.length ? this.grow(4 + length * 3) : this.bytes
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
    this.view.setInt32(this.at, at - start)
    this.at = at
  }

  longString(text: string): void {
    const start = this.at + 4
    const bytes = this.grow(4 + text.length * 3)
    const length = bytes.write(text, start, 'utf8')
    // Equal lengths mean ASCII; else a lone surrogate may have been replaced and has to go back to its byte.
    if (length !== text.length && hasEscapedBytes(text)) return this.binary(encodeEscaped(text))
    this.view.setInt32(this.at, length)
    this.at = start + length
  }

  /** Length, then the bytes. */
  binary(value: Uint8Array): void {
    this.grow(4 + value.length)
    this.view.setInt32(this.at, value.length)
    this.bytes.set(value, this.at + 4)
    this.at += 4 + value.length
  }

  i32(value: number): void {
    this.grow(4)
    this.view.setInt32(this.at, value)
    this.at += 4
  }

  i64(value: number | bigint): void {
    this.grow(8)
    if (typeof value === 'bigint') this.view.setBigInt64(this.at, value)
    else {
      this.view.setInt32(this.at, Math.floor(value / 0x1_0000_0000))
      this.view.setInt32(this.at + 4, value | 0)
    }
    this.at += 8
  }
}
