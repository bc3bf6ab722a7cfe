// The serving side of the framings, for mocks and the demo: accepts on loopback, cuts messages whatever framing each has, hands
// them over, and answers in the framing that was asked in. It knows no service; a handler decides what to say.

import * as net from 'node:net'
import { assert } from '../../../shared/base/assert.ts'
import type { KiteError } from '../../../shared/base/error.ts'
import { formatAddress } from './address.ts'
import { defaultMaxFrameBytes } from './limits.ts'
import { listenOn } from './listen.ts'
import { type MessageHandler, ServerConnection } from './server-connection.ts'
import type { MessageMeter } from './transport.ts'

export interface ServerOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 or absent: a free one. */
  readonly port?: number
  readonly meter: MessageMeter
  readonly handler: MessageHandler
  readonly maxFrameBytes?: number
  /** Kitex closes a connection that was idle for 10 minutes. */
  readonly idleTimeoutMs?: number
  /** Told why a connection was given up: bytes of another protocol, a handler that threw. */
  readonly onRefused?: (error: KiteError, remote: string) => void
}

export interface MessageServer {
  readonly host: string
  readonly port: number
  /** `host:port`. */
  readonly address: string
  readonly connections: number
  /** Takes no new connection, lets replies under way go out (marked `crrst` on TTHeader, as Kitex does), then cuts what is left. */
  close(graceMs?: number): Promise<void>
}

const defaultIdleTimeoutMs = 600_000
const defaultGraceMs = 1000

/** Listens and serves. Throws KiteError of code `listen` that names the port and the next free one. */
export async function serveMessages(options: ServerOptions): Promise<MessageServer> {
  const connections = new Set<ServerConnection>()
  const server = net.createServer({ noDelay: true }, (socket) => {
    const connection = new ServerConnection(socket, {
      meter: options.meter,
      maxFrameBytes: options.maxFrameBytes ?? defaultMaxFrameBytes,
      idleTimeoutMs: options.idleTimeoutMs ?? defaultIdleTimeoutMs,
      handler: options.handler,
      onRefused: options.onRefused ?? (() => undefined),
      onClosed: () => connections.delete(connection),
    })
    connections.add(connection)
  })
  await listenOn(server, options.host ?? '127.0.0.1', options.port ?? 0)
  const bound = server.address()
  assert(typeof bound === 'object' && bound !== null, 'a TCP server that listens has an address')
  return {
    host: bound.address,
    port: bound.port,
    address: formatAddress(bound.address, bound.port),
    get connections() {
      return connections.size
    },
    close: (graceMs = defaultGraceMs) => closeAll(server, connections, graceMs),
  }
}

function closeAll(server: net.Server, connections: ReadonlySet<ServerConnection>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      for (const connection of connections) connection.destroy()
    }, graceMs)
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
    for (const connection of connections) connection.finish()
  })
}
