// A policy file as people have it: ours, Kitex's own JSON for one category (pkg/retry, pkg/circuitbreak, pkg/rpctimeout), or what a config
// centre holds for a client, by method with `*` (kitex-contrib/config-*). Kitex's limits are checked here, and where Kitex quietly falls
// back to a default, that is told.

import * as z from 'zod'
import { fail, type ErrorData } from '../../../shared/base/error.ts'
import { isRecord } from '../../../shared/base/is-record.ts'
import { callPolicySchema, type CallPolicy, type RetryPolicy } from '../../../shared/model/call.ts'

export interface PolicyReading {
  readonly policy: Partial<CallPolicy>
  readonly timeoutMs?: number
  readonly connectTimeoutMs?: number
  readonly warnings: readonly ErrorData[]
}

/** Whose call it is for: config centres key by these. */
export interface PolicySubject {
  readonly caller: string
  readonly service: string
  readonly method: string
}

const ownSchema = z.strictObject({ ...callPolicySchema.partial().shape, timeoutMs: z.number().min(0).optional(), connectTimeoutMs: z.number().min(0).optional() })
const ownKeys = new Set(Object.keys(ownSchema.shape))

const stopSchema = z.object({
  max_retry_times: z.int().min(0).max(5).default(2),
  max_duration_ms: z.number().min(0).default(0),
  disable_chain_stop: z.boolean().default(false),
  cb_policy: z.object({ error_rate: z.number() }).default({ error_rate: 0.1 }),
})
const retrySchema = z.object({
  enable: z.boolean().default(true),
  type: z.int().min(0).max(2).default(0),
  failure_policy: z.object({
    stop_policy: stopSchema.default(stopSchema.parse({})),
    backoff_policy: z.object({ backoff_type: z.enum(['none', 'fixed', 'random']).default('none'), cfg_items: z.record(z.string(), z.number()).default({}) }).optional(),
    retry_same_node: z.boolean().default(false),
  }).optional(),
})
const breakerSchema = z.object({ enable: z.boolean().default(true), err_rate: z.number().gt(0).max(1).default(0.5), min_sample: z.int().min(1).default(200) })
const timeoutSchema = z.object({ rpc_timeout_ms: z.number().min(0).optional(), conn_timeout_ms: z.number().min(0).optional() })

const categories: Readonly<Record<string, (reader: Reader, value: JsonObject) => void>> = {
  timeout: (reader, value) => reader.timeout(reader.forMethod(value) ?? value),
  rpc_timeout: (reader, value) => reader.timeout(reader.forMethod(value) ?? value),
  retry: (reader, value) => reader.retry(reader.forMethod(value) ?? value),
  circuitbreaker: (reader, value) => reader.breaker(reader.forMethod(value) ?? value),
  circuit_break: (reader, value) => reader.breaker(reader.forMethod(value) ?? value),
}

type JsonObject = Readonly<Record<string, unknown>>

/** Reads a parsed policy file. Throws KiteError `file` that names the place in the file. */
export function readPolicy(json: unknown, subject: PolicySubject, file: string): PolicyReading {
  const reader = new Reader(subject, file)
  reader.any(json, '')
  return reader.reading
}

class Reader {
  readonly #subject: PolicySubject
  readonly #file: string
  readonly #warnings: ErrorData[] = []
  #policy: Partial<CallPolicy> = {}
  #timeouts: { timeoutMs?: number; connectTimeoutMs?: number } = {}
  #path = ''

  constructor(subject: PolicySubject, file: string) {
    this.#subject = subject
    this.#file = file
  }

  get reading(): PolicyReading {
    return { policy: this.#policy, ...this.#timeouts, warnings: this.#warnings }
  }

  /** Tells by its members what the object is. */
  any(value: unknown, path: string): void {
    this.#path = path
    if (!isRecord(value)) throw this.#problem('chain.policyNotAnObject')
    const { caller, service } = this.#subject
    const keys = Object.keys(value)
    const client = value[`${caller}/${service}`]
    if (client !== undefined) return this.any(client, `${caller}/${service}`)
    if (keys.some((key) => key in categories && isRecord(value[key])) && !keys.some((key) => ownKeys.has(key) && key !== 'retry') && !isOwnRetry(value['retry'])) return this.#byCategory(value)
    if (keys.some((key) => ['type', 'failure_policy', 'backup_policy', 'mixed_policy'].includes(key))) return this.retry(value)
    if (keys.some((key) => ['rpc_timeout_ms', 'conn_timeout_ms'].includes(key))) return this.timeout(value)
    if (keys.some((key) => ['err_rate', 'min_sample'].includes(key))) return this.breaker(value)
    if (keys.some((key) => ownKeys.has(key))) return this.#own(value)
    const mine = this.forMethod(value)
    if (mine === undefined) throw this.#problem('chain.policyUnknown', { keys: keys.join(', '), method: this.#subject.method })
    this.any(mine, this.#path)
  }

  /** The part for this method, else for all. */
  forMethod(value: JsonObject): JsonObject | undefined {
    const key = this.#subject.method in value ? this.#subject.method : '*'
    const mine = value[key]
    if (!isRecord(mine)) return undefined
    this.#path = [this.#path, key].filter((part) => part !== '').join('.')
    return mine
  }

  timeout(value: JsonObject): void {
    const { rpc_timeout_ms: timeoutMs, conn_timeout_ms: connectTimeoutMs } = this.#parse(timeoutSchema, value)
    if (timeoutMs !== undefined) this.#timeouts.timeoutMs = timeoutMs
    if (connectTimeoutMs !== undefined) this.#timeouts.connectTimeoutMs = connectTimeoutMs
  }

  breaker(value: JsonObject): void {
    const { enable, err_rate: errRate, min_sample: minSample } = this.#parse(breakerSchema, value)
    this.#policy = { ...this.#policy, serviceBreaker: { enable, errRate, minSample } }
  }

  retry(value: JsonObject): void {
    const { enable, type, failure_policy: failure } = this.#parse(retrySchema, value)
    if (enable && (type !== 0 || failure === undefined)) throw this.#problem('chain.policyOnlyFailure', { type: ['failure', 'backup', 'mixed'][type] ?? String(type) }, 'unsupported')
    const stop = failure?.stop_policy ?? stopSchema.parse({})
    const retry: RetryPolicy = {
      enable,
      maxRetryTimes: stop.max_retry_times,
      maxDurationMs: stop.max_duration_ms,
      disableChainStop: stop.disable_chain_stop,
      errorRate: this.#errorRate(stop.cb_policy.error_rate),
      backoff: backoffOf(failure?.backoff_policy),
      retrySameNode: failure?.retry_same_node ?? false,
    }
    this.#policy = { ...this.#policy, retry }
  }

  #byCategory(value: JsonObject): void {
    for (const [key, part] of Object.entries(value)) {
      this.#path = key
      if (isRecord(part)) categories[key]?.(this, part)
    }
  }

  #own(value: JsonObject): void {
    const { timeoutMs, connectTimeoutMs, ...policy } = this.#parse(ownSchema, value)
    const given = Object.fromEntries(Object.entries(policy).filter(([key]) => key in value))
    this.#policy = given
    this.#timeouts = { ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }) }
  }

  /** Kitex takes (0, 0.3] and warns about the rest. */
  #errorRate(rate: number): number {
    if (rate > 0 && rate <= 0.3) return rate
    this.#warnings.push(this.#problem('chain.policyErrorRate', { rate }).data)
    return 0.1
  }

  #parse<S extends z.ZodType>(schema: S, value: JsonObject): z.output<S> {
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    const path = [this.#path, ...(issue?.path ?? [])].filter((part) => part !== '').join('.')
    throw fail('file', 'policy', 'chain.policyInvalid', { problem: issue?.message ?? '' }, { at: { file: this.#file, path } })
  }

  #problem(key: string, params: Readonly<Record<string, string | number>> = {}, code: 'file' | 'unsupported' = 'file') {
    return fail(code, 'policy', key, params, { at: { file: this.#file, ...(this.#path === '' ? {} : { path: this.#path }) } })
  }
}

const isOwnRetry = (value: unknown): boolean => isRecord(value) && ['maxRetryTimes', 'maxDurationMs', 'disableChainStop', 'errorRate', 'backoff', 'retrySameNode'].some((key) => key in value)

function backoffOf(policy: { readonly backoff_type: 'none' | 'fixed' | 'random'; readonly cfg_items: Readonly<Record<string, number>> } | undefined): RetryPolicy['backoff'] {
  const { fix_ms: fixMs = 0, min_ms: minMs = 0, max_ms: maxMs = 0 } = policy?.cfg_items ?? {}
  switch (policy?.backoff_type) {
    case 'fixed':
      return { type: 'fixed', fixMs }
    case 'random':
      return { type: 'random', minMs, maxMs }
    default:
      return { type: 'none' }
  }
}
