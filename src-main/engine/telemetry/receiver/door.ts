// One listening port. It looks at the first bytes of each connection and hands the socket to HTTP/1 or HTTP/2; everything else is
// counted as a stranger and closed. It owns its sockets: closing the door closes them.

import { createServer as createHttp1 } from 'node:http'
import { createServer as createHttp2 } from 'node:http2'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Stranger } from '../../../../shared/model/trace.ts'
import { http1Exchange, http2Exchange, type Exchange } from './exchange.ts'
import { grpcExport, isGrpc } from './grpc-export.ts'
import type { Ingest } from './ingest.ts'
import type { BodyLimits } from './read-body.ts'
import { sniff, type Spoken } from './sniff.ts'

/** A caller that sends nothing is let go after this. */
const firstBytesMs = 10_000
/** OTLP exporters send at least every minute; two HTTP keep-alives longer is generous. */
const idleMs = 600_000
const streamsPerConnection = 100
const windowBytes = 4 * 1024 * 1024

export interface DoorOptions {
  readonly kind: 'grpc' | 'http'
  readonly ingest: Ingest
  readonly limits: BodyLimits
  onExchange(exchange: Exchange): Promise<void>
  onStranger(kind: Stranger['kind'], peer: string, path?: string): void
}

/** What listens on one port. */
export class Door {
  readonly #options: DoorOptions
  readonly #server: Server
  readonly #http1 = createHttp1({ requestTimeout: 60_000, headersTimeout: 10_000, keepAliveTimeout: 60_000, connectionsCheckingInterval: 2_000 })
  readonly #http2 = createHttp2({ settings: { maxConcurrentStreams: streamsPerConnection, initialWindowSize: windowBytes } })
  readonly #sockets = new Set<Socket>()

  constructor(options: DoorOptions) {
    this.#options = options
    this.#server = createServer({ noDelay: true }, (socket) => this.#admit(socket))
    this.#http1.on('request', (request, response) => {
      if (options.kind === 'grpc') options.onStranger('http-on-grpc', peerOf(request.socket), request.url)
      void options.onExchange(http1Exchange(request, response))
    })
    this.#http1.on('clientError', (_, socket) => socket.destroy())
    // It is given its sockets and never listens, but only from that event on does Node hold senders to the deadlines above.
    this.#http1.emit('listening')
    this.#http2.on('session', (session) => {
      session.setLocalWindowSize(windowBytes)
      // The socket's own clock does not see what a session reads.
      session.setTimeout(idleMs, () => session.destroy())
      session.on('error', () => session.destroy())
    })
    this.#http2.on('stream', (stream, headers) => {
      stream.on('error', () => stream.destroy())
      if (isGrpc(headers)) void grpcExport(stream, headers, options.ingest, options.limits)
      else void options.onExchange(http2Exchange(stream, headers))
    })
    this.#http2.on('sessionError', () => undefined)
  }

  /** Resolves with the bound address; rejects with Node's error when the port cannot be had. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => {
        this.#server.removeListener('error', reject)
        this.#server.on('error', () => undefined)
        resolve(addressText(this.#server.address()))
      })
    })
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    this.#http1.close()
    await closed
  }

  #admit(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(firstBytesMs, () => socket.destroy())
    this.#listenForFirst(socket, Buffer.alloc(0))
  }

  #listenForFirst(socket: Socket, before: Buffer): void {
    socket.once('data', (chunk: Buffer) => {
      const first = before.length === 0 ? chunk : Buffer.concat([before, chunk])
      const spoken = sniff(first)
      if (spoken === undefined) return this.#listenForFirst(socket, first)
      socket.pause()
      this.#hand(socket, first, spoken)
    })
  }

  #hand(socket: Socket, first: Buffer, spoken: Spoken): void {
    if (spoken === 'tls' || spoken === 'ttheader' || spoken === 'unknown') {
      this.#options.onStranger(spoken, peerOf(socket))
      socket.destroy()
      return
    }
    socket.setTimeout(0)
    socket.removeAllListeners('timeout')
    if (spoken === 'http1') socket.setTimeout(idleMs, () => socket.destroy())
    socket.unshift(first)
    ;(spoken === 'http2' ? this.#http2 : this.#http1).emit('connection', socket)
    if (spoken === 'http1') socket.resume()
  }
}

const peerOf = (socket: Socket): string => `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`

function addressText(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') return String(address)
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`
}
