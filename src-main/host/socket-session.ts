// One page's WebSocket joined to a router session. Frames that are not of the protocol end the socket; a page that stops answering pings
// is gone, and with it all that it started.

import type { RawData, WebSocket } from 'ws'
import type { ToReader } from '../../shared/ipc/protocol.ts'
import type { ToPage } from '../../shared/ipc/socket.ts'
import { parseWire, stringifyWire } from '../../shared/ipc/wire-json.ts'
import type { Session } from './router.ts'
import type { HostPort } from './stream-pump.ts'

const pingMs = 20_000
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
    void this.#session.request(channel, input, id, true).then((result) => this.#send({ kind: 'result', id, result }))
  }

  #port(stream: number): HostPort {
    const reader: Reader = {}
    this.#streams.set(stream, reader)
    return {
      post: (message: ToReader) => this.#send({ kind: 'stream', stream, message }),
      onMessage: (listener) => { reader.onMessage = listener },
      onClose: (listener) => { reader.onClose = listener },
      close: () => { this.#streams.delete(stream) },
    }
  }

  #send(message: ToPage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(stringifyWire(message))
  }
}

type Fields = { readonly [K in 'kind' | 'id' | 'channel' | 'input' | 'stream' | 'message']?: unknown }

function fields(message: unknown): Fields {
  if (typeof message !== 'object' || message === null) throw new SyntaxError('no object')
  return message
}

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw new SyntaxError('no number')
  return value
}
