// A call as it is asked for and as it is remembered. A request is what a tab, a file or the command line holds; a record is what
// history, the inspector and `--output json` read. Schemas stand beside the types because both are stored and sent.

import * as z from 'zod'
import type { ErrorData } from '../base/error.ts'
import type { ChainNode } from './chain.ts'
import type { ByteView } from './layout.ts'
import type { Pair } from './metainfo.ts'
import { codecs, compressions, transports } from './protocol.ts'
import type { StreamSummary } from './stream.ts'

export const transportChoices = ['auto', ...transports] as const
export const codecChoices = ['auto', ...codecs] as const
export const poolChoices = ['auto', 'long', 'short', 'mux'] as const
export const balancers = ['weight_round_robin', 'weight_random'] as const

const pair = z.tuple([z.string(), z.string()])

/** Kitex's failure retry policy with its stop rules (kitex.md 3.6); durations in ms. */
export const retryPolicySchema = z.object({
  enable: z.boolean().default(true),
  maxRetryTimes: z.int().min(0).max(5).default(2),
  /** Includes the first attempt; 0 is unlimited. */
  maxDurationMs: z.number().min(0).default(0),
  disableChainStop: z.boolean().default(false),
  /** Share of retries among calls above which retrying stops; Kitex accepts (0, 0.3]. */
  errorRate: z.number().gt(0).max(0.3).default(0.1),
  backoff: z.discriminatedUnion('type', [
    z.object({ type: z.literal('none') }),
    z.object({ type: z.literal('fixed'), fixMs: z.number().min(0) }),
    z.object({ type: z.literal('random'), minMs: z.number().min(0), maxMs: z.number().min(0) }),
  ]).default({ type: 'none' }),
  retrySameNode: z.boolean().default(false),
})
export type RetryPolicy = z.infer<typeof retryPolicySchema>

export const breakerPolicySchema = z.object({
  enable: z.boolean().default(true),
  errRate: z.number().gt(0).max(1).default(0.5),
  minSample: z.int().min(1).default(200),
})
export type BreakerPolicy = z.infer<typeof breakerPolicySchema>

/** What governs one call. Absent members are Kitex's defaults (no retry, no breaker, weighted round robin). */
export const callPolicySchema = z.object({
  retry: retryPolicySchema.optional(),
  serviceBreaker: breakerPolicySchema.optional(),
  instanceBreaker: breakerPolicySchema.optional(),
  balancer: z.enum(balancers).default('weight_round_robin'),
  /** `auto`: what the protocol's own clients do, long for framed ones, mux for gRPC. */
  pool: z.enum(poolChoices).default('auto'),
})
export type CallPolicy = z.infer<typeof callPolicySchema>

export const targetSchema = z.discriminatedUnion('kind', [
  /** Straight to these addresses, each of weight 10 as Kitex's WithHostPorts. */
  z.object({ kind: z.literal('direct'), endpoints: z.array(z.string()).min(1), service: z.string().optional() }),
  z.object({
    kind: z.literal('service'),
    service: z.string().min(1),
    /** URL as in cli.md, such as `etcd://127.0.0.1:2379` or `file:registry.yaml`. */
    registry: z.string().min(1),
    /** Narrows the instances to those that carry all of these. */
    tags: z.record(z.string(), z.string()).default({}),
    /** One address of the list, when the user pinned it. */
    pinned: z.string().optional(),
  }),
])
export type Target = z.infer<typeof targetSchema>

/** TLS of one call. Files are PEM; what cannot be read or verified stops the call, and it is never sent in plaintext instead. */
export const tlsSchema = z.object({
  /** Authorities to trust instead of the system's. */
  caFile: z.string().optional(),
  /** Client certificate and key, for mutual TLS. */
  certFile: z.string().optional(),
  keyFile: z.string().optional(),
  /** Sent as SNI and verified instead of the host that was dialled. */
  serverName: z.string().optional(),
  /** Verifies nothing; the result says so. */
  insecure: z.boolean().default(false),
})
export type TlsRequest = z.infer<typeof tlsSchema>

/** What protocols over HTTP need beside the method. */
export const httpSchema = z.object({
  /** Before the method's own path; for a WebSocket and for Thrift over HTTP the whole path. */
  path: z.string().default(''),
  version: z.enum(['auto', '1.1', '2']).default('auto'),
  /** How many redirects are followed. */
  redirects: z.int().min(0).max(20).default(5),
  /** How the body of a plain HTTP request is sent; `auto` sends JSON text as JSON and all else as it is. */
  body: z.enum(['auto', 'json', 'form', 'multipart', 'raw']).default('auto'),
  /** Which JSON-RPC a WebSocket speaks. */
  dialect: z.enum(['jsonrpc-2.0', 'kite']).default('jsonrpc-2.0'),
})
export type HttpRequest = z.infer<typeof httpSchema>

/** How a stream is driven. */
export const streamSchema = z.object({
  /** Messages a second; 0 is as fast as flow control allows. */
  rate: z.number().min(0).default(0),
  /** Longest wait for the next message; 0 is none. */
  recvTimeoutMs: z.number().min(0).default(0),
})
export type StreamRequest = z.infer<typeof streamSchema>

export const callRequestSchema = z.object({
  idl: z.object({ paths: z.array(z.string()), includeDirs: z.array(z.string()).default([]) }),
  /** `Service/Method`, or `Method` alone where that is unique. */
  method: z.string().min(1),
  /** JSON text exactly as typed; for a stream the first messages, one JSON value after another. */
  body: z.string(),
  target: targetSchema,
  transport: z.enum(transportChoices).default('auto'),
  codec: z.enum(codecChoices).default('auto'),
  /** RPC timeout; 0 is none. */
  timeoutMs: z.number().min(0).default(1000),
  connectTimeoutMs: z.number().min(0).default(50),
  metainfo: z.object({ transient: z.array(pair).default([]), persistent: z.array(pair).default([]) }).default({ transient: [], persistent: [] }),
  /** Headers of the user's own, in order, repeated ones too; values of names that end in `-bin` are base64. */
  headers: z.array(pair).default([]),
  compress: z.enum(compressions).default('none'),
  tls: tlsSchema.optional(),
  http: httpSchema.optional(),
  stream: streamSchema.optional(),
  /** Silence after which a gRPC server is asked by PING whether it is there, in ms; absent or 0: never, as servers refuse who asks too often. */
  keepAliveMs: z.int().min(0).optional(),
  /** Largest message that is read, in bytes: a guard against what would not fit into memory. */
  maxMessageBytes: z.int().min(1).default(256 * 1024 * 1024),
  caller: z.string().default('kite.console'),
  policy: callPolicySchema.default({ balancer: 'weight_round_robin', pool: 'auto' }),
  /** Same seed, same picks and jitter; absent: drawn, and told in the record. */
  seed: z.int().min(0).max(0xffffffff).optional(),
  /** False goes straight to the wire: no middleware, first endpoint. */
  chain: z.boolean().default(true),
  /** Keep annotated bytes in the record. */
  bytes: z.boolean().default(true),
  /** Apache Thrift's own package re-reads what was sent and received. */
  crossCheck: z.boolean().default(false),
  format: z.object({
    int64: z.enum(['number', 'string']).default('number'),
    enums: z.enum(['name', 'number']).default('name'),
    binary: z.enum(['base64', 'hex', 'utf8']).default('base64'),
    defaults: z.boolean().default(false),
  }).default({ int64: 'number', enums: 'name', binary: 'base64', defaults: false }),
})
export type CallRequest = z.infer<typeof callRequestSchema>
/** What may be left out is optional here: what hosts build. */
export type CallRequestInput = z.input<typeof callRequestSchema>

export type Outcome = 'ok' | 'biz_error' | 'exception' | 'failed' | 'timeout' | 'cancelled'

/** What is remembered of a call: enough to show the very same screen again. All `…Ns` are nanoseconds after `startTimeUnixNano`. */
export interface CallRecord {
  readonly id: string
  readonly traceId: string
  readonly spanId: string
  /** Of the caller's span, where the user gave a traceparent to join. */
  readonly parentSpanId?: string
  readonly service: string
  /** `Service/Method`, completed. */
  readonly method: string
  /** As used on the wire, not as asked. */
  readonly transport: string
  readonly codec: string
  readonly instance?: { readonly address: string; readonly weight: number; readonly tags: Readonly<Record<string, string>> }
  /** Decimal digits: beyond what a double holds. */
  readonly startTimeUnixNano: string
  readonly durationNs: number
  readonly outcome: Outcome
  /** JSON text of the reply; absent when there is none. */
  readonly response?: string
  /** `response` is only the beginning of so many characters: the host keeps the rest and saves it when asked. */
  readonly responseCut?: { readonly characters: number }
  readonly error?: ErrorData
  readonly warnings: readonly ErrorData[]
  readonly metainfo: { readonly backward: readonly Pair[] }
  readonly headers: readonly Pair[]
  readonly trailers: readonly Pair[]
  readonly bytes: { readonly sent: number; readonly received: number }
  readonly byteViews: readonly ByteView[]
  readonly crossCheck?: { readonly agreed: boolean; readonly differences: readonly { readonly path: string; readonly ours: string; readonly theirs: string }[] }
  /** Of streaming kinds only. */
  readonly stream?: StreamSummary
  readonly chain: { readonly nodes: readonly ChainNode[] }
  readonly seed: number
  /** As sent, so that history reopens the tab. */
  readonly request: CallRequest
}
