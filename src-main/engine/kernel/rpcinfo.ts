// All about one call, as a middleware sees it on the way in. Readonly: a middleware that changes something passes on a new object,
// and the recorder finds what changed by comparing. What the inspector should show of it travels here, never aside.

import type { Instance, ServiceSnapshot } from '../../../shared/model/instance.ts'
import type { Metainfo, Pair } from '../../../shared/model/metainfo.ts'
import type { Compression, IdlLanguage, PoolKind } from '../../../shared/model/protocol.ts'
import type { MethodCodec, ValueFormat } from '../codec/codec.ts'
import type { HeaderInfo, HttpRoute, Lease, Secure, TransportName } from '../transport/transport.ts'
import type { TraceContext } from './trace-context.ts'

/** One end of a call. */
export interface EndpointInfo {
  /** Name in the registry, which may differ from the IDL's service name. */
  readonly service: string
}

export interface Invocation {
  /** IDL service name, sent as `isn`. */
  readonly service: string
  readonly method: string
  readonly language: IdlLanguage
  readonly oneway: boolean
  /** JSON text exactly as typed. */
  readonly body: string
  readonly codec: MethodCodec
  /** Encoded beforehand from the very same body, to find its faults before anything is dialled. */
  readonly prepared?: { readonly body: string; readonly message: Buffer; readonly seqId: number }
}

/** What the call is to do, decided before the chain runs. */
export interface RpcConfig {
  readonly transport: TransportName
  /** 0 is none. */
  readonly timeoutMs: number
  readonly connectTimeoutMs: number
  readonly pool: PoolKind
  readonly format: ValueFormat
  readonly compress: Compression
  readonly http: HttpRoute
  /** Absent: plaintext. */
  readonly secure?: Secure
  readonly maxMessageBytes: number
  /** Keep what explains the bytes. */
  readonly capture: boolean
}

export interface RpcInfo {
  readonly from: EndpointInfo
  readonly to: EndpointInfo
  readonly invocation: Invocation
  readonly config: RpcConfig
  readonly metainfo: Metainfo
  /** The user's own pairs. */
  readonly headers: readonly Pair[]
  /** Kitex's tags of the callee: `retry`, `last_cost`, `prev_inst`. */
  readonly tags: Readonly<Record<string, string>>
  /** From 1; retry counts it up. */
  readonly attempt: number
  /** Addresses that earlier attempts of this call went to. */
  readonly tried: readonly string[]
  /** Set by retry where the policy wants the same node again. */
  readonly sameNode?: string
  readonly seed: number
  /** When the call began, on the monotonic clock. */
  readonly startedAt: number
  /** When this attempt must be over, on the monotonic clock. */
  readonly deadline?: number
  readonly trace?: TraceContext
  /** What the registry said, set by the resolver. */
  readonly resolved?: ServiceSnapshot
  /** Set by the balancer. */
  readonly instance?: Instance
  /** Set by connection. */
  readonly lease?: Lease
  /** What goes beside the message, set by metainfo. */
  readonly header?: HeaderInfo
  /** Kitex's stats level: with `disabled` a middleware takes no notes. */
  readonly stats: 'disabled' | 'detailed'
  readonly signal: AbortSignal
}
