// A WebSocket in the hands of one call: the session is opened, or found, when the call says its path and headers.

import { assert } from '../../../../shared/base/assert.ts'
import type { Dialled } from '../dial.ts'
import { defaultMaxFrameBytes } from '../limits.ts'
import type { Capabilities, ConnectionFacts, Exchange, ExchangeOptions, IncomingMessage, Lease, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { openSession, planSession, type SessionPlan } from './connect.ts'
import { keep, type Bucket, type Pooled } from './bucket.ts'
import { sentOf } from './captured.ts'
import { joinCaptured } from '../http/captured.ts'
import type { Answered, Session } from './session.ts'
import { SessionStream } from './stream.ts'

const can: Capabilities = { exchange: true, streams: true, halfClose: false, flowControl: false }

export interface LeaseParts {
  readonly bucket: Bucket
  readonly facts: ConnectionFacts
  readonly dial: (signal: AbortSignal) => Promise<Dialled>
  readonly isShared: boolean
  /** A session lies idle. */
  readonly onIdle: () => void
}

export class WebSocketLease implements Lease {
  readonly facts: ConnectionFacts
  readonly can = can
  readonly #parts: LeaseParts
  readonly #held: Session[] = []
  #fresh: Dialled | undefined
  #own: Session | undefined
  #released = false

  constructor(parts: LeaseParts, fresh: Dialled | undefined) {
    this.facts = parts.facts
    this.#parts = parts
    this.#fresh = fresh
    // Until the handshake nobody else listens to it.
    fresh?.socket.on('error', ignore)
  }

  async exchange({ route, header, message }: OutgoingMessage, { oneway, maxFrameBytes }: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
    assert(!this.#released && route !== undefined, 'a lease in use carries calls that say their method')
    const plan = planSession(route.http, header.strings)
    const session = this.#parts.isShared ? await this.#shared(plan, maxFrameBytes, signal) : await this.#single(plan, maxFrameBytes, signal)
    if (oneway) return await notify(session, route.method, message.toString())
    const answered = await session.call(route.method, message.toString(), signal)
    return { sent: answered.sent.bytes, sentCaptured: answered.sent, reply: incomingOf(session, answered), marks: answered.marks }
  }

  /** A conversation has a connection of its own, so that all that comes belongs to it. */
  async open(opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
    assert(!this.#released, 'a released connection carries no stream')
    const plan = planSession(opening.route.http, opening.header.strings)
    const session = await this.#single(plan, opening.maxMessageBytes, signal)
    return new SessionStream(session, opening, signal)
  }

  release(reusable: boolean): void {
    if (this.#released) return
    this.#released = true
    this.#fresh?.socket.destroy()
    this.#own?.close()
    for (const session of this.#held) {
      session.holders--
      session.idleSince = performance.now()
      if (session.holders > 0) continue
      session.socket.keepsProcess = false
      if (session.isHidden) session.close()
      if (reusable) this.#parts.onIdle()
    }
  }

  async #shared(plan: SessionPlan, maxBytes: number, signal: AbortSignal): Promise<Session> {
    const { bucket } = this.#parts
    const known = bucket.shared.get(plan.key)
    const making = known ?? this.#make(plan, maxBytes, signal, true)
    if (known === undefined) bucket.shared.set(plan.key, making)
    try {
      const { session } = await making
      session.holders++
      session.socket.keepsProcess = true
      this.#held.push(session)
      return session
    } catch (caught) {
      if (bucket.shared.get(plan.key) === making) bucket.shared.delete(plan.key)
      // Whoever was first may have given up on its own behalf.
      if (known !== undefined && !signal.aborted) return await this.#shared(plan, maxBytes, signal)
      throw caught
    }
  }

  async #single(plan: SessionPlan, maxBytes: number, signal: AbortSignal): Promise<Session> {
    this.#own ??= (await this.#make(plan, maxBytes, signal, false)).session
    return this.#own
  }

  async #make(plan: SessionPlan, maxBytes: number, signal: AbortSignal, isShared: boolean): Promise<Pooled> {
    const { bucket, dial } = this.#parts
    const next = async (): Promise<Dialled> => {
      const fresh = this.#fresh
      this.#fresh = undefined
      return fresh ?? await dial(signal)
    }
    const pooled = await openSession(plan, { address: bucket.address, dial: next, maxBytes: Math.max(maxBytes, isShared ? defaultMaxFrameBytes : 0) }, signal)
    keep(bucket, pooled, plan, isShared)
    return pooled
  }
}

const ignore = (): void => undefined

async function notify(session: Session, method: string, params: string): Promise<Exchange> {
  const text = session.dialect.notify(method, params)
  const isFirst = session.uses === 0
  const writeStart = performance.now()
  const { frame } = await session.send(text)
  const sent = isFirst ? joinCaptured([session.handshake.sent, sentOf(frame, text)]) : sentOf(frame, text)
  return { sent: sent.bytes, sentCaptured: sent, marks: { writeStart, writeFinish: performance.now() } }
}

function incomingOf(session: Session, { answer: { result, fault }, received, said }: Answered): IncomingMessage {
  const strings = [...session.handshake.headers, ...said]
  return {
    transport: 'jsonrpc-ws',
    header: { strings, ints: [] },
    ...(fault === undefined ? {} : { fault }),
    captured: received,
    message: fault === undefined ? Buffer.from(result ?? 'null') : Buffer.alloc(0),
    raw: received.bytes,
    messageOffset: 0,
  }
}
