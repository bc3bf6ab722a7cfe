// The end of the chain: body to bytes, bytes over the connection, bytes to a reply. The reply is read by what it is, not by what was asked
// (a Kitex server answers in kind, others need not).

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail, KiteError } from '../../../shared/base/error.ts'
import type { WireDecision } from '../../../shared/model/chain.ts'
import { exceptionTypeName } from '../../../shared/model/exception-names.ts'
import type { CodecName, DecodedReply, MessageHead } from '../codec/codec.ts'
import { routeOf } from '../kernel/call-route.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { failedReply, okReply, thrownReply, withNote, type Note, type Reply, type WireFrames } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { stringKey } from '../transport/ttheader/keys.ts'
import { headerString } from '../transport/ttheader/metainfo.ts'
import { writeFrame } from '../transport/frame-writer.ts'
import { noHeader, transportNames, type Exchange, type IncomingMessage, type Lease, type MessageMeter, type OutgoingMessage } from '../transport/transport.ts'

export interface WireOptions {
  readonly codec: CodecName
  readonly meter: MessageMeter
  readonly clock: Clock
  readonly nextSeqId: () => number
}

export const wire = (options: WireOptions): Middleware => ({
  kind: 'wire',
  name: 'wire',
  async call(ctx) {
    const { lease } = ctx
    if (lease === undefined) return failedReply(fail('get_connection', 'connection', 'chain.nothingConnected').data)
    let outgoing: OutgoingMessage
    try {
      outgoing = encode(ctx, options)
    } catch (caught) {
      return thrownReply(caught, 'codec')
    }
    return exchange(ctx, lease, outgoing, options)
  },
})

/** The message that was encoded beforehand serves the first time; further attempts need a sequence id of their own. */
function encode(ctx: RpcInfo, options: WireOptions): OutgoingMessage {
  const { invocation: { prepared, body, codec }, config: { transport }, header = noHeader, attempt } = ctx
  const fresh = prepared === undefined || prepared.body !== body || attempt !== 1
  const seqId = fresh ? options.nextSeqId() : prepared.seqId
  const message = fresh ? codec.encodeRequest(body, seqId) : prepared.message
  return framed.has(transport) ? { transport, header, seqId, message } : { transport, header, seqId, message, route: routeOf(ctx, options.codec, options.clock) }
}

/** Their messages name the method themselves. */
const framed: ReadonlySet<string> = new Set(transportNames)

async function exchange(ctx: RpcInfo, lease: Lease, outgoing: OutgoingMessage, options: WireOptions): Promise<Reply> {
  const { oneway } = ctx.invocation
  let done: Exchange
  try {
    done = await lease.exchange(outgoing, { oneway, meter: options.meter, maxFrameBytes: ctx.config.maxMessageBytes, capture: ctx.config.capture }, ctx.signal)
  } catch (caught) {
    const sent = sentBytes(outgoing)
    const reply = thrownReply(caught, 'connection', { bytes: { sent: sent.length, received: 0 }, frames: framesOf(ctx, { sent }), transport: outgoing.transport, codec: options.codec })
    return ctx.stats === 'disabled' ? reply : withNote(reply, { verdict: 'failed', reason: reply.error?.text ?? { key: 'chain.failed' } })
  }
  const { reply: incoming } = done
  const said = incoming === undefined ? okReply(undefined) : read(ctx, incoming, outgoing.seqId)
  const bytes = sizesOf(done)
  const frames = framesOf(ctx, done)
  const transport = incoming?.transport ?? outgoing.transport
  const { codec } = options
  // Copied once with all that belongs to it: this runs for every call.
  return ctx.stats === 'disabled' ? { ...said, bytes, frames, transport, codec } : { ...said, bytes, frames, transport, codec, note: noteOf(done, said, outgoing.seqId, codec) }
}

function read(ctx: RpcInfo, incoming: IncomingMessage, seqId: number): Reply {
  const { header, trailer, fault } = incoming
  const pairs = trailer === undefined ? { header } : { header, trailer }
  if (fault !== undefined) return failedReply(fault, { ...pairs, ...bodyOf(ctx, incoming) })
  // Beside a business error the result is empty, and its emptiness is no fault.
  if (hasBizStatus(incoming)) return okReply(undefined, pairs)
  let decoded: DecodedReply
  try {
    decoded = ctx.invocation.codec.decodeReply(incoming.message, ctx.config.format)
  } catch (caught) {
    return failedReply(undecodable(caught), pairs)
  }
  const mismatch = decoded.head === undefined || decoded.head.type === 'exception' ? undefined : headMismatch(ctx, decoded.head, seqId)
  if (mismatch !== undefined) return failedReply(mismatch, pairs)
  switch (decoded.kind) {
    case 'reply':
      return okReply(decoded.json, { ...pairs, warnings: decoded.warnings })
    case 'declared-exception':
      return failedReply(fail('exception', 'remote', 'chain.declaredException', { type: decoded.type }, { exception: { type: decoded.type, json: decoded.json } }).data, pairs)
    case 'remote-exception':
      return failedReply(remoteException(ctx, decoded.typeId, decoded.message), pairs)
  }
}

/** A refusal may have a body that can be read all the same: an HTTP status of 404 with its explanation. */
function bodyOf(ctx: RpcInfo, { message }: IncomingMessage): Partial<Reply> {
  if (message.length === 0) return {}
  try {
    const decoded = ctx.invocation.codec.decodeReply(message, ctx.config.format)
    return decoded.kind === 'reply' ? { response: decoded.json } : {}
  } catch {
    return {}
  }
}

const hasBizStatus = ({ header }: IncomingMessage): boolean => (headerString(header, stringKey.bizStatus) ?? '0') !== '0'

/** A reply that cannot be read is the remote's or the IDL's fault, never the body's. */
function undecodable(caught: unknown): ErrorData {
  const { data } = KiteError.from(caught, 'codec')
  const error = data.code === 'internal' || data.code === 'body' ? { ...data, code: 'remote_or_network' as const } : data
  return error.hint === undefined ? { ...error, hint: { key: 'chain.undecodableHint' } } : error
}

/** Kitex's client checks both of a reply (pkg/remote/codec/util.go), and neither of an exception. */
function headMismatch({ invocation }: RpcInfo, head: MessageHead, seqId: number): ErrorData | undefined {
  if (head.method !== invocation.method) return fail('remote_or_network', 'codec', 'chain.wrongMethodName', { expected: invocation.method, actual: head.method }).data
  if (head.seqId !== seqId) return fail('remote_or_network', 'codec', 'chain.badSequenceId', { expected: seqId, actual: head.seqId }).data
  return undefined
}

/** TApplicationException, which Kitex's client prints as "remote or network error[remote]: …". */
function remoteException({ invocation, to }: RpcInfo, typeId: number, message: string): ErrorData {
  const unknown = typeId === 1 || typeId === 20
  const hint = unknown ? { key: typeId === 1 ? 'chain.remoteUnknownMethodHint' : 'chain.remoteUnknownServiceHint', params: { method: invocation.method, idlService: invocation.service, service: to.service } } : undefined
  return fail('remote_or_network', 'remote', 'chain.remoteException', { typeId, name: exceptionName(typeId), message }, {
    exception: { type: exceptionName(typeId), typeId },
    ...(hint === undefined ? {} : { hint }),
  }).data
}

const exceptionName = (typeId: number): string => exceptionTypeName(typeId) ?? `type ${typeId}`

function sentBytes(outgoing: OutgoingMessage): Buffer {
  if (!framed.has(outgoing.transport)) return outgoing.message
  try {
    return writeFrame(outgoing)
  } catch {
    return Buffer.alloc(0)
  }
}

function framesOf({ attempt, stats, config }: RpcInfo, { sent, sentCaptured, reply }: Pick<Exchange, 'sent' | 'sentCaptured' | 'reply'>): readonly WireFrames[] {
  if (stats === 'disabled') return []
  if (framed.has(config.transport)) return [reply === undefined ? { attempt, sent } : { attempt, sent, received: reply.raw }]
  return [{
    attempt, sent,
    ...(sentCaptured === undefined ? {} : { sentCaptured }),
    ...(reply === undefined ? {} : { received: reply.raw }),
    ...(reply?.captured === undefined ? {} : { receivedCaptured: reply.captured }),
  }]
}

/** What crossed the wire, which may be more than what was kept of it. */
const sizesOf = ({ sent, sentBytes, reply }: Exchange): Reply['bytes'] => ({ sent: sentBytes ?? sent.length, received: reply?.rawBytes ?? reply?.raw.length ?? 0 })

function noteOf(done: Exchange, reply: Pick<Reply, 'error' | 'outcome'>, seqId: number, codec: CodecName): Note {
  const { marks, reply: incoming } = done
  const readStart = marks.readStart ?? marks.writeFinish
  const nanos = (from: number, to: number): number => Math.round((to - from) * 1e6)
  const decision: WireDecision = {
    kind: 'wire', transport: incoming?.transport ?? 'oneway', codec, ...sizesOf(done), seqId,
    writeNs: nanos(marks.writeStart, marks.writeFinish), waitNs: nanos(marks.writeFinish, readStart), readNs: nanos(readStart, marks.readFinish ?? readStart),
  }
  const params = { sent: decision.sent, received: decision.received, waitMs: Math.round(decision.waitNs / 1e3) / 1e3, transport: decision.transport }
  if (reply.error !== undefined) return { verdict: reply.outcome === 'exception' ? 'pass' : 'failed', reason: reply.error.text, decision }
  return { verdict: 'pass', reason: { key: incoming === undefined ? 'chain.wireOneway' : 'chain.wireExchanged', params }, decision }
}
