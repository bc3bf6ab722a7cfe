// OTLP nests spans by resource and scope; ours carry both. Grouping is by identity first, since spans of one request share their
// objects, then by content.

import type { Span } from '../../../../shared/model/trace.ts'

export interface ResourceGroup {
  readonly resource: Span['resource']
  readonly scopes: { readonly scope: Span['scope']; readonly spans: Span[] }[]
}

/** Groups in the order first met. */
export function groupSpans(spans: readonly Span[]): readonly ResourceGroup[] {
  const groups: ResourceGroup[] = []
  const known = new Map<Span['resource'], ResourceGroup>()
  for (const span of spans) {
    let group = known.get(span.resource) ?? groups.find((other) => contentOf(other.resource) === contentOf(span.resource))
    if (group === undefined) groups.push((group = { resource: span.resource, scopes: [] }))
    known.set(span.resource, group)
    scopeOf(group, span.scope).push(span)
  }
  return groups
}

function scopeOf(group: ResourceGroup, scope: Span['scope']): Span[] {
  const found = group.scopes.find((other) => other.scope.name === scope.name && other.scope.version === scope.version)
  if (found !== undefined) return found.spans
  const spans: Span[] = []
  group.scopes.push({ scope, spans })
  return spans
}

const contentOf = (resource: Span['resource']): string => JSON.stringify(resource, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
