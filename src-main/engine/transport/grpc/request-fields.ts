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

/** A list that is kept, and what it was made for. */
interface Kept {
  readonly authority: string
  readonly codec: CallRoute['codec']
  readonly language: CallRoute['language']
  readonly compress: CallRoute['compress']
  readonly secure: boolean
  readonly fields: readonly Pair[]
}

/** By service and method, not by one joined key: this is asked for every call, and joining would make a text each time. */
const kept = new Map<string, Map<string, Kept[]>>()
const mostVariants = 64

/** Fields that last from call to call; the same list for the same route. */
export function lastingFields(route: CallRoute, address: string, secure: boolean): readonly Pair[] {
  const authority = route.http.authority ?? address
  const variants = variantsOf(route.service, route.method)
  for (const one of variants) if (one.authority === authority && one.secure === secure && one.codec === route.codec && one.compress === route.compress && one.language === route.language) return one.fields
  if (variants.length >= mostVariants) variants.length = 0
  const { codec, language, compress } = route
  const fields = makeFields(route, authority, secure)
  variants.push({ authority, codec, language, compress, secure, fields })
  return fields
}

function variantsOf(service: string, method: string): Kept[] {
  const methods = kept.get(service) ?? new Map<string, Kept[]>()
  kept.set(service, methods)
  const variants = methods.get(method) ?? []
  methods.set(method, variants)
  return variants
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
