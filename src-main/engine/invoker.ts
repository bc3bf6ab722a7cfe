// Turns a CallRequest into a run chain and the run into a record. What outlives a call (breakers, rotations, connections, registries)
// belongs to the engine and is handed in; what is wrong with the request itself is thrown before anything is dialled.

import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fail, type ErrorData } from '../../shared/base/error.ts'
import type { CallEvent } from '../../shared/model/call-event.ts'
import { completeRequest } from '../../shared/logic/complete-request.ts'
import type { CallRecord, CallRequest, CallRequestInput } from '../../shared/model/call.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import { balancers } from './balance/balancers.ts'
import type { Rotation } from './balance/rotation.ts'
import { recordOf } from './call-record.ts'
import { chainOf, tagsOf, type CallSetup } from './chain-order.ts'
import type { PayloadCodec } from './codec/codec.ts'
import { createMessageMeter, createThriftBinary } from './codec/index.ts'
import { directResolver, type Registries } from './discovery-area.ts'
import type { IdlLoader } from './idl-area.ts'
import type { FoundMethod } from './idl/find-method.ts'
import { compose } from './kernel/chain.ts'
import type { Endpoint } from './kernel/endpoint.ts'
import { seeded } from './kernel/random.ts'
import { Recorder } from './kernel/recorder.ts'
import { inside } from './inside.ts'
import { failedReply, thrownReply, type Reply } from './kernel/reply.ts'
import type { RpcInfo } from './kernel/rpcinfo.ts'
import { joinTrace, newTrace, traceparentKey } from './kernel/trace-context.ts'
import type { Resolver } from './middleware/resolver.ts'
import type { PolicyStates } from './policy/states.ts'
import type { Pools } from './pools.ts'
import type { EnginePorts } from './ports.ts'
import { parseAddress } from './transport/address.ts'
import { defaultMaxFrameBytes } from './transport/limits.ts'
import type { TransportName } from './transport/transport.ts'

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
}

/** A request that is known to be callable. */
interface Prepared {
  readonly request: CallRequest
  readonly found: FoundMethod & { readonly idl: IdlSet }
  readonly invocation: RpcInfo['invocation']
  readonly warnings: readonly ErrorData[]
}

const terminal: Endpoint = () => Promise.reject(new Error('believed: the wire ends the chain'))
const never = new AbortController().signal
const codecName: PayloadCodec['name'] = 'thrift-binary'
const hexDigits = '0123456789abcdef'

export class Invoker {
  readonly #parts: InvokerParts
  readonly #codecs = new Map<string, PayloadCodec>()
  #seqId = 0

  constructor(parts: InvokerParts) {
    this.#parts = parts
  }

  /** Runs one call. Throws KiteError for what is wrong with the request; all else is in the record. */
  async call(input: CallRequestInput, options: CallOptions): Promise<CallRecord> {
    const { signal = never, onEvent, baseDir } = options
    const prepared = await this.#prepare(completeRequest(input), options, signal)
    const { setup, ctx, key } = await this.#setUp(prepared, signal, baseDir)
    const { clock, random } = this.#parts.ports
    let id = ''
    for (let n = 0; n < 16; n += 1) id += hexDigits[Math.floor(random() * 16)]
    const startTimeUnixNano = clock.unixNano().toString()
    const startedAt = clock.now()
    onEvent?.({ kind: 'started', id, traceId: setup.trace.traceId, service: ctx.to.service, method: `${ctx.invocation.service}/${ctx.invocation.method}`, startTimeUnixNano })
    const recorder = new Recorder(clock, startedAt, onEvent)
    const reply = await run(setup, { ...ctx, startedAt }, recorder)
    const durationNs = clock.now() - startedAt
    if (prepared.request.seed === undefined && setup.picks > 1) this.#parts.rotation.skip(key, setup.picks - 1)
    const facts = { id, request: prepared.request, ctx, trace: setup.trace, startTimeUnixNano, durationNs, warnings: prepared.warnings, nodes: recorder.finish() }
    const crossCheck = prepared.request.crossCheck ? await checkAcross(prepared, reply) : undefined
    const record = { ...await recordOf(facts, reply), ...(crossCheck === undefined ? {} : { crossCheck }) }
    onEvent?.({ kind: 'ended', record })
    return record
  }

  async #prepare(request: CallRequest, options: CallOptions, signal: AbortSignal): Promise<Prepared> {
    const found = await this.#parts.idl.method(request.idl, request.method, signal)
    const { service, method, idl } = found
    if (method.kind !== 'unary' && method.kind !== 'oneway') throw fail('unsupported', 'engine', 'call.streamingNotYet', { method: `${service.name}/${method.name}` })
    if (request.target.kind === 'direct') for (const endpoint of request.target.endpoints) parseAddress(endpoint)
    const codec = this.#codecFor(options).forMethod(idl, service, method)
    const warnings: ErrorData[] = []
    const seqId = this.#nextSeqId()
    const message = codec.encodeRequest(request.body, seqId, (warning) => warnings.push(warning))
    const invocation = { service: service.name, method: method.name, oneway: method.kind === 'oneway', body: request.body, codec, prepared: { body: request.body, message, seqId } }
    return { request, found, invocation, warnings }
  }

  /** What `{"$file": path}` in a body means depends on where the request's paths start, so each such place has its codec. */
  #codecFor({ baseDir, isConfined = false }: CallOptions): PayloadCodec {
    const key = JSON.stringify([isConfined, baseDir])
    const known = this.#codecs.get(key)
    if (known !== undefined) return known
    const made = createThriftBinary(isConfined && baseDir === undefined ? {} : { readFile: (path) => readFileSync(this.#fileOf(path, baseDir, isConfined)) })
    this.#codecs.set(key, made)
    return made
  }

  #fileOf(path: string, baseDir: string | undefined, isConfined: boolean): string {
    const folder = baseDir ?? this.#parts.ports.baseDir
    return isConfined ? inside(folder, path) : resolve(folder, path)
  }

  async #setUp({ request, invocation, found }: Prepared, signal: AbortSignal, baseDir: string | undefined): Promise<{ readonly setup: CallSetup & { readonly picks: number }; readonly ctx: RpcInfo; readonly key: string }> {
    const { ports: { clock, random }, states, rotation, pools, registries } = this.#parts
    const { target } = request
    const service = target.kind === 'service' ? target.service : target.service ?? found.service.name
    const rotationKey = JSON.stringify([target.kind === 'service' ? [target.registry, baseDir, tagsOf(request)] : target.endpoints, service, request.policy.balancer])
    const seed = request.seed ?? rotation.draw(rotationKey)
    const picked = { count: 0 }
    const makePicker = balancers[request.policy.balancer]
    const traceparent = request.metainfo.transient.findLast(([key]) => key === traceparentKey)?.[1]
    const setup = {
      request, clock, states,
      key: `${request.caller}/${service}/${invocation.method}`,
      random: seeded(seed),
      trace: (traceparent === undefined ? undefined : joinTrace(traceparent, random)) ?? newTrace(random),
      resolver: target.kind === 'direct' ? directResolver(target.endpoints, Number(clock.unixNano() / 1_000_000n)) : registries.resolver(target.registry, baseDir),
      picker: (instances: Parameters<typeof makePicker>[0]) => makePicker(instances, (seed + picked.count) >>> 0),
      onPick: () => { picked.count += 1 },
      get picks() { return picked.count },
      pool: await pools.get(request.policy.pool),
      wire: { codec: codecName, meter: createMessageMeter(), maxFrameBytes: defaultMaxFrameBytes, nextSeqId: () => this.#nextSeqId() },
    }
    const ctx: RpcInfo = {
      from: { service: request.caller },
      to: { service },
      invocation,
      config: { transport: transportOf(request), timeoutMs: request.timeoutMs, connectTimeoutMs: request.connectTimeoutMs, pool: request.policy.pool, format: request.format },
      metainfo: request.metainfo,
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

async function checkAcross({ found }: Prepared, reply: Reply): Promise<NonNullable<CallRecord['crossCheck']>> {
  const { crossChecks } = await import('./cross-checks.ts')
  return crossChecks(reply.frames, found.idl, found)
}

/** `auto` is what every Kitex server since TTHeader understands and what carries metainfo, business errors and routing. */
const transportOf = ({ transport }: CallRequest): TransportName => (transport === 'auto' ? 'ttheader-framed' : transport)

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
