// Names the place of an offset as people write paths: `req.users[2].name`. Derived on demand from the ranges, so that nothing that
// walks a tree needs to carry a path along.

import type { JsonNode } from './node.ts'

/** One step into a value, as paths are written. */
export const memberStep = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`)

/** Joins steps; a path begins without a dot. */
export const joinPath = (...steps: readonly string[]): string => {
  const path = steps.join('')
  return path.startsWith('.') ? path.slice(1) : path
}

/** Path of the innermost value or key that holds the offset; empty at the root. */
export function pathAt(root: JsonNode, offset: number): string {
  const steps: string[] = []
  let node: JsonNode | undefined = root
  while (node !== undefined) {
    const inner = childAt(node, offset)
    if (inner !== undefined) steps.push(inner.step)
    node = inner?.value
  }
  return joinPath(...steps)
}

function childAt(node: JsonNode, offset: number): { readonly step: string; readonly value: JsonNode } | undefined {
  if (node.kind === 'object') {
    const member = node.members.find(({ keyStart, value }) => offset >= keyStart && offset < value.end)
    return member === undefined ? undefined : { step: memberStep(member.key), value: member.value }
  }
  if (node.kind !== 'array') return undefined
  const index = node.items.findIndex(({ start, end }) => offset >= start && offset < end)
  const value = node.items[index]
  return value === undefined ? undefined : { step: `[${index}]`, value }
}
