// From an open socket to a WebSocket (RFC 6455 4): an HTTP request that asks for the switch, the user's headers on it, and a reply that proves
// that the server understood.

import { createHash, randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { Dialled } from '../dial.ts'
import { HttpConnection } from '../http/connection.ts'
import { headerOf, type HttpReply } from '../http/types.ts'
import type { Captured } from '../transport.ts'

export interface HandshakeRequest {
  readonly path: string
  readonly headers: readonly Pair[]
  readonly authority: string | undefined
}

/** A socket that speaks WebSocket from here on. */
export interface Shaken {
  readonly socket: Socket
  /** Frames that came together with the reply. */
  readonly early: Buffer
  /** Of the reply. */
  readonly headers: readonly Pair[]
  readonly sent: Captured
  readonly received: Captured
}

const acceptSalt = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** What is read of the body of a refusal. */
const refusalBytes = 64 * 1024

/** Shakes hands on a socket, which is destroyed where that fails. */
export async function shakeHands(dialled: Dialled, address: string, { path, headers, authority }: HandshakeRequest, signal: AbortSignal): Promise<Shaken> {
  const connection = new HttpConnection(dialled, address)
  const key = randomBytes(16).toString('base64')
  try {
    const asking: readonly Pair[] = [['Upgrade', 'websocket'], ['Connection', 'Upgrade'], ['Sec-WebSocket-Key', key], ['Sec-WebSocket-Version', '13']]
    const taken = new Set(asking.map(([name]) => name.toLowerCase()))
    const own = headers.filter(([name]) => !taken.has(name.toLowerCase()))
    const reply = await connection.request({ method: 'GET', path, headers: [...asking, ...own], ...(authority === undefined ? {} : { authority }) }, signal)
    if (reply.status !== 101) throw await refused(reply, path)
    if (headerOf(reply.headers, 'sec-websocket-accept') !== createHash('sha1').update(key + acceptSalt).digest('base64')) throw fail('remote_or_network', 'frame', 'ws.badAccept', { path })
    const { socket, early } = connection.takeSocket()
    const { sent, received } = reply.captured()
    return { socket, early, headers: [[':status', `101 ${reply.reason}`], ...reply.headers], sent, received }
  } catch (caught) {
    connection.close()
    throw caught
  }
}

async function refused(reply: HttpReply, path: string): Promise<KiteError> {
  const body = await reply.read(refusalBytes).then((bytes) => bytes.toString().trim().slice(0, 200), () => '')
  return fail('remote_or_network', 'remote', body === '' ? 'ws.refused' : 'ws.refusedWith', { status: reply.status, reason: reply.reason, path, body }, {
    exception: { type: `HTTP ${reply.status}`, typeId: reply.status }, hint: { key: 'ws.refusedHint' },
  })
}
