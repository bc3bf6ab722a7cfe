// A share of an HTTP/2 connection in the hands of one call. A call that failed leaves the connection as good as it was: only its own stream ended.

import { assert } from '../../../../shared/base/assert.ts'
import type { Capabilities, ConnectionFacts, Exchange, ExchangeOptions, Lease, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { carrierOf, type Carriers } from './carriers.ts'
import type { Http2Connection } from './connection.ts'

const everything: Capabilities = { exchange: true, streams: true, halfClose: true, flowControl: true }

export class Http2Lease implements Lease {
  readonly facts: ConnectionFacts
  readonly can = everything
  /** For protocols beyond those of the pool's carriers. */
  readonly connection: Http2Connection
  readonly #carriers: Carriers
  readonly #giveBack: () => void
  #released = false

  constructor(connection: Http2Connection, facts: ConnectionFacts, carriers: Carriers, giveBack: () => void) {
    this.connection = connection
    this.facts = facts
    this.#carriers = carriers
    this.#giveBack = giveBack
  }

  exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    assert(!this.#released, 'a released connection carries no further exchange')
    return carrierOf(this.#carriers, message.transport).exchange(this.connection, message, options, signal)
  }

  open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    assert(!this.#released, 'a released connection carries no further stream')
    return carrierOf(this.#carriers, opening.transport).open(this.connection, opening, signal)
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#giveBack()
  }
}
