// The console's own part of a trace, made from a call's record: the call as a client span, its attempts below it, the middlewares
// where they ran (traces.md 6.3, scope kite.console.chain). The call span has the id that went out in traceparent, so whatever the
// services report hangs below it.

import type { CallRecord, Outcome } from '../../../shared/model/call.ts'
import type { ChainNode, Verdict } from '../../../shared/model/chain.ts'
import type { Span } from '../../../shared/model/trace.ts'
import { childSpanId } from '../../../shared/logic/trace/span-id.ts'
import { ownScope, type MutableAttributes } from './otlp/attributes.ts'

const failedOutcomes: ReadonlySet<Outcome> = new Set<Outcome>(['exception', 'failed', 'timeout', 'cancelled'])
const failedVerdicts: ReadonlySet<Verdict> = new Set<Verdict>(['failed', 'rejected'])

/** The call first, then its nodes in the order of the record; skipped ones left no time and get no span. */
export function spansOfRecord(record: CallRecord): readonly Span[] {
  const base = commonOf(record)
  const nodes = record.chain.nodes.filter((node) => node.verdict !== 'skipped')
  const ids = idsByNode(record)
  return [callSpan(record, base), ...nodes.map((node) => nodeSpan(record, base, node, ids))]
}

type Common = Pick<Span, 'traceId' | 'service' | 'resource' | 'scope' | 'events' | 'links' | 'own'>

function commonOf(record: CallRecord): Common {
  return {
    traceId: record.traceId,
    service: record.request.caller,
    resource: { 'service.name': record.request.caller },
    scope: { name: ownScope },
    events: [],
    links: [],
    own: true,
  }
}

/** A skipped node stands for the one above it, which is the parent of what ran below. Parents come before their children. */
function idsByNode(record: CallRecord): ReadonlyMap<number, string> {
  const ids = new Map<number, string>()
  for (const node of record.chain.nodes) {
    const above = (node.parent === null ? undefined : ids.get(node.parent)) ?? record.spanId
    ids.set(node.n, node.verdict === 'skipped' ? above : spanIdOf(record, node))
  }
  return ids
}

/** The attempt's own id where its traceparent bears one, so that a server's span hangs below the attempt that reached it. */
function spanIdOf(record: CallRecord, node: ChainNode): string {
  return childSpanId(record.spanId, node.kind === 'attempt' && node.attempt !== null ? `attempt ${node.attempt}` : `node ${node.n}`)
}

function callSpan(record: CallRecord, base: Common): Span {
  const startNs = BigInt(record.startTimeUnixNano)
  const { outcome, error } = record
  const attributes: MutableAttributes = {
    'rpc.system': 'kitex',
    'rpc.service': record.service,
    'rpc.method': record.method,
    'request.protocol': record.transport,
    'kite.call.id': record.id,
    'kite.call.outcome': outcome,
    'kite.bytes.sent': BigInt(record.bytes.sent),
    'kite.bytes.received': BigInt(record.bytes.received),
  }
  if (record.instance !== undefined) attributes['network.peer.address'] = record.instance.address
  if (error !== undefined) attributes['error.type'] = error.code
  return {
    ...base,
    spanId: record.spanId,
    ...(record.parentSpanId === undefined ? {} : { parentSpanId: record.parentSpanId }),
    name: record.method,
    kind: 'client',
    startNs,
    endNs: startNs + nanos(record.durationNs),
    status: failedOutcomes.has(outcome) ? 'error' : 'ok',
    ...(error === undefined ? {} : { statusMessage: error.text.key }),
    attributes,
  }
}

function nodeSpan(record: CallRecord, base: Common, node: ChainNode, ids: ReadonlyMap<number, string>): Span {
  const startNs = BigInt(record.startTimeUnixNano)
  const attributes: MutableAttributes = {
    'kite.chain.kind': node.kind,
    'kite.chain.verdict': node.verdict,
    'kite.chain.reason': node.reason.key,
    'kite.chain.own_ns': nanos(node.ownNs),
    'kite.chain.node': BigInt(node.n),
  }
  for (const [key, value] of Object.entries(node.reason.params ?? {})) attributes[`kite.chain.reason.${key}`] = typeof value === 'object' ? [...value] : value
  if (node.attempt !== null) attributes['kite.chain.attempt'] = BigInt(node.attempt)
  if (node.decision?.kind === 'balancer' && node.decision.picked !== undefined) attributes['network.peer.address'] = node.decision.picked
  return {
    ...base,
    spanId: ids.get(node.n) ?? record.spanId,
    parentSpanId: (node.parent === null ? undefined : ids.get(node.parent)) ?? record.spanId,
    name: node.kind === 'attempt' && node.attempt !== null ? `attempt ${node.attempt}` : node.name,
    kind: node.kind === 'attempt' ? 'client' : 'internal',
    startNs: startNs + nanos(node.startNs),
    endNs: startNs + nanos(node.endNs),
    status: failedVerdicts.has(node.verdict) ? 'error' : 'unset',
    attributes,
  }
}

const nanos = (value: number): bigint => BigInt(Math.max(0, Math.round(value)))
