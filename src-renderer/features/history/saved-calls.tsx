// Calls saved in the workspace (calls/**/*.kite.json), in their folders.

import { useMemo, useState, type ReactElement } from 'react'
import { matchText } from '../../../shared/logic/match-text.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Tree, type TreeRow } from '../../ui/tree.tsx'
import { useT } from '../../ui/translation.tsx'

export interface SavedRow { readonly id: string; readonly level: number; readonly name: string; readonly open?: boolean }

/** Paths as a folded tree: `shop/orders/create` is two folders and a call. */
export function savedRows(paths: readonly string[], folded: ReadonlySet<string>, filter: string): readonly SavedRow[] {
  const rows: SavedRow[] = []
  const seen = new Set<string>()
  for (const path of [...paths].sort((a, b) => a.localeCompare(b))) {
    if (matchText(filter, path) === 0) continue
    const parts = path.split('/')
    const folders = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('/'))
    for (const [index, folder] of folders.entries()) {
      if (seen.has(folder) || folders.slice(0, index).some((outer) => folded.has(outer))) continue
      seen.add(folder)
      rows.push({ id: `${folder}/`, level: index + 1, name: parts[index] ?? folder, open: !folded.has(folder) })
    }
    if (!folders.some((folder) => folded.has(folder))) rows.push({ id: path, level: parts.length, name: parts.at(-1) ?? path })
  }
  return rows
}

export function SavedCalls({ filter, rowHeight }: { readonly filter: string; readonly rowHeight: number }): ReactElement {
  const { workspace, session } = useStores()
  const actions = useActions()
  const { t } = useT()
  const calls = useSlice(workspace, (state) => state.workspace.calls)
  const shown = useSlice(session, ({ tabs, active }) => tabs.find((tab) => tab.id === active)?.path)
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string>()
  const rows = useMemo(() => savedRows(calls.map(({ path }) => path), folded, filter), [calls, folded, filter])
  const viewOf = (row: SavedRow): TreeRow => ({
    id: row.id, level: row.level, ...(row.open === undefined ? {} : { open: row.open }), className: row.id === shown ? 'tree-row-shown' : '', title: row.id,
    content: <>{row.open === undefined && <span className="method-mark" aria-hidden="true">ƒ</span>}<span className="truncate">{row.name}</span></>,
  })
  return (
    <Tree
      label={t('app.explorer.saved')} rowHeight={rowHeight} rows={rows.map(viewOf)} active={chosen} onActive={setChosen} onActivate={(id) => actions.openSaved(id)}
      onToggle={(id, open) => setFolded((before) => {
        const next = new Set(before)
        if (open) next.delete(id.slice(0, -1))
        else next.add(id.slice(0, -1))
        return next
      })}
      menuOf={(id) => (id.endsWith('/') ? [] : [
        { label: t('app.menu.open'), keys: 'enter', run: () => actions.openSaved(id) },
        { label: t('app.menu.copyName'), run: () => void actions.copy(id) },
        'divider',
        { label: t('app.menu.delete'), run: () => void workspace.deleteCall(id) },
      ])}
    />
  )
}
