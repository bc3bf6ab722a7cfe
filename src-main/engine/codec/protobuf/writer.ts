// The buffer that compiled encoders fill from its end towards its beginning: a message is written before the length in front of it, which
// is then known without measuring anything twice (gogo/protobuf's marshallers do the same). Fields are public and calls are few, because
// generated code keeps `bytes` and `at` in locals. Methods that take `p` need room made for them and give the new `p`.

import { markAsUntransferable } from 'node:worker_threads'
import { encodeEscaped, hasEscapedBytes } from '../common/text.ts'
import type { UnknownFields } from './value.ts'
import { wire } from './wire.ts'

const startCapacity = 16 * 1024
// Messages up to this size are handed out as pieces of the buffer, as Node hands out pieces of its own pool; longer ones are copied.
const longestPiece = 2 * 1024
// A writer that once wrote a huge message does not keep its buffer.
const keptCapacity = 4 * 1024 * 1024

export class ByteWriter {
  bytes = slab(startCapacity)
  view = viewOf(this.bytes)
  /** Where the bytes written so far begin. */
  at = startCapacity
  /** Where they end: behind it stand messages that were handed out. */
  end = startCapacity

  /** Makes room for `size` bytes before `at`. */
  grow(size: number): Buffer {
    if (this.at >= size) return this.bytes
    const used = this.end - this.at
    const grown = slab(Math.max(used + size, used * 2, startCapacity))
    this.bytes.copy(grown, grown.length - used, this.at, this.end)
    this.at = grown.length - used
    this.#use(grown)
    return grown
  }

  /** An unsigned number of 32 bits; needs 5 bytes of room. */
  varint(at: number, value: number): number {
    const { bytes } = this
    let p = at
    if (value < 0x80) {
      bytes[--p] = value
      return p
    }
    if (value < 0x4000) {
      bytes[--p] = value >>> 7
    } else {
      if (value < 0x20_0000) bytes[--p] = value >>> 14
      else {
        if (value < 0x1000_0000) bytes[--p] = value >>> 21
        else {
          bytes[--p] = value >>> 28
          bytes[--p] = (value >>> 21) | 128
        }
        bytes[--p] = (value >>> 14) | 128
      }
      bytes[--p] = (value >>> 7) | 128
    }
    bytes[--p] = value | 128
    return p
  }

  /** Both halves of a varint; needs 10 bytes of room. */
  varint64(at: number, low: number, high: number): number {
    if (high === 0) return this.varint(at, low >>> 0)
    const { bytes } = this
    const groups = Math.ceil((64 - Math.clz32(high)) / 7)
    const start = at - groups
    let l = low
    let h = high
    for (let i = start; i < at - 1; i++) {
      bytes[i] = (l & 127) | 128
      l = (l >>> 7) | (h << 25)
      h >>>= 7
    }
    bytes[at - 1] = l & 127
    return start
  }

  /** int32 and enums: negative ones take ten bytes, as an int64 would. */
  int32(at: number, value: number): number {
    return value < 0 ? this.varint64(at, value, -1) : this.varint(at, value)
  }

  sint32(at: number, value: number): number {
    return this.varint(at, ((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** int64 and uint64. */
  int64(at: number, value: number | bigint): number {
    if (typeof value === 'number') {
      return value >= 0 && value < 0x1_0000_0000 ? this.varint(at, value) : this.varint64(at, value | 0, Math.floor(value / 0x1_0000_0000) | 0)
    }
    scratch.setBigInt64(0, value)
    return this.varint64(at, scratch.getInt32(4), scratch.getInt32(0))
  }

  sint64(at: number, value: number | bigint): number {
    let low: number
    let high: number
    if (typeof value === 'number') {
      low = value | 0
      high = Math.floor(value / 0x1_0000_0000) | 0
    } else {
      scratch.setBigInt64(0, value)
      low = scratch.getInt32(4)
      high = scratch.getInt32(0)
    }
    const mask = high >> 31
    return this.varint64(at, (low << 1) ^ mask, ((high << 1) | (low >>> 31)) ^ mask)
  }

  /** fixed64 and sfixed64; needs 8 bytes of room. */
  fixed64(at: number, value: number | bigint): number {
    const p = at - 8
    if (typeof value === 'bigint') this.view.setBigInt64(p, value, true)
    else {
      this.view.setInt32(p, value | 0, true)
      this.view.setInt32(p + 4, Math.floor(value / 0x1_0000_0000) | 0, true)
    }
    return p
  }

  /** Length, then UTF-8. Short texts are written here, long ones by Node. */
  string(text: string): void {
    const length = text.length
    if (length > 48 || this.at < length + 1) return this.longString(text)
    const { bytes } = this
    let p = this.at
    for (let i = length - 1; i >= 0; i--) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return this.longString(text)
      bytes[--p] = unit
    }
    bytes[--p] = length
    this.at = p
  }

  longString(text: string): void {
    const length = Buffer.byteLength(text, 'utf8')
    // Equal lengths mean ASCII; else a lone surrogate may stand for a byte that is no UTF-8.
    if (length !== text.length && hasEscapedBytes(text)) return this.binary(encodeEscaped(text))
    const bytes = this.grow(length + 5)
    const p = this.at - length
    bytes.utf8Write(text, p, length)
    this.at = this.varint(p, length)
  }

  /** Length, then the bytes. */
  binary(value: Uint8Array): void {
    this.raw(value)
    this.grow(5)
    this.at = this.varint(this.at, value.length)
  }

  raw(value: Uint8Array): void {
    const bytes = this.grow(value.length)
    this.at -= value.length
    bytes.set(value, this.at)
  }

  /** A tag or any small number by itself. */
  number(value: number): void {
    this.grow(5)
    this.at = this.varint(this.at, value)
  }

  /** Unknown fields as they came. */
  unknown({ list }: UnknownFields): void {
    for (let i = list.length - 1; i >= 0; i--) {
      const field = list[i]
      if (field === undefined) continue
      if (field.type === wire.group) this.number(field.id * 8 + wire.endGroup)
      this.raw(field.bytes)
      this.number(field.id * 8 + field.type)
    }
  }

  u32(value: number): void {
    this.grow(4)
    this.at -= 4
    this.view.setUint32(this.at, value >>> 0)
  }

  /** What was written; the writer is empty then. */
  take(): Buffer {
    const taken = this.bytes.subarray(this.at, this.end)
    if (taken.length <= longestPiece && this.bytes.length === startCapacity) {
      this.end = this.at
      return taken
    }
    if (this.bytes.length > keptCapacity) this.#use(slab(startCapacity))
    this.clear()
    return Buffer.from(taken)
  }

  /** Drops what was written and not taken. */
  clear(): void {
    this.at = this.end
  }

  #use(bytes: Buffer): void {
    this.bytes = bytes
    this.view = viewOf(bytes)
    this.end = bytes.length
  }
}

declare global {
  interface Buffer {
    /** What `write(text, offset, length, 'utf8')` calls; untyped, but there since Node 6. */
    utf8Write(text: string, offset: number, length: number): number
  }
}

// Moving one message to another thread must not take the others' memory along.
function slab(size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size)
  markAsUntransferable(bytes.buffer)
  return bytes
}

const scratch = new DataView(new ArrayBuffer(8))

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
