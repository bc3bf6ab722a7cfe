// Why a parent is not there (traces.md 3.1c). Each reason has its remedy, so guessing wrong would send people the wrong way: the
// evidence is the SDK's own flags first, then who should have sent the parent.

import type { Span } from '../../model/trace.ts'

/**
 * `not-ended`: spans are sent when they end, and spans still come. `remote-elsewhere`: the parent lives in another process, which does
 * not export here. `local-dropped`: same process, so it was sampled out or dropped. `id-rewritten`: a hop put its own id in place of ours.
 */
export type MissingReason = 'not-ended' | 'remote-elsewhere' | 'local-dropped' | 'id-rewritten'

/** What the trace as a whole tells. */
export interface Evidence {
  readonly live: boolean
  /** We sent an id and nobody took it for a parent. */
  readonly ownIsChildless: boolean
}

/** `child` is the first span seen that names the missing parent. */
export function missingReason(child: Span, evidence: Evidence): MissingReason {
  if (evidence.live) return 'not-ended'
  if (child.parentIsRemote === false) return 'local-dropped'
  if (isEntry(child) && evidence.ownIsChildless) return 'id-rewritten'
  if (child.parentIsRemote === true || isEntry(child)) return 'remote-elsewhere'
  return 'local-dropped'
}

const isEntry = (span: Span): boolean => span.kind === 'server' || span.kind === 'consumer'

/** Gathered once for a trace. */
export function evidenceOf(spans: readonly Span[], live: boolean): Evidence {
  return { live, ownIsChildless: ownIsChildless(spans) }
}

function ownIsChildless(spans: readonly Span[]): boolean {
  const own = new Set(spans.filter((span) => span.own).map((span) => span.spanId))
  return own.size > 0 && !spans.some((span) => !span.own && span.parentSpanId !== undefined && own.has(span.parentSpanId))
}
