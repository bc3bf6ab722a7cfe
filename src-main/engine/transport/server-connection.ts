// One accepted connection. As with Kitex, a request is handled when the reply before it has been written, except that requests
// marked out-of-order by their TTHeader run side by side. Garbage ends the connection without an answer.

import type { Socket } from 'node:net'
import { KiteError } from '../../../shared/base/error.ts'
import { formatAddress } from './address.ts'
import { FrameReader, type ReadOptions } from './frame-reader.ts'
import { writeFrame } from './frame-writer.ts'
import { type HeaderInfo, type IncomingMessage, noHeader } from './transport.ts'
import { stringKey, ttHeaderFlag } from './ttheader/keys.ts'

/** What a handler says. `none` is for oneway; `close` gives up the connection as Kitex does on garbage. */
export type Answer =
  | {
      readonly kind: 'message'
      readonly message: Buffer
      /** Dropped where the request came without TTHeader, as Kitex does. */
      readonly header?: HeaderInfo
      /** Default: the request's TTHeader sequence id. */
      readonly seqId?: number
      /** Close after it went out, as Kitex does after an unknown method. */
      readonly thenClose?: boolean
    }
  | { readonly kind: 'none' }
  | { readonly kind: 'close' }

/** Who asks. */
export interface Peer {
  readonly remote: string
  readonly local: string
}

/** Called once for each message; `signal` aborts when the connection is gone. What it throws ends the connection. */
export type MessageHandler = (incoming: IncomingMessage, peer: Peer, signal: AbortSignal) => Promise<Answer>

export interface ServerConnectionOptions extends ReadOptions {
  readonly idleTimeoutMs: number
  readonly handler: MessageHandler
  readonly onRefused: (error: KiteError, remote: string) => void
  readonly onClosed: () => void
}

/** More unread bytes than this, or more requests side by side, and the socket is not read until some are done. */
const maxBufferedBytes = 1024 * 1024
const maxSideBySide = 256

export class ServerConnection {
  readonly #socket: Socket
  readonly #options: ServerConnectionOptions
  readonly #peer: Peer
  readonly #reader = new FrameReader()
  readonly #gone = new AbortController()
  #running = 0
  /** A request that must be answered before the next is looked at. */
  #serial = false
  #finishing = false

  constructor(socket: Socket, options: ServerConnectionOptions) {
    this.#socket = socket
    this.#options = options
    this.#peer = { remote: formatAddress(socket.remoteAddress ?? '', socket.remotePort ?? 0), local: formatAddress(socket.localAddress ?? '', socket.localPort ?? 0) }
    socket.setTimeout(options.idleTimeoutMs, () => this.#running === 0 && socket.destroy())
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // A peer that resets is no event of note: `close` follows and says all.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#gone.abort()
      options.onClosed()
    })
  }

  /** Answers what is under way, then closes. */
  finish(): void {
    this.#finishing = true
    if (this.#running === 0) this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#reader.push(chunk)
    this.#advance()
  }

  /** Starts as many requests as may run now. */
  #advance(): void {
    try {
      while (this.#mayStart()) {
        const incoming = this.#reader.next(this.#options)
        if (incoming === undefined) break
        this.#start(incoming)
      }
    } catch (caught) {
      return this.#refuse(KiteError.from(caught, 'frame'))
    }
    this.#regulate()
  }

  #mayStart(): boolean {
    return !this.#serial && !this.#finishing && this.#running < maxSideBySide && !this.#socket.destroyed && this.#reader.size > 0
  }

  #start(incoming: IncomingMessage): void {
    const serial = !isOutOfOrder(incoming)
    this.#serial = serial
    this.#running++
    void this.#handle(incoming).then((keep) => {
      this.#running--
      if (serial) this.#serial = false
      if (!keep || (this.#finishing && this.#running === 0)) this.#socket.end()
      else this.#advance()
    })
  }

  /** Whether the connection goes on. Never rejects. */
  async #handle(incoming: IncomingMessage): Promise<boolean> {
    try {
      const answer = await this.#options.handler(incoming, this.#peer, this.#gone.signal)
      return await this.#answer(incoming, answer)
    } catch (caught) {
      if (!this.#gone.signal.aborted) this.#refuse(KiteError.from(caught, 'mock'))
      return false
    }
  }

  async #answer(incoming: IncomingMessage, answer: Answer): Promise<boolean> {
    if (answer.kind === 'none') return true
    if (answer.kind === 'close' || this.#socket.destroyed) return false
    const closes = answer.thenClose === true || this.#finishing
    const given = answer.header ?? noHeader
    const header = closes ? { ...given, strings: [...given.strings.filter(([key]) => key !== stringKey.connectionReset), [stringKey.connectionReset, '1'] as const] } : given
    const frame = writeFrame({ transport: incoming.transport, seqId: answer.seqId ?? incoming.headerSeqId ?? 0, header, message: answer.message })
    // Awaiting `drain` bounds what a peer that does not read can make us hold.
    if (!this.#socket.write(frame)) await this.#drained()
    return answer.thenClose !== true
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done)
        this.#socket.off('close', done)
        resolve()
      }
      this.#socket.on('drain', done)
      this.#socket.on('close', done)
    })
  }

  #refuse(error: KiteError): void {
    this.#options.onRefused(error, this.#peer.remote)
    this.#socket.destroy()
  }

  #regulate(): void {
    const full = this.#running >= maxSideBySide || (this.#serial && this.#reader.size > maxBufferedBytes)
    if (full) this.#socket.pause()
    else if (this.#socket.isPaused()) this.#socket.resume()
  }
}

function isOutOfOrder(incoming: IncomingMessage): boolean {
  return incoming.headerSeqId !== undefined && (incoming.raw.readUInt16BE(6) & ttHeaderFlag.outOfOrder) !== 0
}
