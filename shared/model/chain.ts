// What a call passed: one node for each middleware and attempt, made by the recorder's comparisons (traces.md 6.3). Times are
// nanoseconds (as doubles) after the call's start on the monotonic clock.

import type { Text } from '../base/error.ts'

export type NodeKind =
  | 'tracer' | 'metainfo' | 'retry' | 'attempt' | 'breaker.service' | 'timeout' | 'resolver' | 'balancer' | 'breaker.instance' | 'connection' | 'wire'
  | 'fallback' | 'acl' | 'limiter' | 'user' | 'unknown'

export type Verdict = 'pass' | 'changed' | 'short-circuit' | 'rejected' | 'retried' | 'fell-back' | 'failed' | 'skipped' | 'no-op'

export interface ChainNode {
  readonly n: number
  readonly parent: number | null
  readonly kind: NodeKind
  readonly name: string
  /** Attempt number from 1 for nodes inside an attempt, and for the attempt itself. */
  readonly attempt: number | null
  readonly verdict: Verdict
  /** A machine code with parameters, worded by hosts: `chain.timeoutFired`, … */
  readonly reason: Text
  readonly startNs: number
  readonly endNs: number
  /** Time in the middleware itself, without what it called and without waits. */
  readonly ownNs: number
  readonly marks: { readonly enter: number; readonly next: readonly number[]; readonly back: readonly number[]; readonly exit: number }
  /** Backoff and the like, part of neither own nor inner time. */
  readonly waits: readonly { readonly startNs: number; readonly endNs: number; readonly reason: Text }[]
  readonly deltas: readonly Delta[]
  readonly decision?: Decision
  /** Where its setting came from: default, call, workspace, … */
  readonly source: 'default' | 'call' | 'workspace' | 'environment'
}

/** What a node changed, found by comparing what went in with what it passed on. Values are short texts for eyes. */
export interface Delta {
  readonly store: 'request' | 'response' | 'context'
  readonly path: string
  readonly op: 'add' | 'remove' | 'change'
  readonly before?: string
  readonly after?: string
}

export type Decision =
  | TracerDecision | MetainfoDecision | RetryDecision | BreakerDecision | TimeoutDecision | ResolverDecision | BalancerDecision | ConnectionDecision | WireDecision

export interface TracerDecision {
  readonly kind: 'tracer'
  readonly traceId: string
  readonly spanId: string
  readonly traceparent: string
  readonly propagated: boolean
}

export interface MetainfoDecision {
  readonly kind: 'metainfo'
  readonly transient: number
  readonly persistent: number
  /** Framed and Buffered carry none: those keys were lost. */
  readonly carried: boolean
}

export interface RetryDecision {
  readonly kind: 'retry'
  readonly policy: 'failure'
  readonly maxRetryTimes: number
  readonly attempts: readonly {
    readonly attempt: number
    readonly instance?: string
    readonly startNs: number
    readonly durationNs: number
    readonly waitNs: number
    readonly result: 'ok' | 'timeout' | 'failed' | 'biz_error' | 'exception' | 'cancelled'
    /** Why another one followed, or why none did. */
    readonly again: Text
  }[]
  readonly winner?: number
  readonly wastedNs: number
}

export interface BreakerDecision {
  readonly kind: 'breaker'
  readonly scope: 'service' | 'instance'
  readonly key: string
  readonly before: 'closed' | 'open' | 'half-open'
  readonly after: 'closed' | 'open' | 'half-open'
  readonly window: { readonly ok: number; readonly fail: number; readonly timeout: number }
  readonly errRate: number
  readonly limit: number
  readonly minSample: number
  readonly samplesNeeded: number
  readonly openForMs?: number
}

export interface TimeoutDecision {
  readonly kind: 'timeout'
  readonly configuredMs: number
  readonly effectiveMs: number
  readonly fired?: 'rpc' | 'connect'
  /** What was left when the reply came. */
  readonly marginMs?: number
}

export interface ResolverDecision {
  readonly kind: 'resolver'
  readonly origin: string
  readonly service: string
  readonly revision: number
  readonly state: 'connecting' | 'live' | 'stale' | 'failed'
  readonly ageMs: number
  readonly total: number
  readonly tags: Readonly<Record<string, string>>
}

export interface BalancerDecision {
  readonly kind: 'balancer'
  readonly policy: string
  readonly revision: number
  readonly ageMs: number
  readonly candidates: readonly {
    readonly address: string
    readonly weight: number
    readonly tags: Readonly<Record<string, string>>
    /** Current weight of smooth round robin, or the drawn interval's width; absent for excluded ones. */
    readonly score?: number
    readonly excluded?: Text
  }[]
  readonly picked?: string
  readonly seed: number
  readonly repicks: number
}

export interface ConnectionDecision {
  readonly kind: 'connection'
  readonly pool: 'short' | 'long' | 'mux'
  readonly reused: boolean
  /** 0 when reused. */
  readonly dialMs: number
  readonly local: string
  readonly remote: string
  /** How many exchanges it carried before this one. */
  readonly uses: number
  /** How long it lay idle before. */
  readonly idleMs: number
  readonly poolIdle: number
  readonly poolTotal: number
  /** How many connections before this one ended without a word or refused the call. */
  readonly moves?: number
  /** What the TLS handshake came to; absent in plaintext. */
  readonly tls?: {
    /** `TLSv1.3` */
    readonly version: string
    readonly cipher: string
    /** Protocol that both agreed on by ALPN; empty where they agreed on none. */
    readonly alpn: string
    /** Subject of the server's certificate, as `CN=…, O=…`. */
    readonly subject: string
    /** When that certificate ends, as the server's certificate says it. */
    readonly validTo: string
    /** Nothing was verified, as asked. */
    readonly insecure: boolean
  }
}

export interface WireDecision {
  readonly kind: 'wire'
  readonly transport: string
  readonly codec: string
  readonly sent: number
  readonly received: number
  readonly seqId: number
  readonly writeNs: number
  readonly waitNs: number
  readonly readNs: number
}
