// One call over plain HTTP: request, redirects, body, and what the status means. A reply is handed on as an HTTP message for the codec that
// maps it, or as the Thrift message that its body is.

import { STATUS_CODES } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { ErrorData } from '../../../../shared/base/error.ts'
import { fail, KiteError } from '../../../../shared/base/error.ts'
import { writeHttpHead } from '../../../../shared/logic/http-message.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { evidenceOf } from '../foreign.ts'
import { noRoute, type Captured, type Exchange, type ExchangeOptions, type IncomingMessage, type OutgoingMessage } from '../transport.ts'
import { joinCaptured, messageApart } from './captured.ts'
import { undoContentCoding, type PlainBody } from './content-coding.ts'
import { carriesThrift, requestOf } from './plain-request.ts'
import { nextHop, type Origin } from './redirects.ts'
import { headerOf, type HttpLease, type HttpProtocol, type HttpReply, type HttpRequestParts } from './types.ts'

export const plainHttp: HttpProtocol = { exchange }

/** One request and its reply, of which there are several when redirects are followed. */
interface Leg {
  readonly reply: HttpReply
  readonly body: Buffer
  /** The request's body before it was compressed. */
  readonly uncompressed: Buffer | undefined
}

function exchange(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  return options.oneway ? sendOneway(lease, message, options, signal) : ask(lease, message, options, signal)
}

/** How long a server may take to refuse a oneway message; some never answer one (Apache Thrift's for Node), others do with an empty body. */
const refusalWithinMs = 50

/** The message has gone once the system has it; a refusal that comes at once is told. */
async function sendOneway(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  const { parts } = await requestOf(message)
  const writeStart = performance.now()
  let written: (sent: Captured) => void = () => undefined
  const sending = new Promise<Captured>((resolve) => (written = resolve))
  const answered = requestOnce(lease, parts, options, signal, written)
  const sent = await Promise.race([sending, answered.then(() => sending)])
  const writeFinish = performance.now()
  const said = await Promise.race([answered.catch(() => undefined), delay(refusalWithinMs)])
  const fault = said === undefined ? undefined : statusFault(said.reply.status, said.reply.reason)
  if (fault !== undefined) throw new KiteError(fault)
  return { sent: sent.bytes, sentCaptured: sent, marks: { writeStart, writeFinish } }
}

async function ask(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<Exchange> {
  const { legs, hops } = await follow(lease, message, options, signal)
  const last = legs.at(-1)
  const first = legs[0]
  if (last === undefined || first === undefined) throw new Error('believed: a request has a reply')
  const captures = legs.map(({ reply }) => reply.captured())
  const sent = joinCaptured(captures.map((one, index) => apart(one.sent, legs[index]?.uncompressed)))
  const { writeStart, writeFinish, readStart } = first.reply.marks()
  const marks = { writeStart, writeFinish: writeFinish === 0 ? readStart : writeFinish, readStart: last.reply.marks().readStart, readFinish: last.reply.marks().readFinish }
  const sentBytes = legs.reduce((sum, { reply }) => sum + reply.lengths().sent, 0)
  return { sent: sent.bytes, sentBytes, sentCaptured: sent, reply: await incoming(message, last, { earlier: captures.slice(0, -1).map((one) => one.received), rawBytes: legs.reduce((sum, { reply }) => sum + reply.lengths().received, 0), hops }, options), marks }
}

async function follow(lease: HttpLease, message: OutgoingMessage, options: ExchangeOptions, signal: AbortSignal): Promise<{ readonly legs: readonly Leg[]; readonly hops: readonly Pair[] }> {
  const limit = (message.route?.http ?? noRoute).redirects
  const legs: Leg[] = []
  const hops: Pair[] = []
  const request = await requestOf(message)
  let { parts } = request
  let at = lease
  let origin: Origin = { isTls: lease.isTls, host: headerOf(parts.headers, 'host') ?? parts.authority ?? lease.address }
  for (;;) {
    const leg = await requestOnce(at, parts, options, signal)
    legs.push({ ...leg, uncompressed: parts.body === undefined ? undefined : request.uncompressed })
    const hop = limit === 0 ? undefined : nextHop(parts, origin, leg.reply)
    if (hop === undefined) return { legs, hops }
    const location = headerOf(leg.reply.headers, 'location') ?? ''
    hops.push([':redirect', `${leg.reply.status} ${parts.method} ${parts.path} -> ${location}`])
    if (hops.length > limit) throw fail('remote_or_network', 'remote', 'http.tooManyRedirects', { limit, location }, { hint: { key: 'http.tooManyRedirectsHint' } })
    // The same origin over a connection that the server has closed needs a new one too.
    const address = hop.address ?? (closes(leg.reply) ? at.address : undefined)
    if (address !== undefined) at = await lease.elsewhere(address, hop.origin.isTls, signal)
    parts = hop.parts
    origin = hop.origin
  }
}

const closes = ({ version, headers }: HttpReply): boolean => {
  if (version === '2') return false
  const said = (headerOf(headers, 'connection') ?? '').toLowerCase()
  return said.includes('close') || (version === '1.0' && !said.includes('keep-alive')) || (headerOf(headers, 'content-length') === undefined && headerOf(headers, 'transfer-encoding') === undefined)
}

async function requestOnce(lease: HttpLease, parts: HttpRequestParts, { maxFrameBytes }: ExchangeOptions, signal: AbortSignal, onWritten?: (sent: Captured) => void): Promise<Omit<Leg, 'uncompressed'>> {
  const reply = await lease.request(parts, signal, onWritten === undefined ? {} : { onWritten })
  return { reply, body: await reply.read(maxFrameBytes) }
}

/** The redirects before the last reply. */
interface Before {
  readonly earlier: readonly Captured[]
  /** Of all replies. */
  readonly rawBytes: number
  readonly hops: readonly Pair[]
}

async function incoming(message: OutgoingMessage, { reply, body }: Leg, { earlier, rawBytes, hops }: Before, { maxFrameBytes }: ExchangeOptions): Promise<IncomingMessage> {
  const plain = await undoContentCoding(reply.headers, body, maxFrameBytes)
  const { status, reason, headers } = reply
  const isThrift = carriesThrift(message)
  const fault = isThrift ? thriftFault(reply, plain) : statusFault(status, reason)
  const strings: readonly Pair[] = [[':status', `${status}${reason === '' ? '' : ` ${reason}`}`], ...hops, ...headers]
  const trailer = reply.trailers()
  const own = reply.captured().received
  const isWhole = plain.codings.length === 0 && own.messages.length === 1
  const received = joinCaptured([...earlier, isWhole ? own : apart(own, plain.bytes)])
  return {
    transport: 'http',
    header: { strings, ints: [] },
    ...(trailer.length === 0 ? {} : { trailer }),
    ...(fault === undefined ? {} : { fault }),
    captured: received,
    message: isThrift ? (fault === undefined ? plain.bytes : noBytes) : Buffer.concat([writeHttpHead(`${status} ${reason}`, afterCoding(headers, plain)), plain.bytes]),
    raw: received.bytes,
    rawBytes,
    messageOffset: isWhole ? received.messages.at(-1)?.start ?? 0 : 0,
  }
}

const apart = (captured: Captured, message: Buffer | undefined): Captured => (message === undefined || message.length === 0 ? captured : messageApart(captured, message, 'body'))

/** The headers of the body as it is now: of its codings only one that is not known is left. */
const afterCoding = (headers: readonly Pair[], { unknown }: PlainBody): readonly Pair[] => (
  headers.flatMap(([name, value]): readonly Pair[] => (name.toLowerCase() !== 'content-encoding' ? [[name, value]] : unknown === undefined ? [] : [[name, unknown]])))

const noBytes = Buffer.alloc(0)

/** From 400 on a status is a refusal; a redirect that is not followed is none. HTTP/2 has no reasons, so the usual one is told. */
function statusFault(status: number, reason: string): ErrorData | undefined {
  if (status < 400) return undefined
  const hint = status === 401 || status === 404 ? `http.status${status}Hint` : status < 500 ? 'http.status4xxHint' : 'http.status5xxHint'
  return fail('remote_or_network', 'remote', 'http.status', { status, reason: reason === '' ? STATUS_CODES[status] ?? '' : reason }, { exception: { type: `HTTP ${status}`, typeId: status }, hint: { key: hint } }).data
}

/** Some servers answer an exception with 500 and the Thrift message of it: then the message tells more than the status. */
function thriftFault(reply: HttpReply, { bytes }: PlainBody): ErrorData | undefined {
  const type = headerOf(reply.headers, 'content-type') ?? ''
  const isThrift = /^application\/(x-thrift|vnd\.apache\.thrift)/i.test(type)
  if (isThrift && bytes.length > 0) return undefined
  const refused = statusFault(reply.status, reply.reason)
  // Apache's Node server names no type at all.
  if (refused === undefined && type === '' && bytes.length > 0) return undefined
  return refused ?? fail('remote_or_network', 'remote', 'http.notThrift', { status: reply.status, type: type === '' ? '-' : type, start: evidenceOf(bytes) }, { hint: { key: 'http.notThriftHint' } }).data
}
