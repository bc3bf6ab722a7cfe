// The list of traces, newest first: what the root did, how long, who took part. Windowed, since a receiver holds thousands.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react'
import { formatClock, formatDuration, nanosToMs } from '../../../shared/logic/format.ts'
import { serviceHue } from '../../../shared/logic/service-hue.ts'
import type { TraceSummary } from '../../../shared/model/trace.ts'
import { OutcomeMark } from '../../ui/badge.tsx'
import { useT } from '../../ui/translation.tsx'

export interface TraceListProps {
  readonly traces: readonly TraceSummary[]
  readonly selected: string | undefined
  readonly onSelect: (traceId: string) => void
}

const rowHeight = 42

export function TraceList({ traces, selected, onSelect }: TraceListProps): ReactElement {
  const { t } = useT()
  const scroll = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: traces.length, getScrollElement: () => scroll.current, estimateSize: () => rowHeight, overscan: 8, initialRect: { width: 300, height: 600 } })
  const at = traces.findIndex(({ traceId }) => traceId === selected)
  const longest = traces.reduce((most, trace) => (trace.durationNs > most ? trace.durationNs : most), 1n)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const next = traces[Math.min(traces.length - 1, Math.max(0, at + step))]
    if (next !== undefined) onSelect(next.traceId)
  }
  return (
    <div
      ref={scroll} className="trace-list" role="listbox" aria-label={t('trace.list')} tabIndex={0} onKeyDown={onKeyDown}
      {...(at >= 0 ? { 'aria-activedescendant': `trace-${traces[at]?.traceId ?? ''}` } : {})}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map((item) => {
          const trace = traces[item.index]
          return trace === undefined ? null : (
            <div
              key={trace.traceId} id={`trace-${trace.traceId}`} role="option" aria-selected={item.index === at} className={item.index === at ? 'trace-item trace-item-on' : 'trace-item'}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }} onClick={() => onSelect(trace.traceId)}
            >
              <TraceLine trace={trace} share={Number((trace.durationNs * 1000n) / longest) / 1000} />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function TraceLine({ trace, share }: { readonly trace: TraceSummary; readonly share: number }): ReactElement {
  const { t } = useT()
  const failed = trace.errors > 0
  return (
    <>
      <OutcomeMark outcome={failed ? 'failed' : 'ok'} label={t(failed ? 'inspector.status.error' : 'inspector.status.ok')} />
      <span className="trace-item-name truncate" title={trace.rootName}>{trace.rootName}</span>
      <span className="trace-item-time">{formatDuration(trace.durationNs)}</span>
      <span className="trace-item-facts caption faint truncate">
        {trace.rootService} · {t('inspector.services', { count: trace.services.length })} · {t('trace.spans', { count: trace.spans })} · {formatClock(nanosToMs(trace.startNs))}
      </span>
      <span className="trace-item-bar" aria-hidden="true" style={{ width: `${Math.max(2, share * 64)}px`, '--hue': serviceHue(trace.rootService) } as React.CSSProperties} />
    </>
  )
}
