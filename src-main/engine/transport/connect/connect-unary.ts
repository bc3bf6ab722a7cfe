// A unary Connect call: the body is the message and nothing else, trailers are headers that begin with `trailer-`, and an error is a JSON document
// with an HTTP status that is no 200.

import { fail } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { compressionNamed, compressorOf } from '../compress/compress.ts'
import { captureOf } from '../grpc-web/enveloped-exchange.ts'
import { metadataOf, pairsInfo } from '../grpc-web/enveloped-reply.ts'
import { headerOf, type HttpLease, type HttpReply } from '../http/types.ts'
import type { Captured, Exchange, ExchangeOptions, IncomingMessage, OutgoingMessage } from '../transport.ts'
import { faultOfReply } from './connect-error.ts'
import { connectRequest } from './connect-request.ts'

const trailerPrefix = 'trailer-'
const noBytes = Buffer.alloc(0)

/** Sends one message and reads the reply. */
export async function connectExchange(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  const { route, header } = message
  if (route === undefined) throw new Error('believed: a Connect message has a route')
  const compressor = route.compress === 'none' ? undefined : await compressorOf(route.compress)
  const body = compressor === undefined ? message.message : compressor.compress(message.message)
  const http = await lease.request(connectRequest(route, header, body, false), signal, captureOf(options))
  const sent = http.captured().sent
  const sentCaptured = compressor === undefined ? sent : apart(sent, message.message)
  const reply = await incoming(http, message, await http.read(options.maxFrameBytes), options.maxFrameBytes)
  return { sent: sent.bytes, sentBytes: http.lengths().sent, sentCaptured, reply, marks: http.marks() }
}

async function incoming(http: HttpReply, { transport, route }: OutgoingMessage, raw: Buffer, maxBytes: number): Promise<IncomingMessage> {
  const pairs = metadataOf(http.headers)
  const trailer = pairs.filter(([name]) => name.startsWith(trailerPrefix)).map(([name, value]): Pair => [name.slice(trailerPrefix.length), value])
  const { received } = http.captured()
  const plain = await decompressed(http, raw, maxBytes)
  const fault = faultIn(http, plain, route?.codec === 'json' ? 'json' : 'proto', `${route?.service}/${route?.method}`)
  return {
    transport, header: pairsInfo(pairs.filter(([name]) => !name.startsWith(trailerPrefix))), trailer, raw: received.bytes, rawBytes: http.lengths().received, messageOffset: 0,
    message: fault === undefined ? plain : noBytes,
    captured: fault !== undefined ? { ...received, messages: [] } : plain !== raw || received.messages.length === 0 ? apart(received, plain) : received,
    ...(fault === undefined ? {} : { fault }),
  }
}

function faultIn({ status, headers }: HttpReply, body: Buffer, format: string, method: string): IncomingMessage['fault'] {
  if (status !== 200) return faultOfReply(status, body, method)
  const type = headerOf(headers, 'content-type') ?? '-'
  if (new RegExp(`^application/${format}\\s*(;|$)`, 'i').test(type)) return undefined
  return fail('protocol', 'remote', 'connect.other', { type }, { hint: { key: 'connect.otherHint' } }).data
}

async function decompressed(http: HttpReply, body: Buffer, maxBytes: number): Promise<Buffer> {
  const name = compressionNamed((headerOf(http.headers, 'content-encoding') ?? '').trim().toLowerCase())
  return name === 'none' || body.length === 0 ? body : (await compressorOf(name)).decompress(body, maxBytes)
}

/** The message beside bytes in which it does not stand as it is. */
const apart = (captured: Captured, message: Buffer): Captured => (captured.bytes.length === 0 ? captured : { ...captured, messages: [{ start: 0, end: captured.bytes.length, message }] })
