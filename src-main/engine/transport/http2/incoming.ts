// What the frames of a server mean: each is checked, counted against floods and windows, and handed to its stream; every breach is a Violation that
// says which frame it was. What a connection makes of the greater events is its own affair.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import { errorCode, flag, frameType, maxWindow } from './constants.ts'
import { misplaced, type GoAway } from './errors.ts'
import type { FloodGuard } from './flood-guard.ts'
import { FrameParser, type FrameSink } from './frame-parser.ts'
import { checkFrame } from './frame-rules.ts'
import { decodeBlock, HeaderAssembly, type Block } from './header-assembly.ts'
import { HpackDecoder } from './hpack-decoder.ts'
import type { Inflow } from './inflow.ts'
import { payloadEnd, payloadStart } from './payload.ts'
import type { PeerSettings } from './peer-settings.ts'
import type { Sender } from './sender.ts'
import type { StreamTable } from './stream-table.ts'
import type { Http2Stream } from './stream.ts'

/** Largest header list that is read, counted as RFC 7541 4.1 does. */
export const maxHeaderListBytes = 1024 * 1024

/** What a connection and its incoming frames share. */
export interface IncomingParts {
  readonly streams: StreamTable
  readonly sender: Sender
  readonly inflow: Inflow
  readonly peer: PeerSettings
  readonly guard: FloodGuard
}

/** What frames bring about for the connection as a whole. */
export interface IncomingHost {
  /** Nothing is sent any more. */
  readonly isOver: boolean
  /** The stream has ended, both ways. */
  remove(stream: Http2Stream): void
  /** The server's settings came: another number of streams may run. */
  settled(): void
  /** Part of a reply came. */
  spoke(): void
  /** The server takes no more streams. */
  gone(said: GoAway): void
}

export class Incoming implements FrameSink {
  /** The server's settings came. */
  greeted = false
  readonly #host: IncomingHost
  readonly #streams: StreamTable
  readonly #sender: Sender
  readonly #inflow: Inflow
  readonly #peer: PeerSettings
  readonly #guard: FloodGuard
  readonly #parser = new FrameParser(this)
  readonly #blocks = new HeaderAssembly()
  readonly #decoder = new HpackDecoder(4096, maxHeaderListBytes)

  constructor({ streams, sender, inflow, peer, guard }: IncomingParts, host: IncomingHost) {
    this.#streams = streams
    this.#sender = sender
    this.#inflow = inflow
    this.#peer = peer
    this.#guard = guard
    this.#host = host
  }

  /** Bytes of a frame that has not come whole. */
  get held(): number {
    return this.#parser.held
  }

  /** Takes the first `length` bytes of a read. Throws Violation. */
  read(bytes: Buffer, length: number): void {
    this.#parser.push(bytes, length)
  }

  frame(type: number, flags: number, id: number, bytes: Buffer, start: number, end: number): void {
    const { offset } = this.#parser
    if (!this.greeted && (type !== frameType.settings || (flags & flag.ack) !== 0)) throw misplaced('settingsFirst', { type, offset })
    if (this.#blocks.open !== (type === frameType.continuation)) throw misplaced('continuation', { type, offset })
    checkFrame(type, flags, id, end - start, offset)
    this.#streams.get(id)?.log?.received.add(bytes, start - 9, end)
    switch (type) {
      case frameType.data:
        return this.#data(flags, id, bytes, start, end, offset)
      case frameType.headers:
        return this.#block(this.#blocks.headers(flags, id, bytes, start, end, offset), offset)
      case frameType.continuation:
        return this.#block(this.#blocks.continuation(flags, id, bytes, start, end, offset), offset)
      case frameType.windowUpdate:
        return this.#windowUpdate(id, bytes.readUInt32BE(start) & maxWindow, offset)
      case frameType.rstStream:
        return this.#reset(id, bytes.readUInt32BE(start), offset)
      case frameType.settings:
        return this.#settings(flags, bytes, start, end, offset)
      case frameType.ping:
        return this.#ping(flags, bytes, start, end, offset)
      case frameType.goaway:
        return this.#host.gone({ lastStream: bytes.readUInt32BE(start) & maxWindow, code: bytes.readUInt32BE(start + 4), debug: bytes.latin1Slice(start + 8, Math.min(end, start + 208)) })
      default:
        // PRIORITY, and frames of extensions, mean nothing to us (RFC 9113 5.5).
        this.#guard.count({ type, offset })
    }
  }

  #data(flags: number, id: number, bytes: Buffer, start: number, end: number, offset: number): void {
    const at = { type: frameType.data, offset }
    const size = end - start
    if (size > 0) this.#progress()
    else this.#guard.count(at)
    this.#inflow.came(size, at)
    const from = payloadStart(frameType.data, flags, start)
    const to = payloadEnd(frameType.data, flags, bytes, start, end, offset)
    const stream = this.#streams.get(id)
    if (stream === undefined) return this.#ofNoStream(id, at)
    this.#inflow.cameTo(stream, size, at)
    if (!stream.answered) return this.#broken(stream, 'dataBeforeHeaders', offset)
    const last = (flags & flag.endStream) !== 0
    if (last) stream.remoteClosed = true
    stream.owner.data(bytes, from, to, last)
    if (last) this.#ended(stream)
    else if (size > to - from) stream.consume(size - (to - from))
  }

  #block(block: Block | undefined, offset: number): void {
    if (block === undefined) return
    const at = { type: frameType.headers, offset }
    const { fields, tooLarge } = decodeBlock(this.#decoder, block, offset)
    const stream = this.#streams.get(block.stream)
    if (stream === undefined) return this.#ofNoStream(block.stream, at)
    const interim = !stream.answered && !block.endStream && isInterim(fields)
    if (interim) this.#guard.count(at)
    else this.#progress()
    stream.log?.received.fields.push(fields)
    if (tooLarge) return this.#broken(stream, 'headerListTooLarge', offset)
    if (interim) return
    if (stream.answered && !block.endStream) return this.#broken(stream, 'trailersNotLast', offset)
    stream.answered = true
    if (block.endStream) stream.remoteClosed = true
    stream.owner.headers(fields, block.endStream)
    if (block.endStream) this.#ended(stream)
  }

  #progress(): void {
    this.#guard.progress()
    this.#host.spoke()
  }

  /** A frame of a stream that has ended is late; one of a stream that never began is a breach (RFC 9113 5.1). */
  #ofNoStream(id: number, at: { readonly type: number; readonly offset: number }): void {
    if (!this.#streams.begun(id)) throw misplaced('idleStream', at, { stream: id })
    this.#guard.count(at)
  }

  #windowUpdate(id: number, increment: number, offset: number): void {
    const at = { type: frameType.windowUpdate, offset }
    this.#guard.count(at)
    if (id !== 0) {
      const stream = this.#streams.get(id)
      if (stream === undefined) return this.#ofNoStream(id, at)
      if (increment === 0 || stream.sendWindow + increment > maxWindow) return this.#broken(stream, 'windowIncrement', offset)
      stream.sendWindow += increment
      return this.#sender.pump(stream)
    }
    this.#sender.grow(increment, at)
  }

  #reset(id: number, code: number, offset: number): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) return this.#ofNoStream(id, { type: frameType.rstStream, offset })
    this.#host.remove(stream)
    stream.owner.reset(code)
  }

  #settings(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    this.#guard.count({ type: frameType.settings, offset })
    if ((flags & flag.ack) !== 0) return
    const before = this.#peer.initialWindowSize
    this.#peer.read(bytes, start, end, !this.greeted, offset)
    this.greeted = true
    this.#sender.settled(this.#streams.all(), this.#peer.initialWindowSize - before, { type: frameType.settings, offset })
    this.#host.settled()
  }

  #ping(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    if ((flags & flag.ack) === 0) {
      this.#guard.count({ type: frameType.ping, offset })
      this.#sender.ping(bytes, flag.ack, start)
    } else this.#inflow.answered(bytes, start, end)
  }

  /** A breach that concerns one stream only. */
  #broken(stream: Http2Stream, what: string, offset: number): void {
    const { error, code } = misplaced(what, { type: frameType.headers, offset }, { stream: stream.id })
    if (!this.#host.isOver) this.#sender.reset(stream.id, code)
    this.#host.remove(stream)
    stream.owner.failed(error)
  }

  /** The server has said all: what we have not sent yet, nobody reads. */
  #ended(stream: Http2Stream): void {
    if (this.#streams.get(stream.id) !== stream) return
    if (!stream.localClosed) this.#sender.reset(stream.id, errorCode.noError)
    this.#host.remove(stream)
  }
}

const isInterim = (fields: readonly Pair[]): boolean => fields[0]?.[0] === ':status' && fields[0][1].startsWith('1')
