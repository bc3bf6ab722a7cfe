// The bounds and budget that compiled decoders check. A breach throws `Breach` with the byte offset; who called turns it into an error
// with the field path, found by a second, slow walk (explain.ts), so that good messages pay nothing for it.

import { isUtf8 } from 'node:buffer'
import type { DecodeLimits } from '../codec.ts'
import { Breach } from '../common/breach.ts'
import { decodeUtf8 } from '../common/text.ts'
import { signed, unsigned, varintBytes } from './integers.ts'
import { UnknownFields, type MessageValue } from './value.ts'
import { maxFieldNumber, wire } from './wire.ts'

/** 100 levels as every Protobuf runtime has; the budget is ours. */
export const defaultLimits: DecodeLimits = { maxDepth: 100, budgetBytes: 256 * 1024 * 1024 }

/** Longer strings are read by Node, which then is faster. */
const maxCut = 48
const windowSize = 8 * 1024

export class ByteReader {
  readonly bytes: Buffer
  readonly end: number
  readonly maxDepth: number
  at: number
  /** Bytes that may still be allocated. */
  left: number
  /** Halves of the varint read last. */
  low = 0
  high = 0
  /** Where the closing tag of the group that was skipped last begins. */
  closing = 0
  window = ''
  windowStart = 0
  windowEnd = 0
  #view: DataView | undefined

  constructor(bytes: Buffer, at: number, limits: DecodeLimits) {
    this.bytes = bytes
    this.end = bytes.length
    this.at = at
    this.maxDepth = limits.maxDepth
    this.left = limits.budgetBytes
  }

  /** Made on demand: it costs as much as reading a short message. */
  get view(): DataView {
    this.#view ??= new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length)
    return this.#view
  }

  /** Takes from the budget when something is allocated. */
  spend(cost: number): void {
    this.left -= cost
    if (this.left < 0) throw new Breach(this.at, 'codec.bytes.overBudget')
  }

  short(at: number, wanted: number): never {
    throw new Breach(Math.min(at, this.end), 'codec.bytes.short', { wanted, left: Math.max(0, this.end - at) })
  }

  /** A value reaches beyond the message or packed field that it stands in. */
  overrun(end: number): never {
    if (end >= this.end) this.short(this.end, 1)
    throw new Breach(end, 'protobuf.bytes.overrun')
  }

  tooDeep(): never {
    throw new Breach(this.at, 'codec.bytes.tooDeep', { max: this.maxDepth })
  }

  badLength(at: number, length: number, end: number): never {
    throw new Breach(at, 'protobuf.bytes.longLength', { length, left: Math.max(0, end - this.at) })
  }

  badPacked(at: number, length: number, size: number): never {
    throw new Breach(at, 'protobuf.bytes.packedLength', { length, size })
  }

  openGroup(id: number): never {
    throw new Breach(this.at, 'protobuf.bytes.openGroup', { id })
  }

  /** Reads a varint of up to ten bytes into `low` and `high`. */
  varint(): void {
    const { bytes } = this
    let at = this.at
    let low = 0
    let high = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = bytes[at++] ?? 0
      low |= (byte & 127) << shift
      if (byte < 128) return this.#varintEnds(at, low, 0)
    }
    const fifth = bytes[at++] ?? 0
    low |= (fifth & 127) << 28
    high = (fifth & 127) >> 4
    if (fifth < 128) return this.#varintEnds(at, low, high)
    for (let shift = 3; shift < 32; shift += 7) {
      const byte = bytes[at++] ?? 0
      high |= (byte & 127) << shift
      if (byte < 128) return this.#varintEnds(at, low, high)
    }
    throw new Breach(this.at, 'protobuf.bytes.longVarint')
  }

  #varintEnds(at: number, low: number, high: number): void {
    if (at > this.end) this.short(this.end, 1)
    this.at = at
    this.low = low
    this.high = high
  }

  int32(): number {
    this.varint()
    return this.low
  }

  uint32(): number {
    this.varint()
    return this.low >>> 0
  }

  sint32(): number {
    this.varint()
    return (this.low >>> 1) ^ -(this.low & 1)
  }

  bool(): boolean {
    this.varint()
    return (this.low | this.high) !== 0
  }

  int64(): number | bigint {
    this.varint()
    return signed(this.low, this.high)
  }

  uint64(): number | bigint {
    this.varint()
    return unsigned(this.low, this.high)
  }

  sint64(): number | bigint {
    this.varint()
    const mask = -(this.low & 1)
    return signed(((this.low >>> 1) | (this.high << 31)) ^ mask, (this.high >>> 1) ^ mask)
  }

  fixed64(at: number): number | bigint {
    return unsigned(this.view.getInt32(at, true), this.view.getInt32(at + 4, true))
  }

  sfixed64(at: number): number | bigint {
    return signed(this.view.getInt32(at, true), this.view.getInt32(at + 4, true))
  }

  /** A tag of more than one byte; five at most, as the C++ runtime reads them. */
  tag(): number {
    const start = this.at
    this.varint()
    if (this.high !== 0 || this.at - start > 5) throw new Breach(start, 'protobuf.bytes.longTag')
    return this.low >>> 0
  }

  /** Length of what follows, checked against the end of what it stands in. */
  length(end: number): number {
    const start = this.at
    this.varint()
    const length = this.low >>> 0
    if (this.high !== 0 || length > end - this.at) this.badLength(start, this.high * 0x1_0000_0000 + length, end)
    return length
  }

  // Written out in one piece: this is where decoding spends its time.
  string(end: number): string {
    const { bytes } = this
    const first = bytes[this.at] ?? 0
    let length = first
    if (first > 127 || this.at >= end) length = this.length(end)
    else this.at++
    const start = this.at
    const stop = start + length
    if (stop > end) this.badLength(start - 1, length, end)
    this.left -= length
    if (this.left < 0) this.spend(0)
    this.at = stop
    if (length > maxCut) return this.#longString(start, stop)
    let seen = 0
    for (let i = start; i < stop; i++) seen |= bytes[i] ?? 0
    if (seen > 127) return this.#longString(start, stop)
    if (start < this.windowStart || stop > this.windowEnd) this.#slideWindow(start)
    return this.window.substring(start - this.windowStart, stop - this.windowStart)
  }

  #longString(start: number, stop: number): string {
    const text = this.bytes.utf8Slice(start, stop)
    // A replacement character either stood there or marks damage.
    if (text.includes('\ufffd') && !isUtf8(this.bytes.subarray(start, stop))) throw new Breach(start, 'protobuf.bytes.notUtf8')
    return text
  }

  // One call into Node for a window of strings, then cutting, is faster than a call each.
  #slideWindow(start: number): void {
    this.windowStart = start
    this.windowEnd = Math.min(this.end, start + windowSize)
    this.window = this.bytes.latin1Slice(start, this.windowEnd)
  }

  /** A string that need not be UTF-8: other bytes are kept as lone surrogates. */
  looseString(end: number): string {
    const length = this.length(end)
    const start = this.at
    this.spend(length)
    this.at = start + length
    return decodeUtf8(this.bytes, start, this.at)
  }

  /** A copy, so that a value does not keep a whole frame alive. */
  binary(end: number): Buffer {
    const length = this.length(end)
    const start = this.at
    this.spend(length)
    this.at = start + length
    return Buffer.from(this.bytes.subarray(start, this.at))
  }

  /** Keeps the field whose tag was just read: its number is not in the IDL, or its wire type is another one there. */
  unknown(value: MessageValue, tag: number, end: number, depth: number): void {
    const start = this.at
    const id = tag >>> 3
    this.skip(tag, end, depth)
    this.keep(value, id, tag & 7, start, (tag & 7) === wire.group ? this.closing : this.at)
  }

  /** Keeps bytes as an unknown field. */
  keep(value: MessageValue, id: number, type: number, start: number, end: number): void {
    this.spend(64 + end - start)
    value.$unknown ??= new UnknownFields()
    value.$unknown.list.push({ id, type, bytes: Buffer.from(this.bytes.subarray(start, end)) })
  }

  /** Keeps a number that a closed enum does not know; undefined where the bytes ended before it. */
  keepEnum(value: MessageValue, id: number, number: number | undefined): void {
    if (number === undefined) this.short(this.end, 1)
    this.spend(96)
    value.$unknown ??= new UnknownFields()
    value.$unknown.list.push({ id, type: wire.varint, bytes: varintBytes(number) })
  }

  /** Passes over the value of a tag, checking everything that reading it would check. */
  skip(tag: number, end: number, depth: number): void {
    const id = tag >>> 3
    if (id === 0 || id > maxFieldNumber) throw new Breach(this.at - 1, 'protobuf.bytes.badTag', { tag })
    switch (tag & 7) {
      case wire.varint:
        this.varint()
        if (this.at > end) this.overrun(end)
        return
      case wire.i64:
        return this.#pass(8, end)
      case wire.i32:
        return this.#pass(4, end)
      case wire.len:
        return this.#pass(this.length(end), end)
      case wire.group:
        return this.#skipGroup(id, end, depth + 1)
      case wire.endGroup:
        throw new Breach(this.at - 1, 'protobuf.bytes.strayEnd', { id })
      default:
        throw new Breach(this.at - 1, 'protobuf.bytes.wireType', { type: tag & 7, id })
    }
  }

  #pass(size: number, end: number): void {
    if (this.at + size > end) this.short(this.at, size)
    this.at += size
  }

  #skipGroup(id: number, end: number, depth: number): void {
    if (depth > this.maxDepth) this.tooDeep()
    for (;;) {
      if (this.at >= end) this.openGroup(id)
      const start = this.at
      const tag = this.tag()
      if (tag === id * 8 + wire.endGroup) {
        this.closing = start
        return
      }
      this.skip(tag, end, depth)
    }
  }
}

declare global {
  interface Buffer {
    /** What `toString('utf8', start, end)` calls after looking up the encoding; untyped, but there since Node 6. */
    utf8Slice(start: number, end: number): string
  }
}
