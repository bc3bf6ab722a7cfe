// A running `kite serve` and a page of it without a browser: redeems the address as a browser would, then speaks the contract over the
// renderer's own platform client.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'ws'
import { type Platform, createPlatform } from '../../src-renderer/platform/client.ts'
import { createSocketBridge } from '../../src-renderer/platform/socket-bridge.ts'
import { type RunningKite, keepKite } from './kite-process.ts'

export interface ServedPage {
  readonly kite: RunningKite
  /** With the token, as printed. */
  readonly address: string
  /** Without it. */
  readonly origin: string
  readonly dataDir: string
  stop(): Promise<number | null>
}

/** Starts `kite serve` with data of its own. */
export async function servePage(...args: readonly string[]): Promise<ServedPage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kite-serve-'))
  const kite = keepKite(['serve', ...args], { env: { KITE_DATA_DIR: dataDir }, cwd: dataDir })
  const [address = ''] = await kite.says(/http:\/\/\S+token=\S+/)
  const stop = async (): Promise<number | null> => {
    const code = await kite.stop()
    await rm(dataDir, { recursive: true, force: true })
    return code
  }
  return { kite, address, origin: new URL(address).origin, dataDir, stop }
}

/** Uses the token; the cookie to send from now on. */
export async function redeem(address: string): Promise<string> {
  const response = await fetch(address, { redirect: 'manual' })
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';')
  return response.status === 302 ? cookie : ''
}

/** Opens the socket as a page would; resolves with the HTTP status that refused it, or 101. */
export function trySocket(origin: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers })
    socket.on('open', () => {
      socket.terminate()
      resolve(101)
    })
    socket.on('unexpected-response', (_request, { statusCode }) => resolve(statusCode ?? 0))
    socket.on('error', reject)
  })
}

/** The renderer's platform over a page's socket. */
export function pagePlatform(origin: string, cookie: string): { readonly platform: Platform; close(): void } {
  let open: WebSocket | undefined
  let isOver = false
  const bridge = createSocketBridge({
    connect: (events) => {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { cookie, origin } })
      open = socket
      socket.on('open', () => events.onOpen())
      socket.on('message', (data) => events.onMessage(String(data)))
      socket.on('error', () => undefined)
      socket.on('close', () => events.onClose())
      return { send: (text) => socket.send(text) }
    },
    checkSession: async () => (isOver ? 'gone' : 'known'),
  })
  return {
    platform: createPlatform(bridge),
    close: () => {
      isOver = true
      open?.terminate()
    },
  }
}
