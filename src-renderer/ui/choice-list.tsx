// A filter field over a list, worked by keyboard alone: the palette and every drop-down are this. Long lists are windowed, and what is
// not shown is said.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react'
import { matchText } from '../../shared/logic/match-text.ts'
import { useT } from './translation.tsx'

export interface Choice {
  readonly id: string
  readonly label: string
  readonly detail?: string
  /** At the right: a key, a state. */
  readonly end?: ReactNode
  readonly start?: ReactNode
  /** More words to be found by, such as pinyin initials. */
  readonly keywords?: string
  readonly disabled?: boolean
}

export interface ChoiceListProps {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly selected?: string | undefined
  readonly filterable: boolean
  readonly placeholder?: string
  readonly query?: string
  readonly onQuery?: (query: string) => void
  readonly onChoose: (id: string) => void
  readonly onCancel: () => void
  readonly emptyText: string
  readonly rowHeight?: number
  readonly maxHeight?: number
  /** What to do with text that matches nothing, such as a typed address. */
  readonly onFreeText?: (text: string) => void
}

export function ChoiceList(props: ChoiceListProps): ReactElement {
  const { choices, filterable, rowHeight = 26, maxHeight = 364 } = props
  const { t } = useT()
  const id = useId()
  const [ownQuery, setOwnQuery] = useState('')
  const query = props.query ?? ownQuery
  const shown = useMemo(() => rank(choices, query), [choices, query])
  const [active, setActive] = useState(() => Math.max(0, choices.findIndex((choice) => choice.id === props.selected)))
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const at = Math.min(active, Math.max(0, shown.length - 1))
  const virtual = useVirtualizer({ count: shown.length, getScrollElement: () => list.current, estimateSize: () => rowHeight, overscan: 8, initialRect: { width: 320, height: maxHeight } })
  useEffect(() => (filterable ? field.current : list.current)?.focus({ preventScroll: true }), [filterable])
  useEffect(() => {
    if (shown.length > 0) virtual.scrollToIndex(at)
  }, [at, shown.length, virtual])

  const choose = (choice: Choice | undefined): void => {
    if (choice === undefined) props.onFreeText?.(query.trim())
    else if (choice.disabled !== true) props.onChoose(choice.id)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(maxHeight / rowHeight) - 1)
    const plain = !filterable && !event.ctrlKey && !event.metaKey
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, ...(plain ? { j: 1, k: -1 } : {}) }[event.key]
    if (step !== undefined) setActive(Math.min(shown.length - 1, Math.max(0, at + step)))
    else if (event.key === 'Enter') choose(shown[at])
    else if (event.key === 'Escape') props.onCancel()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const activeId = shown[at] === undefined ? undefined : `${id}-${at}`
  return (
    <div className="choice-list" onKeyDown={onKeyDown}>
      {filterable && (
        <input
          ref={field} className="choice-field" role="combobox" aria-expanded="true" aria-controls={`${id}-list`} aria-activedescendant={activeId} aria-autocomplete="list"
          aria-label={props.placeholder ?? props.label} placeholder={props.placeholder} value={query} spellCheck={false}
          onChange={(event) => {
            setActive(0)
            ;(props.onQuery ?? setOwnQuery)(event.target.value)
          }}
        />
      )}
      <div
        ref={list} id={`${id}-list`} className="choice-rows" role="listbox" aria-label={props.label} style={{ maxHeight }} tabIndex={filterable ? -1 : 0}
        {...(filterable || activeId === undefined ? {} : { 'aria-activedescendant': activeId })}
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map((row) => {
            const choice = shown[row.index]
            return choice === undefined ? null : (
              <div
                key={choice.id} id={`${id}-${row.index}`} role="option" aria-selected={row.index === at} aria-disabled={choice.disabled ?? false}
                className={`choice${row.index === at ? ' choice-active' : ''}`} style={{ height: row.size, transform: `translateY(${row.start}px)` }}
                onMouseMove={() => setActive(row.index)} onClick={() => choose(choice)}
              >
                {choice.start}
                <span className="choice-label">{choice.label}</span>
                {choice.detail !== undefined && <span className="choice-detail truncate">{choice.detail}</span>}
                {choice.id === props.selected && <span className="choice-tick" aria-label={t('app.selected')}>✓</span>}
                {choice.end !== undefined && <span className="choice-end">{choice.end}</span>}
              </div>
            )
          })}
        </div>
      </div>
      {shown.length === 0 && <p className="choice-empty" role="status">{props.emptyText}</p>}
    </div>
  )
}

function rank(choices: readonly Choice[], query: string): readonly Choice[] {
  if (query.trim() === '') return choices
  return choices
    .map((choice, index) => ({ choice, index, score: Math.max(matchText(query, choice.label), matchText(query, `${choice.label} ${choice.detail ?? ''} ${choice.keywords ?? ''}`) - 1) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map(({ choice }) => choice)
}
