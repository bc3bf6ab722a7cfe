// One socket for all calls to an address: replies are matched by TTHeader's sequence id, in whatever order they come. Works with
// any TTHeader server; those of Kitex answer out of order only with its multiplexing transport.

import { fail } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from './abort.ts'
import { dialWire } from './dial-wire.ts'
import { MuxConnection } from './mux-connection.ts'
import { noStreams, oneMessageOnly } from './no-streams.ts'
import { placeKey, type Place } from './place.ts'
import type { ConnectionFacts, ConnectionPool, Exchange, ExchangeOptions, Lease, MessageStream, OutgoingMessage, Secure, StreamOpening } from './transport.ts'

const defaultIdleTimeoutMs = 30_000

/** Makes a pool of one shared connection for each address. */
export function createMuxPool(options: { readonly idleTimeoutMs?: number } = {}): ConnectionPool {
  return new MuxPool(options.idleTimeoutMs ?? defaultIdleTimeoutMs)
}

class MuxPool implements ConnectionPool {
  readonly kind = 'mux'
  readonly #idleTimeoutMs: number
  readonly #open = new Map<string, MuxConnection>()
  readonly #dialling = new Map<string, Dialling>()
  readonly #tls = new WeakMap<MuxConnection, NonNullable<ConnectionFacts['tls']>>()

  constructor(idleTimeoutMs: number) {
    this.#idleTimeoutMs = idleTimeoutMs
  }

  async acquire(address: string, connectTimeoutMs: number, signal: AbortSignal, secure?: Secure): Promise<Lease> {
    if (signal.aborted) throw abortError(signal)
    const place: KeyedPlace = { key: placeKey(address, secure), address, secure }
    const open = this.#open.get(place.key)
    if (open?.usable === true) return new MuxLease(open, this.#facts(open, true))
    const shared = this.#dialling.get(place.key)
    if (shared !== undefined) return await this.#join(shared, false, signal)
    return await this.#join(this.#dial(place, connectTimeoutMs), true, signal)
  }

  forget(address: string): void {
    for (const [key, connection] of [...this.#open]) if (key === address || key.startsWith(`${address}\0`)) connection.drain()
  }

  dispose(): void {
    for (const { cancel } of this.#dialling.values()) cancel.abort()
    for (const connection of this.#open.values()) connection.destroy(fail('cancelled', 'connection', 'error.cancelled'))
    this.#open.clear()
  }

  /** Waits for a dial that may serve several calls; who gives up does not end it for the others. */
  #join(dialling: Dialling, first: boolean, signal: AbortSignal): Promise<Lease> {
    return new Promise((resolve, reject) => {
      const forgetAbort = whenAborted(signal, () => reject(abortError(signal)))
      dialling.connection.then(
        (connection) => resolve(new MuxLease(connection, this.#facts(connection, !first))),
        reject,
      ).finally(forgetAbort)
    })
  }

  #dial(place: KeyedPlace, connectTimeoutMs: number): Dialling {
    const cancel = new AbortController()
    const connection = this.#connect(place, connectTimeoutMs, cancel.signal)
    const dialling: Dialling = { cancel, connection }
    this.#dialling.set(place.key, dialling)
    return dialling
  }

  async #connect({ key, address, secure }: KeyedPlace, connectTimeoutMs: number, signal: AbortSignal): Promise<MuxConnection> {
    try {
      const { wire, dialMs, tls } = await dialWire(address, connectTimeoutMs, signal, secure)
      const connection = new MuxConnection(wire, dialMs, this.#idleTimeoutMs, () => {
        if (this.#open.get(key) === connection) this.#open.delete(key)
      })
      this.#open.set(key, connection)
      if (tls !== undefined) this.#tls.set(connection, tls)
      return connection
    } finally {
      this.#dialling.delete(key)
    }
  }

  #facts(connection: MuxConnection, reused: boolean): ConnectionFacts {
    const { wire } = connection
    const tls = this.#tls.get(connection)
    const idleMs = reused && connection.inFlight === 0 ? performance.now() - connection.idleSince : 0
    return {
      pool: 'mux', reused, dialMs: reused ? 0 : connection.dialMs, local: wire.local, remote: wire.remote, uses: wire.uses, idleMs,
      poolIdle: connection.inFlight === 0 ? 1 : 0, poolTotal: 1,
      ...(tls === undefined ? {} : { tls }),
    }
  }
}

interface KeyedPlace extends Place {
  readonly key: string
}

interface Dialling {
  readonly cancel: AbortController
  readonly connection: Promise<MuxConnection>
}

/** A call's share of the socket; giving it back needs nothing, since an abandoned sequence id harms no one. */
class MuxLease implements Lease {
  readonly facts: ConnectionFacts
  readonly can = oneMessageOnly
  readonly #connection: MuxConnection

  constructor(connection: MuxConnection, facts: ConnectionFacts) {
    this.#connection = connection
    this.facts = facts
  }

  exchange(message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    return this.#connection.exchange(message, options, signal)
  }

  open(opening: StreamOpening): Promise<MessageStream> {
    return noStreams(opening)
  }

  release(): void {}
}
