// The sending half of a connection: frames into the outbox, and bodies as far as the windows of stream and connection and the socket allow. What cannot
// go waits in its stream, never in memory of ours.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import { defaultWindow, errorCode, flag, frameType, maxWindow, preface } from './constants.ts'
import { Violation, type FramePlace } from './errors.ts'
import type { FrameLog } from './frame-log.ts'
import { HpackEncoder } from './hpack-encoder.ts'
import type { Outbox } from './outbox.ts'
import type { PeerSettings } from './peer-settings.ts'
import type { Http2Stream } from './stream.ts'

const none: readonly Pair[] = []

/** A request's beginning. `lasting`: fields that are the same from call to call, in a list that is the same object; pseudo-fields first. */
export interface RequestHead {
  readonly lasting: readonly Pair[]
  readonly passing?: readonly Pair[]
  /** No body follows. */
  readonly last?: boolean
  readonly log?: FrameLog | undefined
}

/** Told of what the sender brings about. */
export interface SenderHost {
  /** Everything of this stream was said, by both sides. */
  spoken(stream: Http2Stream): void
  /** Part of a body went. */
  progress(): void
}

export class Sender {
  readonly #outbox: Outbox
  readonly #peer: PeerSettings
  readonly #host: SenderHost
  readonly #encoder = new HpackEncoder()
  /** Streams that have something to send and must wait for the connection's window or the socket. */
  readonly #blocked = new Set<Http2Stream>()
  #window = defaultWindow

  constructor(outbox: Outbox, peer: PeerSettings, host: SenderHost) {
    this.#outbox = outbox
    this.#peer = peer
    this.#host = host
  }

  /** The preface with our settings. */
  greet(settings: readonly (readonly [id: number, value: number])[]): void {
    this.#outbox.append(preface, 0, preface.length)
    this.#outbox.head(frameType.settings, 0, 0, settings.length * 6)
    for (const [id, value] of settings) {
      this.#outbox.u16(id)
      this.#outbox.u32(value)
    }
  }

  /** Sends HEADERS, with CONTINUATION where one frame does not hold them, and what waits of the body. */
  begin(stream: Http2Stream, { lasting, passing = none, last: alone = false, log }: RequestHead): void {
    const block = this.#encoder.encode(lasting, passing)
    if (alone) stream.localClosed = true
    const limit = this.#peer.maxFrameSize
    for (let at = 0; at === 0 || at < block.length; at += limit) {
      const end = Math.min(block.length, at + limit)
      const type = at === 0 ? frameType.headers : frameType.continuation
      const flags = (at === 0 && alone ? flag.endStream : 0) | (end === block.length ? flag.endHeaders : 0)
      this.#outbox.frame(type, flags, stream.id, block, at, end)
      log?.sent.addFrame(type, flags, stream.id, block, at, end)
    }
    log?.sent.fields.push(passing.length === 0 ? lasting : lasting.concat(passing))
    this.pump(stream)
  }

  /** Sends what the windows allow. */
  pump(stream: Http2Stream): void {
    for (let chunk = stream.next; chunk !== undefined; chunk = stream.next) {
      const at = stream.nextAt
      const left = chunk.bytes.length - at
      const room = Math.min(left, this.#peer.maxFrameSize, stream.sendWindow, this.#window)
      if (left > 0 && (room <= 0 || this.#outbox.congested)) {
        if (stream.sendWindow > 0) this.#blocked.add(stream)
        return
      }
      this.#data(stream, chunk.bytes, at, at + room, chunk.last && room === left)
      stream.sendWindow -= room
      this.#window -= room
      this.#host.progress()
      stream.sent(room)
    }
    if (stream.closed) this.#host.spoken(stream)
  }

  /** Lets those go on that waited for the connection's window or the socket. */
  unblock(): void {
    const blocked = [...this.#blocked]
    this.#blocked.clear()
    for (const stream of blocked) if (!stream.localClosed) this.pump(stream)
  }

  forget(stream: Http2Stream): void {
    this.#blocked.delete(stream)
  }

  /** The connection's window grew. */
  grow(increment: number, at: FramePlace): void {
    if (increment === 0 || this.#window + increment > maxWindow) throw new Violation(increment === 0 ? errorCode.protocolError : errorCode.flowControlError, 'http2.windowIncrement', {}, at)
    this.#window += increment
    this.unblock()
  }

  /** The server's settings hold from now on; its first window changed by `more` for every stream (RFC 9113 6.9.2). */
  settled(streams: readonly Http2Stream[], more: number, at: FramePlace): void {
    this.#encoder.limitTable(this.#peer.headerTableSize)
    this.#outbox.head(frameType.settings, flag.ack, 0, 0)
    for (const stream of streams) {
      stream.sendWindow += more
      if (stream.sendWindow > maxWindow) throw new Violation(errorCode.flowControlError, 'http2.windowIncrement', {}, at)
      if (more > 0) this.pump(stream)
    }
  }

  ping(payload: Buffer, flags: number, start = 0): void {
    this.#outbox.frame(frameType.ping, flags, 0, payload, start, start + 8)
  }

  /** WINDOW_UPDATE, where there is anything to give. */
  grant(id: number, bytes: number): void {
    if (bytes === 0) return
    this.#outbox.head(frameType.windowUpdate, 0, id, 4)
    this.#outbox.u32(bytes)
  }

  reset(id: number, code: number): void {
    this.#outbox.head(frameType.rstStream, 0, id, 4)
    this.#outbox.u32(code)
  }

  goAway(code: number): void {
    this.#outbox.head(frameType.goaway, 0, 0, 8)
    this.#outbox.u32(0)
    this.#outbox.u32(code)
  }

  #data(stream: Http2Stream, bytes: Buffer, start: number, end: number, last: boolean): void {
    if (start === end && !last) return
    const flags = last ? flag.endStream : 0
    this.#outbox.frame(frameType.data, flags, stream.id, bytes, start, end)
    stream.log?.sent.addFrame(frameType.data, flags, stream.id, bytes, start, end)
  }
}
