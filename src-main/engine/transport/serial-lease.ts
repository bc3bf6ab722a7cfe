// A serial connection in the hands of one call: its facts, one or more exchanges, and a single release.

import { assert } from '../../../shared/base/assert.ts'
import type { PoolFacts } from './exclusive-pool.ts'
import type { SerialConnection } from './serial-connection.ts'
import { noStreams, oneMessageOnly } from './no-streams.ts'
import type { ConnectionFacts, Exchange, ExchangeOptions, Lease, MessageStream, OutgoingMessage, StreamOpening } from './transport.ts'

export class SerialLease implements Lease {
  readonly facts: ConnectionFacts
  readonly can = oneMessageOnly
  readonly #connection: SerialConnection
  readonly #giveBack: (reusable: boolean) => void
  #released = false

  constructor(connection: SerialConnection, pool: PoolFacts, giveBack: (reusable: boolean) => void) {
    const { wire } = connection
    // Member by member: a spread costs a tenth of a whole call here.
    const facts: ConnectionFacts = {
      pool: pool.pool, reused: pool.reused, dialMs: pool.reused ? 0 : connection.dialMs, local: wire.local, remote: wire.remote,
      uses: wire.uses, idleMs: pool.idleMs, poolIdle: pool.poolIdle, poolTotal: pool.poolTotal,
    }
    this.facts = connection.tls === undefined ? facts : { ...facts, tls: connection.tls }
    this.#connection = connection
    this.#giveBack = giveBack
  }

  exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    assert(!this.#released, 'a released connection carries no further exchange')
    return this.#connection.exchange(message, options, signal)
  }

  open(opening: StreamOpening): Promise<MessageStream> {
    return noStreams(opening)
  }

  release(reusable: boolean): void {
    if (this.#released) return
    this.#released = true
    this.#giveBack(reusable && this.#connection.reusable)
  }
}
