// The client side of one HTTP/2 connection (RFC 9113): its life from the greeting to the end, and its streams, which are begun and cancelled here. A
// breach by the server ends it with an error that says which frame it was. Written for many small exchanges: no events, no promises and no timers for
// a frame.

import type { Socket } from 'node:net'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import { Doubt } from '../doubt.ts'
import { socketEnds } from '../socket-ends.ts'
import { connectionBroke } from '../socket-errors.ts'
import { lateAlert } from '../tls-errors.ts'
import { errorCode, setting } from './constants.ts'
import { closedBy, endedBy, keepAliveLost, NotBegun, Violation, type Ending, type GoAway } from './errors.ts'
import { FloodGuard } from './flood-guard.ts'
import { Incoming, maxHeaderListBytes, type IncomingHost } from './incoming.ts'
import { Inflow } from './inflow.ts'
import { KeepAlive, noKeepAlive, type KeepAliveOptions } from './keep-alive.ts'
import { Outbox } from './outbox.ts'
import { PeerSettings } from './peer-settings.ts'
import { Sender, type RequestHead } from './sender.ts'
import { StreamTable } from './stream-table.ts'
import { Http2Stream, type StreamHost, type StreamOwner } from './stream.ts'
import { firstStreamWindow } from './window-growth.ts'

/** Asks whether the server is there: any eight bytes, whose answer counts as anything that comes does. */
const doubtPing = Buffer.from('6b6974652d6f6b3f', 'hex')
/** Servers end the connection of who asks more often without a word of theirs between (grpc-go and Kitex allow two strikes). */
const mostAsks = 2
/** How long the last bytes may take to leave a connection that is over. */
const lingerMs = 2000

export class Http2Connection implements StreamHost, IncomingHost {
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
  readonly #peer = new PeerSettings()
  readonly #guard = new FloodGuard()
  readonly #inflow: Inflow
  readonly #incoming: Incoming
  readonly #keepAlive: KeepAlive
  readonly #doubt = new Doubt()
  readonly #streams = new StreamTable()
  /** PINGs of doubt since the server last sent part of a reply. */
  #asks = 0
  #goAway: GoAway | undefined
  #first: Buffer | undefined

  constructor(socket: Socket, address: string, secure: boolean, keepAlive: KeepAliveOptions = noKeepAlive) {
    this.#socket = socket
    this.address = address
    this.secure = secure
    const { local, remote } = socketEnds(socket, address)
    this.local = local
    this.remote = remote
    this.#outbox = new Outbox(socket)
    this.#sender = new Sender(this.#outbox, this.#peer, { spoken: (stream) => this.remove(stream), progress: () => this.#guard.progress() })
    this.#inflow = new Inflow(this.#sender)
    this.#incoming = new Incoming({ streams: this.#streams, sender: this.#sender, inflow: this.#inflow, peer: this.#peer, guard: this.#guard }, this)
    this.#keepAlive = new KeepAlive(keepAlive, {
      busy: () => this.#streams.running > 0,
      ping: (payload) => this.#sender.ping(payload, 0),
      lost: (silentMs) => this.#end(keepAliveLost(address, silentMs)),
    })
    socket.on('drain', () => this.#sender.unblock())
    socket.on('end', () => this.#closed())
    socket.on('error', (caught) => this.#end(lateAlert(caught, address) ?? connectionBroke(caught, address, this.#incoming.held)))
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
    // A connection that ended in good order after its GOAWAY was not cancelled by anybody.
    if (!this.usable) throw this.#goAway === undefined && this.failure !== undefined ? this.failure : new NotBegun(this.address, this.#goAway)
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
      this.#incoming.read(bytes, length)
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

  sendable(stream: Http2Stream): void {
    if (stream.id !== 0 && this.failure === undefined) this.#sender.pump(stream)
  }

  consumed(stream: Http2Stream, bytes: number): void {
    if (this.failure === undefined) this.#inflow.consumed(stream, bytes)
  }

  cancelled(stream: Http2Stream, code: number): void {
    if (stream.id !== 0 && this.failure === undefined) {
      this.#sender.reset(stream.id, code)
      if (this.#doubt.gaveUp(stream.beganAt) && this.#asks++ < mostAsks) this.#sender.ping(doubtPing, 0)
    }
    this.remove(stream)
  }

  get isOver(): boolean {
    return this.failure !== undefined
  }

  settled(): void {
    this.#admit()
    this.onChange?.()
  }

  spoke(): void {
    this.#asks = 0
  }

  gone(said: GoAway): void {
    this.#goAway = said
    const { waiting, running } = this.#streams.takeAbove(said.lastStream)
    for (const stream of [...running, ...waiting]) stream.owner.failed(new NotBegun(this.address, said))
    this.onChange?.()
    if (this.#streams.running === 0) this.close()
  }

  remove(stream: Http2Stream): void {
    this.#sender.forget(stream)
    if (!this.#streams.remove(stream)) return
    this.#admit()
    if (this.#goAway !== undefined && this.#streams.running === 0) this.close()
    this.onChange?.()
  }

  #begin(stream: Http2Stream, head: RequestHead): void {
    this.#streams.begin(stream)
    stream.sendWindow = this.#peer.initialWindowSize
    this.#sender.begin(stream, head)
  }

  #admit(): void {
    while (this.#streams.running < this.#peer.maxConcurrentStreams) {
      const next = this.#streams.next()
      if (next === undefined) return
      this.#begin(next.stream, next.head)
    }
  }

  #violated(violation: Violation): void {
    if (this.#incoming.greeted) this.#sender.goAway(violation.code)
    this.#end(endedBy(violation, this.#ending()))
  }

  #closed(): void {
    if (this.failure === undefined) this.#end(closedBy(this.#ending()))
  }

  #ending(): Ending {
    return { address: this.address, secure: this.secure, greeted: this.#incoming.greeted, first: this.#first, goAway: this.#goAway }
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
