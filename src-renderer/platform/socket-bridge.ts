// The bridge of a page over the WebSocket of `kite serve`. When the socket drops, running requests and calls end with an error at once,
// and it tries again with growing pauses; the platform opens watches anew. A server that has forgotten this page means `lost`.

import { Emitter } from '../../shared/base/emitter.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import { type Result, err } from '../../shared/base/result.ts'
import type { FromReader, ToReader } from '../../shared/ipc/protocol.ts'
import { type FromPage, type ToPage, sessionPath, socketPath } from '../../shared/ipc/socket.ts'
import { parseWire, stringifyWire } from '../../shared/ipc/wire-json.ts'
import type { ConnectionState, LosableBridge } from './client.ts'

const firstPauseMs = 250
const longestPauseMs = 5_000

/** The socket as this file uses it: a browser's WebSocket, or a test's. */
export interface PageSocket {
  send(text: string): void
}

/** What a socket tells. */
export interface SocketEvents {
  onOpen(): void
  onMessage(data: unknown): void
  /** Told once, also when it never opened. */
  onClose(): void
}

/** What the page gives: tests replace it. */
export interface SocketHost {
  connect(events: SocketEvents): PageSocket
  /** `gone`: the server answers and does not know this page. */
  checkSession(): Promise<'known' | 'gone' | 'unreachable'>
}

/** The browser's own socket and fetch, relative to the page's address. */
export function browserSocketHost(page: Location): SocketHost {
  const socketUrl = new URL(socketPath, page.href)
  socketUrl.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  return {
    connect: (events) => {
      const socket = new WebSocket(socketUrl)
      socket.addEventListener('open', () => events.onOpen())
      socket.addEventListener('message', ({ data }) => events.onMessage(data))
      socket.addEventListener('close', () => events.onClose())
      return socket
    },
    checkSession: async () => {
      try {
        const { status } = await fetch(new URL(sessionPath, page.href), { cache: 'no-store', signal: AbortSignal.timeout(5_000) })
        return status === 401 || status === 403 ? 'gone' : 'known'
      } catch {
        return 'unreachable'
      }
    },
  }
}

const disconnected: ErrorData = { code: 'remote_or_network', layer: 'ipc', text: { key: 'workspace.pageDisconnected' }, hint: { key: 'workspace.pageDisconnectedHint' } }

/** Connects at once; what is asked before the socket is open waits for it. */
export function createSocketBridge(host: SocketHost): LosableBridge {
  return new SocketBridge(host)
}

interface OpenReader {
  readonly endsWithSocket: boolean
  listener?: (message: ToReader) => void
}

class SocketBridge implements LosableBridge {
  readonly #host: SocketHost
  readonly #changed = new Emitter<ConnectionState>()
  readonly #requests = new Map<number, (result: Result<unknown>) => void>()
  readonly #streams = new Map<number, OpenReader>()
  #unsent: FromPage[] = []
  #socket: PageSocket | undefined
  #isOpen = false
  #state: ConnectionState = 'connected'
  #lastStream = 0
  #pauseMs = firstPauseMs

  constructor(host: SocketHost) {
    this.#host = host
    this.#connect()
  }

  readonly onDidChangeConnection = this.#changed.event

  get connection(): ConnectionState {
    return this.#state
  }

  request(channel: string, input: unknown, id: number): Promise<Result<unknown>> {
    if (this.#state !== 'connected') return Promise.resolve(err(disconnected))
    return new Promise((resolve) => {
      this.#requests.set(id, resolve)
      this.#send({ kind: 'request', id, channel, input })
    })
  }

  cancel(id: number): void {
    this.#send({ kind: 'cancel', id })
  }

  openStream(channel: string, input: unknown) {
    const stream = ++this.#lastStream
    const reader: OpenReader = { endsWithSocket: channel === 'call.run' }
    this.#streams.set(stream, reader)
    if (this.#state === 'connected') this.#send({ kind: 'open', stream, channel, input })
    else if (reader.endsWithSocket) queueMicrotask(() => this.#deliver(stream, { kind: 'error', error: disconnected }))
    return {
      send: (message: FromReader) => {
        if (!this.#streams.has(stream)) return
        if (message.kind === 'close') this.#streams.delete(stream)
        this.#send({ kind: 'stream', stream, message })
      },
      onMessage: (listener: (message: ToReader) => void) => {
        reader.listener = listener
      },
    }
  }

  pathOf(): undefined {
    return undefined
  }

  #connect(): void {
    this.#socket = this.#host.connect({
      onOpen: () => this.#opened(),
      onMessage: (data) => this.#receive(data),
      onClose: () => void this.#dropped(),
    })
  }

  #opened(): void {
    this.#isOpen = true
    this.#pauseMs = firstPauseMs
    for (const message of this.#unsent.splice(0)) this.#send(message)
    this.#setState('connected')
  }

  #send(message: FromPage): void {
    if (this.#isOpen) this.#socket?.send(stringifyWire(message))
    else if (this.#state === 'connected') this.#unsent.push(message)
  }

  #receive(data: unknown): void {
    if (typeof data !== 'string') return
    // Only `kite serve` stands behind our own origin, and it is typed to send nothing else.
    const message = parseWire(data) as ToPage
    if (message.kind === 'stream') this.#deliver(message.stream, message.message)
    else {
      this.#requests.get(message.id)?.(message.result)
      this.#requests.delete(message.id)
    }
  }

  #deliver(stream: number, message: ToReader): void {
    const reader = this.#streams.get(stream)
    if (message.kind !== 'data') this.#streams.delete(stream)
    reader?.listener?.(message)
  }

  async #dropped(): Promise<void> {
    this.#isOpen = false
    this.#socket = undefined
    this.#unsent = []
    for (const resolve of this.#requests.values()) resolve(err(disconnected))
    this.#requests.clear()
    this.#setState('reconnecting')
    for (const [stream, reader] of [...this.#streams]) {
      if (reader.endsWithSocket) this.#deliver(stream, { kind: 'error', error: disconnected })
      else this.#streams.delete(stream)
    }
    const pause = this.#pauseMs
    this.#pauseMs = Math.min(pause * 2, longestPauseMs)
    await new Promise<void>((resolve) => {
      setTimeout(resolve, pause)
    })
    if ((await this.#host.checkSession()) === 'gone') this.#setState('lost')
    else this.#connect()
  }

  #setState(state: ConnectionState): void {
    if (this.#state === state) return
    this.#state = state
    this.#changed.fire(state)
  }
}
