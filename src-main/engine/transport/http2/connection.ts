// The client side of one HTTP/2 connection (RFC 9113). Streams are begun, written and cancelled here, frames are handed to their streams, and
// every breach by the server ends the connection with an error that says which frame it was. Written for many small exchanges: no events, no
// promises and no timers for a frame.

import type { Socket } from 'node:net'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { formatAddress } from '../address.ts'
import { foreignAnswer } from '../frame-errors.ts'
import { connectionBroke } from '../socket-errors.ts'
import { lateAlert } from '../tls-errors.ts'
import { defaultWindow, errorCode, flag, frameType, maxWindow, preface, setting } from './constants.ts'
import { brokenAfterGoAway, misplaced, notBegun, Violation, type GoAway } from './errors.ts'
import { FloodGuard } from './flood-guard.ts'
import type { FrameLog } from './frame-log.ts'
import { FrameParser, type FrameSink } from './frame-parser.ts'
import { checkFrame } from './frame-rules.ts'
import { HeaderAssembly, type Block } from './header-assembly.ts'
import { HpackDecoder, HpackError } from './hpack-decoder.ts'
import { HpackEncoder } from './hpack-encoder.ts'
import { Outbox } from './outbox.ts'
import { payloadEnd, payloadStart } from './payload.ts'
import { PeerSettings } from './peer-settings.ts'
import { ReceiveWindow } from './receive-window.ts'
import { Http2Stream, type StreamHost, type StreamOwner } from './stream.ts'
import { firstConnectionWindow, firstStreamWindow, WindowGrowth } from './window-growth.ts'

/** Largest header list that is read, counted as RFC 7541 4.1 does. */
const maxHeaderListBytes = 1024 * 1024
/** Of the PING that measures the path; others' are of any value. */
const growthPing = Buffer.from('6b69746562647031', 'hex')
const none: readonly Pair[] = []

/** A request's beginning. `lasting`: fields that are the same from call to call, in a list that is the same object; pseudo-fields first. */
export interface RequestHead {
  readonly lasting: readonly Pair[]
  readonly passing?: readonly Pair[]
  /** No body follows. */
  readonly last?: boolean
  readonly log?: FrameLog | undefined
}

interface Waiting {
  readonly stream: Http2Stream
  readonly head: RequestHead
}

export class Http2Connection implements FrameSink, StreamHost {
  readonly address: string
  readonly secure: boolean
  readonly local: string
  readonly remote: string
  /** Told of whatever may change what the connection can carry: a stream ended, the server's bounds changed, it is over. */
  onChange: (() => void) | undefined
  /** Why it ended. */
  failure: KiteError | undefined
  readonly #socket: Socket
  readonly #outbox: Outbox
  readonly #parser = new FrameParser(this)
  readonly #blocks = new HeaderAssembly()
  readonly #decoder = new HpackDecoder(4096, maxHeaderListBytes)
  readonly #encoder = new HpackEncoder()
  readonly #peer = new PeerSettings()
  readonly #growth = new WindowGrowth()
  readonly #guard = new FloodGuard()
  readonly #receive = new ReceiveWindow(defaultWindow)
  readonly #streams = new Map<number, Http2Stream>()
  readonly #waiting: Waiting[] = []
  /** Streams that have something to send and must wait for the connection's window or the socket. */
  readonly #blocked = new Set<Http2Stream>()
  #sendWindow = defaultWindow
  #nextId = 1
  #goAway: GoAway | undefined
  #first: Buffer | undefined
  #greeted = false

  constructor(socket: Socket, address: string, secure: boolean) {
    this.#socket = socket
    this.address = address
    this.secure = secure
    this.local = socket.localAddress === undefined ? '' : formatAddress(socket.localAddress, socket.localPort ?? 0)
    this.remote = socket.remoteAddress === undefined ? address : formatAddress(socket.remoteAddress, socket.remotePort ?? 0)
    this.#outbox = new Outbox(socket)
    socket.on('drain', () => this.#unblock())
    socket.on('end', () => this.#closed())
    socket.on('error', (caught) => this.#end(lateAlert(caught, address) ?? connectionBroke(caught, address, this.#parser.held)))
    socket.on('close', () => this.#closed())
    this.#greet()
  }

  /** Can begin another stream. */
  get usable(): boolean {
    return this.failure === undefined && this.#goAway === undefined && this.#nextId < maxWindow && !this.#socket.destroyed
  }

  /** Streams that run or wait to begin. */
  get active(): number {
    return this.#streams.size + this.#waiting.length
  }

  get maxStreams(): number {
    return this.#peer.maxConcurrentStreams
  }

  /** Lets the process exit although this connection is open. */
  set keepsProcess(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Begins a stream, or lets it wait until the server's bound on streams allows. Throws KiteError when the connection is over. */
  request(head: RequestHead, owner: StreamOwner): Http2Stream {
    if (!this.usable) throw this.failure ?? notBegun(this.address, this.#goAway)
    const stream = new Http2Stream(this, owner, head.log)
    if (this.#streams.size < this.#peer.maxConcurrentStreams) this.#begin(stream, head)
    else this.#waiting.push({ stream, head })
    return stream
  }

  /** Takes the first `length` bytes of a read. */
  read(bytes: Buffer, length: number): void {
    if (this.failure !== undefined) return
    if (this.#first === undefined) this.#first = Buffer.from(bytes.subarray(0, Math.min(length, 64)))
    try {
      this.#parser.push(bytes, length)
    } catch (caught) {
      if (!(caught instanceof Violation)) throw caught
      this.#violated(caught)
    }
  }

  /** Ends it in good order: what was written still arrives; streams that still run end as cancelled. */
  close(): void {
    if (this.failure !== undefined) return
    this.#sayGoAway(errorCode.noError)
    this.#end(fail('cancelled', 'connection', 'error.cancelled'))
  }

  frame(type: number, flags: number, id: number, bytes: Buffer, start: number, end: number): void {
    const { offset } = this.#parser
    if (!this.#greeted && (type !== frameType.settings || (flags & flag.ack) !== 0)) throw misplaced('settingsFirst', { type, offset })
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
        return this.#gone({ lastStream: bytes.readUInt32BE(start) & maxWindow, code: bytes.readUInt32BE(start + 4), debug: bytes.latin1Slice(start + 8, Math.min(end, start + 208)) })
      default:
        // PRIORITY, and frames of extensions, mean nothing to us (RFC 9113 5.5).
        this.#guard.count({ type, offset })
    }
  }

  sendable(stream: Http2Stream): void {
    if (stream.id !== 0 && this.failure === undefined) this.#pump(stream)
  }

  consumed(stream: Http2Stream, bytes: number): void {
    if (stream.receive.target < this.#growth.streamWindow) stream.receive.target = this.#growth.streamWindow
    const grant = stream.receive.giveBack(bytes)
    if (grant === 0 || this.failure !== undefined) return
    this.#sayWindow(stream.id, grant)
    if (this.#growth.begin()) this.#outbox.frame(frameType.ping, 0, 0, growthPing, 0, 8)
  }

  cancelled(stream: Http2Stream, code: number): void {
    if (stream.id === 0) {
      const at = this.#waiting.findIndex((one) => one.stream === stream)
      if (at >= 0) this.#waiting.splice(at, 1)
      return stream.drop()
    }
    this.#sayReset(stream, code)
    this.#remove(stream)
  }

  #greet(): void {
    this.#outbox.append(preface, 0, preface.length)
    const settings = [[setting.enablePush, 0], [setting.initialWindowSize, firstStreamWindow], [setting.maxHeaderListSize, maxHeaderListBytes]] as const
    this.#outbox.head(frameType.settings, 0, 0, settings.length * 6)
    for (const [id, value] of settings) {
      this.#outbox.u16(id)
      this.#outbox.u32(value)
    }
    this.#sayWindow(0, this.#receive.widen(firstConnectionWindow))
  }

  #begin(stream: Http2Stream, head: RequestHead): void {
    const id = this.#nextId
    this.#nextId += 2
    stream.id = id
    stream.sendWindow = this.#peer.initialWindowSize
    this.#streams.set(id, stream)
    const block = this.#encoder.encode(head.lasting, head.passing ?? none)
    const last = head.last === true ? flag.endStream : 0
    if (head.last === true) stream.localClosed = true
    const limit = this.#peer.maxFrameSize
    for (let at = 0; at === 0 || at < block.length; at += limit) {
      const end = Math.min(block.length, at + limit)
      const type = at === 0 ? frameType.headers : frameType.continuation
      const flags = (at === 0 ? last : 0) | (end === block.length ? flag.endHeaders : 0)
      this.#outbox.frame(type, flags, id, block, at, end)
      stream.log?.sent.addFrame(type, flags, id, block, at, end)
    }
    stream.log?.sent.fields.push(head.passing === undefined ? head.lasting : [...head.lasting, ...head.passing])
    this.#pump(stream)
  }

  /** Sends what the windows allow. */
  #pump(stream: Http2Stream): void {
    for (let chunk = stream.next; chunk !== undefined; chunk = stream.next) {
      const at = stream.nextAt
      const left = chunk.bytes.length - at
      const room = Math.min(left, this.#peer.maxFrameSize, stream.sendWindow, this.#sendWindow)
      if (left > 0 && (room <= 0 || this.#outbox.congested)) {
        if (stream.sendWindow > 0) this.#blocked.add(stream)
        return
      }
      const last = chunk.last && room === left
      if (left > 0 || last) {
        this.#outbox.frame(frameType.data, last ? flag.endStream : 0, stream.id, chunk.bytes, at, at + room)
        stream.log?.sent.addFrame(frameType.data, last ? flag.endStream : 0, stream.id, chunk.bytes, at, at + room)
      }
      stream.sendWindow -= room
      this.#sendWindow -= room
      this.#guard.progress()
      stream.sent(room)
    }
    if (stream.closed) this.#remove(stream)
  }

  #unblock(): void {
    const blocked = [...this.#blocked]
    this.#blocked.clear()
    for (const stream of blocked) if (!stream.localClosed) this.#pump(stream)
  }

  #data(flags: number, id: number, bytes: Buffer, start: number, end: number, offset: number): void {
    const at = { type: frameType.data, offset }
    const size = end - start
    if (size > 0) this.#guard.progress()
    else this.#guard.count(at)
    if (!this.#receive.take(size)) throw new Violation(errorCode.flowControlError, 'http2.windowExceeded', { stream: 0 }, at)
    const from = payloadStart(frameType.data, flags, start)
    const to = payloadEnd(frameType.data, flags, bytes, start, end, offset)
    // Streams bound what lies in memory; the connection's window is given back at once, so that one paused reader does not hold up the others.
    this.#growth.came(size)
    const grant = this.#receive.giveBack(size)
    if (grant > 0) this.#sayWindow(0, grant)
    const stream = this.#streams.get(id)
    if (stream === undefined) return this.#ofNoStream(id, at)
    if (!stream.receive.take(size)) throw new Violation(errorCode.flowControlError, 'http2.windowExceeded', { stream: id }, at)
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
    const { fields, tooLarge } = this.#decode(block, offset)
    const stream = this.#streams.get(block.stream)
    if (stream === undefined) return this.#ofNoStream(block.stream, at)
    this.#guard.progress()
    stream.log?.received.fields.push(fields)
    if (tooLarge) return this.#broken(stream, 'headerListTooLarge', offset)
    if (!stream.answered && !block.endStream && isInterim(fields)) return
    if (stream.answered && !block.endStream) return this.#broken(stream, 'trailersNotLast', offset)
    stream.answered = true
    if (block.endStream) stream.remoteClosed = true
    stream.owner.headers(fields, block.endStream)
    if (block.endStream) this.#ended(stream)
  }

  #decode({ bytes, start, end }: Block, offset: number): { readonly fields: readonly Pair[]; readonly tooLarge: boolean } {
    try {
      return this.#decoder.decode(bytes, start, end)
    } catch (caught) {
      if (!(caught instanceof HpackError)) throw caught
      throw new Violation(errorCode.compressionError, 'http2.headerBlock', { reason: caught.reason, at: caught.offset }, { type: frameType.headers, offset })
    }
  }

  /** A frame of a stream that has ended is late; one of a stream that never began is a breach (RFC 9113 5.1). */
  #ofNoStream(id: number, at: { readonly type: number; readonly offset: number }): void {
    if (id >= this.#nextId || id % 2 === 0) throw misplaced('idleStream', at, { stream: id })
    this.#guard.count(at)
  }

  #windowUpdate(id: number, increment: number, offset: number): void {
    const at = { type: frameType.windowUpdate, offset }
    if (id !== 0) {
      const stream = this.#streams.get(id)
      if (stream === undefined) return this.#ofNoStream(id, at)
      if (increment === 0 || stream.sendWindow + increment > maxWindow) return this.#broken(stream, 'windowIncrement', offset)
      stream.sendWindow += increment
      return this.#pump(stream)
    }
    if (increment === 0 || this.#sendWindow + increment > maxWindow) throw new Violation(increment === 0 ? errorCode.protocolError : errorCode.flowControlError, 'http2.windowIncrement', {}, at)
    this.#guard.count(at)
    this.#sendWindow += increment
    this.#unblock()
  }

  #reset(id: number, code: number, offset: number): void {
    const stream = this.#streams.get(id)
    if (stream === undefined) return this.#ofNoStream(id, { type: frameType.rstStream, offset })
    this.#remove(stream)
    stream.owner.reset(code)
  }

  #settings(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    this.#guard.count({ type: frameType.settings, offset })
    if ((flags & flag.ack) !== 0) return
    const before = this.#peer.initialWindowSize
    this.#peer.read(bytes, start, end, !this.#greeted, offset)
    this.#greeted = true
    this.#encoder.limitTable(this.#peer.headerTableSize)
    this.#outbox.head(frameType.settings, flag.ack, 0, 0)
    const more = this.#peer.initialWindowSize - before
    for (const stream of [...this.#streams.values()]) {
      stream.sendWindow += more
      if (stream.sendWindow > maxWindow) throw new Violation(errorCode.flowControlError, 'http2.windowIncrement', {}, { type: frameType.settings, offset })
      if (more > 0) this.#pump(stream)
    }
    this.#admit()
    this.onChange?.()
  }

  #ping(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    if ((flags & flag.ack) === 0) {
      this.#guard.count({ type: frameType.ping, offset })
      this.#outbox.frame(frameType.ping, flag.ack, 0, bytes, start, end)
    } else if (growthPing.compare(bytes, start, end) === 0 && this.#growth.answered()) {
      const grant = this.#receive.widen(Math.max(this.#receive.target, this.#growth.streamWindow * 2))
      if (grant > 0) this.#sayWindow(0, grant)
    }
  }

  #gone(said: GoAway): void {
    this.#goAway = said
    for (const stream of [...this.#streams.values()]) {
      if (stream.id <= said.lastStream) continue
      this.#remove(stream)
      stream.owner.failed(notBegun(this.address, said))
    }
    for (const { stream } of this.#waiting.splice(0)) {
      stream.drop()
      stream.owner.failed(notBegun(this.address, said))
    }
    this.onChange?.()
    if (this.#streams.size === 0) this.close()
  }

  /** A breach that concerns one stream only. */
  #broken(stream: Http2Stream, what: string, offset: number): void {
    const { error, code } = misplaced(what, { type: frameType.headers, offset }, { stream: stream.id })
    this.#sayReset(stream, code)
    this.#remove(stream)
    stream.owner.failed(error)
  }

  /** The server has said all: what we have not sent yet, nobody reads. */
  #ended(stream: Http2Stream): void {
    if (!this.#streams.has(stream.id)) return
    if (!stream.localClosed) this.#sayReset(stream, errorCode.noError)
    this.#remove(stream)
  }

  #remove(stream: Http2Stream): void {
    stream.drop()
    this.#blocked.delete(stream)
    if (!this.#streams.delete(stream.id)) return
    if (this.#waiting.length > 0) this.#admit()
    if (this.#goAway !== undefined && this.#streams.size === 0) this.close()
    this.onChange?.()
  }

  #admit(): void {
    while (this.#streams.size < this.#peer.maxConcurrentStreams) {
      const next = this.#waiting.shift()
      if (next === undefined) return
      this.#begin(next.stream, next.head)
    }
  }

  #sayWindow(id: number, grant: number): void {
    this.#outbox.head(frameType.windowUpdate, 0, id, 4)
    this.#outbox.u32(grant)
  }

  #sayReset(stream: Http2Stream, code: number): void {
    if (this.failure !== undefined) return
    this.#outbox.head(frameType.rstStream, 0, stream.id, 4)
    this.#outbox.u32(code)
  }

  #sayGoAway(code: number): void {
    this.#outbox.head(frameType.goaway, 0, 0, 8)
    this.#outbox.u32(0)
    this.#outbox.u32(code)
  }

  #violated({ code, error }: Violation): void {
    // Before the first SETTINGS it was no breach but another protocol.
    if (!this.#greeted) return this.#end(foreignAnswer(this.#first ?? Buffer.alloc(0)))
    this.#sayGoAway(code)
    this.#end(error)
  }

  #closed(): void {
    if (this.failure !== undefined) return
    if (this.#goAway !== undefined) return this.#end(brokenAfterGoAway(this.address, this.#goAway))
    if (!this.#greeted && this.#first !== undefined) return this.#end(foreignAnswer(this.#first))
    const key = this.#greeted ? 'http2.closed' : this.secure ? 'http2.closedAfterHandshake' : 'http2.closedUnspoken'
    this.#end(fail('remote_or_network', 'connection', key, { address: this.address }, { hint: { key: `${key}Hint` } }))
  }

  #end(error: KiteError): void {
    if (this.failure !== undefined) return
    this.failure = error
    this.#outbox.flush()
    this.#socket.end()
    this.#socket.destroySoon()
    const streams = [...this.#streams.values()]
    const waiting = this.#waiting.splice(0)
    this.#streams.clear()
    this.#blocked.clear()
    for (const stream of streams) {
      stream.drop()
      stream.owner.failed(error)
    }
    for (const { stream } of waiting) {
      stream.drop()
      stream.owner.failed(error.data.code === 'cancelled' ? error : notBegun(this.address, this.#goAway))
    }
    this.onChange?.()
  }
}

const isInterim = (fields: readonly Pair[]): boolean => fields[0]?.[0] === ':status' && fields[0][1].startsWith('1')
