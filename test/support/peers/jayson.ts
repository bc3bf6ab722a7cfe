// jayson (npm) as a JSON-RPC 2.0 server over WebSocket, in the test's own process.

import { createServer } from 'node:http'
import jayson from 'jayson'
import { WebSocketServer } from 'ws'

export interface JaysonServer {
  readonly websocket: string
  stop(): Promise<void>
}

type Done = (error: { readonly code: number; readonly message: string } | null, result?: unknown) => void

/** Methods `add`, `fail` and `slow`. */
export async function startJayson(): Promise<JaysonServer> {
  const server = new jayson.Server({
    add: ([a, b]: readonly [number, number], done: Done) => done(null, a + b),
    fail: (_args: unknown, done: Done) => done({ code: 7, message: 'asked for' }),
    slow: (_args: unknown, done: Done) => void setTimeout(() => done(null, 'late'), 5000).unref(),
  })
  const http = createServer()
  const sockets = new WebSocketServer({ server: http })
  server.websocket({ wss: sockets as never })
  await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
  const address = http.address()
  return {
    websocket: typeof address === 'object' && address !== null ? `127.0.0.1:${address.port}` : '',
    stop: () => new Promise((resolve) => {
      for (const socket of sockets.clients) socket.terminate()
      http.close(() => resolve())
    }),
  }
}
