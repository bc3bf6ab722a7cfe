// The span of a served call, as Kitex's tracer would write it (obs-opentelemetry: names and attributes of traces.md 4.6), so that a
// mock in a trace looks like the service it stands for.

import type { Attributes, Span } from '../../../shared/model/trace.ts'
import type { ServedAnswer, ServedCall } from './served-call.ts'

export interface SpanFacts {
  readonly call: ServedCall
  readonly answer: ServedAnswer
  readonly name: string
  readonly resource: Attributes
  readonly startNs: bigint
  readonly durationMs: number
  readonly received: number
  readonly sent: number
}

const scope = { name: 'kite.console.server' } as const

/** Failed as Kitex counts it: exceptions of the remote are, business errors and declared exceptions are not. */
export function serverSpan({ call, answer, name, resource, startNs, durationMs, received, sent }: SpanFacts): Span {
  const { outcome } = answer
  return {
    traceId: call.trace.traceId,
    spanId: call.trace.spanId,
    ...(call.trace.parentSpanId === undefined ? {} : { parentSpanId: call.trace.parentSpanId, parentIsRemote: true }),
    name: `${call.service.name}/${call.method.name}`,
    kind: 'server',
    service: name,
    startNs,
    endNs: startNs + BigInt(Math.round(durationMs * 1e6)),
    status: outcome.kind === 'fault' ? 'error' : 'unset',
    ...(outcome.kind === 'fault' ? { statusMessage: outcome.message } : {}),
    attributes: {
      'rpc.system': 'kitex',
      'rpc.service': name,
      'rpc.method': call.method.name,
      'request.protocol': call.transport,
      'kitex.recv_size': BigInt(received),
      'kitex.send_size': BigInt(sent),
      ...(call.caller === undefined || call.caller === '' ? {} : { 'peer.service': call.caller }),
      'network.peer.address': call.peer,
      ...(outcome.kind === 'biz' ? { 'kitex.biz_status': BigInt(outcome.status), 'kitex.biz_message': outcome.message } : {}),
      ...(outcome.kind === 'exception' ? { 'error.type': outcome.type } : {}),
      ...answer.attributes,
    },
    resource: { 'service.name': name, ...resource },
    scope,
    events: [],
    links: [],
    own: false,
  }
}
