// Annotated hex: every byte of a frame in order, and beside it what it means. Made from the same tree that the window's Bytes tab shows, for
// `kite call --bytes` and `kite decode --frame` alike.

import type { ByteNode, ByteView } from '../../../shared/model/layout.ts'

const perLine = 16

interface Part {
  readonly start: number
  readonly end: number
  readonly label: string
}

/** Lines without an end of line; bytes that a record does not keep are told in the last line. */
export function hexLines(view: Pick<ByteView, 'base64' | 'length' | 'nodes'>): readonly string[] {
  const bytes = Buffer.from(view.base64, 'base64')
  const lines = fillGaps(view.nodes.flatMap((node) => partsOf(node, 0)), bytes.length).flatMap((part) => linesOf(part, bytes))
  return bytes.length < view.length ? [...lines, `${offsetText(bytes.length)}  … ${view.length - bytes.length} bytes`] : lines
}

/** A branch is a title line of no bytes; its own bytes are those of its leaves and of the gaps between. */
function partsOf(node: ByteNode, depth: number): readonly Part[] {
  const label = `${'  '.repeat(depth)}${[printable(node.name), node.type === undefined ? '' : `(${node.type})`, valueOf(node)].filter((part) => part !== '').join(' ')}`
  const children = node.children ?? []
  if (children.length === 0) return [{ start: node.start, end: node.end, label }]
  return [{ start: node.start, end: node.start, label }, ...children.flatMap((child) => partsOf(child, depth + 1))]
}

// Why something is not understood is told as a sentence.
const valueOf = ({ value, kind }: ByteNode): string => (value === undefined || kind === 'unknown' ? '' : `= ${printable(value)}`)

// Bytes of a peer must not steer a terminal.
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

function fillGaps(parts: readonly Part[], length: number): readonly Part[] {
  const filled: Part[] = []
  let at = 0
  for (const part of parts) {
    if (part.start > at) filled.push({ start: at, end: part.start, label: '' })
    filled.push(part)
    at = Math.max(at, part.end)
  }
  return at < length ? [...filled, { start: at, end: length, label: '' }] : filled
}

function linesOf({ start, end, label }: Part, bytes: Buffer): readonly string[] {
  const lines: string[] = []
  for (let at = start; at < Math.min(end, bytes.length) || at === start; at += perLine) {
    const hex = bytes.toString('hex', at, Math.min(end, at + perLine, bytes.length)).replace(/(..)(?=.)/g, '$1 ')
    lines.push(`${offsetText(at)}  ${hex.padEnd(perLine * 3 - 1)}  ${at === start ? label : ''}`.trimEnd())
  }
  return lines
}

const offsetText = (offset: number): string => offset.toString(16).padStart(6, '0')
