// One running instance of a service of the shop: a server of this engine whose handlers are the shop's methods, and whose own calls go
// through the engine like anybody's.

import { KiteError } from '../../../shared/base/error.ts'
import { stringifyExact } from '../../../shared/logic/json/write.ts'
import type { CallRecord, CallRequestInput } from '../../../shared/model/call.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { Attributes } from '../../../shared/model/trace.ts'
import { sleep, systemClock } from '../kernel/clock.ts'
import type { Random } from '../kernel/random.ts'
import { traceparentKey, traceparentOf } from '../kernel/trace-context.ts'
import { serveThrift, type ServedAnswer, type ServedCall } from '../mock/index.ts'
import type { SpanExporter } from '../telemetry/exporter.ts'
import type { MessageServer } from '../transport/server.ts'
import { clientSpans } from './client-spans.ts'
import type { Place } from './places.ts'
import { Refused, answerOf, type AskOptions, type Shop } from './shop/shop-call.ts'
import { fieldsOf, isFields, valueOf, type Fields } from './shop/values.ts'

/** What a service needs of the engine to call others. */
export interface Caller {
  call(request: CallRequestInput, options?: { readonly signal?: AbortSignal }): Promise<CallRecord>
}

export interface ShopServerOptions {
  readonly place: Place
  readonly idl: IdlSet
  /** Absolute. */
  readonly idlPaths: readonly string[]
  readonly registry: string
  readonly caller: Caller
  readonly exporter: SpanExporter
  readonly random: Random
  /** While true, work takes no time and nothing is reported: what compiles on first use is warmed up so. */
  isWarmingUp(): boolean
}

const connectTimeoutMs = 500

/** Listens on the place's port, or on a free one where that is taken. */
export async function startShopServer(options: ShopServerOptions): Promise<MessageServer> {
  try {
    return await listen(options, options.place.port)
  } catch (caught) {
    if (KiteError.from(caught).data.code !== 'listen') throw caught
    return listen(options, 0)
  }
}

function listen(options: ShopServerOptions, port: number): Promise<MessageServer> {
  const { place, idl, exporter } = options
  return serveThrift({
    idl, port,
    services: idl.services.filter(({ name }) => name === place.idlService),
    host: '127.0.0.1',
    name: place.service,
    resource: resourceOf(place),
    exporter: { add: (span) => { if (!options.isWarmingUp()) exporter.add(span) } },
    handle: (call) => handle(options, call),
  })
}

const resourceOf = ({ tags }: Place): Attributes => ({ 'service.version': tags['version'] ?? '', 'deployment.zone': tags['zone'] ?? '' })

async function handle(options: ShopServerOptions, call: ServedCall): Promise<ServedAnswer> {
  const { place } = options
  const method = place.methods[call.method.name]
  if (method === undefined) throw new Error(`believed: ${call.method.name} is written`)
  const request = valueOf(call.body)
  try {
    return answerOf(await method(isFields(request) ? request : { [call.method.args[0]?.name ?? '']: request }, shopFor(options, call)))
  } catch (caught) {
    if (caught instanceof Refused) return { outcome: caught.outcome }
    throw caught
  }
}

function shopFor(options: ShopServerOptions, call: ServedCall): Shop {
  const { random } = options
  return {
    version: options.place.tags['version'] ?? '',
    ask: (service, method, body, more) => ask(options, call, { service, method, body, ...more }),
    chance: (share) => !options.isWarmingUp() && random() < share,
    work: async (ms) => {
      if (options.isWarmingUp()) return
      const whole = await sleep(systemClock, ms * (1 + random() / 10), call.signal)
      if (!whole) throw new Error('the caller went away')
    },
  }
}

interface Question extends AskOptions {
  readonly service: string
  readonly method: string
  readonly body: Fields
}

/** The call goes on in this call's trace and carries its persistent metainfo, as Kitex's client does by itself. */
async function ask(options: ShopServerOptions, from: ServedCall, { service, method, body, timeoutMs = 500, retries = 0 }: Question): Promise<Fields> {
  const { place, caller, registry, idlPaths } = options
  const record = await caller.call({
    idl: { paths: [...idlPaths] },
    method,
    body: stringifyExact(body),
    target: { kind: 'service', service, registry, tags: {} },
    transport: 'ttheader',
    timeoutMs,
    connectTimeoutMs,
    caller: place.service,
    bytes: false,
    metainfo: { transient: [[traceparentKey, traceparentOf(from.trace)]], persistent: from.metainfo.persistent.map(([key, value]): [string, string] => [key, value]) },
    policy: { balancer: 'weight_round_robin', pool: 'long', ...(retries === 0 ? {} : { retry: { maxRetryTimes: retries, errorRate: 0.3, backoff: { type: 'none' as const } } }) },
  }, { signal: from.signal })
  if (!options.isWarmingUp()) for (const span of clientSpans(record, place.service, resourceOf(place))) options.exporter.add(span)
  return replyOf(record)
}

/** Refusals of the other service are passed on as they are; everything else that is no reply is an error of ours. */
function replyOf({ outcome, response, error }: CallRecord): Fields {
  if (outcome === 'ok') return fieldsOf(response ?? 'null')
  if (outcome === 'biz_error' && error?.biz !== undefined) throw new Refused({ kind: 'biz', ...error.biz })
  if (outcome === 'exception' && error?.exception?.json !== undefined) throw new Refused({ kind: 'exception', type: error.exception.type, json: error.exception.json })
  if (error === undefined) throw new Error('believed: a call without a reply has an error')
  throw new KiteError(error)
}
