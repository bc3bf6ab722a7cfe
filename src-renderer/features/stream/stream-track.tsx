// The track: every entry of both directions in the order it happened, newest at the bottom. Windowed, fetched as it comes into view, and
// following the newest row until somebody scrolls up.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useId, useLayoutEffect, useRef, type KeyboardEvent, type ReactElement } from 'react'
import type { StreamRow } from '../../../shared/model/stream-view.ts'
import { listRows, type StreamFollower } from '../../store/stream-follower.ts'
import { useSlice } from '../../store/state.ts'
import { useT } from '../../ui/translation.tsx'
import { entryWords } from './entry-row.ts'

const rowHeight = 22
const noRows = { first: 0, end: 0 }

export function StreamTrack({ follower }: { readonly follower: StreamFollower }): ReactElement {
  const { t } = useT()
  const rows = useSlice(follower, ({ state, filter }) => state?.rows[filter]) ?? noRows
  const base = useSlice(follower, (state) => state.base)
  const selected = useSlice(follower, (state) => state.selected)
  useSlice(follower, (state) => state.loaded)
  const scroll = useRef<HTMLDivElement>(null)
  const id = useId()
  const count = Math.max(0, Math.min(listRows, rows.end - base))
  const virtual = useVirtualizer({ count, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 10, initialRect: { width: 600, height: 400 } })
  const items = virtual.getVirtualItems()
  const [from, to] = [base + (items[0]?.index ?? 0), base + (items.at(-1)?.index ?? -1) + 1]
  useEffect(() => follower.show(from, to), [follower, from, to, rows.end])
  const onScroll = useTail(follower, scroll, count)
  useEffect(() => {
    if (selected !== undefined) virtual.scrollToIndex(selected - base, { align: 'auto' })
  }, [selected, base, virtual])
  const active = selected === undefined ? undefined : `${id}-${selected}`
  return (
    <div
      ref={scroll} className="stream-track" role="grid" aria-label={t('stream.track')} aria-rowcount={rows.end} tabIndex={0} onScroll={onScroll}
      onKeyDown={(event) => onKey(event, follower, { first: base, end: base + count, page: Math.max(1, Math.floor((scroll.current?.clientHeight ?? 200) / rowHeight) - 1) })}
      {...(active === undefined ? {} : { 'aria-activedescendant': active })}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => (
          <TrackRow
            key={item.index} id={`${id}-${base + item.index}`} position={base + item.index} top={item.start} row={follower.row(base + item.index)} isLost={base + item.index < rows.first}
            isSelected={base + item.index === selected} onSelect={(position) => void follower.select(position)}
          />
        ))}
      </div>
    </div>
  )
}

/** Keeps the newest row in view while it is followed; scrolling up lets go, scrolling down to the end takes hold again. */
function useTail(follower: StreamFollower, scroll: React.RefObject<HTMLDivElement | null>, count: number): () => void {
  const isFollowing = useSlice(follower, (state) => state.isFollowing)
  const top = useRef(0)
  useLayoutEffect(() => {
    const element = scroll.current
    if (element === null || !isFollowing) return
    element.scrollTop = element.scrollHeight
    top.current = element.scrollTop
  }, [scroll, isFollowing, count])
  return () => {
    const element = scroll.current
    if (element === null) return
    const isAtEnd = element.scrollHeight - element.scrollTop - element.clientHeight < rowHeight
    if (element.scrollTop < top.current - 2 && !isAtEnd) follower.setFollowing(false)
    else if (element.scrollTop > top.current && isAtEnd) follower.setFollowing(true)
    top.current = element.scrollTop
  }
}

interface Bounds {
  readonly first: number
  readonly end: number
  readonly page: number
}

function onKey(event: KeyboardEvent, follower: StreamFollower, { first, end, page }: Bounds): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const { selected, search } = follower.store.getState()
  if (event.key === 'Escape' && selected !== undefined) {
    event.preventDefault()
    return void follower.select(undefined)
  }
  if (search.hits.length > 0 && (event.key === 'f' || event.key === 'b')) {
    event.preventDefault()
    return follower.hit(search.at + (event.key === 'f' ? 1 : -1))
  }
  const at = selected ?? end
  const target = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: first, End: end - 1, PageDown: at + page, PageUp: at - page }[event.key]
  if (target === undefined || end <= first) return
  event.preventDefault()
  void follower.select(Math.min(end - 1, Math.max(first, target)))
}

interface TrackRowProps {
  readonly id: string
  readonly position: number
  readonly top: number
  readonly row: StreamRow | undefined
  readonly isLost: boolean
  readonly isSelected: boolean
  readonly onSelect: (position: number) => void
}

function TrackRow({ id, position, top, row, isLost, isSelected, onSelect }: TrackRowProps): ReactElement {
  const translator = useT()
  const words = row === undefined ? undefined : entryWords(row, translator)
  const text = words?.text ?? (isLost ? translator.t('stream.rowLost') : '…')
  return (
    <div
      id={id} role="row" aria-rowindex={position + 1} aria-selected={isSelected} className={`stream-row ${isSelected ? 'stream-row-on' : ''}`} style={{ transform: `translateY(${top}px)` }}
      data-event={row?.event} onClick={() => onSelect(position)}
    >
      <span role="gridcell" className={`stream-sign stream-${words?.tone ?? 'quiet'}`} title={words?.kind}><span aria-hidden="true">{words?.sign ?? '·'}</span>{words !== undefined && !words.text.startsWith(words.kind) && <span className="visually-hidden">{words.kind}</span>}</span>
      <span role="gridcell" className="stream-number faint">{words?.number}</span>
      <span role="gridcell" className={`stream-text truncate ${words?.isCode === true ? 'mono' : ''} ${words === undefined || words.tone === 'quiet' ? 'dim' : words.tone === 'fail' ? 'fail' : words.tone === 'warn' ? 'warn' : ''}`}>{text}</span>
      <span role="gridcell" className="stream-size faint">{words?.size}</span>
      <span role="gridcell" className="stream-at faint">{words?.at}</span>
    </div>
  )
}
