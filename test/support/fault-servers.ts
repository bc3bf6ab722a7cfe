// Servers that answer a call with everything but a reply. Each is a real listener on loopback; all are closed together.

import * as net from 'node:net'

type Fault = (socket: net.Socket) => void

const ttheaderStart = Buffer.from('0000004010000000000000010001', 'hex')

/** What each does once the first bytes of the request have come. */
const faults = {
  /** Accepts, reads, says nothing. */
  silent: () => undefined,
  closes: (socket) => socket.end(),
  resets: (socket) => socket.write(ttheaderStart, () => setTimeout(() => socket.resetAndDestroy(), 30)),
  cutShort: (socket) => socket.end(ttheaderStart),
  trickles: (socket) => {
    const timer = setInterval(() => socket.write('\0'), 200)
    socket.once('close', () => clearInterval(timer)).write(ttheaderStart)
  },
  declares2Gb: (socket) => socket.write(Buffer.from('7fffffff80010002', 'hex')),
  http1: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  /** Its words are orders to a terminal: a new title, and a clear screen. */
  steersTerminal: (socket) => socket.end('HTTP/1.1 500 \u001b]0;owned\u0007\u009b2J\r\nContent-Length: 0\r\n\r\n', 'latin1'),
  http2: (socket) => socket.write(Buffer.from('000006040000000000000300000064', 'hex')),
  tls: (socket) => socket.end(Buffer.from('15030100020216', 'hex')),
  redis: (socket) => socket.end('-ERR unknown command\r\n'),
  ssh: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  rubbish: (socket) => socket.end(Buffer.alloc(64, 0xa7)),
} as const satisfies Readonly<Record<string, Fault>>
export type FaultName = keyof typeof faults

export class FaultServers {
  readonly #servers: net.Server[] = []
  readonly #sockets = new Set<net.Socket>()

  /** Starts one; resolves with `host:port`. */
  async start(name: FaultName): Promise<string> {
    const fault: Fault = faults[name]
    const server = net.createServer((socket) => {
      this.#sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket)).once('data', () => fault(socket))
    })
    this.#servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `127.0.0.1:${(server.address() as net.AddressInfo).port}`
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await Promise.all(this.#servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))))
  }
}
