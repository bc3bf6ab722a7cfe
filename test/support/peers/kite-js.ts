// kite.js (npm) as server and client of kite's JSON-RPC, in a process of its own since it is old and listens for unhandled rejections.

import { join } from 'node:path'
import { run, startPeer } from './child.ts'

const peer = join(import.meta.dirname, '../../peers/kite-js/peer.cjs')
const env = { NODE_PATH: join(import.meta.dirname, '../../../node_modules'), NODE_NO_WARNINGS: '1' }

export interface KiteJsServer {
  /** SockJS below `/kite`. */
  readonly sockjs: string
  /** Bare texts over a WebSocket, at any path. */
  readonly websocket: string
  stop(): Promise<void>
}

export async function startKiteJs(): Promise<KiteJsServer> {
  const { ports, stop } = await startPeer(process.execPath, [peer, 'serve'], { env })
  return { sockjs: `127.0.0.1:${ports['sockjs']}`, websocket: `127.0.0.1:${ports['websocket']}`, stop: () => stop() }
}

/** What kite.js's own client got from a call. */
export async function runKiteJsClient(url: string, method: string, args: readonly unknown[]): Promise<unknown> {
  return JSON.parse(await run(process.execPath, [peer, 'call', url, method, JSON.stringify(args)], { env })) as unknown
}
