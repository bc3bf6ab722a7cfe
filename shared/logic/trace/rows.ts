// The rows of a timeline: the nodes in pre-order without what stands below a collapsed one. Linear in what is shown, since a collapsed
// subtree is skipped as a range.

import type { TraceNode, TraceTree } from './tree.ts'

/** `collapsed` holds span ids (a placeholder's too), which stay the same when spans come in late. */
export function visibleRows(tree: TraceTree, collapsed: ReadonlySet<string> = new Set()): readonly TraceNode[] {
  const rows: TraceNode[] = []
  for (let n = 0; n < tree.nodes.length; ) {
    const node = tree.nodes[n]
    if (node === undefined) break
    rows.push(node)
    n = collapsed.has(nodeId(node)) ? node.subtreeEnd : n + 1
  }
  return rows
}

/** The span's id, or the missing one's. */
export const nodeId = (node: TraceNode): string => node.span?.spanId ?? node.missing?.spanId ?? ''
