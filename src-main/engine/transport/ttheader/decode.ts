// Reads a TTHeader as gopkg protocol/ttheader/decode.go does, but each refusal says the byte offset within the frame and what
// stood there. Also reports what it walks over, so that the byte view needs no second reader.

import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { HeaderInfo } from '../transport.ts'
import { ttHeaderFixedBytes } from './encode.ts'
import { infoId, protocolIdNames, ttHeaderFlag } from './keys.ts'

/** A header as read; `headerEnd` is where the payload begins in the frame. */
export interface TtHeader {
  readonly frameBytes: number
  readonly flags: number
  readonly seqId: number
  readonly headerEnd: number
  readonly protocolId: number
  readonly info: HeaderInfo
}

/** Told of each part in order while a header is read; ranges are offsets in the frame. */
export interface TtHeaderVisitor {
  fixed(name: string, start: number, end: number, value: string, type: string): void
  section(id: number, start: number, end: number): void
  pair(key: string | number, value: string, start: number, valueStart: number, end: number): void
  padding(start: number, end: number): void
}

/** Bytes of the whole frame by its length field at `offset`. */
export const ttHeaderFrameBytes = (bytes: Buffer, offset: number): number => bytes.readUInt32BE(offset) + 4

/** Bytes from the frame's start to its payload, as the size field says; needs `ttHeaderFixedBytes` bytes. */
export const ttHeaderEnd = (bytes: Buffer, offset: number): number => ttHeaderFixedBytes + bytes.readUInt16BE(offset + 12) * 4

/** Reads the header of the whole frame `frame`. Throws KiteError. */
export function decodeTtHeader(frame: Buffer, visitor?: TtHeaderVisitor): TtHeader {
  const frameBytes = ttHeaderFrameBytes(frame, 0)
  const headerEnd = ttHeaderEnd(frame, 0)
  const flags = frame.readUInt16BE(6)
  const seqId = frame.readInt32BE(8)
  visitor?.fixed('frame length', 0, 4, String(frameBytes - 4), 'u32')
  visitor?.fixed('magic', 4, 6, '0x1000', 'u16')
  visitor?.fixed('flags', 6, 8, describeFlags(flags), 'u16')
  visitor?.fixed('sequence id', 8, 12, String(seqId), 'i32')
  visitor?.fixed('header size', 12, 14, `${(headerEnd - ttHeaderFixedBytes) / 4} × 4`, 'u16')
  if (headerEnd < ttHeaderFixedBytes + 4) throw broken('transport.headerEmpty', 12)
  if (headerEnd > frameBytes || headerEnd > frame.length) throw broken('transport.headerBeyondFrame', 12, { bytes: headerEnd - ttHeaderFixedBytes, frame: frameBytes })
  const reader = new InfoReader(frame, headerEnd, visitor)
  const protocolId = reader.protocolId()
  return { frameBytes, flags, seqId, headerEnd, protocolId, info: reader.info() }
}

class InfoReader {
  readonly #frame: Buffer
  readonly #end: number
  readonly #visitor: TtHeaderVisitor | undefined
  readonly #strings: Pair[] = []
  readonly #ints: (readonly [number, string])[] = []
  #aclToken: string | undefined
  #at = ttHeaderFixedBytes

  constructor(frame: Buffer, end: number, visitor: TtHeaderVisitor | undefined) {
    this.#frame = frame
    this.#end = end
    this.#visitor = visitor
  }

  protocolId(): number {
    const id = this.#u8()
    const name = protocolIdNames.get(id)
    if (name === undefined) throw broken('transport.unknownProtocolId', 14, { id: hex(id) })
    if (id === 0x02) throw broken('transport.compactProtocolId', 14)
    this.#visitor?.fixed('protocol id', 14, 15, `${hex(id)} ${name}`, 'u8')
    const transforms = this.#u8()
    this.#visitor?.fixed('transform count', 15, 16, String(transforms), 'u8')
    // Transform ids are consumed and ignored, as Kitex does: no transform was ever defined.
    this.#need(transforms)
    if (transforms > 0) this.#visitor?.fixed('transform ids', 16, 16 + transforms, this.#frame.toString('hex', 16, 16 + transforms), 'u8[]')
    this.#at += transforms
    return id
  }

  info(): HeaderInfo {
    while (this.#at < this.#end) this.#section()
    return { strings: this.#strings, ints: this.#ints, ...(this.#aclToken === undefined ? {} : { aclToken: this.#aclToken }) }
  }

  #section(): void {
    const start = this.#at
    const id = this.#u8()
    switch (id) {
      case infoId.padding:
        return this.#padding(start)
      case infoId.strings:
      case infoId.ints:
        return this.#pairs(id, start)
      case infoId.aclToken: {
        this.#visitor?.section(id, start, this.#at)
        this.#aclToken = this.#string()
        return this.#visitor?.pair('gdpr-token', this.#aclToken, start + 1, start + 3, this.#at)
      }
      default:
        throw broken('transport.unknownInfoId', start, { id: hex(id) })
    }
  }

  #padding(start: number): void {
    while (this.#at < this.#end && this.#frame[this.#at] === infoId.padding) this.#at++
    this.#visitor?.padding(start, this.#at)
  }

  #pairs(id: typeof infoId.strings | typeof infoId.ints, start: number): void {
    const count = this.#u16()
    this.#visitor?.section(id, start, this.#at)
    for (let n = 0; n < count; n++) {
      const pairStart = this.#at
      const key = id === infoId.strings ? this.#string() : this.#u16()
      const valueStart = this.#at + 2
      const value = this.#string()
      if (typeof key === 'string') this.#strings.push([key, value])
      else this.#ints.push([key, value])
      this.#visitor?.pair(key, value, pairStart, valueStart, this.#at)
    }
  }

  #string(): string {
    const bytes = this.#u16()
    this.#need(bytes)
    this.#at += bytes
    return this.#frame.toString('utf8', this.#at - bytes, this.#at)
  }

  #u16(): number {
    this.#need(2)
    this.#at += 2
    return this.#frame.readUInt16BE(this.#at - 2)
  }

  #u8(): number {
    this.#need(1)
    return this.#frame.readUInt8(this.#at++)
  }

  #need(bytes: number): void {
    if (this.#at + bytes > this.#end) throw broken('transport.infoBeyondHeader', this.#at, { bytes, end: this.#end })
  }
}

function describeFlags(flags: number): string {
  const names = Object.entries(ttHeaderFlag).filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name)
  return [`0x${flags.toString(16).padStart(4, '0')}`, ...names].join(' ')
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, '0')}`

function broken(key: string, offset: number, params: Readonly<Record<string, string | number>> = {}): KiteError {
  return fail('remote_or_network', 'frame', key, { offset, ...params }, { at: { offset } })
}
