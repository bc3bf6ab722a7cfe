// The header fields of a gRPC request (gRPC "PROTOCOL-HTTP2.md", Request-Headers; Kitex pkg/remote/trans/nphttp2). Those that are the same for every
// call of a method are one list that is kept, so that HTTP/2 can write them from memory.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { CallRoute, HeaderInfo } from '../transport.ts'
import { encodeMetadata } from './metadata.ts'

const userAgent: Pair = ['user-agent', 'kite-console']

/**
 * What we read. A Kitex server built without its gzip codec takes the first it knows of this list and fails every call where `identity` is not
 * in it (real Kitex v0.16.3); this very order is what grpc-js sends and is known to work there.
 */
const accepts = 'identity,deflate,gzip'

const kept = new Map<string, readonly Pair[]>()
const mostKept = 1024

/** Fields that last from call to call; the same list for the same route. */
export function lastingFields(route: CallRoute, address: string, secure: boolean): readonly Pair[] {
  const authority = route.http.authority ?? address
  const key = `${route.service}\0${route.method}\0${authority}\0${route.codec}\0${route.language}\0${route.compress}\0${secure ? 's' : ''}`
  const known = kept.get(key)
  if (known !== undefined) return known
  if (kept.size >= mostKept) kept.clear()
  const fields = makeFields(route, authority, secure)
  kept.set(key, fields)
  return fields
}

function makeFields(route: CallRoute, authority: string, secure: boolean): readonly Pair[] {
  const { compress } = route
  const known = accepts.includes(compress) || compress === 'none'
  return [
    [':method', 'POST'],
    [':scheme', secure ? 'https' : 'http'],
    [':path', `/${route.service}/${route.method}`],
    [':authority', authority.startsWith('/') || authority.startsWith('unix:') ? 'localhost' : authority],
    ['te', 'trailers'],
    ['content-type', contentType(route)],
    ...(compress === 'none' ? [] : [['grpc-encoding', compress] satisfies Pair]),
    ['grpc-accept-encoding', known ? accepts : `${accepts},${compress}`],
    userAgent,
  ]
}

/** Plain `application/grpc` is Protobuf; Kitex names Thrift so (kitex.md 1.10). */
function contentType({ codec, language }: CallRoute): string {
  if (codec === 'json') return 'application/grpc+json'
  return language === 'thrift' ? 'application/grpc+thrift' : 'application/grpc'
}

/** Fields of this call alone: its deadline and the user's metadata. Throws KiteError for metadata that cannot be sent. */
export function passingFields(route: CallRoute, header: HeaderInfo): readonly Pair[] {
  const metadata = header.strings.length === 0 ? [] : encodeMetadata(header.strings)
  return route.timeoutMs > 0 ? [['grpc-timeout', timeoutText(route.timeoutMs)], ...metadata] : metadata
}

/** At most eight digits and a unit; rounded up, so that it is never nothing. */
export function timeoutText(timeoutMs: number): string {
  const micros = Math.ceil(timeoutMs * 1000)
  if (micros < 1e8) return `${micros}u`
  const ms = Math.ceil(timeoutMs)
  if (ms < 1e8) return `${ms}m`
  return `${Math.min(Math.ceil(timeoutMs / 1000), 99_999_999)}S`
}
