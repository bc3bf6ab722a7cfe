// One call as a handler of ours sees it, and what it may answer. Mocks and the demo's services are both handlers; frames, codec, trace
// and Kitex's ways of refusing stand in service-server.ts and are the same for both.

import type { MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import type { MethodCodec, ValueFormat } from '../codec/codec.ts'
import type { TraceContext } from '../kernel/trace-context.ts'
import type { ReceivedMetainfo } from '../transport/ttheader/metainfo.ts'

export interface ServedCall {
  readonly service: ServiceDescriptor
  readonly method: MethodDescriptor
  readonly codec: MethodCodec
  readonly transport: string
  readonly peer: string
  /** The caller's name where TTHeader told it. */
  readonly caller: string | undefined
  /** The body, in the form of cli.md. */
  readonly body: string
  /** The body in another form, such as enums as numbers. */
  bodyAs(format: ValueFormat): string
  readonly metainfo: ReceivedMetainfo
  /** The span of this call; a downstream call passes it on. */
  readonly trace: TraceContext
  /** Aborts when the caller is gone. */
  readonly signal: AbortSignal
}

export type ServedOutcome =
  | { readonly kind: 'reply'; readonly json: string }
  | { readonly kind: 'exception'; readonly type: string; readonly json: string }
  | { readonly kind: 'biz'; readonly status: number; readonly message: string; readonly extra: Readonly<Record<string, string>> }
  | { readonly kind: 'fault'; readonly typeId: number; readonly message: string }

export interface ServedAnswer {
  readonly outcome: ServedOutcome
  /** Goes back beside the reply, over TTHeader only. */
  readonly backward?: readonly Pair[]
  /** Added to the server span. */
  readonly attributes?: Readonly<Record<string, string | number | bigint | boolean>>
  /** The reply's bytes with any sequence id, where they were made beforehand. */
  readonly encoded?: Buffer
}

/** What is remembered of a call once it is answered. */
export interface Served {
  readonly call: ServedCall | undefined
  readonly method: string
  readonly transport: string
  readonly peer: string
  readonly body: string
  readonly outcome: ServedOutcome
  readonly answer: ServedAnswer | undefined
  readonly startedAtMs: number
  readonly durationMs: number
  readonly traceId: string | undefined
}
