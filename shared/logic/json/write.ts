// Writes JSON without losing digits: bigint and numbers as they were written pass through, and pretty printing works on the text's
// own tokens rather than on parsed values.

import type { JsonMember, JsonNode } from './node.ts'
import { readJson } from './read.ts'

/** A piece of JSON text to be set in as it is, such as a reply that the codec has written. */
export class RawJson {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

// Lone surrogates are escaped (as JSON.stringify does), which is how bytes that are no UTF-8 stay visible.
const needsEscape = /[\u0000-\u001f"\\\ud800-\udfff]/

/** A string as JSON, quotes included. */
export function quoteJson(value: string): string {
  return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`
}

/** Like JSON.stringify, but writes bigint in full and sets {@link RawJson} in. `indent` is in blanks; 0 writes one line. */
export function stringifyExact(value: unknown, indent = 0): string {
  const text = stringify(value) ?? 'null'
  return indent === 0 ? text : prettyJson(text, indent)
}

function stringify(value: unknown): string | undefined {
  if (value instanceof RawJson) return value.text
  switch (typeof value) {
    case 'bigint':
      return value.toString()
    case 'string':
      return quoteJson(value)
    case 'number':
      return Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? String(value) : `"${value}"`
    case 'boolean':
      return String(value)
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? stringifyArray(value) : stringifyObject(value)
    default:
      return undefined
  }
}

function stringifyArray(value: readonly unknown[]): string {
  return `[${value.map((item) => stringify(item) ?? 'null').join(',')}]`
}

function stringifyObject(value: object): string {
  const parts: string[] = []
  for (const [key, member] of Object.entries(value)) {
    const text = stringify(member)
    if (text !== undefined) parts.push(`${quoteJson(key)}:${text}`)
  }
  return `{${parts.join(',')}}`
}

/** The same JSON over several lines; text that is no JSON comes back unchanged. Comments are dropped. */
export function prettyJson(text: string, indent = 2): string {
  const { root } = readJson(text)
  return root === undefined ? text : printNode(text, root, indent)
}

/** The same JSON on one line; text that is no JSON keeps its words and loses its line breaks. Comments are dropped. */
export function compactJson(text: string): string {
  if (!/[\n\r]/.test(text)) return text
  const { root } = readJson(text)
  return root === undefined ? text.replace(/[\n\r]+/g, ' ') : printCompact(text, root)
}

function printCompact(text: string, root: JsonNode): string {
  const out: string[] = []
  const todo: (JsonNode | JsonMember | string)[] = [root]
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (typeof next === 'string') out.push(next)
    else if ('key' in next) {
      out.push(text.slice(next.keyStart, next.keyEnd), ':')
      todo.push(next.value)
    } else if (next.kind === 'object' || next.kind === 'array') {
      out.push(next.kind === 'object' ? '{' : '[')
      todo.push(next.kind === 'object' ? '}' : ']')
      const children = next.kind === 'object' ? next.members : next.items
      for (let at = children.length - 1; at >= 0; at -= 1) {
        const child = children[at]
        if (child !== undefined) todo.push(child)
        if (at > 0) todo.push(',')
      }
    } else out.push(text.slice(next.start, next.end))
  }
  return out.join('')
}

interface Frame { readonly node: JsonNode & { kind: 'object' | 'array' }; index: number }

// Iterative like the reader, so that whatever could be read can be printed.
function printNode(text: string, root: JsonNode, indent: number): string {
  const out: string[] = []
  const frames: Frame[] = []
  const open = (node: JsonNode): void => {
    if (node.kind !== 'object' && node.kind !== 'array') out.push(text.slice(node.start, node.end))
    else if (childCount(node) === 0) out.push(node.kind === 'object' ? '{}' : '[]')
    else {
      out.push(node.kind === 'object' ? '{' : '[')
      frames.push({ node, index: 0 })
    }
  }
  open(root)
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { node } = frame
    if (frame.index === childCount(node)) {
      frames.pop()
      out.push('\n', ' '.repeat(frames.length * indent), node.kind === 'object' ? '}' : ']')
      continue
    }
    out.push(frame.index === 0 ? '\n' : ',\n', ' '.repeat(frames.length * indent))
    const child = childAt(node, frame.index++)
    if (child.key !== undefined) out.push(text.slice(child.key.keyStart, child.key.keyEnd), ': ')
    open(child.value)
  }
  return out.join('')
}

const childCount = (node: Frame['node']): number => (node.kind === 'object' ? node.members.length : node.items.length)

function childAt(node: Frame['node'], index: number): { readonly key?: JsonMember; readonly value: JsonNode } {
  if (node.kind === 'object') {
    const key = node.members[index]
    if (key !== undefined) return { key, value: key.value }
  } else {
    const value = node.items[index]
    if (value !== undefined) return { value }
  }
  throw new Error('believed: the index is below the number of children')
}
