// The ladder: a row for each node of a call's chain, in the order in which the call passed them. Nesting is drawn only where it means
// something (attempts and what is inside them); everything outside of attempts stands at one level, as people read it.

import type { Translator } from '../../../shared/i18n/translate.ts'
import type { ChainNode } from '../../../shared/model/chain.ts'
import type { Bar, BarColour, RowChip, RowTone, TimelineRow } from '../../canvas/row.ts'

export interface ChainRowOptions {
  readonly collapsed: ReadonlySet<string>
  readonly keyStepsOnly: boolean
}

export const nodeRowId = (n: number): string => `node-${n}`

/** Rows of a finished or running chain; ids are `node-<n>` and `wait-<n>-<index>`. */
export function chainRows(nodes: readonly ChainNode[], options: ChainRowOptions, words: Translator): readonly TimelineRow[] {
  const children = new Map<number | null, ChainNode[]>()
  for (const node of nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node])
  const rows: TimelineRow[] = []
  const visit = (parent: number | null, level: number): void => {
    for (const item of inOrder(children.get(parent) ?? [], nodes.find(({ n }) => n === parent))) {
      if (item.kind === 'wait') {
        rows.push(waitRow(item.node, item.index, level, words))
        continue
      }
      const { node } = item
      const inner = children.get(node.n) ?? []
      const isFold = node.kind === 'attempt' && inner.length > 0
      const open = !options.collapsed.has(nodeRowId(node.n))
      if (!options.keyStepsOnly || isKeyStep(node)) rows.push(nodeRow(node, level, isFold ? open : undefined, words))
      if (!isFold || open) visit(node.n, node.kind === 'attempt' || node.kind === 'retry' && inner.some(({ kind }) => kind === 'attempt') ? level + 1 : level)
    }
  }
  visit(null, 1)
  return rows
}

/** Attempts that failed before another one succeeded are folded at first: the winner is what one wants to read. */
export function foldedAtFirst(nodes: readonly ChainNode[]): ReadonlySet<string> {
  const attempts = nodes.filter(({ kind }) => kind === 'attempt')
  return new Set(attempts.slice(0, -1).map(({ n }) => nodeRowId(n)))
}

type Item = { readonly kind: 'node'; readonly node: ChainNode; readonly at: number } | { readonly kind: 'wait'; readonly node: ChainNode; readonly index: number; readonly at: number }

/** Children and the parent's waits between them, by time. */
function inOrder(children: readonly ChainNode[], parent: ChainNode | undefined): readonly Item[] {
  const items: Item[] = children.map((node) => ({ kind: 'node', node, at: node.startNs }))
  if (parent !== undefined) for (const [index, wait] of parent.waits.entries()) items.push({ kind: 'wait', node: parent, index, at: wait.startNs })
  return items.sort((a, b) => a.at - b.at || a.node.n - b.node.n)
}

/** Where a call went, how often, and where its time went; and every step that did more than pass it on. */
const keyKinds: ReadonlySet<ChainNode['kind']> = new Set<ChainNode['kind']>(['tracer', 'retry', 'attempt', 'balancer', 'wire'])
const quietVerdicts: ReadonlySet<ChainNode['verdict']> = new Set<ChainNode['verdict']>(['pass', 'changed', 'no-op', 'skipped'])

const isKeyStep = (node: ChainNode): boolean => (keyKinds.has(node.kind) && node.verdict !== 'skipped') || !quietVerdicts.has(node.verdict)

function nodeRow(node: ChainNode, level: number, open: boolean | undefined, words: Translator): TimelineRow {
  const reason = words.text(node.reason)
  const name = node.kind === 'attempt' ? words.t('inspector.attempt', { attempt: node.attempt ?? 1 }) : node.name
  const verdict = words.t(`inspector.verdict.${node.verdict}`)
  const skipped = node.verdict === 'skipped'
  return {
    id: nodeRowId(node.n), kind: 'item', level,
    ...(open === undefined ? {} : { open }),
    mark: markOf(node), tone: toneOf(node), name, detail: reason, chips: chipsOf(node), own: skipped || node.kind === 'attempt' ? '' : ownText(node.ownNs), muted: skipped,
    bars: skipped ? [] : barsOf(node, reason),
    title: words.t('inspector.rowSentence', { name, verdict, reason }),
  }
}

function waitRow(node: ChainNode, index: number, level: number, words: Translator): TimelineRow {
  const wait = node.waits[index]
  const [startNs, endNs] = [wait?.startNs ?? 0, wait?.endNs ?? 0]
  const name = words.t('inspector.wait')
  const detail = wait === undefined ? '' : words.text(wait.reason)
  return {
    id: `wait-${node.n}-${index}`, kind: 'item', level, mark: '◷', tone: 'faint', name, detail, chips: [], own: ownText(endNs - startNs), muted: false,
    bars: [{ startNs, endNs, shape: 'wait', colour: 'faint' }], title: `${name}: ${detail}`,
  }
}

/** Milliseconds, as the column's heading says; three significant digits are too many for a column of mostly 0.0x. */
export const ownText = (ns: number): string => (ns >= 1e7 ? (ns / 1e6).toFixed(1) : ns > 0 && ns < 5e3 ? '<0.01' : (ns / 1e6).toFixed(2))

function markOf(node: ChainNode): string {
  if (node.verdict === 'skipped') return '–'
  if (node.verdict === 'rejected' || node.verdict === 'short-circuit') return '⊘'
  if (node.kind === 'attempt') return node.verdict === 'failed' ? '✕' : '✓'
  if (node.kind === 'tracer') return '→'
  if (node.kind === 'retry') return '↻'
  return node.verdict === 'failed' && isOrigin(node) ? '✕' : '·'
}

function toneOf(node: ChainNode): RowTone {
  if (node.verdict === 'rejected' || (node.verdict === 'failed' && (node.kind === 'attempt' || isOrigin(node)))) return 'fail'
  if (node.kind === 'attempt') return 'ok'
  return node.verdict === 'retried' || node.verdict === 'fell-back' ? 'warn' : 'faint'
}

/** Where a failure arose, not where it merely passed by. */
const isOrigin = (node: ChainNode): boolean => node.kind === 'wire' || node.kind === 'connection' || (node.decision?.kind === 'timeout' && node.decision.fired !== undefined)

function chipsOf(node: ChainNode): readonly RowChip[] {
  const count = (op: 'add' | 'remove' | 'change'): number => node.deltas.filter((delta) => delta.op === op).length
  const parts = [[`+${count('add')}`, count('add')], [`−${count('remove')}`, count('remove')], [`~${count('change')}`, count('change')]] as const
  return parts.filter(([, many]) => many > 0).map(([text]) => ({ text, tone: 'changed' }))
}

function barsOf(node: ChainNode, reason: string): readonly Bar[] {
  const colour: BarColour = toneOf(node) === 'fail' ? 'fail' : 'accent'
  const whole = (shape: Bar['shape'], label?: string): Bar => ({ startNs: node.startNs, endNs: node.endNs, shape, colour, ...(label === undefined ? {} : { label }) })
  switch (node.kind) {
    case 'attempt':
      return [whole('solid', node.verdict === 'failed' ? reason : undefined)]
    case 'tracer': case 'retry': case 'timeout':
      return [whole('thin'), ...ownBars(node, colour)]
    case 'wire':
      return wireBars(node, colour)
    default:
      return ownBars(node, colour)
  }
}

/** Two half bars: what the node did on the way in and on the way out. */
function ownBars(node: ChainNode, colour: BarColour): readonly Bar[] {
  const firstIn = node.marks.next[0]
  const lastOut = node.marks.back.at(-1)
  if (firstIn === undefined || lastOut === undefined) return [{ startNs: node.startNs, endNs: node.endNs, shape: 'solid', colour }]
  return [{ startNs: node.startNs, endNs: firstIn, shape: 'solid', colour }, { startNs: lastOut, endNs: node.endNs, shape: 'solid', colour }]
}

/** Write and read are solid, the wait for the server is thin. */
function wireBars(node: ChainNode, colour: BarColour): readonly Bar[] {
  const thin: Bar = { startNs: node.startNs, endNs: node.endNs, shape: 'thin', colour }
  if (node.decision?.kind !== 'wire') return [thin]
  const { writeNs, readNs } = node.decision
  return [thin, { startNs: node.startNs, endNs: node.startNs + writeNs, shape: 'solid', colour }, ...(readNs > 0 ? [{ startNs: node.endNs - readNs, endNs: node.endNs, shape: 'solid', colour } as const] : [])]
}
