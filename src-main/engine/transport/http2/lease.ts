// A share of an HTTP/2 connection in the hands of one call. A call that failed leaves the connection as good as it was: only its own stream ended.
// What a server has not begun, since it ends the connection or takes no more streams, begins again on another connection: proxies end connections
// in good order all day long, and no call is lost by it.

import { assert } from '../../../../shared/base/assert.ts'
import type { Capabilities, ConnectionFacts, Exchange, ExchangeOptions, Lease, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { carrierOf, type Carriers } from './carriers.ts'
import type { Http2Connection } from './connection.ts'
import { NotBegun } from './errors.ts'
import { RestartingStream } from './restarting-stream.ts'

const everything: Capabilities = { exchange: true, streams: true, halfClose: true, flowControl: true }

/** A place on a connection. */
export interface Share {
  readonly connection: Http2Connection
  readonly facts: ConnectionFacts
  giveBack(): void
}

/** A share of a connection that takes streams, and not of the one that did not. */
export type AnotherShare = (signal: AbortSignal, but: Http2Connection) => Promise<Share>

export class Http2Lease implements Lease {
  readonly can = everything
  readonly #carriers: Carriers
  readonly #another: AnotherShare
  #share: Share
  #moves = 0
  #released = false

  constructor(share: Share, carriers: Carriers, another: AnotherShare) {
    this.#share = share
    this.#carriers = carriers
    this.#another = another
  }

  get facts(): ConnectionFacts {
    return this.#moves === 0 ? this.#share.facts : { ...this.#share.facts, moves: this.#moves }
  }

  async exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    assert(!this.#released, 'a released connection carries no further exchange')
    const carrier = carrierOf(this.#carriers, message.transport)
    for (;;) {
      try {
        return await carrier.exchange(this.#share.connection, message, options, signal)
      } catch (caught) {
        if (!await this.#move(caught, signal)) throw caught
      }
    }
  }

  async open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    assert(!this.#released, 'a released connection carries no further stream')
    const carrier = carrierOf(this.#carriers, opening.transport)
    const open = async () => {
      for (;;) {
        try {
          return await carrier.open(this.#share.connection, opening, signal)
        } catch (caught) {
          if (!await this.#move(caught, signal)) throw caught
        }
      }
    }
    return new RestartingStream(await open(), async (why) => (await this.#move(why, signal) ? await open() : undefined))
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#share.giveBack()
  }

  /** To another connection, where that may help. */
  async #move(why: unknown, signal: AbortSignal): Promise<boolean> {
    if (!(why instanceof NotBegun) || this.#released || signal.aborted || this.#moves >= why.worthMoves) return false
    const left = this.#share
    const next = await this.#another(signal, left.connection)
    // Whoever had the lease may have given it back meanwhile.
    if (this.#released) {
      next.giveBack()
      return false
    }
    this.#moves++
    this.#share = next
    left.giveBack()
    return true
  }
}
