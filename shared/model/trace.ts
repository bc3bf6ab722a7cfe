// Spans as the store gives them to hosts. Times are Unix nanoseconds as bigint (structured clone carries it).

import * as z from 'zod'

export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  /** From OTLP flags bits 8 and 9: whether the parent lives in another process; absent when the SDK did not say. */
  readonly parentIsRemote?: boolean
  readonly name: string
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer'
  readonly service: string
  readonly startNs: bigint
  readonly endNs: bigint
  readonly status: 'unset' | 'ok' | 'error'
  readonly statusMessage?: string
  readonly attributes: Attributes
  readonly resource: Attributes
  readonly scope: { readonly name: string; readonly version?: string }
  readonly events: readonly { readonly name: string; readonly atNs: bigint; readonly attributes: Attributes }[]
  readonly links: readonly { readonly traceId: string; readonly spanId: string; readonly attributes: Attributes }[]
  readonly droppedAttributes?: number
  /** The console's own spans: call, attempt, middleware. */
  readonly own: boolean
}

/** OTLP integers are bigint and doubles are number, so that neither loses a digit nor its type. */
export type AttributeValue = string | boolean | number | bigint | Uint8Array | readonly AttributeValue[] | { readonly [key: string]: AttributeValue } | undefined
/** Ordered; a key may not repeat. */
export type Attributes = Readonly<Record<string, AttributeValue>>

export interface TraceSummary {
  readonly traceId: string
  /** Of the root, else of the earliest span. */
  readonly rootName: string
  readonly rootService: string
  readonly startNs: bigint
  readonly durationNs: bigint
  readonly spans: number
  readonly services: readonly string[]
  readonly errors: number
}

/** Which traces a list shows; absent members do not narrow. */
export const traceFilterSchema = z.object({
  service: z.string().optional(),
  /** Part of a span's name, any case. */
  name: z.string().optional(),
  /** Only traces with a failed span. */
  errorsOnly: z.boolean().default(false),
  minDurationMs: z.number().min(0).default(0),
  /** Part of a trace id, name, service, status message or attribute, any case. */
  text: z.string().optional(),
  limit: z.int().min(1).max(10_000).default(200),
})
export type TraceFilter = z.infer<typeof traceFilterSchema>
export type TraceFilterInput = z.input<typeof traceFilterSchema>

export interface ReceiverStatus {
  readonly grpc: ReceiverPort
  readonly http: ReceiverPort
  readonly spans: number
  readonly traces: number
  readonly rejected: number
  readonly evicted: number
  /** Requests of other signals, accepted and counted only. */
  readonly metricsRequests?: number
  readonly logsRequests?: number
  /** What came to a port that it does not belong to, so that a wrong exporter setting shows. */
  readonly strangers?: readonly Stranger[]
}

/** Something that does not speak OTLP as that port expects it. */
export interface Stranger {
  readonly port: 'grpc' | 'http'
  readonly kind: 'http-on-grpc' | 'tls' | 'ttheader' | 'wrong-path' | 'unknown'
  readonly count: number
  readonly lastAtMs: number
  /** Address of the last one, and the path it asked for where it had one. */
  readonly peer: string
  readonly path?: string
}

export type ReceiverPort =
  | { readonly state: 'listening'; readonly address: string; readonly wanted: number }
  /** `taken`: the wanted port belongs to someone else; `next` is free. */
  | { readonly state: 'taken'; readonly wanted: number; readonly next: number }
  | { readonly state: 'off' }
