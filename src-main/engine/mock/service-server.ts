// Serves Thrift services on one port in all four framings, as a Kitex server would: it picks the service by `isn`, refuses in Kitex's
// words and then closes, answers nothing to oneway, carries business errors beside an empty reply, and makes a server span below the
// caller's (real-peers.md 1.6.2; Kitex server/service.go, pkg/transmeta/ttheader.go). What to say is a handler's business.

import { randomInt } from 'node:crypto'
import { createTranslator } from '../../../shared/i18n/translate.ts'
import { KiteError } from '../../../shared/base/error.ts'
import { probeMethod } from '../../../shared/model/probe.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { Attributes } from '../../../shared/model/trace.ts'
import { createMessageMeter, createThriftBinary, createThriftCompact } from '../codec/index.ts'
import type { DecodedRequest, MessageHead, MethodCodec, PayloadCodec, ReplySource } from '../codec/codec.ts'
import { systemClock } from '../kernel/clock.ts'
import { joinTrace, newTrace, traceparentKey } from '../kernel/trace-context.ts'
import type { SpanExporter } from '../telemetry/exporter.ts'
import type { Answer, Peer } from '../transport/server-connection.ts'
import { serveMessages, type MessageServer } from '../transport/server.ts'
import type { HeaderInfo, IncomingMessage } from '../transport/transport.ts'
import { bizStatusToStrings } from '../transport/ttheader/biz-status.ts'
import { intKey, stringKey } from '../transport/ttheader/keys.ts'
import { headerInt, headerString, metainfoFromHeader } from '../transport/ttheader/metainfo.ts'
import { serverSpan } from './server-span.ts'
import type { Served, ServedAnswer, ServedCall, ServedOutcome } from './served-call.ts'

export interface ServiceServerOptions {
  readonly idl: IdlSet
  readonly services: readonly ServiceDescriptor[]
  readonly host: string
  readonly port: number
  /** `service.name` of the spans. */
  readonly name: string
  /** More of who reports them, such as `service.version`. */
  readonly resource?: Attributes
  readonly exporter: Pick<SpanExporter, 'add'> | undefined
  /** May throw: the caller then gets an internal error (6), as from a Go handler that returns one. */
  handle(call: ServedCall): Promise<ServedAnswer>
  onServed?(served: Served): void
  /** Bytes of another protocol, or a frame that cannot be read. */
  onRefused?(error: KiteError, remote: string): void
}

const exceptionType = { unknownMethod: 1, internalError: 6, protocolError: 7, unknownService: 20 } as const
const gone: ServedAnswer = { outcome: { kind: 'fault', typeId: exceptionType.internalError, message: 'the caller went away' } }
const random = (): number => randomInt(0x1_0000_0000) / 0x1_0000_0000

/** Listens and serves until closed. Throws KiteError `listen`. */
export function serveThrift(options: ServiceServerOptions): Promise<MessageServer> {
  const server = new ServiceServer(options)
  return serveMessages({
    host: options.host,
    port: options.port,
    meter: createMessageMeter(),
    handler: (incoming, peer, signal) => server.answer(incoming, peer, signal),
    ...(options.onRefused === undefined ? {} : { onRefused: options.onRefused }),
  })
}

interface Selected {
  readonly service: ServiceDescriptor
  readonly method: MethodDescriptor
}
type Refusal = ServedOutcome & { readonly kind: 'fault' }

class ServiceServer {
  readonly #options: ServiceServerOptions
  readonly #binary = createThriftBinary()
  readonly #compact = createThriftCompact()
  readonly #english = createTranslator('en')

  constructor(options: ServiceServerOptions) {
    this.#options = options
  }

  async answer(incoming: IncomingMessage, peer: Peer, signal: AbortSignal): Promise<Answer> {
    // A request in Compact, which Kitex would refuse, is answered in Compact: Apache's clients speak it.
    const payload = incoming.message[0] === 0x82 ? this.#compact : this.#binary
    const head = payload.peekHead(incoming.message)
    if (head === undefined || (head.type !== 'call' && head.type !== 'oneway')) return { kind: 'close' }
    const startNs = systemClock.unixNano()
    const started = performance.now()
    const selected = select(this.#options.services, head.method, headerString(incoming.header, stringKey.service))
    if ('kind' in selected) return this.#refuse(incoming, head, peer, selected, started, payload)
    const codec = payload.forMethod(this.#options.idl, selected.service, selected.method)
    const decoded = this.#decode(codec, incoming.message)
    if ('kind' in decoded) return this.#refuse(incoming, head, peer, decoded, started, payload, codec)
    const call = callOf(incoming, peer, signal, selected, codec, decoded)
    const said = await this.#handle(call)
    const reply = selected.method.kind === 'oneway' || said === gone ? undefined : this.#encode(payload, codec, said, head)
    const final = reply?.answer ?? said
    this.#report(call, final, incoming, reply?.message.length ?? 0, startNs, started)
    if (said === gone) return { kind: 'close' }
    if (reply === undefined) return { kind: 'none' }
    return { kind: 'message', message: reply.message, header: headerOf(final), seqId: head.seqId }
  }

  #decode(codec: MethodCodec, message: Buffer): DecodedRequest | Refusal {
    try {
      return codec.decodeRequest(message)
    } catch (caught) {
      return { kind: 'fault', typeId: exceptionType.protocolError, message: this.#words(caught) }
    }
  }

  /** The span of a call that nobody waits for any more is kept: where it was when the caller left is what people look for. */
  async #handle(call: ServedCall): Promise<ServedAnswer> {
    try {
      return await this.#options.handle(call)
    } catch (caught) {
      if (call.signal.aborted) return gone
      return { outcome: { kind: 'fault', typeId: exceptionType.internalError, message: `biz error: ${this.#words(caught)}` } }
    }
  }

  /** What does not encode becomes an internal error that says why; the handler's author should see it at once. */
  #encode(payload: PayloadCodec, codec: MethodCodec, answer: ServedAnswer, head: MessageHead): { readonly message: Buffer; readonly answer: ServedAnswer } {
    try {
      // Answers made beforehand are in Binary.
      const ready = payload === this.#binary ? answer.encoded : undefined
      return { message: ready === undefined ? codec.encodeReply(sourceOf(answer.outcome), head.seqId) : withSeqId(payload.peekHead(ready), ready, head.seqId), answer }
    } catch (caught) {
      const outcome: ServedOutcome = { kind: 'fault', typeId: exceptionType.internalError, message: `biz error: ${this.#words(caught)}` }
      return { message: codec.encodeReply(sourceOf(outcome), head.seqId), answer: { ...answer, outcome } }
    }
  }

  /** Kitex answers in the sender's framing and closes. */
  #refuse(incoming: IncomingMessage, head: MessageHead, peer: Peer, outcome: Refusal, started: number, payload: PayloadCodec, known?: MethodCodec): Answer {
    const codec = known ?? this.#anyCodec(payload)
    // Who only asked what is spoken here has not called.
    if (head.method !== probeMethod) this.#options.onServed?.({
      call: undefined, method: head.method, transport: incoming.transport, peer: peer.remote, body: '', outcome, answer: undefined,
      startedAtMs: Date.now(), durationMs: performance.now() - started, traceId: undefined,
    })
    if (codec === undefined) return { kind: 'close' }
    const exception = codec.encodeReply(sourceOf(outcome), head.seqId)
    const message = renamed(exception, payload.peekHead(exception), incoming.message.subarray(0, head.length), payload === this.#compact ? 2 : 4)
    return { kind: 'message', message, header: headerOf({ outcome }), seqId: head.seqId, thenClose: true }
  }

  /** An exception has the same form whatever the method; only its name differs. */
  #anyCodec(payload: PayloadCodec): MethodCodec | undefined {
    const service = this.#options.services.find(({ methods }) => methods.length > 0)
    const method = service?.methods[0]
    return service === undefined || method === undefined ? undefined : payload.forMethod(this.#options.idl, service, method)
  }

  #report(call: ServedCall, answer: ServedAnswer, incoming: IncomingMessage, sent: number, startNs: bigint, started: number): void {
    const durationMs = performance.now() - started
    this.#options.exporter?.add(serverSpan({ call, answer, name: this.#options.name, resource: this.#options.resource ?? {}, startNs, durationMs, received: incoming.raw.length, sent }))
    this.#options.onServed?.({
      call, method: `${call.service.name}/${call.method.name}`, transport: call.transport, peer: call.peer, body: call.body, outcome: answer.outcome, answer,
      startedAtMs: Number(startNs / 1_000_000n), durationMs, traceId: call.trace.traceId,
    })
  }

  /** Goes to another program, which has no catalogue: English, as Kitex's own texts are. */
  #words(caught: unknown): string {
    return this.#english.error(KiteError.from(caught, 'mock').data)
  }
}

/** As Kitex's SearchService: by `isn` where that is known, else by a method that one service alone has. */
function select(services: readonly ServiceDescriptor[], method: string, isn: string | undefined): Selected | Refusal {
  const named = services.find(({ name }) => name === isn)
  for (const service of named === undefined ? services : [named]) {
    const found = service.methods.find(({ name }) => name === method)
    if (found !== undefined) return { service, method: found }
  }
  if (named !== undefined) return { kind: 'fault', typeId: exceptionType.unknownMethod, message: `unknown method ${method} (service ${named.name})` }
  return { kind: 'fault', typeId: exceptionType.unknownService, message: `unknown service ${isn ?? ''}, method ${method}` }
}

function callOf(incoming: IncomingMessage, peer: Peer, signal: AbortSignal, { service, method }: Selected, codec: MethodCodec, decoded: DecodedRequest): ServedCall {
  const metainfo = metainfoFromHeader(incoming.header)
  const traceparent = metainfo.transient.findLast(([key]) => key === traceparentKey)?.[1]
  return {
    service, method, codec, metainfo, signal,
    transport: incoming.transport,
    peer: peer.remote,
    caller: headerInt(incoming.header, intKey.fromService),
    body: decoded.json,
    bodyAs: (format) => codec.decodeRequest(incoming.message, format).json,
    trace: (traceparent === undefined ? undefined : joinTrace(traceparent, random)) ?? newTrace(random),
  }
}

function sourceOf(outcome: ServedOutcome): ReplySource {
  switch (outcome.kind) {
    case 'reply': return { kind: 'reply', json: outcome.json }
    case 'exception': return { kind: 'declared-exception', type: outcome.type, json: outcome.json }
    case 'biz': return { kind: 'empty' }
    case 'fault': return { kind: 'remote-exception', typeId: outcome.typeId, message: outcome.message }
  }
}

/** What ServerTTHeaderHandler writes; the connection drops it where the request came without TTHeader. */
function headerOf({ outcome, backward = [] }: ServedAnswer): HeaderInfo {
  const biz: readonly Pair[] = outcome.kind === 'biz' ? bizStatusToStrings(outcome) : []
  return { strings: [...backward, ...biz], ints: [[intKey.msgType, outcome.kind === 'fault' ? '3' : '2']] }
}

/** A message made beforehand, for this request: the head ends with the sequence id. */
function withSeqId(head: MessageHead | undefined, encoded: Buffer, seqId: number): Buffer {
  const message = Buffer.from(encoded)
  if (head !== undefined) message.writeInt32BE(seqId, head.length - 4)
  return message
}

/** The same exception under the name that was asked for: the head of the request, but for version and type, which begin it. */
function renamed(exception: Buffer, head: MessageHead | undefined, asked: Buffer, versionBytes: number): Buffer {
  return Buffer.concat([exception.subarray(0, versionBytes), asked.subarray(versionBytes), exception.subarray(head?.length ?? 0)])
}
