// gRPC-Web over HTTP/1.1: a POST whose body is one envelope, and a reply of envelopes of which the last holds the trailers as header lines.
// Source: gRPC "PROTOCOL-WEB.md".

import { fail } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressorOf } from '../compress/compress.ts'
import { encodeMetadata } from '../grpc/metadata.ts'
import { timeoutText } from '../grpc/request-fields.ts'
import { faultOf } from '../grpc/status.ts'
import { headerOf, type HttpLease, type HttpProtocol, type HttpRequestParts, type ReplyHead } from '../http/types.ts'
import type { CallRoute, Exchange, ExchangeOptions, HeaderInfo, MessageStream, OutgoingMessage, StreamOpening } from '../transport.ts'
import { type Ending, type EnvelopeRules, metadataOf } from './enveloped-reply.ts'
import { envelopedExchange } from './enveloped-exchange.ts'
import { EnvelopedStream } from './enveloped-stream.ts'

export const grpcWeb: HttpProtocol = { exchange, open }

const contentTypes = { json: 'application/grpc-web+json', protobuf: 'application/grpc-web+proto' } as const
/** `application/grpc-web-text` has base64 bodies. */
const contentType = /^application\/grpc-web(-text)?(\+|;|\s|$)/i

export const grpcWebRules: EnvelopeRules = {
  endFlag: 0x80,
  encodingHeader: 'grpc-encoding',
  kindOf: ({ status, headers }) => {
    const match = contentType.exec(headerOf(headers, 'content-type') ?? '')
    if (status !== 200 || match === null) return undefined
    return match[1] === undefined ? 'envelopes' : 'text'
  },
  refusal: (head, _body, method) => {
    const trailer = trailersInHead(head)
    const type = headerOf(head.headers, 'content-type') ?? '-'
    const hasStatus = headerOf(head.headers, 'grpc-status') !== undefined
    if (head.status === 200 && !hasStatus) return { trailer: [], fault: fail('protocol', 'remote', 'grpc.webOther', { type }, { hint: { key: 'grpc.webOtherHint' } }).data }
    return ended(hasStatus ? trailer : [], head, method)
  },
  ending: (content, method) => ended(trailersOf(content), undefined, method),
  missing: (head, method) => ended(headerOf(head.headers, 'grpc-status') === undefined ? [] : trailersInHead(head), head, method),
}

function ended(trailer: readonly Pair[], head: ReplyHead | undefined, method: string): Ending {
  const fault = faultOf(trailer, { method, ...(head === undefined ? {} : { httpStatus: head.status }) })
  return fault === undefined ? { trailer } : { trailer, fault }
}

/** Where a call ended at once its trailers are the header; what is HTTP's own among them is left out. */
const trailersInHead = ({ headers }: ReplyHead): readonly Pair[] => metadataOf(headers).filter(([name]) => !httpNames.has(name))

const httpNames: ReadonlySet<string> = new Set(['content-type', 'content-length', 'transfer-encoding', 'connection', 'keep-alive', 'date', 'server', 'vary', 'grpc-encoding', 'grpc-accept-encoding'])

/** Header lines, their names in lower case. */
function trailersOf(content: Buffer): readonly Pair[] {
  const lines = content.toString('utf8').split(/\r?\n/)
  return metadataOf(lines.flatMap((line): readonly Pair[] => {
    const colon = line.indexOf(':')
    return colon <= 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()]]
  }))
}

function requestOf(route: CallRoute, header: HeaderInfo, body: Buffer): HttpRequestParts {
  const type = route.codec === 'json' ? contentTypes.json : contentTypes.protobuf
  const headers: readonly Pair[] = [
    ['Content-Type', type],
    ['Accept', type],
    ['X-Grpc-Web', '1'],
    ['User-Agent', 'kite-console'],
    ['Grpc-Accept-Encoding', 'identity,gzip'],
    ...(route.compress === 'none' ? [] : [['Grpc-Encoding', route.compress] satisfies Pair]),
    ...(route.timeoutMs > 0 ? [['Grpc-Timeout', timeoutText(route.timeoutMs)] satisfies Pair] : []),
    ...encodeMetadata(header.strings),
  ]
  const { authority } = route.http
  return { method: 'POST', path: methodPath(route), headers, body, ...(authority === undefined ? {} : { authority }) }
}

/** The method's path behind that of the request. */
export const methodPath = ({ http: { path }, service, method }: CallRoute): string => `${path === '' || path.startsWith('/') ? path.replace(/\/+$/, '') : `/${path.replace(/\/+$/, '')}`}/${service}/${method}`

async function exchange(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  const { route, header } = message
  if (route === undefined) throw new Error('believed: a gRPC-Web message has a route')
  return await envelopedExchange({ lease, message, route, options, rules: grpcWebRules, request: (body) => requestOf(route, header, body) }, signal)
}

async function open(lease: HttpLease, opening: StreamOpening, signal: AbortSignal): Promise<MessageStream> {
  const { route, header } = opening
  // What cannot be sent is said before anything is.
  requestOf(route, header, Buffer.alloc(0))
  const compressor = route.compress === 'none' ? undefined : await compressorOf(route.compress)
  return new EnvelopedStream({ lease, opening, rules: grpcWebRules, compressor, request: (body) => requestOf(route, header, body) }, signal)
}
