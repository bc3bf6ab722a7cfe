// History as rows: a heading a day, then that day's calls, newest first.

import { formatDay, nanosToMs } from '../../../shared/logic/format.ts'
import { matchText } from '../../../shared/logic/match-text.ts'
import type { HistoryEntry } from '../../../shared/model/workspace.ts'

export type HistoryRow =
  | { readonly kind: 'day'; readonly id: string; readonly day: string; readonly which: 'today' | 'yesterday' | 'earlier'; readonly open: boolean }
  | { readonly kind: 'call'; readonly id: string; readonly entry: HistoryEntry }

const dayMs = 86_400_000

export function historyRows(entries: readonly HistoryEntry[], nowMs: number, folded: ReadonlySet<string>, filter: string): readonly HistoryRow[] {
  const rows: HistoryRow[] = []
  let day = ''
  let open = true
  for (const entry of entries) {
    if (matchText(filter, `${entry.method} ${entry.service} ${entry.outcome}`) === 0) continue
    const itsDay = formatDay(nanosToMs(entry.startTimeUnixNano))
    if (itsDay !== day) {
      day = itsDay
      open = !folded.has(day)
      rows.push({ kind: 'day', id: `day:${day}`, day, which: whichDay(day, nowMs), open })
    }
    if (open) rows.push({ kind: 'call', id: entry.id, entry })
  }
  return rows
}

function whichDay(day: string, nowMs: number): 'today' | 'yesterday' | 'earlier' {
  if (day === formatDay(nowMs)) return 'today'
  return day === formatDay(nowMs - dayMs) ? 'yesterday' : 'earlier'
}
