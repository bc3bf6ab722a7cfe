// The client side of one HTTP/2 connection (RFC 9113). Streams are begun, written and cancelled here, frames are handed to their streams, and
// every breach by the server ends the connection with an error that says which frame it was. Written for many small exchanges: no events, no
// promises and no timers for a frame.

import type { Socket } from 'node:net'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { Doubt } from '../doubt.ts'
import { socketEnds } from '../socket-ends.ts'
import { connectionBroke } from '../socket-errors.ts'
import { lateAlert } from '../tls-errors.ts'
import { errorCode, flag, frameType, maxWindow, setting } from './constants.ts'
import { closedBy, endedBy, keepAliveLost, misplaced, NotBegun, Violation, type Ending, type GoAway } from './errors.ts'
import { FloodGuard } from './flood-guard.ts'
import { FrameParser, type FrameSink } from './frame-parser.ts'
import { checkFrame } from './frame-rules.ts'
import { decodeBlock, HeaderAssembly, type Block } from './header-assembly.ts'
import { HpackDecoder } from './hpack-decoder.ts'
import { Inflow } from './inflow.ts'
import { KeepAlive, noKeepAlive, type KeepAliveOptions } from './keep-alive.ts'
import { Outbox } from './outbox.ts'
import { payloadEnd, payloadStart } from './payload.ts'
import { PeerSettings } from './peer-settings.ts'
import { Sender, type RequestHead } from './sender.ts'
import { StreamTable } from './stream-table.ts'
import { Http2Stream, type StreamHost, type StreamOwner } from './stream.ts'
import { firstStreamWindow } from './window-growth.ts'

/** Asks whether the server is there: any eight bytes, whose answer counts as anything that comes does. */
const doubtPing = Buffer.from('6b6974652d6f6b3f', 'hex')
/** Largest header list that is read, counted as RFC 7541 4.1 does. */
const maxHeaderListBytes = 1024 * 1024
/** How long the last bytes may take to leave a connection that is over. */
const lingerMs = 2000

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
  readonly #sender: Sender
  readonly #parser = new FrameParser(this)
  readonly #blocks = new HeaderAssembly()
  readonly #decoder = new HpackDecoder(4096, maxHeaderListBytes)
  readonly #peer = new PeerSettings()
  readonly #guard = new FloodGuard()
  readonly #inflow: Inflow
  readonly #keepAlive: KeepAlive
  readonly #doubt = new Doubt()
  readonly #streams = new StreamTable()
  #goAway: GoAway | undefined
  #first: Buffer | undefined
  #greeted = false

  constructor(socket: Socket, address: string, secure: boolean, keepAlive: KeepAliveOptions = noKeepAlive) {
    this.#socket = socket
    this.address = address
    this.secure = secure
    const { local, remote } = socketEnds(socket, address)
    this.local = local
    this.remote = remote
    this.#outbox = new Outbox(socket)
    this.#sender = new Sender(this.#outbox, this.#peer, { spoken: (stream) => this.#remove(stream), progress: () => this.#guard.progress() })
    this.#inflow = new Inflow(this.#sender)
    this.#keepAlive = new KeepAlive(keepAlive, {
      busy: () => this.#streams.running > 0,
      ping: (payload) => this.#sender.ping(payload, 0),
      lost: (silentMs) => this.#end(keepAliveLost(address, silentMs)),
    })
    socket.on('drain', () => this.#sender.unblock())
    socket.on('end', () => this.#closed())
    socket.on('error', (caught) => this.#end(lateAlert(caught, address) ?? connectionBroke(caught, address, this.#parser.held)))
    socket.on('close', () => this.#closed())
    this.#sender.greet([[setting.enablePush, 0], [setting.initialWindowSize, firstStreamWindow], [setting.maxHeaderListSize, maxHeaderListBytes]])
    this.#inflow.begin()
  }

  /** Can begin another stream. */
  get usable(): boolean {
    return this.failure === undefined && this.#goAway === undefined && !this.#streams.spent && !this.#socket.destroyed
  }

  /** Nothing came although somebody waited: perhaps nothing ever will. */
  get isDoubtful(): boolean {
    return this.#doubt.isDoubtful
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
    if (!this.usable) throw this.failure ?? new NotBegun(this.address, this.#goAway)
    const stream = new Http2Stream(this, owner, head.log)
    if (this.#streams.running < this.#peer.maxConcurrentStreams) this.#begin(stream, head)
    else this.#streams.wait(stream, head)
    return stream
  }

  /** Takes the first `length` bytes of a read. */
  read(bytes: Buffer, length: number): void {
    if (this.failure !== undefined) return
    if (this.#first === undefined) this.#first = Buffer.from(bytes.subarray(0, Math.min(length, 64)))
    this.#keepAlive.heard()
    this.#doubt.heard()
    try {
      this.#parser.push(bytes, length)
    } catch (caught) {
      // What is no breach is a fault of ours; it ends this connection, not the process.
      if (caught instanceof Violation) this.#violated(caught)
      else this.#end(KiteError.from(caught, 'frame'))
    }
  }

  /** Ends it in good order: what was written still arrives; streams that still run end as cancelled. */
  close(): void {
    if (this.failure !== undefined) return
    this.#sender.goAway(errorCode.noError)
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
    if (stream.id !== 0 && this.failure === undefined) this.#sender.pump(stream)
  }

  consumed(stream: Http2Stream, bytes: number): void {
    if (this.failure === undefined) this.#inflow.consumed(stream, bytes)
  }

  cancelled(stream: Http2Stream, code: number): void {
    if (stream.id !== 0 && this.failure === undefined) {
      this.#sender.reset(stream.id, code)
      if (this.#doubt.gaveUp(stream.beganAt)) this.#sender.ping(doubtPing, 0)
    }
    this.#remove(stream)
  }

  #begin(stream: Http2Stream, head: RequestHead): void {
    this.#streams.begin(stream)
    stream.sendWindow = this.#peer.initialWindowSize
    this.#sender.begin(stream, head)
  }

  #data(flags: number, id: number, bytes: Buffer, start: number, end: number, offset: number): void {
    const at = { type: frameType.data, offset }
    const size = end - start
    if (size > 0) this.#guard.progress()
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
    else this.#guard.progress()
    stream.log?.received.fields.push(fields)
    if (tooLarge) return this.#broken(stream, 'headerListTooLarge', offset)
    if (interim) return
    if (stream.answered && !block.endStream) return this.#broken(stream, 'trailersNotLast', offset)
    stream.answered = true
    if (block.endStream) stream.remoteClosed = true
    stream.owner.headers(fields, block.endStream)
    if (block.endStream) this.#ended(stream)
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
    this.#remove(stream)
    stream.owner.reset(code)
  }

  #settings(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    this.#guard.count({ type: frameType.settings, offset })
    if ((flags & flag.ack) !== 0) return
    const before = this.#peer.initialWindowSize
    this.#peer.read(bytes, start, end, !this.#greeted, offset)
    this.#greeted = true
    this.#sender.settled(this.#streams.all(), this.#peer.initialWindowSize - before, { type: frameType.settings, offset })
    this.#admit()
    this.onChange?.()
  }

  #ping(flags: number, bytes: Buffer, start: number, end: number, offset: number): void {
    if ((flags & flag.ack) === 0) {
      this.#guard.count({ type: frameType.ping, offset })
      this.#sender.ping(bytes, flag.ack, start)
    } else this.#inflow.answered(bytes, start, end)
  }

  #gone(said: GoAway): void {
    this.#goAway = said
    const { waiting, running } = this.#streams.takeAbove(said.lastStream)
    for (const stream of [...running, ...waiting]) stream.owner.failed(new NotBegun(this.address, said))
    this.onChange?.()
    if (this.#streams.running === 0) this.close()
  }

  /** A breach that concerns one stream only. */
  #broken(stream: Http2Stream, what: string, offset: number): void {
    const { error, code } = misplaced(what, { type: frameType.headers, offset }, { stream: stream.id })
    if (this.failure === undefined) this.#sender.reset(stream.id, code)
    this.#remove(stream)
    stream.owner.failed(error)
  }

  /** The server has said all: what we have not sent yet, nobody reads. */
  #ended(stream: Http2Stream): void {
    if (this.#streams.get(stream.id) !== stream) return
    if (!stream.localClosed) this.#sender.reset(stream.id, errorCode.noError)
    this.#remove(stream)
  }

  #remove(stream: Http2Stream): void {
    this.#sender.forget(stream)
    if (!this.#streams.remove(stream)) return
    this.#admit()
    if (this.#goAway !== undefined && this.#streams.running === 0) this.close()
    this.onChange?.()
  }

  #admit(): void {
    while (this.#streams.running < this.#peer.maxConcurrentStreams) {
      const next = this.#streams.next()
      if (next === undefined) return
      this.#begin(next.stream, next.head)
    }
  }

  #violated(violation: Violation): void {
    if (this.#greeted) this.#sender.goAway(violation.code)
    this.#end(endedBy(violation, this.#ending()))
  }

  #closed(): void {
    if (this.failure === undefined) this.#end(closedBy(this.#ending()))
  }

  #ending(): Ending {
    return { address: this.address, secure: this.secure, greeted: this.#greeted, first: this.#first, goAway: this.#goAway }
  }

  #end(error: KiteError): void {
    if (this.failure !== undefined) return
    this.failure = error
    this.#keepAlive.stop()
    this.#outbox.flush()
    this.#socket.end()
    this.#socket.destroySoon()
    // A peer that reads nothing must not keep the socket.
    this.#socket.setTimeout(lingerMs, () => this.#socket.destroy())
    const { waiting, running } = this.#streams.takeAbove(0)
    for (const stream of running) stream.owner.failed(error)
    for (const stream of waiting) stream.owner.failed(error.data.code === 'cancelled' ? error : new NotBegun(this.address, this.#goAway))
    this.onChange?.()
  }
}

const isInterim = (fields: readonly Pair[]): boolean => fields[0]?.[0] === ':status' && fields[0][1].startsWith('1')
