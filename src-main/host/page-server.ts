// The window as a page: files over HTTP and the contract over one WebSocket, on one port. Nothing is told to a stranger, not even which
// files there are.

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { fail } from '../../shared/base/error.ts'
import { messageLimit, sessionPath, socketPath } from '../../shared/ipc/socket.ts'
import { PageAccess, isLoopback } from './page-access.ts'
import { readRendererFile, securityHeaders } from './renderer-files.ts'
import type { Session } from './router.ts'
import { joinSocket } from './socket-session.ts'

export interface PageServerOptions {
  readonly host: string
  /** 0: any free one. */
  readonly port: number
  readonly allowRemote: boolean
  readonly rendererFolder: string
  openSession(): Session
  /** What a person reads who opens an address that is used up. */
  readonly refusal: string
}

export interface PageServer {
  /** With the token that works once. */
  readonly address: string
  close(): Promise<void>
}

/** Listens. Throws KiteError `usage` for an address beyond loopback that was not allowed, `listen` for a port that cannot be had. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const { host, port, allowRemote } = options
  if (!isLoopback(host) && !allowRemote) throw fail('usage', 'usage', 'workspace.serveRemote', { host }, { hint: { key: 'workspace.serveRemoteHint' } })
  const server = createServer()
  await listen(server, host, port)
  const { port: actual, address } = boundTo(server)
  const access = new PageAccess(actual, allowRemote)
  const sockets = new WebSocketServer({ noServer: true, maxPayload: messageLimit, perMessageDeflate: false })
  server.on('request', (request, response) => void answer(options, access, request, response))
  server.on('upgrade', (request, socket, head) => {
    if (!mayConnect(access, request)) return refuseUpgrade(socket)
    sockets.handleUpgrade(request, socket, head, (page) => joinSocket(page, options.openSession()))
  })
  const shown = address.includes(':') ? `[${address}]` : address
  return { address: `http://${shown}:${actual}/?token=${access.token}`, close: () => close(server, sockets) }
}

async function answer(options: PageServerOptions, access: PageAccess, { method, headers, url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const send = (status: number, more: Readonly<Record<string, string>> = {}, body: string | Uint8Array = ''): void => {
    response.writeHead(status, { ...securityHeaders, 'cache-control': 'no-store', ...more }).end(method === 'HEAD' ? undefined : body)
  }
  const plain = { 'content-type': 'text/plain; charset=utf-8' }
  if (!access.isOwnHost(headers) || !access.isOwnOrigin(headers, false)) return send(403, plain, 'refused: Host or Origin\n')
  if (method !== 'GET' && method !== 'HEAD') return send(405, { ...plain, allow: 'GET, HEAD' }, 'only GET\n')
  // Origin-form only: a proxy's absolute form, and what is no URL at all, has no business here.
  if (!url.startsWith('/')) return send(400, plain, 'no path\n')
  const { pathname, searchParams } = new URL(`http://page${url}`)
  const token = searchParams.get('token')
  const cookie = token === null || method !== 'GET' || pathname !== '/' ? undefined : access.redeem(token)
  if (cookie !== undefined) return send(302, { location: '/', 'set-cookie': cookie })
  if (!access.knows(headers)) return send(pathname === `/${sessionPath}` ? 401 : 403, plain, `${options.refusal}\n`)
  if (token !== null) return send(302, { location: '/' })
  if (pathname === `/${sessionPath}`) return send(204)
  const file = await readRendererFile(options.rendererFolder, pathname)
  send(file.status, file.headers, file.body)
}

const mayConnect = (access: PageAccess, { headers, url = '' }: IncomingMessage): boolean =>
  url === `/${socketPath}` && access.isOwnHost(headers) && access.isOwnOrigin(headers, true) && access.knows(headers)

/** Node leaves the socket to us, its errors too: one that nobody hears ends the process. */
function refuseUpgrade(socket: Duplex): void {
  socket.on('error', () => undefined).once('finish', () => socket.destroy())
  socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const key = error.code === 'EADDRINUSE' ? 'workspace.portTaken' : 'workspace.cannotListen'
      reject(fail('listen', 'usage', key, { address: `${host}:${port}`, cause: error.message }, { hint: { key: 'workspace.portTakenHint' } }))
    })
    server.listen(port, host, () => resolve())
  })
}

function boundTo(server: Server): AddressInfo {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('believed: a TCP server that listens has an address')
  return address
}

function close(server: Server, sockets: WebSocketServer): Promise<void> {
  for (const socket of sockets.clients) socket.close(1001)
  sockets.close()
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
    for (const socket of sockets.clients) socket.terminate()
  })
}
