// Which spans a trace waited for (traces.md 3.3). From a span's end backwards: the child that finished last before the cursor was
// waited for, the gap after it is the span's own; children that end after the cursor ran beside and are skipped for good, as the
// cursor only falls. One pass over children sorted once, no recursion.

import type { TraceNode, TraceTree } from './tree.ts'

/** A stretch of time that node `n` itself took. Nanoseconds after the trace's origin. */
export interface PathSegment {
  readonly n: number
  readonly start: number
  readonly end: number
}

export interface CriticalPath {
  /** In the order of time, without gaps within the root. */
  readonly segments: readonly PathSegment[]
  /** For each node whether the path passes it. */
  readonly on: readonly boolean[]
}

/** Clocks tick in microseconds in many SDKs. */
const toleranceNs = 1000

interface Visit {
  readonly n: number
  readonly from: number
  readonly until: number
}

/** The path of one root; of the first one unless told otherwise. */
export function criticalPath(tree: TraceTree, root = tree.roots[0]): CriticalPath {
  const on = new Array<boolean>(tree.nodes.length).fill(false)
  const segments: PathSegment[] = []
  const first = root === undefined ? undefined : tree.nodes[root]
  const stack: Visit[] = first === undefined ? [] : [{ n: first.n, from: first.start, until: first.end }]
  for (let visit = stack.pop(); visit !== undefined; visit = stack.pop()) {
    on[visit.n] = true
    walk(tree, visit, segments, stack)
  }
  segments.sort((a, b) => a.start - b.start || a.end - b.end)
  return { segments, on }
}

function walk(tree: TraceTree, { n, from, until }: Visit, segments: PathSegment[], stack: Visit[]): void {
  let cursor = until
  for (const child of waitedFor(tree, n)) {
    const start = Math.max(child.start, from)
    if (child.end > cursor + toleranceNs || start >= cursor) continue
    const end = Math.min(child.end, cursor)
    if (end < start) continue
    emit(segments, n, end, cursor)
    stack.push({ n: child.n, from: start, until: end })
    cursor = start
  }
  emit(segments, n, from, cursor)
}

/** Children that can have been waited for, the last to end first. */
function waitedFor(tree: TraceTree, n: number): readonly TraceNode[] {
  const parent = tree.nodes[n]
  if (parent === undefined) return []
  const children = parent.children.flatMap((child) => tree.nodes[child] ?? [])
  return children.filter((child) => !isBackground(parent, child)).sort((a, b) => b.end - a.end || b.start - a.start)
}

/** A consumer takes its message when it likes; what starts after its parent ended was not waited for. */
export function isBackground(parent: TraceNode, child: TraceNode): boolean {
  return child.start > parent.end || (parent.span?.kind === 'producer' && child.span?.kind === 'consumer')
}

function emit(segments: PathSegment[], n: number, start: number, end: number): void {
  if (end > start) segments.push({ n, start, end })
}
