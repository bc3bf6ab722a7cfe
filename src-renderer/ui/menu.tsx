// One menu for right click, Shift-F10 and the menu key: the same items at the pointer or at the focused element, and the focus goes back
// where it came from.

import { ContextMenuPopover, Menu, MenuDivider, MenuItem } from '@blueprintjs/core'
import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type ReactElement } from 'react'
import { writeKeys } from './key-hint.tsx'

export type MenuEntry = { readonly label: string; readonly keys?: string; readonly disabled?: boolean; readonly run: () => void } | 'divider'

export interface ContextMenuHandle {
  readonly openAt: (left: number, top: number, entries: readonly MenuEntry[]) => void
  readonly onContextMenu: (event: MouseEvent, entries: readonly MenuEntry[]) => void
  /** Call from onKeyDown; true when it opened the menu. */
  readonly onMenuKey: (event: KeyboardEvent, anchor: Element | null, entries: () => readonly MenuEntry[]) => boolean
  /** To be rendered once by the owner. */
  readonly element: ReactElement | null
}

interface OpenMenu { readonly left: number; readonly top: number; readonly entries: readonly MenuEntry[] }

export function useContextMenu(): ContextMenuHandle {
  const [open, setOpen] = useState<OpenMenu>()
  const origin = useRef<Element | null>(null)
  const openAt = (left: number, top: number, entries: readonly MenuEntry[]): void => {
    if (entries.length === 0) return
    origin.current = document.activeElement
    setOpen({ left, top, entries })
  }
  const close = (): void => {
    setOpen(undefined)
    if (origin.current instanceof HTMLElement) origin.current.focus()
  }
  return {
    openAt,
    onContextMenu: (event, entries) => {
      event.preventDefault()
      openAt(event.clientX, event.clientY, entries)
    },
    onMenuKey: (event, anchor, entries) => {
      if (!(event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey))) return false
      event.preventDefault()
      const box = (anchor ?? event.currentTarget).getBoundingClientRect()
      openAt(box.left + 16, box.bottom, entries())
      return true
    },
    element: open === undefined ? null : <OpenMenuView menu={open} onClose={close} />,
  }
}

function OpenMenuView({ menu, onClose }: { readonly menu: OpenMenu; readonly onClose: () => void }): ReactElement {
  return <ContextMenuPopover isOpen targetOffset={{ left: menu.left, top: menu.top }} content={<MenuBody entries={menu.entries} onDone={onClose} />} onClose={onClose} transitionDuration={0} />
}

/** The list itself, also used by menu buttons: arrows, Home, End and Escape. */
export function MenuBody({ entries, onDone }: { readonly entries: readonly MenuEntry[]; readonly onDone: () => void }): ReactElement {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    const frame = requestAnimationFrame(() => items(list.current)[0]?.focus())
    return () => cancelAnimationFrame(frame)
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      onDone()
      return
    }
    const all = items(list.current)
    const at = all.findIndex((item) => item === document.activeElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key]
    if (next === undefined || all.length === 0) return
    event.preventDefault()
    all[next % all.length]?.focus()
  }
  return (
    <div onKeyDown={onKeyDown}>
      <Menu ulRef={list} role="menu">
        {entries.map((entry, index) => entry === 'divider'
          ? <MenuDivider key={index} />
          : (
            <MenuItem
              key={index} text={entry.label} disabled={entry.disabled ?? false} label={entry.keys === undefined ? '' : writeKeys(entry.keys)}
              onClick={() => {
                onDone()
                entry.run()
              }}
            />
          ))}
      </Menu>
    </div>
  )
}

const items = (list: HTMLElement | null): readonly HTMLElement[] => [...(list?.querySelectorAll<HTMLElement>('.bp6-menu-item:not(.bp6-disabled)') ?? [])]
