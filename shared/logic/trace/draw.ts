// A trace as text, for terminals and for tests: one line a span, the tree on the left, a bar on the right, `*` before the spans that
// the trace waited for. Plain characters only, so that any terminal and any font shows it.

import { criticalPath } from './critical-path.ts'
import { displayWidth } from '../display-width.ts'
import { formatDuration } from '../format.ts'
import type { MissingReason } from './missing.ts'
import { selfTimes } from './self-time.ts'
import { buildTree, type TraceNode, type TraceTree, type TreeOptions } from './tree.ts'
import type { Span } from '../../model/trace.ts'

export interface DrawOptions extends TreeOptions {
  /** Columns there are in all; the bar takes what the text leaves, at least ten. */
  readonly columns: number
  /** Words for a parent that is not there. */
  missing(reason: MissingReason): string
  /** Colours a line by its kind; absent: plain. */
  paint?(text: string, kind: 'path' | 'error' | 'dim' | 'plain'): string
}

/** Lines without newlines. */
export function drawTrace(spans: readonly Span[], options: DrawOptions): readonly string[] {
  const tree = buildTree(spans, options)
  const path = criticalPath(tree)
  const self = selfTimes(tree)
  const guides = guidesOf(tree)
  const rows = tree.nodes.map((node) => ({
    node,
    label: `${path.on[node.n] === true && node.span !== undefined ? '*' : ' '} ${guides[node.n] ?? ''}${titleOf(node, options)}`,
    took: node.span === undefined ? '' : formatDuration(node.end - node.start),
    own: node.span === undefined ? '' : formatDuration(self[node.n] ?? 0),
  }))
  const width = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, displayWidth(text)), 0)
  const left = width(rows.map(({ label }) => label))
  const took = width(rows.map((row) => row.took))
  const own = width(rows.map((row) => row.own))
  const bar = Math.max(10, options.columns - left - took - own - 7)
  return rows.map(({ node, label, ...row }) => {
    const text = `${pad(label, left)}  ${row.took.padStart(took)}  ${row.own.padStart(own)}  ${barOf(node, tree.durationNs, bar)}`.trimEnd()
    return options.paint?.(text, kindOf(node, path.on[node.n] === true)) ?? text
  })
}

const kindOf = (node: TraceNode, onPath: boolean): 'path' | 'error' | 'dim' | 'plain' => (node.span?.status === 'error' ? 'error' : node.span === undefined ? 'dim' : onPath ? 'path' : 'plain')

function titleOf(node: TraceNode, options: DrawOptions): string {
  if (node.span === undefined) return `? ${options.missing(node.missing?.reason ?? 'local-dropped')}`
  const failed = node.span.status === 'error' ? '! ' : ''
  const odd = node.marks.length === 0 ? '' : ` (${node.marks.join(', ')})`
  return `${failed}${node.span.service}  ${node.span.name}${odd}`
}

/** `├ `, `└ ` and the lines that lead to them. */
function guidesOf(tree: TraceTree): readonly string[] {
  const below: string[] = []
  return tree.nodes.map((node) => {
    const above = tree.nodes[node.parent]
    const last = above === undefined || above.children[above.children.length - 1] === node.n
    const before = above === undefined ? '' : (below[above.n] ?? '')
    below[node.n] = above === undefined ? '' : `${before}${last ? '  ' : '│ '}`
    return above === undefined ? '' : `${before}${last ? '└ ' : '├ '}`
  })
}

function barOf(node: TraceNode, durationNs: number, columns: number): string {
  if (durationNs === 0) return '▏'
  const from = Math.min(columns - 1, Math.floor((node.start / durationNs) * columns))
  const until = Math.min(columns, Math.max(from + 1, Math.round((node.end / durationNs) * columns)))
  const sign = node.span === undefined ? '·' : node.end - node.start < durationNs / columns / 2 ? '▏' : '█'
  return `${' '.repeat(from)}${sign.repeat(until - from)}`
}

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - displayWidth(text)))
