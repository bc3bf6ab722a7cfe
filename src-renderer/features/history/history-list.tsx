// Calls that were made, by day; each reopens the very same screen.

import { useMemo, useState, type ReactElement } from 'react'
import { formatDuration, formatTimeWithOffset, nanosToMs } from '../../../shared/logic/format.ts'
import { methodTitle } from '../../../shared/logic/method-title.ts'
import type { HistoryEntry } from '../../../shared/model/workspace.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { OutcomeMark, type OutcomeShape } from '../../ui/badge.tsx'
import { Tree, type TreeRow } from '../../ui/tree.tsx'
import { useT } from '../../ui/translation.tsx'
import type { Translator } from '../../../shared/i18n/translate.ts'
import { historyRows, type HistoryRow } from './rows.ts'

export const shapeOf = ({ outcome, retries }: Pick<HistoryEntry, 'outcome' | 'retries'>): OutcomeShape => (outcome === 'ok' && retries > 0 ? 'retried' : outcome)

export function HistoryList({ filter, rowHeight }: { readonly filter: string; readonly rowHeight: number }): ReactElement {
  const { history, session } = useStores()
  const actions = useActions()
  const translator = useT()
  const { t } = translator
  const entries = useSlice(history, (state) => state.entries)
  const loaded = useSlice(history, (state) => state.loaded)
  const shown = useSlice(session, ({ tabs, active }) => tabs.find((tab) => tab.id === active)?.recordId)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string>()
  // The day may change while the window is open; each new list reads the clock again.
  const rows = useMemo(() => historyRows(entries, Date.now(), folded, filter), [entries, folded, filter])
  if (loaded && entries.length === 0) return <p className="section-empty dim">{t('app.history.empty')}</p>
  return (
    <Tree
      label={t('app.explorer.history')} rowHeight={rowHeight} rows={rows.map((row) => viewOf(row, translator, shown))} active={chosen} onActive={setChosen}
      onActivate={(id) => void actions.openRecord(id)}
      onToggle={(id, open) => setFolded((before) => {
        const next = new Set(before)
        if (open) next.delete(id.slice(4))
        else next.add(id.slice(4))
        return next
      })}
      menuOf={(id) => (id.startsWith('day:') ? [] : [
        { label: t('app.menu.open'), keys: 'enter', run: () => void actions.openRecord(id) },
        { label: t('app.menu.copyId'), run: () => void actions.copy(id) },
        'divider',
        { label: t('app.command.clearHistory'), run: () => void history.clear() },
      ])}
    />
  )
}

function viewOf(row: HistoryRow, translator: Translator, shown: string | undefined): TreeRow {
  const { t } = translator
  if (row.kind === 'day') return { id: row.id, level: 1, open: row.open, content: <span className="dim">{row.which === 'earlier' ? row.day : t(`app.history.${row.which}`)}</span> }
  const { entry } = row
  const shape = shapeOf(entry)
  const word = t(`app.outcome.${shape}`)
  return {
    id: row.id, level: 1, className: entry.id === shown ? 'tree-row-shown' : '',
    title: `${entry.method} · ${entry.service} · ${word} · ${formatTimeWithOffset(nanosToMs(entry.startTimeUnixNano))}`,
    content: <><OutcomeMark outcome={shape} label={word} /><span className="truncate">{methodTitle(entry.method)}</span></>,
    end: formatDuration(entry.durationNs),
  }
}
