// Spans to a tree, in one pass and without recursion (traces.md 3.1). Nothing vanishes: a span whose parent is not there stands below
// a placeholder that says why, a cycle is cut and marked, an id used twice is kept twice. Nodes are in pre-order, so that a subtree is
// a range and what is shown is a filter over the array.

import type { Span } from '../../model/trace.ts'
import { evidenceOf, missingReason, type Evidence, type MissingReason } from './missing.ts'

/** What is odd about a span. */
export type NodeMark = 'cycle' | 'id-reused' | 'shared-id' | 'ends-before-start' | 'starts-before-parent'

export interface TraceNode {
  /** Index in {@link TraceTree.nodes}. */
  readonly n: number
  /** -1 for a root. */
  readonly parent: number
  readonly depth: number
  /** One past the last descendant. */
  readonly subtreeEnd: number
  readonly children: readonly number[]
  /** Absent for a placeholder. */
  readonly span?: Span
  readonly missing?: { readonly spanId: string; readonly reason: MissingReason }
  /** Nanoseconds after {@link TraceTree.originNs}; `end` is never before `start`. */
  readonly start: number
  readonly end: number
  readonly marks: readonly NodeMark[]
}

export interface TraceTree {
  readonly originNs: bigint
  /** Of the last end, in nanoseconds after the origin. */
  readonly durationNs: number
  readonly nodes: readonly TraceNode[]
  readonly roots: readonly number[]
  /** Spans below placeholders. */
  readonly orphans: number
}

export interface TreeOptions {
  /** Spans may still come: an absent parent has probably not ended yet. */
  readonly live?: boolean
}

interface Draft {
  readonly span: Span | undefined
  readonly missing: TraceNode['missing']
  parent: Draft | undefined
  readonly children: Draft[]
  start: number
  end: number
  readonly marks: NodeMark[]
}

/** Linear but for sorting siblings. */
export function buildTree(spans: readonly Span[], options: TreeOptions = {}): TraceTree {
  const originNs = spans.reduce((least, span) => (span.startNs < least ? span.startNs : least), spans[0]?.startNs ?? 0n)
  const drafts = spans.map((span) => draftOf(span, originNs))
  const byId = indexById(drafts)
  const placeholders = linkParents(drafts, byId, evidenceOf(spans, options.live === true))
  cutCycles(drafts)
  hangBelowWire(drafts)
  const roots: Draft[] = []
  for (const draft of [...drafts, ...placeholders]) (draft.parent?.children ?? roots).push(draft)
  roots.sort(byRootOrder)
  return number(roots, originNs, placeholders)
}

function draftOf(span: Span, originNs: bigint): Draft {
  const start = Number(span.startNs - originNs)
  const end = Number(span.endNs - originNs)
  const marks: NodeMark[] = end < start ? ['ends-before-start'] : []
  return { span, missing: undefined, parent: undefined, children: [], start, end: Math.max(start, end), marks }
}

/** The first span of an id is whom children mean, except that a server half of a shared id yields to its client half. */
function indexById(drafts: readonly Draft[]): Map<string, Draft> {
  const byId = new Map<string, Draft>()
  for (const draft of drafts) {
    const id = draft.span?.spanId ?? ''
    const other = byId.get(id)
    if (other === undefined) byId.set(id, draft)
    else if (isSharedPair(other, draft)) markShared(byId, id, other, draft)
    else draft.marks.push('id-reused')
  }
  return byId
}

function isSharedPair(a: Draft, b: Draft): boolean {
  const kinds = [a.span?.kind, b.span?.kind]
  return kinds.includes('client') && kinds.includes('server')
}

/** Children of a shared id are made by the server, so the server stands for the id; the client is its parent. */
function markShared(byId: Map<string, Draft>, id: string, a: Draft, b: Draft): void {
  const [client, server] = a.span?.kind === 'client' ? [a, b] : [b, a]
  server.parent = client
  server.marks.push('shared-id')
  byId.set(id, server)
}

function linkParents(drafts: readonly Draft[], byId: ReadonlyMap<string, Draft>, evidence: Evidence): Draft[] {
  const placeholders = new Map<string, Draft>()
  for (const draft of drafts) {
    const parentId = draft.span?.parentSpanId
    if (draft.span === undefined || parentId === undefined || draft.parent !== undefined) continue
    draft.parent = byId.get(parentId) ?? placeholder(placeholders, parentId, draft.span, evidence)
  }
  for (const draft of drafts) if (draft.parent?.missing !== undefined) stretch(draft.parent, draft)
  return [...placeholders.values()]
}

function placeholder(known: Map<string, Draft>, spanId: string, child: Span, evidence: Evidence): Draft {
  const found = known.get(spanId)
  if (found !== undefined) return found
  const reason = missingReason(child, evidence)
  const made: Draft = { span: undefined, missing: { spanId, reason }, parent: undefined, children: [], start: Number.POSITIVE_INFINITY, end: 0, marks: [] }
  known.set(spanId, made)
  return made
}

function stretch(parent: Draft, child: Draft): void {
  parent.start = Math.min(parent.start, child.start)
  parent.end = Math.max(parent.end, child.end)
}

/** Colours each walk towards the root; meeting the own colour is a cycle. */
function cutCycles(drafts: readonly Draft[]): void {
  const colour = new Map<Draft, number>()
  drafts.forEach((draft, walk) => {
    let at: Draft | undefined = draft
    while (at !== undefined && !colour.has(at)) {
      colour.set(at, walk)
      at = at.parent
    }
    if (at !== undefined && colour.get(at) === walk) cut(at)
  })
}

function cut(member: Draft): void {
  const ring: Draft[] = []
  let at: Draft | undefined = member
  do {
    ring.push(at)
    at = at.parent
  } while (at !== undefined && at !== member)
  for (const each of ring) each.marks.push('cycle')
  const earliest = ring.reduce((best, each) => (each.start < best.start ? each : best))
  earliest.parent = undefined
}

/**
 * A call of the console sends the id of its attempt, since only that is known when the header is written. What came of it ran while the
 * attempt's wire waited, so there it hangs: else the wait and what was waited for would stand side by side.
 */
function hangBelowWire(drafts: readonly Draft[]): void {
  const wires = new Map<Draft, Draft>()
  for (const draft of drafts) {
    if (draft.span?.own !== true || draft.span.attributes['kite.chain.kind'] !== 'wire') continue
    let at = draft.parent
    while (at !== undefined && at.span?.kind !== 'client') at = at.parent
    if (at !== undefined) wires.set(at, draft)
  }
  for (const draft of drafts) {
    const wire = draft.span?.own === false && draft.parent !== undefined ? wires.get(draft.parent) : undefined
    if (wire !== undefined) draft.parent = wire
  }
}

const byStart = (a: Draft, b: Draft): number => a.start - b.start || b.end - a.end || (idOf(a) < idOf(b) ? -1 : 1)
const idOf = (draft: Draft): string => draft.span?.spanId ?? draft.missing?.spanId ?? ''
/** The console's own call on top, then by start. */
const byRootOrder = (a: Draft, b: Draft): number => Number(b.span?.own === true) - Number(a.span?.own === true) || byStart(a, b)

type Writable = { -readonly [K in keyof TraceNode]: TraceNode[K] } & { children: number[]; marks: NodeMark[] }

function number(roots: readonly Draft[], originNs: bigint, placeholders: readonly Draft[]): TraceTree {
  const nodes: Writable[] = []
  const stack: { readonly draft: Draft; readonly parent: number; readonly depth: number }[] = roots.map((draft) => ({ draft, parent: -1, depth: 0 })).reverse()
  let durationNs = 0
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { draft, parent, depth } = top
    const n = nodes.length
    nodes.push(finished(draft, n, parent, depth, nodes[parent]))
    nodes[parent]?.children.push(n)
    durationNs = Math.max(durationNs, draft.end)
    for (const child of draft.children.sort(byStart).reverse()) stack.push({ draft: child, parent: n, depth: depth + 1 })
  }
  for (let n = nodes.length - 1; n >= 0; n -= 1) {
    const node = nodes[n]
    const above = node === undefined ? undefined : nodes[node.parent]
    if (node !== undefined && above !== undefined) above.subtreeEnd = Math.max(above.subtreeEnd, node.subtreeEnd)
  }
  const orphans = placeholders.reduce((sum, each) => sum + each.children.length, 0)
  return { originNs, durationNs, nodes, roots: nodes.filter(({ parent }) => parent === -1).map(({ n }) => n), orphans }
}

function finished(draft: Draft, n: number, parent: number, depth: number, above: Writable | undefined): Writable {
  const marks = above?.span !== undefined && draft.start < above.start ? [...draft.marks, 'starts-before-parent' as const] : [...draft.marks]
  return {
    n, parent, depth, subtreeEnd: n + 1, children: [], start: draft.start, end: draft.end, marks,
    ...(draft.span === undefined ? {} : { span: draft.span }),
    ...(draft.missing === undefined ? {} : { missing: draft.missing }),
  }
}
