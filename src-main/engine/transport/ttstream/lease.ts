// A connection of TTHeader Streaming in the hands of one call. Unary methods do not travel so: a Kitex server panics on a Header frame that names one
// (kitex.md 0.8), and Kitex's own client sends them over TTHeader on another connection.

import { fail } from '../../../../shared/base/error.ts'
import type { Capabilities, ConnectionFacts, Exchange, Lease, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import type { TtStreamConnection } from './connection.ts'
import type { TtStream } from './stream.ts'

const streamsOnly: Capabilities = { exchange: false, streams: true, halfClose: true, flowControl: false }

export class TtStreamLease implements Lease {
  readonly facts: ConnectionFacts
  readonly can = streamsOnly
  readonly #connection: TtStreamConnection
  readonly #giveBack: (reusable: boolean) => void
  #stream: TtStream | undefined
  #released = false

  constructor(connection: TtStreamConnection, facts: ConnectionFacts, giveBack: (reusable: boolean) => void) {
    this.#connection = connection
    this.facts = facts
    this.#giveBack = giveBack
  }

  exchange({ transport, route }: OutgoingMessage): Promise<Exchange> {
    const method = route === undefined ? '' : `${route.service}/${route.method}`
    return Promise.reject(fail('unsupported', 'frame', 'ttstream.unary', { transport, method }, { hint: { key: 'ttstream.unaryHint' } }))
  }

  async open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    const stream = this.#connection.begin(opening, signal)
    this.#stream = stream
    return await Promise.resolve(stream)
  }

  release(reusable: boolean): void {
    if (this.#released) return
    this.#released = true
    // Does nothing to a stream that has ended.
    this.#stream?.cancel('')
    this.#giveBack(reusable)
  }
}
