// From a message to a request. A mapped message (codec `json` or `protobuf`) is a whole HTTP message already; a Thrift message is the body of a POST.
// The user's own headers win over those of the mapping, in the order in which they were given.

import { fail } from '../../../../shared/base/error.ts'
import { readHttpHead } from '../../../../shared/logic/http-message.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressorOf } from '../compress/compress.ts'
import { noRoute, type OutgoingMessage } from '../transport.ts'
import { acceptEncoding } from './content-coding.ts'
import { headerOf, type HttpRequestParts } from './types.ts'

const thriftType = 'application/x-thrift'

/** Whether the message is Thrift's own and HTTP only its vehicle. */
export const carriesThrift = ({ route }: OutgoingMessage): boolean => route?.codec === 'thrift-binary' || route?.codec === 'thrift-compact'

/** A request, and its body as it was before it was compressed. */
export interface PlainRequest {
  readonly parts: HttpRequestParts
  /** Only where it was. */
  readonly uncompressed?: Buffer
}

/** The request that carries a message. Throws KiteError. */
export async function requestOf(message: OutgoingMessage): Promise<PlainRequest> {
  const { route, header } = message
  const { path, authority } = route?.http ?? noRoute
  const mapped = carriesThrift(message) ? thriftPost(message, path) : mappedRequest(message, path)
  const headers = withDefaults(merge(mapped.headers, header.strings))
  const request = { method: mapped.method, path: mapped.path, ...(authority === undefined ? {} : { authority }) }
  const compress = route?.compress ?? 'none'
  if (mapped.body.length === 0 && !carriesThrift(message)) return { parts: { ...request, headers } }
  if (compress === 'none') return { parts: { ...request, headers, body: mapped.body } }
  const body = (await compressorOf(compress)).compress(mapped.body)
  return { parts: { ...request, headers: [...headers.filter(([name]) => name.toLowerCase() !== 'content-encoding'), ['Content-Encoding', compress]], body }, uncompressed: mapped.body }
}

interface Mapped { readonly method: string; readonly path: string; readonly headers: readonly Pair[]; readonly body: Buffer }

function thriftPost({ message }: OutgoingMessage, path: string): Mapped {
  return { method: 'POST', path: path === '' ? '/' : path, headers: [['Content-Type', thriftType], ['Accept', thriftType]], body: message }
}

function mappedRequest({ message }: OutgoingMessage, prefix: string): Mapped {
  const head = readHttpHead(message)
  const [, method, path] = /^(\S+) (\S+)/.exec(head?.start ?? '') ?? []
  if (head === undefined || method === undefined || path === undefined) throw fail('internal', 'frame', 'http.noMessage')
  return { method, path: prefixed(prefix, path), headers: head.headers, body: message.subarray(head.bodyAt) }
}

/** The route's path stands before the method's own. */
function prefixed(prefix: string, path: string): string {
  if (prefix === '' || prefix === '/') return path
  return `${prefix.startsWith('/') ? '' : '/'}${prefix.replace(/\/$/, '')}${path}`
}

/** Cookies of both sides are joined, since a request has one `Cookie` (RFC 6265 5.4). */
function merge(mapped: readonly Pair[], own: readonly Pair[]): readonly Pair[] {
  const taken = new Set(own.map(([name]) => name.toLowerCase()))
  const kept = mapped.filter(([name]) => !taken.has(name.toLowerCase()))
  const cookie = taken.has('cookie') ? headerOf(mapped, 'cookie') : undefined
  return [...kept, ...(cookie === undefined ? own : own.map(([name, value]): Pair => (name.toLowerCase() === 'cookie' ? [name, `${cookie}; ${value}`] : [name, value])))]
}

/** What every request client says unless told otherwise. */
function withDefaults(headers: readonly Pair[]): readonly Pair[] {
  const missing = ([name]: Pair): boolean => headerOf(headers, name) === undefined
  const defaults: readonly Pair[] = [['User-Agent', 'kite-console'], ['Accept', '*/*'], ['Accept-Encoding', acceptEncoding]]
  return [...defaults.filter(missing), ...headers]
}
