// What a service of the shop reports of the calls that it makes itself: as Kitex's tracer, one client span for the call; and below it one
// for each attempt where there were several, which Kitex does not report and which explains most.

import type { CallRecord } from '../../../shared/model/call.ts'
import type { Attributes, Span } from '../../../shared/model/trace.ts'
import { withoutMiddlewares } from '../../../shared/logic/trace/without-middlewares.ts'
import { spansOfRecord } from '../telemetry/own-spans.ts'

const scope = { name: 'kite.demo.client' } as const

/** The call's span carries the name of the service that called. */
export function clientSpans(record: CallRecord, service: string, more: Attributes): readonly Span[] {
  return withoutMiddlewares(spansOfRecord(record)).map((span) => ({ ...span, service, resource: { 'service.name': service, ...more }, scope, own: false }))
}
