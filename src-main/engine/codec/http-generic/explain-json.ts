// What each byte of a JSON text means: one node for each value, by the reader's own ranges.

import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import { positionMap } from './position-map.ts'

/** Nodes beyond this many are not told, since nobody looks at them and a large body has millions. */
const maxNodes = 5000

/** Explains the JSON that begins at `offset`; anything else is one node of what it is. */
export function explainJson(bytes: Buffer, offset: number): readonly ByteNode[] {
  if (bytes.length === 0) return []
  const text = bytes.toString()
  const { root } = readJson(text)
  if (root === undefined) return [{ start: offset, end: offset + bytes.length, name: 'body', kind: 'value', value: shownText(text) }]
  const at = positionMap(text)
  const budget = { left: maxNodes }
  return [nodeOf(root, 'body', (position) => offset + at(position), text, budget)]
}

function nodeOf(node: JsonNode, name: string, at: (position: number) => number, text: string, budget: { left: number }): ByteNode {
  budget.left -= 1
  const place = { start: at(node.start), end: at(node.end), name, type: node.kind }
  if (node.kind !== 'object' && node.kind !== 'array') return { ...place, kind: 'value', value: shownText(text.slice(node.start, node.end)) }
  const members = node.kind === 'object' ? node.members.map(({ key, value }) => [key, value] as const) : node.items.map((item, index) => [`[${index}]`, item] as const)
  const children: ByteNode[] = []
  for (const [key, value] of members) {
    if (budget.left <= 0) break
    children.push(nodeOf(value, key, at, text, budget))
  }
  return { ...place, kind: name === 'body' ? 'message' : 'field', children }
}
