// An HTTP connection in the hands of one call. What a call makes of it is its protocol's affair: looked up by name, loaded when first used. A request
// that no server has begun goes over another connection, and so does a safe one that a kept connection left without a word.

import { assert } from '../../../../shared/base/assert.ts'
import type { Capabilities, ConnectionFacts, Exchange, ExchangeOptions, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { NotBegun } from '../http2/errors.ts'
import { noStreams } from '../no-streams.ts'
import { Unanswered } from '../socket-errors.ts'
import { httpProtocol } from './protocols.ts'
import type { RequestConnection } from './request-connection.ts'
import type { HttpLease, HttpReply, HttpRequestOptions, HttpRequestParts } from './types.ts'

/** Back-pressure is the socket's own here, and a request is whole before its reply comes. */
const can: Capabilities = { exchange: true, streams: true, halfClose: false, flowControl: false }

/** A connection of the pool in somebody's hands. */
export interface HttpShare {
  readonly connection: RequestConnection
  readonly facts: ConnectionFacts
  giveBack(reusable: boolean): void
}

/** What a lease asks of its pool. */
export interface HttpSource {
  /** A connection to the same place. */
  another(signal: AbortSignal): Promise<PooledLease>
  readonly elsewhere: HttpLease['elsewhere']
}

/** Other kept connections may have been closed in the same moment; more than that is the request's own doing. */
const unansweredMoves = 2

/** Nothing changes when they come twice (RFC 9110 9.2.1). */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

export class PooledLease implements HttpLease {
  readonly can = can
  readonly #source: HttpSource
  #share: HttpShare
  #moves = 0
  readonly #others: HttpLease[] = []
  #released = false

  constructor(share: HttpShare, source: HttpSource) {
    this.#share = share
    this.#source = source
  }

  get facts(): ConnectionFacts {
    return this.#moves === 0 ? this.#share.facts : { ...this.#share.facts, moves: this.#moves }
  }

  get address(): string {
    return this.#share.connection.address
  }

  get isTls(): boolean {
    return this.#share.connection.tls !== undefined
  }

  async request(parts: HttpRequestParts, signal: AbortSignal, options?: HttpRequestOptions): Promise<HttpReply> {
    assert(!this.#released, 'a released connection carries no further request')
    for (;;) {
      try {
        return await this.#share.connection.request(parts, signal, options)
      } catch (caught) {
        if (!this.#mayMove(caught, parts.method) || signal.aborted || !await this.#move(signal)) throw caught
      }
    }
  }

  /** A server may close a connection that is kept just as the next request leaves, which is no failure of the request (RFC 9112 9.3.1). */
  #mayMove(why: unknown, method: string): boolean {
    if (this.#released) return false
    if (why instanceof NotBegun) return this.#moves < why.worthMoves
    return why instanceof Unanswered && this.#share.connection.uses > 1 && this.#moves < unansweredMoves && safe.has(method)
  }

  /** False when whoever had the lease has given it back meanwhile. */
  async #move(signal: AbortSignal): Promise<boolean> {
    const left = this.#share
    const next = await this.#source.another(signal)
    if (this.#released) {
      next.release(true)
      return false
    }
    this.#share = next.#handOver()
    this.#moves++
    left.giveBack(false)
    return true
  }

  #handOver(): HttpShare {
    this.#released = true
    return this.#share
  }

  async elsewhere(address: string, isTls: boolean, signal: AbortSignal): Promise<HttpLease> {
    const other = await this.#source.elsewhere(address, isTls, signal)
    this.#others.push(other)
    return other
  }

  async exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    const protocol = await httpProtocol(message.transport)
    return await protocol.exchange(this, message, options, signal)
  }

  async open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    const protocol = await httpProtocol(opening.transport)
    return protocol.open === undefined ? await noStreams(opening) : await protocol.open(this, opening, signal)
  }

  release(reusable: boolean): void {
    if (this.#released) return
    this.#released = true
    for (const other of this.#others) other.release(reusable)
    this.#share.giveBack(reusable && this.#share.connection.reusable)
  }
}
