// What waits to be written to the socket. All frames of one turn of the event loop go out in one write, and since the system usually takes a write at
// once, the same memory serves for the next.

import type { Socket } from 'node:net'
import { frameHeadBytes } from './constants.ts'

/** Written at once when so much has gathered. */
const flushBytes = 128 * 1024
const firstBytes = 2048

/** Beyond so much that the system has not taken, messages wait: the peer reads slower than its windows promise. */
const congestedBytes = 1024 * 1024

export class Outbox {
  readonly #socket: Socket
  #buffer = Buffer.allocUnsafeSlow(firstBytes)
  #used = 0
  #scheduled = false
  readonly #flush = (): void => this.flush()

  constructor(socket: Socket) {
    this.#socket = socket
  }

  get congested(): boolean {
    return this.#socket.writableLength > congestedBytes
  }

  /** Everything has been handed to the system. */
  get empty(): boolean {
    return this.#used === 0 && this.#socket.writableLength === 0
  }

  /** Writes a frame's head and the given part of `bytes` as its payload. */
  frame(type: number, flags: number, stream: number, bytes: Buffer, start: number, end: number): void {
    this.head(type, flags, stream, end - start)
    this.append(bytes, start, end)
  }

  /** Writes a frame's head; `length` bytes of payload must follow. */
  head(type: number, flags: number, stream: number, length: number): void {
    this.#room(frameHeadBytes + length)
    const buffer = this.#buffer
    let at = this.#used
    buffer[at++] = length >>> 16
    buffer[at++] = length >>> 8
    buffer[at++] = length
    buffer[at++] = type
    buffer[at++] = flags
    buffer[at++] = stream >>> 24
    buffer[at++] = stream >>> 16
    buffer[at++] = stream >>> 8
    buffer[at++] = stream
    this.#used = at
  }

  append(bytes: Buffer, start: number, end: number): void {
    this.#room(end - start)
    this.#used += bytes.copy(this.#buffer, this.#used, start, end)
  }

  u32(value: number): void {
    this.#room(4)
    this.#used = this.#buffer.writeUInt32BE(value >>> 0, this.#used)
  }

  u16(value: number): void {
    this.#room(2)
    this.#used = this.#buffer.writeUInt16BE(value, this.#used)
  }

  /** Hands all of it to the system now. */
  flush(): void {
    this.#scheduled = false
    const used = this.#used
    if (used === 0) return
    this.#used = 0
    if (this.#socket.destroyed) return
    const buffer = this.#buffer
    this.#socket.write(used === buffer.length ? buffer : buffer.subarray(0, used))
    // What the system did not take at once still lies in this memory.
    if (this.#socket.writableLength > 0) this.#buffer = Buffer.allocUnsafeSlow(Math.min(buffer.length, flushBytes))
  }

  #room(bytes: number): void {
    // In the middle of a frame too: a stream of bytes has no borders.
    if (this.#used > flushBytes) this.flush()
    const needed = this.#used + bytes
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2))
      this.#buffer.copy(larger, 0, 0, this.#used)
      this.#buffer = larger
    }
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#flush)
  }
}
