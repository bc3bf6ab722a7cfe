// What is remembered of a finished call. Nothing is decided here: the reply's facts and the chain's nodes are put in their places.

import type { CallRecord, CallRequest } from '../../shared/model/call.ts'
import type { ChainNode } from '../../shared/model/chain.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import type { Pair } from '../../shared/model/metainfo.ts'
import type { Reply } from './kernel/reply.ts'
import type { CodecName } from './codec/codec.ts'
import type { RpcInfo } from './kernel/rpcinfo.ts'
import type { TraceContext } from './kernel/trace-context.ts'
import { intKeyName } from './transport/ttheader/keys.ts'

export interface CallFacts {
  readonly id: string
  readonly request: CallRequest
  readonly ctx: RpcInfo
  readonly trace: TraceContext
  readonly startTimeUnixNano: string
  readonly durationNs: number
  readonly warnings: readonly ErrorData[]
  readonly nodes: readonly ChainNode[]
}

/** The record of a call that ended with `reply`. */
export async function recordOf({ id, request, ctx, trace, startTimeUnixNano, durationNs, warnings, nodes }: CallFacts, reply: Reply, codec: CodecName): Promise<CallRecord> {
  return {
    id,
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }),
    service: ctx.to.service,
    method: ctx.invocation.service === '' ? ctx.invocation.method : `${ctx.invocation.service}/${ctx.invocation.method}`,
    transport: reply.transport ?? ctx.config.transport,
    codec: reply.codec ?? codec,
    ...(reply.instance === undefined ? {} : { instance: reply.instance }),
    startTimeUnixNano,
    durationNs,
    outcome: reply.outcome,
    ...(reply.response === undefined ? {} : { response: reply.response }),
    ...(reply.error === undefined ? {} : { error: reply.error }),
    warnings: [...warnings, ...reply.warnings],
    metainfo: { backward: reply.backward },
    headers: headersOf(reply),
    trailers: reply.trailer ?? [],
    bytes: reply.bytes,
    byteViews: request.bytes ? (await import('./byte-views.ts')).byteViews(reply.frames, ctx.invocation.codec) : [],
    ...(reply.stream === undefined ? {} : { stream: reply.stream }),
    chain: { nodes },
    seed: ctx.seed,
    request,
  }
}

const headersOf = ({ header }: Reply): readonly Pair[] => [...header.strings, ...header.ints.map(([key, value]): Pair => [intKeyName(key) ?? String(key), value])]
