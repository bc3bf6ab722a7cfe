// One trace: head with its totals, the timeline, the selected span beside it. It is given spans and does not know where they come from.

import { useMemo, useState, type ReactElement } from 'react'
import { formatDuration } from '../../../shared/logic/format.ts'
import { assignServiceHues } from '../../../shared/logic/service-hue.ts'
import { criticalPath } from '../../../shared/logic/trace/critical-path.ts'
import { nodeId } from '../../../shared/logic/trace/rows.ts'
import { selfTimes } from '../../../shared/logic/trace/self-time.ts'
import { buildTree, type TraceTree } from '../../../shared/logic/trace/tree.ts'
import { withoutMiddlewares } from '../../../shared/logic/trace/without-middlewares.ts'
import type { Span } from '../../../shared/model/trace.ts'
import { spanRows } from '../../canvas/span-rows.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { spanWords } from '../../ui/span-words.ts'
import { SplitPane } from '../../ui/split-pane.tsx'
import { TimelineTable } from '../../ui/timeline-table.tsx'
import { toggled } from '../../ui/toggled.ts'
import { useT } from '../../ui/translation.tsx'
import { usePalette } from '../../ui/use-palette.ts'
import { SpanDetail } from './span-detail.tsx'

export interface TraceTimelineProps {
  readonly traceId: string
  readonly spans: readonly Span[]
  readonly onCopy: (text: string) => void
}

export function TraceTimeline({ traceId, spans, onCopy }: TraceTimelineProps): ReactElement {
  const translator = useT()
  const palette = usePalette()
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set())
  const [selected, setSelected] = useState<string>()
  const [nameWidth, setNameWidth] = useState(400)
  const [share, setShare] = useState<number>()
  const [middlewares, setMiddlewares] = useState(false)
  const shown = useMemo(() => (middlewares ? spans : withoutMiddlewares(spans)), [spans, middlewares])
  const tree = useMemo(() => buildTree(shown), [shown])
  const path = useMemo(() => criticalPath(tree), [tree])
  const hues = useMemo(() => assignServiceHues(shown.map((span) => span.service)), [shown])
  const full = useMemo(() => ({ startNs: 0, endNs: Math.max(tree.durationNs, 1) * 1.02 }), [tree])
  const rows = useMemo(
    () => spanRows(tree, { collapsed, originNs: tree.originNs, hues, words: spanWords(translator), critical: path.on, prefix: '' }),
    [tree, collapsed, hues, translator, path],
  )
  const node = tree.nodes.find((each) => nodeId(each) === selected) ?? tree.nodes[tree.roots[0] ?? 0]
  return (
    <div className="trace-view">
      <TraceHead traceId={traceId} spans={shown} tree={tree} middlewares={spans.length > shown.length || middlewares ? middlewares : undefined} onMiddlewares={setMiddlewares} criticalNs={path.segments.reduce((sum, each) => sum + each.end - each.start, 0)} onCopy={onCopy} />
      <SplitPane
        id="trace-split" label={translator.t('trace.detail')} direction="row" fixed="second" defaultSecond="292px" minSecond={220} share={share} onShare={setShare}
        first={(
          <TimelineTable
            label={translator.t('trace.timeline')} ownLabel={translator.t('inspector.ownMs')} rows={rows} full={full} palette={palette} nameWidth={nameWidth} onNameWidth={setNameWidth}
            selected={node === undefined ? undefined : nodeId(node)} onSelect={setSelected} onToggle={(id) => setCollapsed((now) => toggled(now, id))}
          />
        )}
        second={node?.span === undefined ? <div className="inspector-detail" /> : <SpanDetail span={node.span} originNs={tree.originNs} selfNs={selfTimes(tree)[node.n] ?? 0} />}
      />
    </div>
  )
}

interface TraceHeadProps {
  readonly traceId: string
  readonly spans: readonly Span[]
  readonly tree: TraceTree
  readonly criticalNs: number
  /** Undefined: the console made no call in this trace. */
  readonly middlewares: boolean | undefined
  readonly onMiddlewares: (shown: boolean) => void
  readonly onCopy: (text: string) => void
}

function TraceHead({ traceId, spans, tree, criticalNs, middlewares, onMiddlewares, onCopy }: TraceHeadProps): ReactElement {
  const { t } = useT()
  const root = tree.nodes[tree.roots[0] ?? 0]?.span
  const errors = spans.filter(({ status }) => status === 'error').length
  const services = new Set(spans.map(({ service }) => service)).size
  return (
    <div className="trace-head">
      <strong className="truncate">{root?.name ?? traceId}</strong>
      <code className="faint" title={traceId}>{traceId.slice(0, 8)}…{traceId.slice(-4)}</code>
      {errors > 0 && <Badge tone="fail">{t('trace.errors', { count: errors })}</Badge>}
      <span className="dim">
        {formatDuration(tree.durationNs)} · {t('trace.spans', { count: spans.length })} · {t('inspector.services', { count: services })}
      </span>
      <span className="trace-head-end caption dim">{t('trace.criticalPath', { duration: formatDuration(criticalNs) })}</span>
      {middlewares !== undefined && (
        <button type="button" className="button button-link" aria-pressed={middlewares} onClick={() => onMiddlewares(!middlewares)}>{t(middlewares ? 'trace.hideMiddlewares' : 'trace.showMiddlewares')}</button>
      )}
      <Button kind="link" onClick={() => onCopy(traceId)}>{t('trace.copyId')}</Button>
    </div>
  )
}
