import { describe, expect, it } from 'vitest'
import { childSpanId } from '../../../../shared/logic/trace/span-id.ts'
import { buildTree } from '../../../../shared/logic/trace/tree.ts'
import { criticalPath } from '../../../../shared/logic/trace/critical-path.ts'
import { withoutMiddlewares } from '../../../../shared/logic/trace/without-middlewares.ts'
import { callRequestSchema, type CallRecord } from '../../../../shared/model/call.ts'
import type { ChainNode, NodeKind, Verdict } from '../../../../shared/model/chain.ts'
import type { Span } from '../../../../shared/model/trace.ts'
import { spansOfRecord } from '../../../../src-main/engine/telemetry/own-spans.ts'

const spanId = '00f067aa0ba902b7'
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'

const node = (n: number, parent: number | null, kind: NodeKind, from: number, to: number, attempt: number | null = null, verdict: Verdict = 'pass'): ChainNode => ({
  n, parent, kind, name: kind, attempt, verdict, reason: { key: 'chain.x', params: { ms: 25 } }, startNs: from * 1e6, endNs: to * 1e6, ownNs: 1000,
  marks: { enter: 0, next: [], back: [], exit: 0 }, waits: [], deltas: [], source: 'default',
})

const record: CallRecord = {
  id: 'c1', traceId, spanId, service: 'demo.user', method: 'UserService/GetUser', transport: 'ttheader', codec: 'thrift-binary',
  instance: { address: '127.0.0.1:7101', weight: 10, tags: {} }, startTimeUnixNano: '1763706512000000000', durationNs: 83e6, outcome: 'ok', warnings: [],
  metainfo: { backward: [] }, headers: [], trailers: [], bytes: { sent: 100, received: 212 }, byteViews: [], seed: 1,
  request: callRequestSchema.parse({ idl: { paths: [] }, method: 'GetUser', body: '{}', target: { kind: 'direct', endpoints: ['127.0.0.1:1'] } }),
  chain: { nodes: [
    node(0, null, 'retry', 0, 83), node(1, 0, 'attempt', 1, 26, 1, 'failed'), node(2, 1, 'breaker.service', 1, 1, 1, 'skipped'), node(3, 2, 'wire', 2, 26, 1, 'failed'),
    node(4, 0, 'attempt', 36, 82, 2), node(5, 4, 'wire', 37, 82, 2),
  ] },
}

const server: Span = {
  traceId, spanId: '00000000000000ff', parentSpanId: childSpanId(spanId, 'attempt 2'), name: 'UserService/GetUser', kind: 'server', service: 'demo.user',
  startNs: 1_763_706_512_038_000_000n, endNs: 1_763_706_512_081_000_000n, status: 'unset', attributes: {}, resource: {}, scope: { name: 'x' }, events: [], links: [], own: false,
}

const outline = (spans: readonly Span[]): string[] => {
  const tree = buildTree(spans)
  const { on } = criticalPath(tree)
  return tree.nodes.map(({ n, depth, span, missing }) => `${on[n] === true ? '*' : ' '}${'  '.repeat(depth)}${span?.name ?? missing?.reason}`)
}

describe('the spans of a call', () => {
  it('are the call, its attempts and the middlewares that ran; skipped ones leave no gap', () => {
    expect(outline(spansOfRecord(record))).toEqual(['*UserService/GetUser', '*  retry', '*    attempt 1', '*      wire', '*    attempt 2', '*      wire'])
  })

  it('carry what happened as OTel attributes and times', () => {
    const [call, , first] = spansOfRecord(record)
    expect(call).toEqual({
      traceId, spanId, name: 'UserService/GetUser', kind: 'client', service: 'kite.console', startNs: 1_763_706_512_000_000_000n, endNs: 1_763_706_512_083_000_000n, status: 'ok',
      attributes: {
        'rpc.system': 'kitex', 'rpc.service': 'demo.user', 'rpc.method': 'UserService/GetUser', 'request.protocol': 'ttheader', 'kite.call.id': 'c1', 'kite.call.outcome': 'ok',
        'kite.bytes.sent': 100n, 'kite.bytes.received': 212n, 'network.peer.address': '127.0.0.1:7101',
      },
      resource: { 'service.name': 'kite.console' }, scope: { name: 'kite.console.chain' }, events: [], links: [], own: true,
    })
    expect(first).toMatchObject({ spanId: childSpanId(spanId, 'attempt 1'), kind: 'client', status: 'error', attributes: { 'kite.chain.verdict': 'failed', 'kite.chain.attempt': 1n, 'kite.chain.reason.ms': 25 } })
  })

  it('join a given trace, and fail with the call', () => {
    const [call] = spansOfRecord({ ...record, parentSpanId: '1'.repeat(16), outcome: 'timeout', error: { code: 'rpc_timeout', layer: 'policy', text: { key: 'chain.timeoutFired' } } })
    expect(call).toMatchObject({ parentSpanId: '1'.repeat(16), status: 'error', statusMessage: 'chain.timeoutFired', attributes: { 'error.type': 'rpc_timeout' } })
  })

  it('take the server’s span below the wire of the attempt that carried it, and the path goes through it', () => {
    expect(outline([server, ...spansOfRecord(record)]).slice(-3)).toEqual(['*    attempt 2', '*      wire', '*        UserService/GetUser'])
  })

  it('without middlewares are the call, its attempts, and the server below its attempt', () => {
    expect(outline(withoutMiddlewares([server, ...spansOfRecord(record)]))).toEqual(['*UserService/GetUser', '*  attempt 1', '*  attempt 2', '*    UserService/GetUser'])
  })
})
