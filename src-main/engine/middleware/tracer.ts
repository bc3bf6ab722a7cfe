// Gives the call its place in a trace, as obs-opentelemetry does on the client: a span before everything else, told to the next service by
// transient metainfo `traceparent` (on the wire RPC_TRANSIT_traceparent; a bare `traceparent` is read by nobody). A traceparent that the
// user gave is joined. Without a retry the callee's span hangs below the call's, with one below its attempt's (see retry.ts).

import { protocolOf } from '../../../shared/model/protocol.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { withNote } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { traceparentKey, traceparentOf, type TraceContext } from '../kernel/trace-context.ts'

export const tracer = (trace: TraceContext): Middleware => ({
  kind: 'tracer',
  name: 'tracer',
  async call(ctx, next) {
    const traceparent = traceparentOf(trace)
    const transient = [...ctx.metainfo.transient.filter(([key]) => key !== traceparentKey), [traceparentKey, traceparent] as const]
    const reply = await next({ ...ctx, trace, metainfo: { ...ctx.metainfo, transient } })
    if (ctx.stats === 'disabled') return reply
    const propagated = carries(ctx)
    return withNote(reply, {
      verdict: 'changed',
      reason: { key: propagated ? 'chain.traced' : 'chain.tracedNotCarried', params: { traceId: trace.traceId, transport: ctx.config.transport } },
      decision: { kind: 'tracer', traceId: trace.traceId, spanId: trace.spanId, traceparent, propagated },
    })
  },
})

const carries = ({ config }: RpcInfo): boolean => protocolOf(config.transport).metainfo
