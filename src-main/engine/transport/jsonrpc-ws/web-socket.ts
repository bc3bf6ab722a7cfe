// An open WebSocket: whole text messages each way over a socket that shook hands. Answers pings, joins fragments, and says once why it ended.

import { isUtf8 } from 'node:buffer'
import type { Socket } from 'node:net'
import { KiteError } from '../../../../shared/base/error.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { connectionBroke } from '../socket-errors.ts'
import { broken, explainFrame, FrameReader, opcode, writeFrame, type Frame } from './frames.ts'

/** A text message with the frames that it was in. */
export interface TextMessage {
  readonly text: string
  readonly raw: Buffer
  readonly nodes: readonly ByteNode[]
  /** Where the text stands in `raw`; undefined where it was cut over several frames. */
  readonly textAt: number | undefined
}

export interface WebSocketOwner {
  /** Bytes came, perhaps of no message. */
  heard(): void
  message(message: TextMessage): void
  /** Called once; no error: both sides closed in good order. `code` is what the peer gave. */
  ended(error: KiteError | undefined, code: number | undefined, reason: string): void
}

/** Of one message. A fragment of nothing takes two bytes of the peer and hundreds of ours. */
const maxFragments = 100_000
/** What may wait to be sent before pings are no longer answered: a peer that pings and does not read would fill the memory. */
const maxUnsentPongs = 1024 * 1024

/** How long a peer may take to answer a close. */
const closeWithinMs = 1000

export class WebSocket {
  readonly #socket: Socket
  readonly #address: string
  readonly #reader: FrameReader
  readonly #maxBytes: number
  readonly #owner: WebSocketOwner
  #fragments: Frame[] = []
  #fragmentBytes = 0
  #ended = false
  #closing = false
  #closeCode: number | undefined
  #closeReason = ''

  constructor(socket: Socket, address: string, maxBytes: number, owner: WebSocketOwner) {
    this.#socket = socket
    this.#address = address
    this.#maxBytes = maxBytes
    this.#reader = new FrameReader(maxBytes)
    this.#owner = owner
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#closed())
    socket.on('close', () => this.#closed())
    socket.on('error', (caught) => this.#end(connectionBroke(caught, address, this.#reader.pending)))
  }

  get isOpen(): boolean {
    return !this.#ended && !this.#closing
  }

  /** Bytes that came together with the handshake. */
  begin(early: Buffer): void {
    if (early.length > 0) this.#read(early)
    if (!this.#ended) this.#socket.resume()
  }

  /** Sends a text message; `done` runs once the system has taken it. Returns the frame. */
  send(text: string, done?: () => void): Buffer {
    const frame = writeFrame(opcode.text, Buffer.from(text))
    this.#socket.write(frame, () => done?.())
    return frame
  }

  /** Bytes that the system has not taken yet. */
  get unsent(): number {
    return this.#socket.writableLength
  }

  onDrain(listener: () => void): void {
    this.#socket.once('drain', listener)
  }

  /** Stops reading, so that the peer is held back, or goes on. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.pause()
    else this.#socket.resume()
  }

  set keepsProcess(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Says goodbye, and waits a little for the peer to say it too. */
  close(code = 1000, reason = ''): void {
    if (this.#closing || this.#ended) return
    this.#closing = true
    this.#socket.write(writeFrame(opcode.close, closePayload(code, reason)))
    this.#socket.resume()
    const timer = setTimeout(() => this.#end(undefined), closeWithinMs)
    timer.unref()
    this.#socket.once('close', () => clearTimeout(timer))
  }

  destroy(): void {
    this.#end(undefined)
  }

  #read(chunk: Buffer): void {
    this.#owner.heard()
    if (this.#ended) return
    this.#reader.push(chunk)
    try {
      for (let frame = this.#reader.next(); frame !== undefined && !this.#ended; frame = this.#reader.next()) this.#frame(frame)
    } catch (caught) {
      this.#end(KiteError.from(caught, 'frame'))
    }
  }

  #frame(frame: Frame): void {
    switch (frame.opcode) {
      case opcode.ping:
        if (this.unsent < maxUnsentPongs) this.#socket.write(writeFrame(opcode.pong, frame.payload))
        return
      case opcode.pong:
        return
      case opcode.close:
        return this.#gotClose(frame.payload)
      default:
        return this.#data(frame)
    }
  }

  #data(frame: Frame): void {
    if ((frame.opcode === opcode.continuation) !== this.#fragments.length > 0) throw broken('ws.badContinuation')
    this.#fragmentBytes += frame.payload.length
    if (this.#fragmentBytes > this.#maxBytes) throw broken('ws.tooLarge', { bytes: this.#fragmentBytes, limit: this.#maxBytes })
    this.#fragments.push(frame)
    if (this.#fragments.length > maxFragments) throw broken('ws.tooManyFragments', { limit: maxFragments })
    if (!frame.isLast) return
    const parts = this.#fragments
    this.#fragments = []
    this.#fragmentBytes = 0
    this.#owner.message(joined(parts))
  }

  #gotClose(payload: Buffer): void {
    this.#closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : undefined
    this.#closeReason = payload.toString('utf8', 2)
    if (!this.#closing) this.#socket.write(writeFrame(opcode.close, payload.subarray(0, 2)))
    this.#end(undefined)
  }

  /** The socket ended without a close frame. */
  #closed(): void {
    this.#end(this.#closing ? undefined : broken(this.#reader.pending > 0 || this.#fragments.length > 0 ? 'ws.cutShort' : 'ws.closedWithoutWord', { address: this.#address, bytes: this.#reader.pending }))
  }

  #end(error: KiteError | undefined): void {
    if (this.#ended) return
    this.#ended = true
    if (error === undefined) this.#socket.end()
    this.#socket.destroySoon()
    this.#owner.ended(error, this.#closeCode, this.#closeReason)
  }
}

function joined(parts: readonly Frame[]): TextMessage {
  const [only] = parts
  const payload = parts.length === 1 && only !== undefined ? only.payload : Buffer.concat(parts.map((part) => part.payload))
  if (!isUtf8(payload)) throw broken('ws.notUtf8')
  const nodes: ByteNode[] = []
  let at = 0
  for (const { raw } of parts) {
    nodes.push(explainFrame(raw, at))
    at += raw.length
  }
  const isOne = parts.length === 1 && only !== undefined
  return { text: payload.toString(), raw: isOne ? only.raw : Buffer.concat(parts.map(({ raw }) => raw)), nodes, textAt: isOne ? only.payloadAt : undefined }
}

function closePayload(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, 123)
  const payload = Buffer.alloc(2 + text.length)
  payload.writeUInt16BE(code, 0)
  text.copy(payload, 2)
  return payload
}
