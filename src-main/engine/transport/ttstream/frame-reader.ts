// Cuts a byte stream into frames of TTHeader Streaming. Frames too large for their stream are passed over without being kept, so that one
// message does not cost the other streams of the connection; bytes that are no such frame end it.

import { foreignAnswer } from '../frame-errors.ts'
import { peekBytes } from '../limits.ts'
import { sniff } from '../sniff.ts'
import { ttHeaderFixedBytes } from '../ttheader/encode.ts'
import { ttHeaderFlag } from '../ttheader/keys.ts'
import { illegal, readFrame, type StreamFrame } from './frame.ts'

export interface FrameSink {
  /** Largest payload that a stream takes, in bytes; undefined: this stream is unknown, and its frames are passed over. */
  limitOf(streamId: number): number | undefined
  frame(frame: StreamFrame): void
  /** A frame beyond the limit was passed over. */
  oversized(streamId: number, bytes: number): void
}

/** Frames of this size or less are kept whole without asking for a limit: every stream has room for them. */
const smallBytes = 4096

export class StreamFrameReader {
  readonly #sink: FrameSink
  #chunks: Buffer[] = []
  #size = 0
  /** Fewer buffered bytes than this cannot hold the next frame. */
  #needed = ttHeaderFixedBytes
  /** Bytes of a frame that is passed over. */
  #skip = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Bytes of an unfinished frame. */
  get size(): number {
    return this.#size
  }

  /** The bytes of an unfinished frame, for telling what they were. */
  leftover(): Buffer {
    return this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks)
  }

  /** Takes bytes as they came and hands out each frame that is whole. Throws KiteError when these bytes can never become one. */
  push(chunk: Buffer): void {
    const skipped = Math.min(this.#skip, chunk.length)
    this.#skip -= skipped
    if (skipped === chunk.length) return
    this.#chunks.push(skipped === 0 ? chunk : chunk.subarray(skipped))
    this.#size += chunk.length - skipped
    if (this.#size >= this.#needed || this.#isForeign()) this.#cut()
  }

  /** A peer of another protocol may have said all that it will in fewer bytes than a header has. */
  #isForeign(): boolean {
    return this.#needed === ttHeaderFixedBytes && this.#size >= peekBytes && sniff(this.leftover(), 0) !== 'ttheader'
  }

  #cut(): void {
    let bytes = this.leftover()
    let at = 0
    this.#needed = ttHeaderFixedBytes
    while (bytes.length - at >= peekBytes) {
      if (bytes.readUInt16BE(at + 4) !== 0x1000) throw foreignAnswer(bytes.subarray(at))
      if (bytes.length - at < ttHeaderFixedBytes) break
      const length = bytes.readUInt32BE(at) + 4
      checkHead(bytes, at, length)
      if (length > smallBytes && this.#passOver(bytes, at, length)) {
        this.#skip = Math.max(0, length - (bytes.length - at))
        at = Math.min(bytes.length, at + length)
        continue
      }
      if (bytes.length - at < length) {
        this.#needed = length
        break
      }
      const raw = bytes.subarray(at, at + length)
      at += length
      this.#sink.frame(readFrame(raw))
    }
    bytes = at === 0 ? bytes : bytes.subarray(at)
    this.#chunks = bytes.length === 0 ? [] : [bytes]
    this.#size = bytes.length
  }

  #passOver(bytes: Buffer, at: number, length: number): boolean {
    const streamId = bytes.readInt32BE(at + 8)
    const limit = this.#sink.limitOf(streamId)
    const payload = length - ttHeaderFixedBytes - bytes.readUInt16BE(at + 12) * 4
    if (limit !== undefined && payload <= limit) return false
    if (limit !== undefined) this.#sink.oversized(streamId, payload)
    return true
  }
}

function checkHead(bytes: Buffer, at: number, length: number): void {
  if ((bytes.readUInt16BE(at + 6) & ttHeaderFlag.streaming) === 0) throw illegal('ttstream.notStreaming', 6, { flags: `0x${bytes.toString('hex', at + 6, at + 8)}` })
  const words = bytes.readUInt16BE(at + 12)
  if (words === 0) throw illegal('transport.headerEmpty', 12)
  if (ttHeaderFixedBytes + words * 4 > length) throw illegal('transport.headerBeyondFrame', 12, { bytes: words * 4, frame: length })
}
