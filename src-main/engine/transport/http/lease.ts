// An HTTP connection in the hands of one call. What a call makes of it is its protocol's affair: looked up by name, loaded when first used.

import { assert } from '../../../../shared/base/assert.ts'
import type { Capabilities, ConnectionFacts, Exchange, ExchangeOptions, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { noStreams } from '../no-streams.ts'
import { httpProtocol } from './protocols.ts'
import type { RequestConnection } from './request-connection.ts'
import type { HttpLease, HttpReply, HttpRequestOptions, HttpRequestParts } from './types.ts'

/** Back-pressure is the socket's own here, and a request is whole before its reply comes. */
const can: Capabilities = { exchange: true, streams: true, halfClose: false, flowControl: false }

export class PooledLease implements HttpLease {
  readonly facts: ConnectionFacts
  readonly can = can
  readonly #connection: RequestConnection
  readonly #dialElsewhere: HttpLease['elsewhere']
  readonly #giveBack: (reusable: boolean) => void
  readonly #others: HttpLease[] = []
  #released = false

  constructor(connection: RequestConnection, facts: ConnectionFacts, elsewhere: HttpLease['elsewhere'], giveBack: (reusable: boolean) => void) {
    this.facts = facts
    this.#connection = connection
    this.#dialElsewhere = elsewhere
    this.#giveBack = giveBack
  }

  get address(): string {
    return this.#connection.address
  }

  get isTls(): boolean {
    return this.#connection.tls !== undefined
  }

  request(parts: HttpRequestParts, signal: AbortSignal, options?: HttpRequestOptions): Promise<HttpReply> {
    assert(!this.#released, 'a released connection carries no further request')
    return this.#connection.request(parts, signal, options)
  }

  async elsewhere(address: string, isTls: boolean, signal: AbortSignal): Promise<HttpLease> {
    const other = await this.#dialElsewhere(address, isTls, signal)
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
    this.#giveBack(reusable && this.#connection.reusable)
  }
}
