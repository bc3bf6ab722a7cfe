// One page's WebSocket joined to a router session. Frames that are not of the protocol end the socket; a page that stops answering pings
// is gone, and with it all that it started.

import type { RawData, WebSocket } from 'ws'
import { fail } from '../../shared/base/error.ts'
import { err } from '../../shared/base/result.ts'
import type { ToReader } from '../../shared/ipc/protocol.ts'
import type { ToPage } from '../../shared/ipc/socket.ts'
import { parseWire, stringifyWire } from '../../shared/ipc/wire-json.ts'
import type { Session } from './router.ts'
import type { HostPort } from './stream-pump.ts'

const pingMs = 20_000
/** Characters that wait for a page's connection above which its streams stop. */
const maxUnsent = 8 * 1024 * 1024
/** Close codes of RFC 6455 7.4.1. */
const protocolError = 1002

/** Serves the socket until it closes. */
export function joinSocket(socket: WebSocket, session: Session): void {
  const page = new PageSocket(socket, session)
  socket.on('message', (data, isBinary) => page.receive(data, isBinary))
  socket.on('pong', () => page.heard())
  socket.on('error', () => socket.terminate())
  const pings = setInterval(() => page.ping(), pingMs)
  socket.on('close', () => {
    clearInterval(pings)
    page.closed()
  })
}

interface Reader {
  onMessage?: (message: unknown) => void
  onClose?: () => void
}

class PageSocket {
  readonly #socket: WebSocket
  readonly #session: Session
  readonly #streams = new Map<number, Reader>()
  readonly #waiting: (() => void)[] = []
  #unsent = 0
  #isAlive = true

  constructor(socket: WebSocket, session: Session) {
    this.#socket = socket
    this.#session = session
  }

  receive(data: RawData, isBinary: boolean): void {
    try {
      if (isBinary) throw new SyntaxError('binary frame')
      // nodebuffer is ws's default: text arrives as one Buffer.
      this.#handle(parseWire(String(data)))
    } catch {
      this.#socket.close(protocolError, 'not a message of this protocol')
    }
  }

  heard(): void {
    this.#isAlive = true
  }

  ping(): void {
    if (!this.#isAlive) return this.#socket.terminate()
    this.#isAlive = false
    this.#socket.ping()
  }

  closed(): void {
    for (const { onClose } of this.#streams.values()) onClose?.()
    this.#session.dispose()
    this.#wake()
  }

  #handle(message: unknown): void {
    const { kind, id, channel, input, stream, message: inner } = fields(message)
    if (kind === 'request') this.#request(channel, input, numberOf(id))
    else if (kind === 'cancel') this.#session.cancel(numberOf(id))
    else if (kind === 'open' && !this.#streams.has(numberOf(stream))) this.#session.openStream(channel, input, this.#port(numberOf(stream)), true)
    else if (kind === 'stream') this.#streams.get(numberOf(stream))?.onMessage?.(inner)
    else throw new SyntaxError('unknown kind')
  }

  #request(channel: unknown, input: unknown, id: number): void {
    void this.#session.request(channel, input, id, true).then((result) => this.#send({ kind: 'result', id, result }, () => ({ kind: 'result', id, result: err(unsendable()) })))
  }

  #port(stream: number): HostPort {
    const reader: Reader = {}
    this.#streams.set(stream, reader)
    return {
      post: (message: ToReader) => this.#send({ kind: 'stream', stream, message }, () => {
        reader.onClose?.()
        return { kind: 'stream', stream, message: { kind: 'error', error: unsendable() } }
      }),
      drained: () => (this.#unsent <= maxUnsent || this.#socket.readyState !== this.#socket.OPEN ? undefined : new Promise((resolve) => this.#waiting.push(resolve))),
      onMessage: (listener) => { reader.onMessage = listener },
      onClose: (listener) => { reader.onClose = listener },
      close: () => { this.#streams.delete(stream) },
    }
  }

  /** `instead` goes where the message is none that can be sent: nobody who waits may bring the server down. */
  #send(message: ToPage, instead: () => ToPage): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return
    const text = written(message) ?? stringifyWire(instead())
    this.#unsent += text.length
    this.#socket.send(text, () => {
      this.#unsent -= text.length
      if (this.#unsent <= maxUnsent) this.#wake()
    })
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume()
  }
}

/** Undefined for what is longer than any text may be, or nested too deep. */
function written(message: ToPage): string | undefined {
  try {
    return stringifyWire(message)
  } catch {
    return undefined
  }
}

const unsendable = () => fail('contract', 'ipc', 'workspace.unsendable', {}, { hint: { key: 'workspace.unsendableHint' } }).data

type Fields = { readonly [K in 'kind' | 'id' | 'channel' | 'input' | 'stream' | 'message']?: unknown }

function fields(message: unknown): Fields {
  if (typeof message !== 'object' || message === null) throw new SyntaxError('no object')
  return message
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new SyntaxError('no number')
  return value
}
