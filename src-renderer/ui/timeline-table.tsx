// Rows on the left, bars on a shared time axis on the right: the component around `canvas/`. Rows are windowed, bars are painted on one
// canvas over the visible rows, so that a trace of a hundred thousand spans costs what a screenful costs.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactElement } from 'react'
import { paintScene, type Palette } from '../canvas/paint.ts'
import type { TimelineRow } from '../canvas/row.ts'
import { ticksOf } from '../canvas/ticks.ts'
import { panBy, spanOf, toNs, zoomAt, zoomTo, type TimeRange } from '../canvas/time-scale.ts'
import './timeline-table.css'

export interface TimelineTableProps {
  readonly label: string
  /** Heading of the own-time column. */
  readonly ownLabel: string
  readonly rows: readonly TimelineRow[]
  readonly full: TimeRange
  readonly selected: string | undefined
  readonly palette: Palette
  /** Width of the name column in pixels, and who remembers it. */
  readonly nameWidth: number
  readonly onNameWidth: (width: number) => void
  readonly onSelect: (id: string) => void
  readonly onToggle: (id: string) => void
  /** Keys that the table itself does not know; returns whether it was used. */
  readonly onKey?: (key: string) => boolean
}

const rowHeight = 22
const tickGap = 84

export function TimelineTable(props: TimelineTableProps): ReactElement {
  const { rows, full, selected } = props
  const scroll = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const base = useId()
  const [size, setSize] = useState({ width: 0, height: 0 })
  const [total, setTotal] = useState(0)
  // In a narrow window the names give way: bars that cannot be seen tell nothing.
  const nameWidth = total === 0 ? props.nameWidth : Math.min(props.nameWidth, Math.round(total * 0.55))
  const [range, setRange] = useState(full)
  const pointer = useRef<number | undefined>(undefined)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 8, initialRect: { width: 800, height: 400 } })
  const at = rows.findIndex(({ id }) => id === selected)
  const ticks = ticksOf(range, size.width, tickGap)

  useEffect(() => setRange(full), [full])
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])

  const paint = useCallback(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return
    const ratio = window.devicePixelRatio
    const [wide, high] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
    if (element.width !== wide || element.height !== high) Object.assign(element, { width: wide, height: high })
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    const top = scroll.current?.scrollTop ?? 0
    const first = Math.max(0, Math.floor(top / rowHeight))
    const visible = rows.slice(first, first + Math.ceil(size.height / rowHeight) + 1).map((row, index) => ({ row, top: (first + index) * rowHeight - top, height: rowHeight }))
    paintScene(context, { ...size, range, ticks, rows: visible, palette: props.palette, pointerX: pointer.current })
  }, [props.palette, range, rows, size, ticks])

  const pending = useRef(0)
  const latest = useRef(paint)
  const schedule = useCallback(() => {
    if (pending.current !== 0) return
    pending.current = requestAnimationFrame(() => {
      pending.current = 0
      latest.current()
    })
  }, [])
  useLayoutEffect(() => {
    latest.current = paint
    schedule()
  }, [paint, schedule])
  useEffect(() => () => cancelAnimationFrame(pending.current), [])

  useLayoutEffect(() => {
    const element = scroll.current
    if (element === null) return
    const measure = (): void => {
      setTotal(element.clientWidth)
      setSize({ width: Math.max(0, element.clientWidth - nameWidth), height: element.clientHeight })
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [nameWidth])

  // React's wheel listener is passive; zooming has to stop the page from zooming instead.
  useEffect(() => {
    const element = scroll.current
    if (element === null) return
    const onWheel = (event: WheelEvent): void => {
      const x = event.clientX - element.getBoundingClientRect().left - nameWidth
      if (x < 0 || !(event.ctrlKey || event.metaKey || event.shiftKey)) return
      event.preventDefault()
      const delta = event.deltaY === 0 ? event.deltaX : event.deltaY
      setRange((now) => (event.shiftKey ? panBy(now, full, (delta / 600) * spanOf(now)) : zoomAt(now, full, Math.exp(delta / 400), toNs(x, now, size.width))))
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => element.removeEventListener('wheel', onWheel)
  }, [full, nameWidth, size.width])

  const drag = useDrag(nameWidth, size.width, full, range, setRange, (x) => {
    pointer.current = x
    schedule()
  })

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows[at]
    const select = (index: number): void => {
      const target = rows[Math.min(rows.length - 1, Math.max(0, index))]
      if (target !== undefined) props.onSelect(target.id)
    }
    const middle = (range.startNs + range.endNs) / 2
    const actions: Record<string, () => void> = {
      ArrowDown: () => select(at + 1), j: () => select(at + 1), ArrowUp: () => select(at - 1), k: () => select(at - 1),
      Home: () => select(0), End: () => select(rows.length - 1), PageDown: () => select(at + 10), PageUp: () => select(at - 10),
      ArrowRight: () => (row?.open === false ? props.onToggle(row.id) : select(at + 1)), l: () => (row?.open === false ? props.onToggle(row.id) : select(at + 1)),
      ArrowLeft: () => (row?.open === true ? props.onToggle(row.id) : select(parentOf(rows, at))), h: () => (row?.open === true ? props.onToggle(row.id) : select(parentOf(rows, at))),
      '+': () => setRange(zoomAt(range, full, 0.6, middle)), '=': () => setRange(zoomAt(range, full, 0.6, middle)), '-': () => setRange(zoomAt(range, full, 1 / 0.6, middle)),
      '0': () => setRange(full),
      Enter: () => {
        const bounds = extentOf(row)
        if (bounds !== undefined) setRange(zoomTo(bounds, full))
      },
    }
    const action = actions[event.key]
    if (action === undefined && props.onKey?.(event.key) !== true) return
    event.preventDefault()
    action?.()
  }

  const style: CSSProperties & Record<'--name-width', string> = { '--name-width': `${nameWidth}px` }
  return (
    <div className="timeline" style={style}>
      <div className="timeline-head">
        <div className="timeline-head-name caption faint">{props.ownLabel}</div>
        <div className="timeline-axis caption faint" aria-hidden="true">
          {ticks.map((tick) => <span key={tick.ns} style={{ left: tick.x }} className={`timeline-tick ${tick.x < 24 ? 'timeline-tick-first' : tick.x > size.width - 24 ? 'timeline-tick-last' : ''}`}>{tick.label}</span>)}
        </div>
        <NameGrip width={nameWidth} onWidth={props.onNameWidth} />
      </div>
      <div className="timeline-view">
        <div
          ref={scroll} className="timeline-rows" role="treegrid" aria-label={props.label} aria-rowcount={rows.length} tabIndex={0} onKeyDown={onKeyDown} onScroll={schedule}
          {...(at >= 0 ? { 'aria-activedescendant': `${base}-${at}` } : {})} {...drag}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              return row === undefined ? null : (
                <Row key={row.id} row={row} id={`${base}-${item.index}`} index={item.index} top={item.start} isSelected={item.index === at} onSelect={props.onSelect} onToggle={props.onToggle} />
              )
            })}
          </div>
        </div>
        <canvas ref={canvas} className="timeline-canvas" style={{ width: size.width, height: size.height }} aria-hidden="true" />
      </div>
    </div>
  )
}

interface RowProps {
  readonly row: TimelineRow
  readonly id: string
  readonly index: number
  readonly top: number
  readonly isSelected: boolean
  readonly onSelect: (id: string) => void
  readonly onToggle: (id: string) => void
}

function Row({ row, id, index, top, isSelected, onSelect, onToggle }: RowProps): ReactElement {
  const classes = ['timeline-row', `timeline-${row.kind}`, isSelected ? 'timeline-row-on' : '', row.muted ? 'timeline-row-muted' : ''].filter((part) => part !== '').join(' ')
  return (
    <div
      id={id} role="row" aria-level={row.level} aria-rowindex={index + 1} aria-selected={isSelected} aria-label={row.title} title={row.title} className={classes}
      style={{ transform: `translateY(${top}px)` }} {...(row.open === undefined ? {} : { 'aria-expanded': row.open })} onClick={() => onSelect(row.id)} onDoubleClick={() => onToggle(row.id)}
    >
      <span role="gridcell" className="timeline-name" style={{ paddingInlineStart: row.kind === 'group' ? 12 : 12 + (row.level - 1) * 14 }}>
        {row.open !== undefined && (
          <span
            className="timeline-twist" aria-hidden="true" onClick={(event) => {
              event.stopPropagation()
              onToggle(row.id)
            }}
          >
            {row.open ? '▼' : '▶'}
          </span>
        )}
        {row.hue !== undefined && <span className="timeline-stripe" style={{ '--hue': row.hue } as CSSProperties} aria-hidden="true" />}
        {row.mark !== '' && <span className={`timeline-mark timeline-tone-${row.tone}`} aria-hidden="true">{row.mark}</span>}
        <span className="timeline-title">{row.name}</span>
        <span className="timeline-detail truncate">{row.detail}</span>
        {row.chips.map((chip) => <span key={chip.text} className={`chip tone-${chip.tone}`}>{chip.text}</span>)}
        <span className="timeline-own">{row.own}</span>
      </span>
    </div>
  )
}

function NameGrip({ width, onWidth }: { readonly width: number; readonly onWidth: (width: number) => void }): ReactElement {
  const start = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined)
  return (
    <div
      className="timeline-grip" style={{ left: width - 3 }} aria-hidden="true" onDoubleClick={() => onWidth(424)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width }
      }}
      onPointerMove={(event) => {
        if (start.current !== undefined) onWidth(Math.min(720, Math.max(180, start.current.width + event.clientX - start.current.x)))
      }}
      onPointerUp={() => {
        start.current = undefined
      }}
    />
  )
}

interface DragHandlers {
  readonly onPointerDown: (event: PointerEvent<HTMLDivElement>) => void
  readonly onPointerMove: (event: PointerEvent<HTMLDivElement>) => void
  readonly onPointerUp: () => void
  readonly onPointerLeave: () => void
}

/** Dragging over the bars moves the view once it is zoomed; the pointer's place is told for the line under it. */
function useDrag(nameWidth: number, width: number, full: TimeRange, range: TimeRange, setRange: (range: TimeRange) => void, onPointer: (x: number | undefined) => void): DragHandlers {
  const from = useRef<{ readonly x: number; readonly range: TimeRange } | undefined>(undefined)
  const xOf = (event: PointerEvent<HTMLDivElement>): number => event.clientX - event.currentTarget.getBoundingClientRect().left - nameWidth
  return {
    onPointerDown: (event) => {
      const x = xOf(event)
      if (x >= 0 && x <= width && event.button === 0) from.current = { x, range }
    },
    onPointerMove: (event) => {
      const x = xOf(event)
      onPointer(x >= 0 && x <= width ? x : undefined)
      const start = from.current
      if (start !== undefined && event.buttons === 1 && Math.abs(x - start.x) > 2) setRange(panBy(start.range, full, ((start.x - x) / Math.max(width, 1)) * spanOf(start.range)))
    },
    onPointerUp: () => {
      from.current = undefined
    },
    onPointerLeave: () => {
      from.current = undefined
      onPointer(undefined)
    },
  }
}

function parentOf(rows: readonly TimelineRow[], at: number): number {
  const level = rows[at]?.level ?? 1
  for (let index = at - 1; index >= 0; index--) if ((rows[index]?.level ?? 1) < level) return index
  return at
}

function extentOf(row: TimelineRow | undefined): TimeRange | undefined {
  if (row === undefined || row.bars.length === 0) return undefined
  return { startNs: Math.min(...row.bars.map((bar) => bar.startNs)), endNs: Math.max(...row.bars.map((bar) => bar.endNs)) }
}
