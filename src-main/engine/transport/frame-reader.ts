// Cuts a byte stream into whole messages, however the network split or joined them. Each message is sniffed by itself, since on
// one connection the framings may alternate. Declared sizes are checked before their bytes are awaited.

import { fail, type KiteError } from '../../../shared/base/error.ts'
import { foreignAnswer } from './frame-errors.ts'
import { peekBytes } from './limits.ts'
import { decodeMeshHeader, meshHeaderEnd } from './mesh-header.ts'
import { canSniff, leastMessageBytes, sniff, sniffPayload } from './sniff.ts'
import { type HeaderInfo, type IncomingMessage, type MessageMeter, noHeader } from './transport.ts'
import { decodeTtHeader, ttHeaderEnd, ttHeaderFrameBytes } from './ttheader/decode.ts'
import { ttHeaderFixedBytes } from './ttheader/encode.ts'
import { ttHeaderFlag } from './ttheader/keys.ts'

/** How to read: who measures unframed messages, and how large a frame may be. */
export interface ReadOptions {
  readonly meter: MessageMeter
  readonly maxFrameBytes: number
}

export class FrameReader {
  #chunks: Buffer[] = []
  #size = 0
  /** Fewer buffered bytes than this cannot hold the next message: spares joining chunks for nothing. */
  #needed = leastMessageBytes
  #grown = notGrown

  /** Takes bytes as they came; they are kept, not copied. */
  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** Bytes that have come and were not handed out. */
  get size(): number {
    return this.#size
  }

  /** The bytes of an unfinished message, for telling what they were. */
  leftover(): Buffer {
    return this.#joined()
  }

  /** The next whole message, or undefined while bytes are missing. Throws KiteError when these bytes can never become one. */
  next(options: ReadOptions): IncomingMessage | undefined {
    if (this.#size < this.#needed) return undefined
    const bytes = this.#joined()
    const end = frameEnd(bytes, options)
    if (end === undefined || end.known > bytes.length || !end.whole) {
      this.#needed = Math.max(end?.known ?? 0, bytes.length + 1)
      return undefined
    }
    const raw = end.known === bytes.length ? bytes : bytes.subarray(0, end.known)
    this.#take(bytes, end.known)
    return toMessage(raw, end.payload)
  }

  /** All bytes in one piece. A message that is joined again and again, since nobody knows its end, gets room to grow. */
  #joined(): Buffer {
    const head = this.#chunks[0]
    if (head === undefined) return Buffer.alloc(0)
    if (this.#chunks.length === 1) return head
    const others = this.#chunks.slice(1)
    const again = head === this.#grown.view
    const fits = again && this.#grown.room >= this.#size - head.length
    const storage = fits ? this.#grown.storage : Buffer.allocUnsafe(again ? 2 * this.#size : this.#size)
    const start = fits ? storage.length - this.#grown.room - head.length : 0
    if (!fits) head.copy(storage, 0)
    let at = start + head.length
    for (const chunk of others) at += chunk.copy(storage, at)
    const view = storage.subarray(start, at)
    this.#grown = { storage, view, room: storage.length - at }
    this.#chunks = [view]
    return view
  }

  #take(bytes: Buffer, length: number): void {
    this.#needed = leastMessageBytes
    if (length === this.#size) return this.#clear()
    const rest = bytes.subarray(length)
    if (this.#grown.view === bytes) this.#grown = { ...this.#grown, view: rest }
    this.#chunks = [rest]
    this.#size -= length
  }

  #clear(): void {
    this.#chunks.length = 0
    this.#size = 0
    this.#grown = notGrown
  }
}

/** Where the last joining put its bytes: `view` ends `room` bytes before the end of `storage`. */
interface Grown {
  readonly storage: Buffer
  readonly view: Buffer | undefined
  readonly room: number
}
const notGrown: Grown = { storage: Buffer.alloc(0), view: undefined, room: 0 }

/** `known`: at least so many bytes, and exactly so many when `whole`. */
interface FrameEnd {
  readonly known: number
  readonly whole: boolean
  readonly payload: Payload
}
interface Payload {
  readonly header: 'ttheader' | 'mesh' | 'none'
  readonly offset: number
}

function frameEnd(bytes: Buffer, options: ReadOptions): FrameEnd | undefined {
  if (!canSniff(bytes, 0)) return undefined
  switch (sniff(bytes, 0)) {
    case 'ttheader':
      return ttHeaderFrame(bytes, options)
    case 'mesh':
      return meshFrame(bytes, options)
    case 'unframed':
    case 'framed':
      return payloadEnd(bytes, { header: 'none', offset: 0 }, options)
    case 'unknown':
      throw foreignAnswer(bytes)
  }
}

function ttHeaderFrame(bytes: Buffer, options: ReadOptions): FrameEnd | undefined {
  const known = ttHeaderFrameBytes(bytes, 0)
  checkSize(known, options.maxFrameBytes)
  if (bytes.length < ttHeaderFixedBytes) return undefined
  const offset = ttHeaderEnd(bytes, 0)
  if (offset > known) {
    throw fail('remote_or_network', 'frame', 'transport.headerBeyondFrame', { offset: 12, bytes: offset - ttHeaderFixedBytes, frame: known }, { at: { offset: 12 } })
  }
  return { known, whole: true, payload: { header: 'ttheader', offset } }
}

function meshFrame(bytes: Buffer, options: ReadOptions): FrameEnd | undefined {
  const offset = meshHeaderEnd(bytes, 0)
  if (bytes.length < offset + peekBytes) return { known: offset + peekBytes, whole: false, payload: { header: 'mesh', offset } }
  return payloadEnd(bytes, { header: 'mesh', offset }, options)
}

/** The end of a payload that no header has measured. */
function payloadEnd(bytes: Buffer, payload: Payload, options: ReadOptions): FrameEnd {
  const { offset } = payload
  switch (sniffPayload(bytes, offset)) {
    case 'framed': {
      const known = offset + 4 + bytes.readUInt32BE(offset)
      checkSize(known, options.maxFrameBytes)
      return { known, whole: true, payload }
    }
    case 'unframed': {
      let least = bytes.length - offset + 1
      const length = options.meter(bytes, offset, (told) => (least = Math.max(least, told)))
      checkSize(offset + (length ?? least), options.maxFrameBytes)
      return { known: offset + (length ?? least), whole: length !== undefined, payload }
    }
    case 'unknown':
      throw foreignAnswer(bytes.subarray(offset))
  }
}

function toMessage(raw: Buffer, payload: Payload): IncomingMessage {
  const head = readHeader(raw, payload)
  if (!canSniff(raw, payload.offset)) throw tooShort(raw.length - payload.offset, payload.offset)
  const framing = sniffPayload(raw, payload.offset)
  if (framing === 'unknown') throw foreignAnswer(raw.subarray(payload.offset))
  const messageOffset = framing === 'framed' ? payload.offset + 4 : payload.offset
  const end = framing === 'framed' ? innerEnd(raw, payload.offset) : raw.length
  return {
    transport: payload.header === 'ttheader' ? (framing === 'framed' ? 'ttheader-framed' : 'ttheader') : framing === 'framed' ? 'framed' : 'buffered',
    ...head,
    message: raw.subarray(messageOffset, end),
    raw,
    messageOffset,
  }
}

function readHeader(raw: Buffer, payload: Payload): { readonly header: HeaderInfo; readonly headerSeqId?: number } {
  switch (payload.header) {
    case 'none':
      return { header: noHeader }
    case 'mesh':
      return { header: { ...noHeader, strings: decodeMeshHeader(raw, payload.offset) } }
    case 'ttheader': {
      const { info, seqId, flags } = decodeTtHeader(raw)
      if ((flags & ttHeaderFlag.streaming) !== 0) throw fail('unsupported', 'frame', 'transport.streamingFrame', { offset: 6 }, { at: { offset: 6 } })
      return { header: info, headerSeqId: seqId }
    }
  }
}

/** Kitex takes the inner length on trust; we refuse one that reaches beyond the frame. */
function innerEnd(raw: Buffer, offset: number): number {
  const length = raw.readUInt32BE(offset)
  const end = offset + 4 + length
  if (end > raw.length) throw fail('remote_or_network', 'frame', 'transport.innerBeyondFrame', { offset, bytes: length, rest: raw.length - offset - 4 }, { at: { offset } })
  return end
}

function checkSize(bytes: number, limit: number): void {
  if (bytes > limit) {
    throw fail('remote_or_network', 'frame', 'transport.frameTooLarge', { bytes, limit }, { at: { offset: 0 }, hint: { key: 'transport.frameTooLargeHint' } })
  }
}

function tooShort(bytes: number, offset: number): KiteError {
  return fail('remote_or_network', 'frame', 'transport.payloadTooShort', { bytes, offset }, { at: { offset } })
}
