// Several captures of one direction as one: the requests, or the replies, of a chain of redirects.

import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Captured } from '../transport.ts'

/** One after the other, ranges moved along. Only the messages of the last one count. */
export function joinCaptured(parts: readonly Captured[]): Captured {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const nodes: ByteNode[] = []
  let at = 0
  let messages: Captured['messages'] = []
  for (const part of parts) {
    const by = at
    nodes.push(...part.nodes.map((node) => moved(node, by)))
    messages = part.messages.map((message) => ({ ...message, start: message.start + by, end: message.end + by }))
    at += part.bytes.length
  }
  return { bytes: Buffer.concat(parts.map(({ bytes }) => bytes)), nodes, messages }
}

const moved = (node: ByteNode, by: number): ByteNode => ({
  ...node, start: node.start + by, end: node.end + by,
  ...(node.children === undefined ? {} : { children: node.children.map((child) => moved(child, by)) }),
})
