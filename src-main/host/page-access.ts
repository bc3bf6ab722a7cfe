// Who may use a served page. The printed address holds a token that works once; using it gives the browser a cookie for this server.
// Host and Origin are checked on every request, so that neither a page elsewhere nor a name that was re-pointed to loopback (DNS rebinding)
// gets in, whatever cookies the browser would send along.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { hostname } from 'node:os'
import { isIP } from 'node:net'

/** The state of one server's access. */
export class PageAccess {
  readonly token = secret()
  readonly #session = secret()
  readonly #cookie: string
  readonly #allowRemote: boolean
  #isUsed = false

  /** The port is part of the cookie's name, since browsers share cookies among the ports of a host. */
  constructor(port: number, allowRemote: boolean) {
    this.#cookie = `kite_session_${port}`
    this.#allowRemote = allowRemote
  }

  /** The cookie to set for the first who brings the token; undefined for everybody else. */
  redeem(token: string): string | undefined {
    if (this.#isUsed || !isSame(token, this.token)) return undefined
    this.#isUsed = true
    return `${this.#cookie}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`
  }

  knows({ cookie }: IncomingHttpHeaders): boolean {
    const found = cookie?.split(';').map((pair) => pair.trim().split('=')).find(([name]) => name === this.#cookie)?.[1]
    return found !== undefined && isSame(found, this.#session)
  }

  /** Is the Host header a name of this machine's own loopback (any port: it may be forwarded), or, when remote is allowed, of this machine. */
  isOwnHost({ host }: IncomingHttpHeaders): boolean {
    const name = host === undefined ? undefined : hostnameOf(`http://${host}`)
    if (name === undefined) return false
    if (isLoopback(name)) return true
    return this.#allowRemote && (isIP(name) !== 0 || name === hostname().toLowerCase())
  }

  /** Does the Origin header name the very host that was asked. `required`: browsers always send it with a WebSocket. */
  isOwnOrigin({ origin, host }: IncomingHttpHeaders, required: boolean): boolean {
    if (origin === undefined) return !required
    return origin === `http://${host ?? ''}` || origin === `https://${host ?? ''}`
  }
}

/** Names that lead nowhere but to this machine. */
export const isLoopback = (name: string): boolean => name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'))

/** 256 random bits. */
function secret(): string {
  return randomBytes(32).toString('base64url')
}

/** Takes the same time whatever is wrong. */
function isSame(given: string, wanted: string): boolean {
  const [a, b] = [given, wanted].map((text) => createHash('sha256').update(text).digest())
  return a !== undefined && b !== undefined && timingSafeEqual(a, b)
}

function hostnameOf(url: string): string | undefined {
  try {
    const { hostname: name } = new URL(url)
    return name.replace(/^\[|\]$/g, '').toLowerCase()
  } catch {
    return undefined
  }
}
