// A trace without the console's middlewares: the call, its attempts and what they caused. The ladder shows the middlewares better than a
// tree of spans does; here they would only push everything else to the right.

import type { Span } from '../../model/trace.ts'

/** What hung below a middleware hangs below the attempt or call that it belonged to. */
export function withoutMiddlewares(spans: readonly Span[]): readonly Span[] {
  const parents = new Map(spans.filter(isMiddleware).map((span) => [span.spanId, span.parentSpanId]))
  return spans.filter((span) => !isMiddleware(span)).map((span) => {
    const parentSpanId = nearestKept(parents, span.parentSpanId)
    if (parentSpanId === span.parentSpanId) return span
    const { parentSpanId: _, ...root } = span
    return parentSpanId === undefined ? root : { ...root, parentSpanId }
  })
}

const isMiddleware = (span: Span): boolean => span.own && span.kind === 'internal'

/** Bounded by the number of middlewares, so that a cycle ends. */
function nearestKept(parents: ReadonlyMap<string, string | undefined>, from: string | undefined): string | undefined {
  let at = from
  for (let steps = parents.size; at !== undefined && parents.has(at) && steps > 0; steps -= 1) at = parents.get(at)
  return at
}
