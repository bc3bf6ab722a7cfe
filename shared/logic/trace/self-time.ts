// Time a span spent itself: its length without the union of its children's, clipped to it (traces.md 3.4). Children that start after
// it ended do not count. Children of a node are sorted by start, so the union is one sweep.

import type { TraceTree } from './tree.ts'

/** Nanoseconds for each node, by its index. */
export function selfTimes(tree: TraceTree): readonly number[] {
  return tree.nodes.map((node) => {
    let covered = 0
    let reached = node.start
    for (const index of node.children) {
      const child = tree.nodes[index]
      if (child === undefined || child.start > node.end) continue
      const end = Math.min(child.end, node.end)
      if (end <= reached) continue
      covered += end - Math.max(child.start, reached)
      reached = end
    }
    return node.end - node.start - covered
  })
}
