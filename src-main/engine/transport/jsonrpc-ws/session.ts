// A WebSocket with a JSON-RPC on it: calls wait here for their answers by id, and what nobody asked for goes to whoever listens.

import { fail, KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { abortError, whenAborted } from '../abort.ts'
import { Doubt } from '../doubt.ts'
import { joinCaptured } from '../http/captured.ts'
import type { Captured } from '../transport.ts'
import { receivedOf, sentOf } from './captured.ts'
import type { Dialect, Incoming } from './dialect.ts'
import type { Shaken } from './handshake.ts'
import { WebSocket, type TextMessage, type WebSocketOwner } from './web-socket.ts'

type Answer = Incoming & { readonly kind: 'answer' }

/** An answer, and what it took to get it. */
export interface Answered {
  readonly answer: Answer
  readonly sent: Captured
  readonly received: Captured
  /** What the server said meanwhile, as header pairs. */
  readonly said: readonly Pair[]
  readonly marks: { readonly writeStart: number; readonly writeFinish: number; readonly readStart: number; readonly readFinish: number }
}

interface Pending {
  readonly said: Pair[]
  readonly resolve: (answer: Answer, message: TextMessage) => void
  readonly reject: (error: KiteError) => void
}

/** Hears all that comes on a session, in order. */
export interface SessionListener {
  heard(incoming: Incoming, message: TextMessage): void
  ended(error: KiteError | undefined): void
}

/** One call that is given up sooner is not enough for doubt. */
const patientMs = 200
/** What one call remembers of what the server says beside its answer. */
const maxSaid = 100

export class Session implements WebSocketOwner {
  readonly dialect: Dialect
  readonly handshake: Shaken
  readonly socket: WebSocket
  /** Calls begun on it so far. */
  uses = 0
  /** Leases that hold it. */
  holders = 0
  idleSince = performance.now()
  listener: SessionListener | undefined
  /** Called once when it is over. */
  onEnd: (() => void) | undefined
  /** Called when its path seems lost: nobody new is to share it. */
  onDoubt: (() => void) | undefined
  /** Nobody finds it any more: it ends with the calls on it. */
  isHidden = false
  readonly #doubt = new Doubt(patientMs)
  readonly #address: string
  readonly #pending = new Map<number, Pending>()
  #firstText: ((text: string) => void) | undefined
  #failure: KiteError | undefined
  #said = ''

  constructor(handshake: Shaken, address: string, maxBytes: number, dialect: Dialect) {
    this.handshake = handshake
    this.dialect = dialect
    this.#address = address
    this.socket = new WebSocket(handshake.socket, address, maxBytes, this)
  }

  get isOpen(): boolean {
    return this.#failure === undefined && this.socket.isOpen
  }


  /** Lets messages come; resolves with the first text, or undefined when none comes within `graceMs`. */
  begin(graceMs: number, signal: AbortSignal): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (text: string | undefined): void => {
        clearTimeout(timer)
        forget()
        this.#firstText = undefined
        resolve(text)
      }
      const timer = setTimeout(() => settle(undefined), graceMs)
      const forget = whenAborted(signal, () => {
        clearTimeout(timer)
        this.#firstText = undefined
        reject(abortError(signal))
      })
      this.#firstText = settle
      this.socket.begin(this.handshake.early)
      if (graceMs === 0) settle(undefined)
    })
  }

  /** Calls and waits for the answer. Aborting forgets the call and leaves the connection to the others. */
  call(method: string, params: string, signal: AbortSignal): Promise<Answered> {
    if (signal.aborted) return Promise.reject(abortError(signal))
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const isFirst = this.uses++ === 0
    return new Promise((resolve, reject) => {
      const { text, id } = this.dialect.call(method, params)
      const marks = { writeStart: performance.now(), writeFinish: 0 }
      const settle = (): void => {
        this.#pending.delete(id)
        forget()
      }
      const forget = whenAborted(signal, () => {
        settle()
        this.dialect.abandon(id)
        if (this.#doubt.gaveUp(marks.writeStart)) {
          this.isHidden = true
          this.onDoubt?.()
        }
        reject(abortError(signal))
      })
      const said: Pair[] = []
      this.#pending.set(id, {
        said,
        reject: (error) => {
          settle()
          reject(error)
        },
        resolve: (answer, message) => {
          settle()
          const now = performance.now()
          const { sent: asked, received: shook } = this.handshake
          resolve({
            answer, said, sent: withHandshake(isFirst, asked, frame), received: withHandshake(isFirst, shook, receivedOf(message, answer)),
            marks: { writeStart: marks.writeStart, writeFinish: marks.writeFinish === 0 ? now : marks.writeFinish, readStart: now, readFinish: now },
          })
        },
      })
      const frame = sentOf(this.socket.send(text, () => (marks.writeFinish = performance.now())), text)
    })
  }

  /** Sends a text; resolves once the system has taken it, with how long that took in ms. */
  send(text: string): Promise<{ readonly waitedMs: number; readonly frame: Buffer }> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    this.uses++
    return new Promise((resolve) => {
      const start = performance.now()
      const frame: Buffer = this.socket.send(text, () => resolve({ frame, waitedMs: performance.now() - start }))
    })
  }

  close(): void {
    this.socket.close()
  }

  heard(): void {
    this.#doubt.heard()
  }

  message(message: TextMessage): void {
    try {
      const incomings = this.dialect.read(message.text)
      this.#firstText?.(message.text)
      for (const incoming of incomings) this.#take(incoming, message)
    } catch (caught) {
      this.ended(KiteError.from(caught, 'codec'), undefined, '')
      this.socket.destroy()
    }
  }

  ended(error: KiteError | undefined, code: number | undefined, reason: string): void {
    if (this.#failure !== undefined) return
    const said = reason === '' ? this.#said : reason
    this.#failure = error ?? fail('remote_or_network', 'connection', said === '' ? 'ws.closed' : 'ws.closedWith', { address: this.#address, code: code ?? '-', reason: said })
    for (const pending of [...this.#pending.values()]) pending.reject(this.#failure)
    this.listener?.ended(error ?? (code === undefined || code === 1000 || code === 1001 || code === 1005 ? undefined : this.#failure))
    this.onEnd?.()
  }

  #take(incoming: Incoming, message: TextMessage): void {
    if (incoming.kind === 'goodbye') {
      this.#said = incoming.reason
      return
    }
    if (incoming.kind === 'said' && incoming.reply !== undefined) this.socket.send(incoming.reply)
    const pending = incoming.kind === 'answer' ? this.#pending.get(incoming.id) : undefined
    if (incoming.kind === 'answer' && pending !== undefined) return pending.resolve(incoming, message)
    if (incoming.kind === 'said') for (const one of this.#pending.values()) if (one.said.length < maxSaid) one.said.push([incoming.name, incoming.shown])
    this.listener?.heard(incoming, message)
  }
}

/** The first call of a connection shows its handshake too. */
const withHandshake = (isFirst: boolean, handshake: Captured, frame: Captured): Captured => (isFirst ? joinCaptured([handshake, frame]) : frame)
