// What transports and codecs alike do with the nodes of a byte view, who must not know each other.

import type { ByteNode } from '../model/layout.ts'

/** Characters of a value that a node shows. */
export const shownCharacters = 200

/** A value as a node shows it: what is longer ends in an ellipsis. */
export const shownText = (text: string): string => (text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters - 1)}…`)

/** A node with all beneath it, `by` bytes further on. */
export function movedNode(node: ByteNode, by: number): ByteNode {
  const moved = { ...node, start: node.start + by, end: node.end + by }
  return node.children === undefined ? moved : { ...moved, children: node.children.map((child) => movedNode(child, by)) }
}
