// Spans as the store gives them to hosts. Times are Unix nanoseconds as bigint (structured clone carries it).

export interface Span {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
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

export interface ReceiverStatus {
  readonly grpc: ReceiverPort
  readonly http: ReceiverPort
  readonly spans: number
  readonly traces: number
  readonly rejected: number
  readonly evicted: number
}

export type ReceiverPort =
  | { readonly state: 'listening'; readonly address: string; readonly wanted: number }
  /** `taken`: the wanted port belongs to someone else; `next` is free. */
  | { readonly state: 'taken'; readonly wanted: number; readonly next: number }
  | { readonly state: 'off' }
