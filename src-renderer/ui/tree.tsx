// A list that folds, as a treegrid: windowed, worked by arrows or j k h l, with a menu by right click or Shift-F10. It knows rows and
// columns, not what they mean; rows come flat, in the order shown.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useRef, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { useContextMenu, type MenuEntry } from './menu.tsx'

export interface TreeRow {
  readonly id: string
  /** From 1. */
  readonly level: number
  /** Undefined: nothing to fold. */
  readonly open?: boolean
  readonly content: ReactNode
  readonly end?: ReactNode
  readonly className?: string
  readonly title?: string
}

export interface TreeProps {
  readonly label: string
  readonly rows: readonly TreeRow[]
  readonly active: string | undefined
  readonly rowHeight: number
  readonly onActive: (id: string) => void
  readonly onToggle: (id: string, open: boolean) => void
  readonly onActivate: (id: string) => void
  readonly menuOf?: (id: string) => readonly MenuEntry[]
  readonly id?: string
}

export function Tree(props: TreeProps): ReactElement {
  const { rows, active, rowHeight } = props
  const scroll = useRef<HTMLDivElement>(null)
  const base = useId()
  const menu = useContextMenu()
  const at = rows.findIndex((row) => row.id === active)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 12, initialRect: { width: 236, height: 600 } })
  useEffect(() => virtual.measure(), [rowHeight, virtual])
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows[at]
    if (menu.onMenuKey(event, document.getElementById(`${base}-${at}`), () => (row === undefined ? [] : props.menuOf?.(row.id) ?? []))) return
    const action = keyAction(event.key, rows, at)
    if (action === undefined) return
    event.preventDefault()
    if (action.kind === 'move') props.onActive(action.id)
    else if (action.kind === 'toggle') props.onToggle(action.id, action.open)
    else props.onActivate(action.id)
  }
  return (
    <div
      ref={scroll} id={props.id} className="tree" role="treegrid" aria-label={props.label} aria-rowcount={rows.length} tabIndex={0} onKeyDown={onKeyDown}
      {...(at >= 0 ? { 'aria-activedescendant': `${base}-${at}` } : {})}
      onFocus={(event) => {
        const first = rows[0]
        // A click brings focus too, before it reaches its row: scrolling to the first one then would pull that row away.
        if (at < 0 && first !== undefined && event.currentTarget.matches(':focus-visible')) props.onActive(first.id)
      }}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index]
          return row === undefined ? null : (
            <div
              key={row.id} id={`${base}-${item.index}`} role="row" aria-level={row.level} aria-rowindex={item.index + 1} aria-selected={item.index === at} title={row.title}
              {...(row.open === undefined ? {} : { 'aria-expanded': row.open })}
              className={`tree-row ${item.index === at ? 'tree-row-active' : ''} ${row.className ?? ''}`}
              style={{ height: item.size, transform: `translateY(${item.start}px)`, paddingInlineStart: 12 + (row.level - 1) * 15 }}
              onClick={() => {
                props.onActive(row.id)
                if (row.open === undefined) props.onActivate(row.id)
                else props.onToggle(row.id, !row.open)
              }}
              onContextMenu={(event) => {
                props.onActive(row.id)
                menu.onContextMenu(event, props.menuOf?.(row.id) ?? [])
              }}
            >
              <span role="gridcell" className="tree-cell">
                {row.open !== undefined && <span className="tree-twist" aria-hidden="true">{row.open ? '▼' : '▶'}</span>}
                {row.content}
              </span>
              {row.end !== undefined && <span role="gridcell" className="tree-end">{row.end}</span>}
            </div>
          )
        })}
      </div>
      {menu.element}
    </div>
  )
}

export type TreeKeyAction = { readonly kind: 'move'; readonly id: string } | { readonly kind: 'toggle'; readonly id: string; readonly open: boolean } | { readonly kind: 'activate'; readonly id: string }

/** What a key does at row `at`; apart from the component so that it can be tested by itself. */
export function keyAction(key: string, rows: readonly Pick<TreeRow, 'id' | 'level' | 'open'>[], at: number): TreeKeyAction | undefined {
  const move = (index: number): TreeKeyAction | undefined => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, index))]
    return target === undefined ? undefined : { kind: 'move', id: target.id }
  }
  const row = rows[at]
  switch (key) {
    case 'ArrowDown': case 'j': return move(at + 1)
    case 'ArrowUp': case 'k': return move(at - 1)
    case 'Home': return move(0)
    case 'End': return move(rows.length - 1)
    case 'PageDown': return move(at + 10)
    case 'PageUp': return move(at - 10)
    case 'ArrowRight': case 'l':
      if (row === undefined) return undefined
      return row.open === false ? { kind: 'toggle', id: row.id, open: true } : row.open === true ? move(at + 1) : undefined
    case 'ArrowLeft': case 'h':
      if (row === undefined) return undefined
      return row.open === true ? { kind: 'toggle', id: row.id, open: false } : move(parentOf(rows, at))
    case 'Enter': case ' ':
      if (row === undefined) return undefined
      return row.open === undefined ? { kind: 'activate', id: row.id } : { kind: 'toggle', id: row.id, open: !row.open }
    default: return undefined
  }
}

function parentOf(rows: readonly Pick<TreeRow, 'level'>[], at: number): number {
  const level = rows[at]?.level ?? 1
  for (let index = at - 1; index >= 0; index--) if ((rows[index]?.level ?? 1) < level) return index
  return at
}
