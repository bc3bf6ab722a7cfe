// Turns a CallRequest into a run chain and the run into a record. What outlives a call (breakers, rotations, connections, registries)
// belongs to the engine and is handed in; what is wrong with the request itself is thrown before anything is dialled.

import { fail, type Text } from '../../shared/base/error.ts'
import type { CallEvent } from '../../shared/model/call-event.ts'
import { completeRequest } from '../../shared/logic/complete-request.ts'
import { hasRoute } from '../../shared/logic/scheme-transport.ts'
import type { CallRecord, CallRequest, CallRequestInput } from '../../shared/model/call.ts'
import { balancers } from './balance/balancers.ts'
import type { Rotation } from './balance/rotation.ts'
import { recordOf } from './call-record.ts'
import { chainOf, tagsOf, type CallSetup } from './chain-order.ts'
import { directResolver, type Registries } from './discovery-area.ts'
import { ForAWhile } from './for-a-while.ts'
import type { IdlBounds, IdlLoader } from './idl-area.ts'
import { compose } from './kernel/chain.ts'
import type { Endpoint } from './kernel/endpoint.ts'
import { seeded } from './kernel/random.ts'
import { Recorder } from './kernel/recorder.ts'
import { failedReply, thrownReply, type Reply } from './kernel/reply.ts'
import type { RpcInfo } from './kernel/rpcinfo.ts'
import { joinTrace, newTrace, traceparentKey } from './kernel/trace-context.ts'
import type { Resolver } from './middleware/resolver.ts'
import type { PolicyStates } from './policy/states.ts'
import type { Pools } from './pools.ts'
import type { EnginePorts } from './ports.ts'
import { Lazy } from './lazy.ts'
import type { Found } from './probe/auto.ts'
import type { Callee } from './choose-protocol.ts'
import { Preparer, type PathRules, type Prepared } from './prepare-call.ts'
import { StreamRun } from './stream/stream-run.ts'
import type { StreamPort } from './stream/port.ts'
import { parseAddress } from './transport/address.ts'
import { noRoute, type MessageMeter, type Secure } from './transport/transport.ts'

export interface InvokerParts {
  readonly ports: EnginePorts
  readonly idl: IdlLoader
  readonly registries: Registries
  readonly pools: Pools
  readonly states: PolicyStates
  readonly rotation: Rotation
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Hears what happens as it happens; the last event holds the record. */
  readonly onEvent?: (event: CallEvent) => void
  /** Where relative paths of this request start; default: the engine's. */
  readonly baseDir?: string
  /** The body may name files below `baseDir` only, and none without one: for requests of people who may not read this machine. */
  readonly isConfined?: boolean
  /** How far the request's IDLs may reach for files. */
  readonly idlBounds?: IdlBounds
  /** The messages of a stream, both ways; without it the body's are sent and what comes is counted and kept in the record as far as it goes. */
  readonly stream?: StreamPort
}

const terminal: Endpoint = () => Promise.reject(new Error('believed: the wire ends the chain'))
const never = new AbortController().signal
const hexDigits = '0123456789abcdef'

export class Invoker {
  readonly #parts: InvokerParts
  readonly #preparer: Preparer
  readonly #auto = new Lazy(async () => new (await import('./probe/auto.ts')).AutoProtocol())
  /** A server that fails each call of a run is not asked each time. */
  readonly #answerers = new ForAWhile<Text | undefined>(10_000)
  #seqId = 0

  constructor(parts: InvokerParts) {
    this.#parts = parts
    this.#preparer = new Preparer({ idl: parts.idl, baseDir: parts.ports.baseDir, nextSeqId: () => this.#nextSeqId(), findProtocol: (...question) => this.#findProtocol(...question) })
  }

  /** Runs one call. Throws KiteError for what is wrong with the request; all else is in the record. */
  async call(input: CallRequestInput, options: CallOptions): Promise<CallRecord> {
    const { signal = never, onEvent } = options
    const request = completeRequest(input)
    if (request.target.kind === 'direct') for (const endpoint of request.target.endpoints) parseAddress(endpoint)
    const prepared = await this.#preparer.prepare(request, options, signal)
    const { setup, ctx, key } = await this.#setUp(prepared, input.timeoutMs === undefined, options, signal)
    const { clock } = this.#parts.ports
    const id = this.#newId()
    const startTimeUnixNano = clock.unixNano().toString()
    const startedAt = clock.now()
    onEvent?.({ kind: 'started', id, traceId: setup.trace.traceId, service: ctx.to.service, method: methodOf(ctx), startTimeUnixNano })
    setup.stream?.begin(startedAt, onEvent)
    const recorder = new Recorder(clock, startedAt, onEvent)
    const reply = await run(setup, { ...ctx, startedAt }, recorder)
    const durationNs = clock.now() - startedAt
    if (request.seed === undefined && setup.picks > 1) this.#parts.rotation.skip(key, setup.picks - 1)
    const facts = { id, request, ctx, trace: setup.trace, startTimeUnixNano, durationNs, warnings: prepared.warnings, nodes: recorder.finish() }
    const told = await this.#whoAnswers(prepared, reply, signal)
    const crossCheck = request.crossCheck ? await checkAcross(prepared, reply) : undefined
    const record = { ...await recordOf(facts, told, prepared.chosen.codec), ...(crossCheck === undefined ? {} : { crossCheck }) }
    onEvent?.({ kind: 'ended', record })
    return record
  }

  /** Addresses that a user typed may speak anything; those of a registry are Kitex's. */
  async #findProtocol({ target, connectTimeoutMs }: CallRequest, { language, method }: Callee, secure: Secure | undefined, signal: AbortSignal): Promise<Found | undefined> {
    const [address] = target.kind === 'direct' ? target.endpoints : []
    if (address === undefined) return undefined
    const auto = await this.#auto.get()
    return auto.find({ address, language, kind: method.kind, hasRoute: hasRoute(method), connectTimeoutMs, signal, ...(secure === undefined ? {} : { secure }) })
  }

  /** A failure on the wire: what the port does speak is told with it, where that is something else. */
  async #whoAnswers({ request, found, chosen: { codec, protocol: { transport } }, secure, isStream }: Prepared, reply: Reply, signal: AbortSignal): Promise<Reply> {
    const { error, connection } = reply
    const address = connection?.remote ?? (request.target.kind === 'direct' ? request.target.endpoints[0] : undefined)
    // What `auto` found to be spoken may be slow; of streams it asks nothing.
    const isOpen = request.transport !== 'auto' || isStream || found.service.language === 'none'
    const isSilent = error?.code === 'rpc_timeout' && request.target.kind === 'direct' && reply.bytes?.received === 0
    const isRefused = error?.code === 'remote_or_network' && (error.layer === 'frame' || error.layer === 'connection')
    if (error === undefined || !(isRefused || (isSilent && isOpen)) || address === undefined || signal.aborted) return reply
    const { whatInstead, whatSilence } = await import('./probe/instead.ts')
    const failed = { address, transport, codec, language: found.service.language, hasHeard: error.layer === 'frame', connectTimeoutMs: request.connectTimeoutMs, ...(secure === undefined ? {} : { secure }) }
    // The call has its own error already: a probe that fails adds nothing.
    const key = JSON.stringify([isRefused, address, transport, codec, found.service.language, failed.hasHeard, secure?.id])
    const hint = await this.#answerers.get(key, signal, (ended) => (isRefused ? whatInstead : whatSilence)({ ...failed, signal: ended })).catch(() => undefined)
    return hint === undefined ? reply : { ...reply, error: { ...error, hint } }
  }

  #newId(): string {
    const { random } = this.#parts.ports
    let id = ''
    for (let n = 0; n < 16; n += 1) id += hexDigits[Math.floor(random() * 16)]
    return id
  }

  async #setUp(prepared: Prepared, timeoutLeftOpen: boolean, { stream, ...rules }: PathRules & Pick<CallOptions, 'stream'>, signal: AbortSignal): Promise<SetUp> {
    const { request, invocation, found, chosen, payload, isStream } = prepared
    const { ports: { clock, random }, states, rotation, pools, registries } = this.#parts
    const { target } = request
    const service = target.kind === 'service' ? target.service : target.service ?? found.service.name
    const rotationKey = JSON.stringify([target.kind === 'service' ? [target.registry, rules.baseDir, tagsOf(request)] : target.endpoints, service, request.policy.balancer])
    const seed = request.seed ?? rotation.draw(rotationKey)
    const picked = { count: 0 }
    const makePicker = balancers[request.policy.balancer]
    const traceparent = request.metainfo.transient.findLast(([key]) => key === traceparentKey)?.[1]
    const { transport } = chosen.protocol
    const setup = {
      request, clock, states,
      key: `${request.caller}/${service}/${invocation.method}`,
      random: seeded(seed),
      trace: (traceparent === undefined ? undefined : joinTrace(traceparent, random)) ?? newTrace(random),
      resolver: target.kind === 'direct' ? directResolver(target.endpoints, Number(clock.unixNano() / 1_000_000n)) : registries.resolver(target.registry, rules.baseDir),
      picker: (instances: Parameters<typeof makePicker>[0]) => makePicker(instances, (seed + picked.count) >>> 0),
      onPick: () => { picked.count += 1 },
      get picks() { return picked.count },
      pool: await pools.get(transport, chosen.pool, { version: request.http?.version ?? 'auto', keepAliveMs: request.keepAliveMs ?? 0 }),
      wire: { codec: chosen.codec, meter: payload.createMeter?.() ?? noMeter, clock, nextSeqId: () => this.#nextSeqId() },
      // A stream runs until it ends unless somebody gave it a time.
      timeoutMs: isStream && timeoutLeftOpen ? 0 : request.timeoutMs,
      ...(isStream ? { stream: new StreamRun({ clock, request, kind: found.method.kind, port: stream }) } : {}),
    }
    const ctx: RpcInfo = {
      from: { service: request.caller },
      to: { service },
      invocation,
      config: {
        transport, timeoutMs: setup.timeoutMs, connectTimeoutMs: request.connectTimeoutMs, pool: chosen.pool, format: request.format, compress: request.compress,
        http: request.http ?? noRoute, maxMessageBytes: request.maxMessageBytes, capture: request.bytes || request.crossCheck, ...(prepared.secure === undefined ? {} : { secure: prepared.secure }),
      },
      metainfo: request.metainfo, headers: request.headers,
      tags: {}, attempt: 1, tried: [], seed, startedAt: 0, stats: 'detailed', signal,
    }
    return { setup, ctx, key: rotationKey }
  }

  /** Kitex counts up from 1 for each process and never sends 0. */
  #nextSeqId(): number {
    this.#seqId = this.#seqId >= 0x7fffffff ? 1 : this.#seqId + 1
    return this.#seqId
  }
}

interface SetUp {
  readonly setup: CallSetup & { readonly picks: number }
  readonly ctx: RpcInfo
  readonly key: string
}

/** A codec whose messages do not tell their own end travels framed only. */
const noMeter: MessageMeter = () => undefined

const methodOf = ({ invocation: { service, method } }: RpcInfo): string => (service === '' ? method : `${service}/${method}`)

/** Apache Thrift reads Thrift; of anything else there is no second opinion, and the call says so. */
async function checkAcross({ found, chosen: { codec, protocol } }: Prepared, reply: Reply): Promise<CallRecord['crossCheck']> {
  if (codec !== 'thrift-binary' && codec !== 'thrift-compact') return undefined
  const { crossChecks } = await import('./cross-checks.ts')
  return crossChecks(reply.frames, found.idl, found, { codec, envelope: protocol.envelope })
}

async function run(setup: CallSetup, ctx: RpcInfo, recorder: Recorder): Promise<Reply> {
  try {
    const start = setup.request.chain ? ctx : await firstInstance(setup, ctx)
    if ('outcome' in start) return start
    return await compose(chainOf(setup), terminal, recorder)(start)
  } catch (caught) {
    return thrownReply(caught, 'engine')
  }
}

/** Straight to the wire: the pinned address, or the first there is. */
async function firstInstance({ resolver, request: { target } }: CallSetup & { readonly resolver: Resolver }, ctx: RpcInfo): Promise<RpcInfo | Reply> {
  try {
    const { instances } = await resolver.resolve(ctx.to.service, ctx.signal)
    const pinned = target.kind === 'service' ? target.pinned : undefined
    const instance = pinned === undefined ? instances[0] : instances.find(({ address }) => address === pinned)
    if (instance !== undefined) return { ...ctx, instance }
    return failedReply(fail('service_discovery', 'discovery', 'chain.notRegistered', { service: ctx.to.service, origin: resolver.origin }).data)
  } catch (caught) {
    return thrownReply(caught, 'discovery')
  }
}
