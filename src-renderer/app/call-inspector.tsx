// The joint view of one call: the chain that it passed and, below it on the same time axis, the trace that it caused. Features do not
// meet, so they meet here; both give timeline rows, and the selected row's panel comes from whoever made the row.

import { useEffect, useMemo, useState, type ReactElement } from 'react'
import { assignServiceHues } from '../../shared/logic/service-hue.ts'
import { nodeId } from '../../shared/logic/trace/rows.ts'
import { childSpanId } from '../../shared/logic/trace/span-id.ts'
import { selfTimes } from '../../shared/logic/trace/self-time.ts'
import { buildTree, type TraceTree } from '../../shared/logic/trace/tree.ts'
import type { ExplainLink } from '../../shared/logic/explain-call.ts'
import type { CallRecord } from '../../shared/model/call.ts'
import type { ChainNode } from '../../shared/model/chain.ts'
import type { Span } from '../../shared/model/trace.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import type { TimelineRow } from '../canvas/row.ts'
import { spanRows } from '../canvas/span-rows.ts'
import { chainRows, foldedAtFirst, nodeRowId } from '../features/chain/chain-rows.ts'
import { NodeDetail } from '../features/chain/node-detail.tsx'
import { SpanDetail } from '../features/trace/span-detail.tsx'
import { useSlice } from '../store/state.ts'
import { useStores } from '../store/stores.ts'
import { noSpans } from '../store/traces.ts'
import { Button } from '../ui/button.tsx'
import { spanWords } from '../ui/span-words.ts'
import { SplitPane } from '../ui/split-pane.tsx'
import { TimelineTable } from '../ui/timeline-table.tsx'
import { toggled } from '../ui/toggled.ts'
import { useT } from '../ui/translation.tsx'
import { usePalette } from '../ui/use-palette.ts'
import { ExplainLine } from './explain-line.tsx'
import '../ui/inspector.css'

export interface CallInspectorProps {
  readonly record: CallRecord
  readonly keyStepsOnly: boolean
  readonly onPin: ((address: string) => void) | undefined
}

export function CallInspector({ record, keyStepsOnly, onPin }: CallInspectorProps): ReactElement {
  const { layout } = useStores()
  const translator = useT()
  const palette = usePalette()
  const { nodes } = record.chain
  const { spans, byAttempt } = useCausedSpans(record)
  const tree = useMemo(() => buildTree(spans), [spans])
  const [folded, setFolded] = useState(() => foldedAtFirst(nodes))
  const [selected, setSelected] = useState(() => firstSelected(nodes))
  const shares = useSlice(layout, (state) => state.shares)
  const originNs = BigInt(record.startTimeUnixNano)
  const rows = useMemo(() => jointRows(nodes, tree, spans, { folded, keyStepsOnly, originNs, translator }), [nodes, tree, spans, folded, keyStepsOnly, originNs, translator])
  const full = useMemo(() => ({ startNs: 0, endNs: endOf(record, tree, originNs) }), [record, tree, originNs])
  const select = (id: string): void => setSelected(id)
  return (
    <div className="call-inspector">
      <ExplainLine record={record} onLink={(link) => select(rowOfLink(nodes, link) ?? selected)} />
      <SplitPane
        id="inspector" label={translator.t('inspector.tabs')} direction="row" fixed="second" defaultSecond="312px" minSecond={200} share={shares['inspector']} onShare={(share) => layout.setShare('inspector', share)}
        first={(
          <TimelineTable
            label={translator.t('inspector.timeline')} ownLabel={translator.t('inspector.ownMs')} rows={rows} full={full} palette={palette} selected={selected}
            nameWidth={shares['inspector.names'] ?? 424} onNameWidth={(width) => layout.setShare('inspector.names', width)}
            onSelect={select} onToggle={(id) => setFolded((now) => toggled(now, id))} onKey={(key) => stepAttempt(key, nodes, selected, select)}
          />
        )}
        second={<RowDetail id={selected} record={record} tree={tree} byAttempt={byAttempt} originNs={originNs} onPin={onPin} onSelect={select} />}
      />
    </div>
  )
}

interface CausedSpans {
  readonly spans: readonly Span[]
  /** Span ids by the attempt that caused them, and back. */
  readonly byAttempt: ReadonlyMap<number, string>
}

/** What services reported of this call's trace; the console's own spans are the chain above. */
function useCausedSpans(record: CallRecord): CausedSpans {
  const { traces } = useStores()
  const { traceId } = record
  const all = useSlice(traces, (state) => state.spans.get(traceId) ?? noSpans)
  useEffect(() => {
    const following = traces.follow(traceId)
    return () => following.dispose()
  }, [traces, traceId])
  return useMemo(() => causedSpans(all, record), [all, record])
}

function causedSpans(all: readonly Span[], record: CallRecord): CausedSpans {
  const own = new Set(all.filter((span) => span.own).map(({ spanId }) => spanId))
  const attemptIds = new Map(record.chain.nodes.flatMap(({ kind, attempt }) => (kind === 'attempt' && attempt !== null ? [[childSpanId(record.spanId, `attempt ${attempt}`), attempt] as const] : [])))
  const byAttempt = new Map<number, string>()
  const spans = all.filter((span) => !span.own).map((span) => {
    const parent = span.parentSpanId ?? ''
    const attempt = attemptIds.get(parent)
    if (attempt !== undefined) byAttempt.set(attempt, span.spanId)
    return attempt !== undefined || own.has(parent) || parent === record.spanId ? withoutParent(span) : span
  })
  return { spans, byAttempt }
}

/** Hangs below the chain, which stands above it on the screen: a root here, not an orphan. */
function withoutParent({ parentSpanId: _, ...span }: Span): Span {
  return span
}

interface JointOptions {
  readonly folded: ReadonlySet<string>
  readonly keyStepsOnly: boolean
  readonly originNs: bigint
  readonly translator: Translator
}

const spanPrefix = 'span-'

function jointRows(nodes: readonly ChainNode[], tree: TraceTree, spans: readonly Span[], options: JointOptions): readonly TimelineRow[] {
  const { translator, folded, originNs } = options
  const { t } = translator
  const services = new Set(spans.map(({ service }) => service))
  const heading = spans.length === 0 ? t('inspector.noSpans') : t('inspector.traceGroup', { count: spans.length, services: t('inspector.services', { count: services.size }) })
  const collapsed = new Set([...folded].filter((id) => id.startsWith(spanPrefix)).map((id) => id.slice(spanPrefix.length)))
  return [
    groupRow('group-chain', t('inspector.chainGroup')),
    ...chainRows(nodes, { collapsed: folded, keyStepsOnly: options.keyStepsOnly }, translator),
    groupRow('group-trace', heading),
    ...spanRows(tree, { collapsed, originNs, hues: assignServiceHues(services), words: spanWords(translator), prefix: spanPrefix }),
  ]
}

const groupRow = (id: string, name: string): TimelineRow => ({ id, kind: 'group', level: 1, mark: '', tone: 'plain', name, detail: '', chips: [], own: '', muted: false, bars: [], title: name })

interface RowDetailProps {
  readonly id: string
  readonly record: CallRecord
  readonly tree: TraceTree
  readonly byAttempt: ReadonlyMap<number, string>
  readonly originNs: bigint
  readonly onPin: ((address: string) => void) | undefined
  readonly onSelect: (id: string) => void
}

function RowDetail({ id, record, tree, byAttempt, originNs, onPin, onSelect }: RowDetailProps): ReactElement {
  const { layout, traces } = useStores()
  const { t } = useT()
  const spanNode = tree.nodes.find((each) => `${spanPrefix}${nodeId(each)}` === id)
  if (spanNode?.span !== undefined) {
    const openTrace = (): void => {
      traces.select(record.traceId)
      layout.show('traces')
    }
    const attempt = [...byAttempt].find(([, spanId]) => spanId === spanNode.span?.spanId)?.[0]
    const row = attempt === undefined ? undefined : attemptRow(record.chain.nodes, attempt)
    return (
      <SpanDetail span={spanNode.span} originNs={originNs} selfNs={selfTimes(tree)[spanNode.n] ?? 0}>
        <div className="inspector-links">
          <Button kind="link" onClick={openTrace}>{t('inspector.openTrace')}</Button>
          {row !== undefined && <Button kind="link" onClick={() => onSelect(row)}>{t('inspector.itsAttempt')}</Button>}
        </div>
      </SpanDetail>
    )
  }
  const node = nodeOf(record.chain.nodes, id)
  if (node === undefined) return <p className="inspector-body inspector-empty dim">{t('inspector.nothingSelected')}</p>
  const picked = node.decision?.kind === 'balancer' ? node.decision.picked : undefined
  const caused = node.kind === 'attempt' && node.attempt !== null ? byAttempt.get(node.attempt) : undefined
  return (
    <div className="inspector-with-foot">
      <NodeDetail node={node} nodes={record.chain.nodes} />
      {(picked !== undefined && onPin !== undefined) || caused !== undefined
        ? (
          <div className="inspector-foot">
            {picked !== undefined && onPin !== undefined && <Button kind="link" onClick={() => onPin(picked)}>{t('inspector.pin')}</Button>}
            {caused !== undefined && <Button kind="link" onClick={() => onSelect(`${spanPrefix}${caused}`)}>{t('inspector.itsSpan')}</Button>}
          </div>
        )
        : null}
    </div>
  )
}

const nodeOf = (nodes: readonly ChainNode[], id: string): ChainNode | undefined => nodes.find(({ n }) => nodeRowId(n) === id || id.startsWith(`wait-${n}-`))

/** What explains the call best: where it failed, else the pick of the last attempt. */
function firstSelected(nodes: readonly ChainNode[]): string {
  const failed = nodes.findLast(({ verdict }) => verdict === 'rejected')
  const balancer = nodes.findLast(({ kind, verdict }) => kind === 'balancer' && verdict !== 'skipped')
  return nodeRowId((failed ?? balancer ?? nodes[0])?.n ?? 0)
}

function attemptRow(nodes: readonly ChainNode[], attempt: number): string | undefined {
  const node = nodes.find((each) => each.kind === 'attempt' && each.attempt === attempt)
  return node === undefined ? undefined : nodeRowId(node.n)
}

/** Where a noun of the explaining sentence leads. */
function rowOfLink(nodes: readonly ChainNode[], link: ExplainLink): string | undefined {
  switch (link.kind) {
    case 'node': return nodeRowId(link.n)
    case 'attempt': return attemptRow(nodes, link.attempt)
    case 'instance': {
      const node = nodes.findLast(({ decision }) => decision?.kind === 'balancer' && decision.picked === link.address)
      return node === undefined ? undefined : nodeRowId(node.n)
    }
  }
}

/** `[` and `]` go through the attempts. */
function stepAttempt(key: string, nodes: readonly ChainNode[], selected: string, select: (id: string) => void): boolean {
  if (key !== '[' && key !== ']') return false
  const attempts = nodes.filter(({ kind }) => kind === 'attempt')
  const current = nodeOf(nodes, selected)?.attempt ?? 0
  const target = key === ']' ? attempts.find(({ attempt }) => (attempt ?? 0) > current) : attempts.findLast(({ attempt }) => (attempt ?? 0) < current)
  if (target !== undefined) select(nodeRowId(target.n))
  return true
}

/** The later of the call's own end and the last span's, and a little room for labels. */
function endOf(record: CallRecord, tree: TraceTree, originNs: bigint): number {
  const lastSpan = tree.nodes.length === 0 ? 0 : Number(tree.originNs - originNs) + tree.durationNs
  return Math.max(record.durationNs, lastSpan, 1000) * 1.06
}
