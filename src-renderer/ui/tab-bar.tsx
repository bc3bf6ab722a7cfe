// Tabs inside a pane (Body, Metainfo, …): arrows move, the content belongs to the one that is on.

import type { KeyboardEvent, ReactElement, ReactNode } from 'react'
import { Chip } from './badge.tsx'

export interface TabItem<K extends string> {
  readonly key: K
  readonly label: string
  /** A count, shown as a chip when above zero. */
  readonly count?: number
}

export interface TabBarProps<K extends string> {
  readonly label: string
  /** Prefix of element ids: tab `<id>-<key>`, its panel `<id>-panel`. */
  readonly id: string
  readonly tabs: readonly TabItem<K>[]
  readonly active: K
  readonly onSelect: (key: K) => void
  readonly end?: ReactNode
}

export function TabBar<K extends string>({ label, id, tabs, active, onSelect, end }: TabBarProps<K>): ReactElement {
  const move = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const at = tabs.findIndex(({ key }) => key === active)
    const next = tabs[(at + step + tabs.length) % tabs.length]
    if (next === undefined) return
    event.preventDefault()
    onSelect(next.key)
    document.getElementById(`${id}-${next.key}`)?.focus()
  }
  return (
    <div className="tab-bar">
      <div className="tab-bar-tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key} type="button" role="tab" id={`${id}-${tab.key}`} className="sub-tab" aria-selected={tab.key === active}
            aria-controls={`${id}-panel`} tabIndex={tab.key === active ? 0 : -1} onClick={() => onSelect(tab.key)}
          >
            {tab.label}
            {tab.count !== undefined && tab.count > 0 && <Chip>{tab.count}</Chip>}
          </button>
        ))}
      </div>
      {end !== undefined && <div className="tab-bar-end">{end}</div>}
    </div>
  )
}

/** The content of the tab that is on. */
export function TabPanel({ id, active, children }: { readonly id: string; readonly active: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="tab-panel" role="tabpanel" tabIndex={0} id={`${id}-panel`} aria-labelledby={`${id}-${active}`}>
      {children}
    </div>
  )
}
