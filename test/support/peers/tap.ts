// A TCP tap between a client and a server: passes everything on, at once, as late as a long path would or in crumbs, and keeps what went each way.

import * as net from 'node:net'
import { once } from 'node:events'
import { Transform, type Duplex } from 'node:stream'

export interface Tap {
  /** Where the client connects to. */
  readonly address: string
  /** Resolves when every client that came has gone again. */
  settled(): Promise<void>
  /** From now on nothing passes on the connections there are, and neither end hears why; new ones work. So ends what a sleeping laptop or a lost VPN had open. */
  freeze(): void
  /** Ends the connections there are, as a server that starts anew does; new ones work. */
  cut(): void
  /** What has passed since the last time it was taken. */
  take(): { readonly sent: Buffer; readonly received: Buffer }
  close(): void
}

export interface Path {
  /** How long bytes take each way. */
  readonly delayMs?: number
  /** Bytes arrive one to seven at a time. */
  readonly crumbs?: boolean
}

/** Listens on loopback and forwards each connection to `target`. */
export async function startTap(target: string, { delayMs = 0, crumbs = false }: Path = {}): Promise<Tap> {
  const [host = '', port = ''] = target.split(':')
  let sent: Buffer[] = []
  let received: Buffer[] = []
  const sockets = new Set<net.Socket>()
  const open = new Set<Promise<unknown>>()
  const server = net.createServer((client) => {
    open.add(new Promise((resolve) => client.once('close', resolve)))
    const upstream = net.connect(Number(port), host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', () => socket.destroy())
    }
    client.on('data', (chunk: Buffer) => sent.push(chunk))
    upstream.on('data', (chunk: Buffer) => received.push(chunk))
    const way = (): readonly Transform[] => [...(delayMs === 0 ? [] : [late(delayMs)]), ...(crumbs ? [crumbled()] : [])]
    const through = (from: net.Socket, to: net.Socket): unknown => [...way(), to].reduce((stream: Duplex, next) => stream.pipe(next), from)
    through(client, upstream)
    through(upstream, client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return {
    address: `127.0.0.1:${bound.port}`,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    cut: () => {
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    settled: async () => {
      await Promise.all(open)
      open.clear()
    },
    take: () => {
      const taken = { sent: Buffer.concat(sent), received: Buffer.concat(received) }
      sent = []
      received = []
      return taken
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** Hands everything on in its order after a time; as much as comes may be under way at once. */
const late = (ms: number): Transform => {
  const path: Transform = new Transform({
    transform: (chunk, _, done) => {
      setTimeout(() => path.push(chunk), ms)
      done()
    },
    flush: (done) => void setTimeout(done, ms),
  })
  return path
}

/** Each crumb in a turn of its own, so that no two are written at once. */
const crumbled = (): Transform => {
  let sizes = 0
  const path: Transform = new Transform({
    transform: (chunk: Buffer, _, done) => {
      const next = (at: number): void => {
        if (at >= chunk.length) return done()
        const end = at + 1 + (sizes++ % 7)
        path.push(chunk.subarray(at, end))
        setImmediate(next, end)
      }
      next(0)
    },
  })
  return path
}
