// The growing buffer that compiled encoders write to. Its fields are public and short-named calls are few on purpose: generated code
// keeps `bytes` and `at` in locals and comes back here only to grow and for what JavaScript cannot do quickly itself.

import { encodeEscaped, hasEscapedBytes } from './text.ts'

const startCapacity = 16 * 1024
// A writer that once wrote a huge message does not keep its buffer.
const keptCapacity = 4 * 1024 * 1024

export class ByteWriter {
  bytes = Buffer.allocUnsafeSlow(startCapacity)
  view = viewOf(this.bytes)
  at = 0

  /** Makes room for `size` more bytes after `at`. */
  grow(size: number): Buffer {
    const wanted = this.at + size
    if (wanted <= this.bytes.length) return this.bytes
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
    this.view = viewOf(grown)
    return grown
  }

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

  raw(value: Uint8Array): void {
    this.grow(value.length).set(value, this.at)
    this.at += value.length
  }

  u8(value: number): void {
    this.grow(1)[this.at++] = value
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

  uuid(text: string): void {
    this.grow(16).write(text.replaceAll('-', ''), this.at, 'hex')
    this.at += 16
  }

  /** A copy of what was written since `from`. */
  take(from = 0): Buffer {
    const taken = Buffer.from(this.bytes.subarray(from, this.at))
    this.at = from
    if (from === 0 && this.bytes.length > keptCapacity) {
      this.bytes = Buffer.allocUnsafeSlow(startCapacity)
      this.view = viewOf(this.bytes)
    }
    return taken
  }
}

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
