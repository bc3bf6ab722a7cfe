// Servers that say exactly what a test tells them and then do exactly that: end, reset, or nothing at all. What came in is kept, so that a test can
// tell what a client never should have sent.

import * as net from 'node:net'
import * as tls from 'node:tls'

/** What a server says to all that came since it last spoke; undefined: it is not whole yet. `turn` counts what was said on this connection. */
export type Reply = (received: Buffer, turn: number) => Buffer | undefined

export type Then = 'nothing' | 'end' | 'reset'

export interface RawServer {
  readonly address: string
  /** First bytes of each connection, and all of them. */
  readonly connections: readonly Buffer[]
}

export interface RawOptions {
  /** Bytes that are said on a connection in all; default: all that there are. */
  readonly upTo?: number
  /** What comes after them; default: nothing. */
  readonly then?: Then
  /** Bytes go one by one, with so many milliseconds between. */
  readonly everyMs?: number
}

export class RawServers {
  readonly #servers: net.Server[] = []
  readonly #sockets = new Set<net.Socket>()

  /** A server in plaintext. */
  async start(reply: Reply, options: RawOptions = {}): Promise<RawServer> {
    const connections: Buffer[] = []
    const address = await this.#listen(net.createServer((socket) => {
      const at = connections.push(Buffer.alloc(0)) - 1
      let [received, turn, left] = [Buffer.alloc(0), 0, options.upTo ?? Infinity]
      this.#keep(socket)
      socket.on('data', (chunk: Buffer) => {
        connections[at] = Buffer.concat([connections[at] ?? Buffer.alloc(0), chunk])
        received = Buffer.concat([received, chunk])
        const said = reply(received, turn)
        if (said === undefined) return
        received = Buffer.alloc(0)
        turn++
        const part = said.subarray(0, left)
        left -= part.length
        this.#say(socket, part, options.everyMs, left <= 0 || part.length < said.length || options.upTo === undefined ? options.then : undefined)
      })
    }))
    return { address, connections }
  }

  /** A server of TLS behind a tap that keeps what came over the wire. `end`: hangs up at the first request; `times`: speaks TLS on so many connections and then no more. */
  async startTls(options: tls.TlsOptions, says: 'nothing' | 'end' = 'nothing', times = Infinity): Promise<RawServer> {
    const inner = await this.#listen(tls.createServer(options, (socket) => {
      this.#keep(socket)
      socket.on('data', () => { if (says === 'end') socket.end() })
    }).on('tlsClientError', () => undefined))
    const connections: Buffer[] = []
    const address = await this.#listen(net.createServer((socket) => {
      const at = connections.push(Buffer.alloc(0)) - 1
      if (at >= times) {
        this.#keep(socket)
        socket.on('data', (chunk: Buffer) => {
          connections[at] = Buffer.concat([connections[at] ?? Buffer.alloc(0), chunk])
          socket.end('no TLS any more')
        })
        return
      }
      const upstream = net.connect(Number(inner.slice(inner.lastIndexOf(':') + 1)), '127.0.0.1')
      for (const one of [socket, upstream]) this.#keep(one)
      socket.on('data', (chunk: Buffer) => (connections[at] = Buffer.concat([connections[at] ?? Buffer.alloc(0), chunk])))
      socket.pipe(upstream).pipe(socket)
    }))
    return { address, connections }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
  }

  #keep(socket: net.Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket))
  }

  async #listen(server: net.Server): Promise<string> {
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
  }

  #say(socket: net.Socket, bytes: Buffer, everyMs: number | undefined, then: Then | undefined): void {
    if (everyMs !== undefined) {
      let at = 0
      const timer = setInterval(() => socket.write(bytes.subarray(at, ++at)), everyMs)
      socket.once('close', () => clearInterval(timer))
      return
    }
    const after = (): void => {
      if (then === 'end') socket.end()
      // The bytes before it are to be read first.
      if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 30)
    }
    if (bytes.length === 0) after()
    else socket.write(bytes, after)
  }
}
