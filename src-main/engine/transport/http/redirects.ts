// Where a redirect leads and what the next request is (RFC 9110 15.4). 307 and 308 repeat the request; 303, and by everybody's custom a
// POST after 301 and 302, becomes GET without a body. Credentials never follow to another origin, and nothing that was asked for over TLS
// goes on in plaintext.

import { fail } from '../../../../shared/base/error.ts'
import { formatAddress } from '../address.ts'
import type { HttpReply, HttpRequestParts } from './types.ts'
import { headerOf } from './types.ts'

/** Where a request went. */
export interface Origin {
  readonly isTls: boolean
  /** `Host` as it was sent. */
  readonly host: string
}

/** The next request and where it goes; `address` undefined: the same connection. */
export interface Hop {
  readonly parts: HttpRequestParts
  readonly origin: Origin
  readonly address: string | undefined
}

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** About a body that is no longer sent. */
const ofBody = /^(content-(length|type|encoding|language|location)|transfer-encoding|expect)$/i
const secret = /^(authorization|cookie2?|www-authenticate|proxy-authorization|host)$/i

/** The request after this reply, or undefined when it is no redirect. Throws KiteError when it leads nowhere. */
export function nextHop(parts: HttpRequestParts, origin: Origin, reply: Pick<HttpReply, 'status' | 'headers'>): Hop | undefined {
  const location = redirecting.has(reply.status) ? headerOf(reply.headers, 'location') : undefined
  if (location === undefined) return undefined
  const url = resolveLocation(location, parts.path, origin)
  if (origin.isTls && url.protocol === 'http:') throw fail('remote_or_network', 'remote', 'http.redirectToPlaintext', { location }, { hint: { key: 'http.redirectToPlaintextHint' } })
  const next: Origin = { isTls: url.protocol === 'https:', host: url.host }
  const isSame = next.isTls === origin.isTls && next.host.toLowerCase() === new URL(base(origin)).host.toLowerCase()
  const becomesGet = reply.status === 303 ? parts.method !== 'HEAD' : reply.status < 303 && parts.method === 'POST'
  const headers = parts.headers.filter(([name]) => (isSame || !secret.test(name)) && (!becomesGet || !ofBody.test(name)))
  const kept = { path: `${url.pathname}${url.search}`, headers, ...(isSame ? (parts.authority === undefined ? {} : { authority: parts.authority }) : { authority: url.host }) }
  const request: HttpRequestParts = becomesGet
    ? { ...kept, method: 'GET' }
    : { ...kept, method: parts.method, ...(parts.body === undefined ? {} : { body: parts.body }) }
  return { parts: request, origin: isSame ? origin : next, address: isSame ? undefined : addressOf(url) }
}

const base = ({ isTls, host }: Origin): string => `${isTls ? 'https' : 'http'}://${host}`

function resolveLocation(location: string, path: string, origin: Origin): URL {
  try {
    const url = new URL(location, new URL(path, base(origin)))
    if (url.protocol === 'http:' || url.protocol === 'https:') return url
  } catch {
    // Worded below.
  }
  throw fail('remote_or_network', 'remote', 'http.badLocation', { location })
}

function addressOf({ hostname, port, protocol }: URL): string {
  return formatAddress(hostname.replace(/^\[|\]$/g, ''), port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port))
}
