// Opens a session: which path, which dialect, and how kite's messages are framed. kite's Go servers speak SockJS below a base path, its
// JavaScript servers SockJS or bare texts; which of both is told by the first thing that a SockJS server says.

import { randomBytes, randomInt } from 'node:crypto'
import { KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { Dialled } from '../dial.ts'
import type { HttpRoute } from '../transport.ts'
import { shakeHands, type Shaken } from './handshake.ts'
import { JsonRpc } from './json-rpc.ts'
import { KiteDialect, type KiteAuthentication } from './kite-dialect.ts'
import { Session } from './session.ts'

/** What a session is opened for; sessions of the same `key` may be shared. */
export interface SessionPlan {
  readonly key: string
  readonly http: HttpRoute
  readonly headers: readonly Pair[]
}

/** A plan of a call. */
export const planSession = (http: HttpRoute, headers: readonly Pair[]): SessionPlan => ({ key: JSON.stringify([http.path, http.dialect, http.authority, headers]), http, headers })

export interface SessionMaker {
  readonly address: string
  /** A fresh socket; the first one may be open already. */
  readonly dial: () => Promise<Dialled>
  readonly maxBytes: number
}

/** How long a SockJS server may take to say `o`; it does so together with its handshake. */
const openFrameWithinMs = 300

/** Opens a session, or throws KiteError. */
export async function openSession(plan: SessionPlan, maker: SessionMaker, signal: AbortSignal): Promise<{ readonly session: Session; readonly dialled: Dialled }> {
  const { path, dialect } = plan.http
  if (dialect === 'jsonrpc-2.0') return await open(plan, path === '' ? '/' : path, maker, signal, () => new JsonRpc())
  const authentication = authenticationOf(plan.headers)
  if (/\/websocket(?:\?|$)/.test(path)) return await open(plan, path, maker, signal, () => new KiteDialect(authentication, isSockJsPath(path)))
  const base = path === '' ? '/kite' : path.replace(/\/$/, '')
  try {
    return await openSockJs(plan, base, maker, signal, authentication)
  } catch (caught) {
    if (!(caught instanceof KiteError) || caught.data.exception?.typeId === undefined) throw caught
    // There is a server, and it has no SockJS here.
    return await open(plan, path === '' ? '/' : path, maker, signal, () => new KiteDialect(authentication, false)).catch(() => Promise.reject(caught))
  }
}

const isSockJsPath = (path: string): boolean => /\/\d{3}\/[^/]+\/websocket(?:\?|$)/.test(path)

async function open(plan: SessionPlan, path: string, { address, dial, maxBytes }: SessionMaker, signal: AbortSignal, dialect: () => JsonRpc | KiteDialect): Promise<{ readonly session: Session; readonly dialled: Dialled }> {
  const { dialled, shaken } = await shake(plan, path, address, dial, signal)
  const session = new Session(shaken, address, maxBytes, dialect())
  await session.begin(0, signal)
  return { session, dialled }
}

/** A server that shakes hands at any path, and then says nothing, speaks bare texts. */
async function openSockJs(plan: SessionPlan, base: string, { address, dial, maxBytes }: SessionMaker, signal: AbortSignal, authentication: KiteAuthentication | undefined): Promise<{ readonly session: Session; readonly dialled: Dialled }> {
  const { dialled, shaken } = await shake(plan, `${base}/${randomInt(100, 1000)}/${randomBytes(10).toString('hex')}/websocket`, address, dial, signal)
  const dialect = new KiteDialect(authentication, undefined)
  const session = new Session(shaken, address, maxBytes, dialect)
  try {
    await session.begin(openFrameWithinMs, signal)
  } catch (caught) {
    session.close()
    throw caught
  }
  dialect.settle()
  return { session, dialled }
}

async function shake({ http: { authority }, headers }: SessionPlan, path: string, address: string, dial: () => Promise<Dialled>, signal: AbortSignal): Promise<{ readonly dialled: Dialled; readonly shaken: Shaken }> {
  const dialled = await dial()
  return { dialled, shaken: await shakeHands(dialled, address, { path, headers, authority }, signal) }
}

/** `Authorization: token <jwt>`, `kiteKey …` or `sessionID …`; a bearer token is kite's `token`. */
function authenticationOf(headers: readonly Pair[]): KiteAuthentication | undefined {
  const [, type, key] = /^(\S+)\s+(\S+)$/.exec(headers.findLast(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? '') ?? []
  if (type === undefined || key === undefined) return undefined
  return { type: type.toLowerCase() === 'bearer' ? 'token' : type, key }
}
