// The right panel for a node of the chain: what it decided, what it changed, what had been set up to there and by whom, where its time went.

import { useState, type ReactElement } from 'react'
import { formatDuration } from '../../../shared/logic/format.ts'
import type { ChainNode, Delta } from '../../../shared/model/chain.ts'
import { FactList, type FactRow } from '../../ui/fact-list.tsx'
import { TabBar, TabPanel } from '../../ui/tab-bar.tsx'
import { useT } from '../../ui/translation.tsx'
import { DecisionView } from './decision-view.tsx'

type DetailTab = 'decision' | 'diff' | 'context' | 'time'

export interface NodeDetailProps {
  readonly node: ChainNode
  readonly nodes: readonly ChainNode[]
}

export function NodeDetail({ node, nodes }: NodeDetailProps): ReactElement {
  const { t, text } = useT()
  const [tab, setTab] = useState<DetailTab>('decision')
  const tabs = (['decision', 'diff', 'context', 'time'] as const).map((key) => ({ key, label: t(`inspector.tab.${key}`), ...(key === 'diff' ? { count: node.deltas.length } : {}) }))
  return (
    <div className="inspector-detail">
      <TabBar id="node-detail" label={t('inspector.tabs')} tabs={tabs} active={tab} onSelect={setTab} />
      <TabPanel id="node-detail" active={tab}>
        <div className="inspector-body">
          <h2 className="inspector-heading">
            {node.kind === 'attempt' ? t('inspector.attempt', { attempt: node.attempt ?? 1 }) : node.name}
            {node.kind !== 'attempt' && node.attempt !== null && <span className="faint"> {t('inspector.attempt', { attempt: node.attempt })}</span>}
          </h2>
          <p className="inspector-lead caption dim text">{text(node.reason)}</p>
          {tab === 'decision' && <DecisionView node={node} />}
          {tab === 'diff' && <DiffView deltas={node.deltas} />}
          {tab === 'context' && <ContextView node={node} nodes={nodes} />}
          {tab === 'time' && <TimeView node={node} />}
        </div>
      </TabPanel>
    </div>
  )
}

function DiffView({ deltas }: { readonly deltas: readonly Delta[] }): ReactElement {
  const { t } = useT()
  if (deltas.length === 0) return <p className="inspector-empty dim">{t('inspector.noDelta')}</p>
  return (
    <ul className="inspector-deltas text">
      {deltas.map((delta, index) => (
        <li key={index} className={`inspector-delta inspector-delta-${delta.op}`}>
          <span className="inspector-delta-sign" aria-hidden="true">{{ add: '+', remove: '−', change: '~' }[delta.op]}</span>
          <span className="faint">{t(`inspector.store.${delta.store}`)}</span>
          <code>{delta.path}</code>
          <div className="inspector-delta-values">
            {delta.before !== undefined && <del><code>{delta.before}</code></del>}
            {delta.after !== undefined && <ins><code>{delta.after}</code></ins>}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** What stood in request and context when this node passed the call on, with who wrote each value last. */
function ContextView({ node, nodes }: NodeDetailProps): ReactElement {
  const { t } = useT()
  const rows = contextUpTo(node, nodes)
  if (rows.length === 0) return <p className="inspector-empty dim">{t('inspector.noContext')}</p>
  return (
    <table className="inspector-table text">
      <tbody>
        {rows.map((row) => (
          <tr key={row.path} title={`${t('inspector.setBy')} ${row.by}`}>
            <td><code>{row.path}</code></td>
            <td><code>{row.value}</code></td>
            <td className="faint">{row.by}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface ContextRow {
  readonly path: string
  readonly value: string
  readonly by: string
}

function contextUpTo(node: ChainNode, nodes: readonly ChainNode[]): readonly ContextRow[] {
  const byNumber = new Map(nodes.map((each) => [each.n, each]))
  const path: ChainNode[] = []
  for (let at: ChainNode | undefined = node; at !== undefined; at = at.parent === null ? undefined : byNumber.get(at.parent)) path.unshift(at)
  const known = new Map<string, ContextRow>()
  for (const each of path) {
    for (const delta of each.deltas) {
      if (delta.store === 'response') continue
      if (delta.after === undefined) known.delete(delta.path)
      else known.set(delta.path, { path: delta.path, value: delta.after, by: each.name })
    }
  }
  return [...known.values()]
}

function TimeView({ node }: { readonly node: ChainNode }): ReactElement {
  const { t } = useT()
  const { marks, waits } = node
  const waited = waits.reduce((sum, wait) => sum + wait.endNs - wait.startNs, 0)
  const total = node.endNs - node.startNs
  const [first, last] = [marks.next[0], marks.back.at(-1)]
  const facts: FactRow[] = [
    { name: t('inspector.time.start'), value: `+${formatDuration(node.startNs)}` },
    { name: t('inspector.time.total'), value: formatDuration(total) },
    { name: t('inspector.time.own'), value: formatDuration(node.ownNs) },
    ...(first === undefined ? [] : [{ name: t('inspector.time.ownDown'), value: formatDuration(first - marks.enter) }]),
    ...(last === undefined ? [] : [{ name: t('inspector.time.ownUp'), value: formatDuration(marks.exit - last) }]),
    { name: t('inspector.time.inner'), value: formatDuration(Math.max(0, total - node.ownNs - waited)) },
    ...(waited > 0 ? [{ name: t('inspector.time.waits'), value: formatDuration(waited) }] : []),
  ]
  return <FactList rows={facts} />
}
