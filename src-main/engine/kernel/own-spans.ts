// The console's own spans: the call, its attempts and its middlewares in the very trace that they caused. Made from the record, so that
// what the timeline shows and what the ladder shows cannot differ.

import type { CallRecord } from '../../../shared/model/call.ts'
import type { ChainNode } from '../../../shared/model/chain.ts'
import type { Span } from '../../../shared/model/trace.ts'
import { attemptSpanId, nodeSpanId, type TraceContext } from './trace-context.ts'

const scope = { name: 'kite.console.chain' }

/** Root first. Steps that did not run leave no span. */
export function ownSpans(record: CallRecord, trace: TraceContext, caller: string): readonly Span[] {
  const start = BigInt(record.startTimeUnixNano)
  const ids = new Map(record.chain.nodes.map((node) => [node.n, spanIdOf(node, trace)]))
  const common = { traceId: record.traceId, service: caller, scope, events: [], links: [], resource: { 'service.name': caller }, own: true } as const
  const call: Span = {
    ...common,
    spanId: record.spanId,
    ...(trace.parentSpanId === undefined ? {} : { parentSpanId: trace.parentSpanId }),
    name: record.method,
    kind: 'client',
    startNs: start,
    endNs: start + BigInt(Math.round(record.durationNs)),
    ...statusOf(record.error?.code),
    attributes: callAttributes(record),
  }
  const nodes = record.chain.nodes.filter(({ verdict }) => verdict !== 'skipped').map((node): Span => ({
    ...common,
    spanId: ids.get(node.n) ?? nodeSpanId(trace, node.n),
    parentSpanId: parentOf(node, record.chain.nodes, ids) ?? record.spanId,
    name: node.name,
    kind: node.kind === 'attempt' ? 'client' : 'internal',
    startNs: start + BigInt(Math.round(node.startNs)),
    endNs: start + BigInt(Math.round(node.endNs)),
    ...statusOf(node.verdict === 'failed' || node.verdict === 'rejected' ? node.reason.key : undefined),
    attributes: {
      'kite.call.id': record.id, 'kite.node': BigInt(node.n), 'kite.kind': node.kind, 'kite.verdict': node.verdict, 'kite.own_ns': BigInt(Math.round(node.ownNs)),
      ...(node.attempt === null ? {} : { 'kite.attempt': BigInt(node.attempt) }),
    },
  }))
  return [call, ...nodes]
}

/** An attempt's id is the one that went out in its traceparent. */
const spanIdOf = (node: ChainNode, trace: TraceContext): string => (node.kind === 'attempt' && node.attempt !== null ? attemptSpanId(trace, node.attempt) : nodeSpanId(trace, node.n))

/** The nearest ancestor that ran. */
function parentOf(node: ChainNode, nodes: readonly ChainNode[], ids: ReadonlyMap<number, string>): string | undefined {
  let parent = node.parent === null ? undefined : nodes[node.parent]
  while (parent?.verdict === 'skipped') parent = parent.parent === null ? undefined : nodes[parent.parent]
  return parent === undefined ? undefined : ids.get(parent.n)
}

const statusOf = (problem: string | undefined): Pick<Span, 'status' | 'statusMessage'> => (problem === undefined ? { status: 'ok' } : { status: 'error', statusMessage: problem })

/** Names as obs-opentelemetry gives them: `rpc.service` is the destination's name in the registry. */
const callAttributes = (record: CallRecord): Span['attributes'] => ({
  'rpc.system': 'kitex',
  'rpc.service': record.service,
  'rpc.method': record.method.slice(record.method.indexOf('/') + 1),
  'request.protocol': record.transport,
  'kitex.send_size': BigInt(record.bytes.sent),
  'kitex.recv_size': BigInt(record.bytes.received),
  'kite.call.id': record.id,
  'kite.outcome': record.outcome,
  ...(record.instance === undefined ? {} : { 'server.address': record.instance.address }),
})
