// Calls of the Peer service on a pool of connections, below codecs and chain: one message each way, or a stream whose parts are gathered.

import { noHeader, noRoute, type CallRoute, type ConnectionPool, type IncomingMessage, type MessageStream, type Secure, type StreamPart, type TransportName } from '../../../src-main/engine/transport/transport.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'

export interface PeerCallOptions {
  readonly transport: TransportName
  readonly headers?: readonly Pair[]
  readonly compress?: CallRoute['compress']
  readonly codec?: CallRoute['codec']
  readonly timeoutMs?: number
  readonly secure?: Secure
  readonly signal?: AbortSignal
  readonly maxMessageBytes?: number
  readonly service?: string
  readonly path?: string
}

const never = new AbortController().signal
const roomy = 512 * 1024 * 1024

export class PeerCaller {
  readonly #pool: ConnectionPool
  readonly #address: string
  readonly #options: PeerCallOptions

  constructor(pool: ConnectionPool, address: string, options: PeerCallOptions) {
    this.#pool = pool
    this.#address = address
    this.#options = options
  }

  /** One message each way. */
  async call(method: string, message: Buffer, more: Partial<PeerCallOptions> = {}): Promise<IncomingMessage> {
    const options = { ...this.#options, ...more }
    const signal = options.signal ?? never
    const lease = await this.#pool.acquire(this.#address, 2000, signal, options.secure)
    let isGood = false
    try {
      const outgoing = { transport: options.transport, route: routeOf(method, options), seqId: 1, header: { ...noHeader, strings: options.headers ?? [] }, message }
      const { reply } = await lease.exchange(outgoing, { oneway: false, meter: () => undefined, maxFrameBytes: options.maxMessageBytes ?? roomy }, signal)
      isGood = true
      if (reply === undefined) throw new Error('believed: a call that is not oneway has a reply')
      return reply
    } finally {
      lease.release(isGood)
    }
  }

  /** A stream that stays open; `release` gives its connection back. */
  async open(method: string, more: Partial<PeerCallOptions> = {}): Promise<{ readonly stream: MessageStream; release(reusable: boolean): void }> {
    const options = { ...this.#options, ...more }
    const signal = options.signal ?? never
    const lease = await this.#pool.acquire(this.#address, 2000, signal, options.secure)
    try {
      const opening = { transport: options.transport, route: routeOf(method, options), header: { ...noHeader, strings: options.headers ?? [] }, maxMessageBytes: options.maxMessageBytes ?? roomy, capture: true }
      return { stream: await lease.open(opening, signal), release: (reusable) => lease.release(reusable) }
    } catch (caught) {
      lease.release(false)
      throw caught
    }
  }

  /** A whole stream: these messages go, and everything that comes is gathered. */
  async stream(method: string, messages: readonly Buffer[], more: Partial<PeerCallOptions> = {}): Promise<Gathered> {
    const { stream, release } = await this.open(method, more)
    for (const message of messages) await stream.send(message)
    await stream.closeSend()
    const gathered = await gather(stream)
    release(true)
    return gathered
  }
}

export interface Gathered {
  readonly header: readonly Pair[] | undefined
  readonly messages: readonly Buffer[]
  readonly wireBytes: number
  /** Messages that travelled compressed. */
  readonly compressed: number
  readonly trailer: readonly Pair[]
  readonly fault: (StreamPart & { readonly kind: 'trailer' })['fault']
  readonly captured: ReturnType<MessageStream['captured']>
}

/** Reads a stream to its end. */
export async function gather(stream: MessageStream): Promise<Gathered> {
  const messages: Buffer[] = []
  let [wireBytes, compressed] = [0, 0]
  let header: readonly Pair[] | undefined
  for (;;) {
    const parts = await stream.receive()
    if (parts.length === 0) throw new Error('believed: a stream ends with a trailer')
    for (const part of parts) {
      if (part.kind === 'header') header = part.header.strings
      else if (part.kind === 'trailer') return { header, messages, wireBytes, compressed, trailer: part.header.strings, fault: part.fault, captured: stream.captured() }
      else {
        messages.push(part.message)
        wireBytes += part.wireBytes
        if (part.compressed) compressed++
      }
    }
  }
}

function routeOf(method: string, { codec = 'protobuf', compress = 'none', timeoutMs = 0, service = 'kite.peer.v1.Peer', path = '' }: PeerCallOptions): CallRoute {
  return { service, method, codec, language: 'proto', compress, timeoutMs, http: { ...noRoute, path } }
}
