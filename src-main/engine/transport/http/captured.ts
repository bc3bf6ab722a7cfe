// Several captures of one direction as one: the requests, or the replies, of a chain of redirects.

import { movedNode } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Captured } from '../transport.ts'

/** One after the other, ranges moved along. */
export function joinCaptured(parts: readonly Captured[]): Captured {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return only
  const nodes: ByteNode[] = []
  let at = 0
  const messages: Captured['messages'][number][] = []
  for (const part of parts) {
    const by = at
    nodes.push(...part.nodes.map((node) => movedNode(node, by)))
    messages.push(...part.messages.map((message) => ({ ...message, start: message.start + by, end: message.end + by })))
    at += part.bytes.length
  }
  return { bytes: Buffer.concat(parts.map(({ bytes }) => bytes)), nodes, messages }
}

/** A message that does not stand in the bytes as it is meant: compressed, or cut into chunks. Where it came from in one piece is marked as `name`. */
export function messageApart({ bytes, nodes, messages }: Captured, message: Buffer, name: string): Captured {
  const [place] = messages
  if (place === undefined) return { bytes, nodes, messages: [{ start: 0, end: bytes.length, message }] }
  const part: ByteNode = { start: place.start, end: place.end, name, kind: 'message' }
  const marked = nodes.map((node) => (node.start <= part.start && node.end >= part.end ? { ...node, children: [...node.children ?? [], part] } : node))
  return { bytes, nodes: marked, messages: [{ ...place, message }] }
}
