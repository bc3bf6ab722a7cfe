// One socket with the streams on it (Kitex pkg/remote/trans/ttstream/transport_client.go). Frames find their stream by its id; those of unknown
// streams are dropped, as late ones are. TTHeader Streaming has no flow control, so that a reader who falls behind can hold back the whole socket only:
// it is paused, but not while another stream has nothing to read, unless the slow one has piled up too much.

import type { Socket } from 'node:net'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import { abortError } from '../abort.ts'
import type { Dialled } from '../dial.ts'
import { Doubt } from '../doubt.ts'
import { cutShort } from '../frame-errors.ts'
import { socketEnds } from '../socket-ends.ts'
import { closedBeforeReply, connectionBroke } from '../socket-errors.ts'
import type { StreamOpening } from '../transport.ts'
import type { StreamFrame } from './frame.ts'
import { StreamFrameReader, type FrameSink } from './frame-reader.ts'
import { TtStream, type StreamOwner } from './stream.ts'

/** Bytes that a stream may have unread before the socket is paused for it. */
const softLimitBytes = 1024 * 1024
/** The same where other streams of the connection wait for bytes. */
const hardLimitBytes = 64 * 1024 * 1024
/** There is nothing to ask a silent server with, so that one stream that is given up soon is not enough for doubt. */
const patientMs = 200
/** Larger messages are not copied behind their head. */
const joinedBytes = 16 * 1024

let lastStreamId = 0

/** As Kitex counts: over the whole process, 32 bits that may wrap, never 0. */
function nextStreamId(): number {
  lastStreamId = (lastStreamId + 1) | 0
  if (lastStreamId === 0) lastStreamId = 1
  return lastStreamId
}

export class TtStreamConnection implements FrameSink, StreamOwner {
  readonly address: string
  readonly local: string
  readonly remote: string
  readonly dialMs: number
  readonly tls: Dialled['tls']
  /** Streams opened on it so far. */
  uses = 0
  /** Leases that have not been given back. */
  #held = 0
  /** When it last had no stream. */
  idleSince = performance.now()
  readonly #socket: Socket
  readonly #reader: StreamFrameReader
  readonly #streams = new Map<number, TtStream>()
  readonly #onGone: () => void
  readonly #waiting: (() => void)[] = []
  readonly #doubt = new Doubt(patientMs)
  #ended: KiteError | undefined
  #draining = false
  #paused = false

  constructor({ socket, dialMs, tls }: Dialled, address: string, onGone: () => void) {
    this.#socket = socket
    this.#reader = new StreamFrameReader(this)
    this.#onGone = onGone
    this.address = address
    this.dialMs = dialMs
    this.tls = tls
    const { local, remote } = socketEnds(socket, address)
    this.local = local
    this.remote = remote
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('drain', () => this.#drained())
    socket.on('end', () => this.#endedEarly())
    socket.on('error', (caught) => this.#end(connectionBroke(caught, address, this.#reader.size)))
    socket.on('close', () => this.#endedEarly())
  }

  /** Whether a stream may begin on it. */
  get usable(): boolean {
    return this.#ended === undefined && !this.#draining && this.#socket.writable && !this.#socket.destroyed
  }

  /** Nobody has a stream on it, or is about to. */
  get isIdle(): boolean {
    return this.#streams.size === 0 && this.#held === 0
  }

  hold(): void {
    this.#held++
    this.keepsProcess = true
  }

  letGo(): void {
    this.#held--
    this.#rest()
  }

  /** Lets the process exit although this connection is open. */
  set keepsProcess(keeps: boolean) {
    if (keeps) this.#socket.ref()
    else this.#socket.unref()
  }

  /** Opens a stream by its Header frame. Aborting the signal resets it. */
  begin(opening: StreamOpening, signal: AbortSignal): TtStream {
    if (signal.aborted) throw abortError(signal)
    if (this.#ended !== undefined) throw this.#ended
    const stream = new TtStream(this, nextStreamId(), opening)
    this.#streams.set(stream.id, stream)
    this.uses++
    try {
      stream.begin(signal)
    } catch (caught) {
      this.closed(stream)
      throw caught
    }
    return stream
  }

  /** Takes no further lease, and closes when those that have it are done. */
  drain(): void {
    this.#draining = true
    this.#onGone()
    if (this.isIdle) this.#close()
  }

  /** Ends it at once, with every stream on it. */
  destroy(error: KiteError): void {
    this.#end(error)
  }

  limitOf(streamId: number): number | undefined {
    return this.#streams.get(streamId)?.maxMessageBytes
  }

  frame(frame: StreamFrame): void {
    const stream = this.#streams.get(frame.streamId)
    if (stream === undefined) return
    const payload = frame.raw.length - frame.payloadOffset
    if (payload > stream.maxMessageBytes) stream.tooLarge(payload)
    else stream.frame(frame)
  }

  oversized(streamId: number, bytes: number): void {
    this.#streams.get(streamId)?.tooLarge(bytes)
  }

  /** Writes a frame, joined with what else is written in this turn. False: the system wants no more for now. */
  write(frame: Buffer, rest?: Buffer): boolean {
    const socket = this.#socket
    if (socket.writableCorked === 0) {
      socket.cork()
      process.nextTick(() => socket.uncork())
    }
    const taken = socket.write(frame)
    return rest === undefined ? taken : socket.write(rest)
  }

  /** Runs `resume` when the system takes bytes again, or when the connection has ended; at once where it takes them now. */
  whenDrained(resume: () => void): void {
    if (this.#ended !== undefined || !this.#socket.writableNeedDrain) resume()
    else this.#waiting.push(resume)
  }

  joins(bytes: number): boolean {
    return bytes <= joinedBytes
  }

  /** A stream has this much unread. */
  grew(unreadBytes: number): void {
    if (unreadBytes <= softLimitBytes || this.#paused || this.#ended !== undefined || !this.#mustPause()) return
    this.#paused = true
    this.#socket.pause()
  }

  /** A stream was read, or has begun to wait for bytes. */
  eased(): void {
    if (!this.#paused || this.#ended !== undefined || this.#mustPause()) return
    this.#paused = false
    this.#socket.resume()
  }

  closed(stream: TtStream): void {
    if (!this.#streams.delete(stream.id)) return
    this.eased()
    this.#rest()
  }

  gaveUp(stream: TtStream): void {
    if (this.usable && this.#doubt.gaveUp(stream.beganAt)) this.drain()
  }

  #rest(): void {
    if (!this.isIdle) return
    this.idleSince = performance.now()
    if (this.#draining) this.#close()
    else if (this.#ended === undefined) this.keepsProcess = false
  }

  #mustPause(): boolean {
    let most = 0
    let waits = false
    for (const stream of this.#streams.values()) {
      most = Math.max(most, stream.unreadBytes)
      waits ||= stream.isWaiting
    }
    return most > (waits ? hardLimitBytes : softLimitBytes)
  }

  #read(chunk: Buffer): void {
    if (this.#ended !== undefined) return
    this.#doubt.heard()
    try {
      this.#reader.push(chunk)
    } catch (caught) {
      this.#end(KiteError.from(caught, 'frame'))
    }
  }

  #drained(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** The peer ended it without having said why. */
  #endedEarly(): void {
    if (this.#ended !== undefined) return
    this.#end(this.#reader.size > 0 ? cutShort(this.#reader.leftover()) : closedBeforeReply(this.address))
  }

  #end(error: KiteError): void {
    if (this.#ended !== undefined) return
    this.#ended = error
    this.#socket.destroy()
    this.#onGone()
    for (const stream of [...this.#streams.values()]) stream.lost(error)
    this.#drained()
  }

  #close(): void {
    if (this.#ended !== undefined) return
    this.#ended = fail('cancelled', 'connection', 'error.cancelled')
    this.#socket.end()
    this.#socket.destroySoon()
  }
}
