// WebSocket frames (RFC 6455 5.2): written masked, as a client must, and read from bytes however they are split. Bounds are checked on what a
// head declares, before anything is awaited for it.

import { randomFillSync } from 'node:crypto'
import { fail, type KiteError, type TextParams } from '../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { evidenceOf } from '../foreign.ts'

export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const
const names: Readonly<Record<number, string>> = { 0: 'continuation', 1: 'text', 2: 'binary', 8: 'close', 9: 'ping', 10: 'pong' }

export interface Frame {
  readonly isLast: boolean
  readonly opcode: number
  readonly payload: Buffer
  /** As it came. */
  readonly raw: Buffer
  /** Where the payload begins in `raw`. */
  readonly payloadAt: number
}

/** A whole message of ours in one frame. */
export function writeFrame(code: number, payload: Buffer): Buffer {
  const extended = payload.length < 126 ? 0 : payload.length <= 0xffff ? 2 : 8
  const frame = Buffer.allocUnsafe(2 + extended + 4 + payload.length)
  frame[0] = 0x80 | code
  frame[1] = 0x80 | (extended === 0 ? payload.length : extended === 2 ? 126 : 127)
  if (extended === 2) frame.writeUInt16BE(payload.length, 2)
  if (extended === 8) frame.writeBigUInt64BE(BigInt(payload.length), 2)
  const maskAt = 2 + extended
  randomFillSync(frame, maskAt, 4)
  const body = maskAt + 4
  for (let at = 0; at < payload.length; at++) frame[body + at] = (payload[at] ?? 0) ^ (frame[maskAt + (at & 3)] ?? 0)
  return frame
}

/** What each byte of a frame means; the payload is left to whoever knows what it is, unless it is masked. */
export function explainFrame(frame: Buffer, offset: number): ByteNode {
  const first = frame[0] ?? 0
  const isMasked = ((frame[1] ?? 0) & 0x80) !== 0
  const short = (frame[1] ?? 0) & 0x7f
  const lengthEnd = short < 126 ? 2 : short === 126 ? 4 : 10
  const head = lengthEnd + (isMasked ? 4 : 0)
  const at = (start: number, end: number): { readonly start: number; readonly end: number } => ({ start: offset + start, end: offset + end })
  const children: ByteNode[] = [
    { ...at(0, 1), name: 'opcode', kind: 'header', type: 'u8', value: `${(first & 0x80) === 0 ? '' : 'fin, '}${names[first & 0x0f] ?? first & 0x0f}` },
    { ...at(1, lengthEnd), name: 'payload length', kind: 'header', type: 'length', value: String(frame.length - head) },
  ]
  if (isMasked) children.push({ ...at(lengthEnd, head), name: 'masking key', kind: 'header', type: 'bytes', value: frame.toString('hex', lengthEnd, head) })
  if (isMasked && frame.length > head) children.push({ ...at(head, frame.length), name: 'masked payload', kind: 'message' })
  return { ...at(0, frame.length), name: 'WebSocket frame', kind: 'frame', children }
}

export class FrameReader {
  readonly #maxBytes: number
  #chunks: Buffer[] = []
  #length = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Bytes of an unfinished frame. */
  get pending(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** The next whole frame, or undefined while bytes are missing. Throws KiteError. */
  next(): Frame | undefined {
    if (this.#length < 2) return undefined
    const head = this.#peek(Math.min(this.#length, 10))
    const [first = 0, second = 0] = head
    const short = second & 0x7f
    this.#check(first, second, head)
    const payloadAt = short < 126 ? 2 : short === 126 ? 4 : 10
    if (this.#length < payloadAt) return undefined
    const size = short < 126 ? short : short === 126 ? head.readUInt16BE(2) : this.#longSize(head.readBigUInt64BE(2))
    if (size > this.#maxBytes) throw tooLarge(size, this.#maxBytes)
    if (this.#length < payloadAt + size) return undefined
    const raw = this.#take(payloadAt + size)
    return { isLast: (first & 0x80) !== 0, opcode: first & 0x0f, payload: raw.subarray(payloadAt), raw, payloadAt }
  }

  #longSize(size: bigint): number {
    if (size > BigInt(this.#maxBytes)) throw tooLarge(size > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(size), this.#maxBytes)
    return Number(size)
  }

  #check(first: number, second: number, head: Buffer): void {
    const code = first & 0x0f
    if ((first & 0x70) !== 0 || names[code] === undefined) throw broken('ws.badFrame', { evidence: evidenceOf(head) })
    if ((second & 0x80) !== 0) throw broken('ws.maskedByServer')
    if (code >= 8 && ((first & 0x80) === 0 || (second & 0x7f) > 125)) throw broken('ws.badControlFrame', { name: names[code] ?? '' })
  }

  #peek(length: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= length) return first.subarray(0, length)
    this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0]?.subarray(0, length) ?? Buffer.alloc(0)
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 && this.#chunks[0] !== undefined ? this.#chunks[0] : Buffer.concat(this.#chunks)
    this.#chunks = all.length > length ? [all.subarray(length)] : []
    this.#length -= length
    return all.subarray(0, length)
  }
}

const tooLarge = (bytes: number, limit: number): KiteError => fail('remote_or_network', 'frame', 'ws.tooLarge', { bytes, limit }, { hint: { key: 'http.bodyTooLargeHint' } })

/** The peer broke the rules of WebSocket. */
export const broken = (key: string, params: TextParams = {}): KiteError => fail('remote_or_network', 'frame', key, params)
