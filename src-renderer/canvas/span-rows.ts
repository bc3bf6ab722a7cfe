// Rows of a trace: the tree in pre-order, one bar a span in its service's colour. Times count from `originNs`, so that a trace can stand
// under the call that caused it on one axis.

import { formatDuration } from '../../shared/logic/format.ts'
import { selfTimes } from '../../shared/logic/trace/self-time.ts'
import type { TraceNode, TraceTree } from '../../shared/logic/trace/tree.ts'
import { nodeId, visibleRows } from '../../shared/logic/trace/rows.ts'
import type { Span } from '../../shared/model/trace.ts'
import type { Bar, TimelineRow } from './row.ts'

/** Words that a row needs; the caller has the language. */
export interface SpanWords {
  missingParent(spanId: string, reason: NonNullable<TraceNode['missing']>['reason']): string
  sentence(span: Span, duration: string): string
}

export interface SpanRowOptions {
  readonly collapsed: ReadonlySet<string>
  /** Zero of the axis. */
  readonly originNs: bigint
  readonly hues: ReadonlyMap<string, number>
  readonly words: SpanWords
  /** Node indexes on the critical path; absent: not marked. */
  readonly critical?: readonly boolean[]
  /** Prefix of row ids, so that rows of two sources can stand in one table. */
  readonly prefix: string
}

export function spanRows(tree: TraceTree, options: SpanRowOptions): readonly TimelineRow[] {
  const shift = Number(tree.originNs - options.originNs)
  const own = selfTimes(tree)
  return visibleRows(tree, options.collapsed).map((node) => (node.span === undefined ? missingRow(node, options, shift) : spanRow(node, node.span, own[node.n] ?? 0, options, shift)))
}

function spanRow(node: TraceNode, span: Span, ownNs: number, options: SpanRowOptions, shift: number): TimelineRow {
  const failed = span.status === 'error'
  const hue = options.hues.get(span.service) ?? 250
  const length = node.end - node.start
  const bar: Bar = { startNs: node.start + shift, endNs: node.end + shift, shape: 'solid', colour: { hue }, label: formatDuration(length) }
  const isCritical = options.critical?.[node.n] === true
  return {
    id: `${options.prefix}${nodeId(node)}`,
    kind: 'item',
    level: node.depth + 1,
    ...(node.children.length === 0 ? {} : { open: !options.collapsed.has(nodeId(node)) }),
    mark: failed ? '✕' : isCritical ? '◆' : '',
    tone: failed ? 'fail' : 'faint',
    name: span.service,
    detail: span.name,
    chips: [],
    own: (ownNs / 1e6).toFixed(ownNs < 1e7 ? 2 : 1),
    muted: false,
    hue,
    bars: [bar, ...(failed ? [underline(bar)] : [])],
    title: options.words.sentence(span, formatDuration(length)),
  }
}

/** Failure is also a shape: a thin line in the failure colour across the bar. */
const underline = (bar: Bar): Bar => ({ startNs: bar.startNs, endNs: bar.endNs, shape: 'thin', colour: 'fail' })

function missingRow(node: TraceNode, options: SpanRowOptions, shift: number): TimelineRow {
  const words = options.words.missingParent(node.missing?.spanId ?? '', node.missing?.reason ?? 'local-dropped')
  return {
    id: `${options.prefix}${nodeId(node)}`, kind: 'item', level: node.depth + 1, open: !options.collapsed.has(nodeId(node)),
    mark: '◌', tone: 'faint', name: words, detail: '', chips: [], own: '', muted: true,
    bars: [{ startNs: node.start + shift, endNs: node.end + shift, shape: 'lost', colour: 'faint' }],
    title: words,
  }
}
