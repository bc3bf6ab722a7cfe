// One frame in layers: the bytes on one side, what they mean on the other, each pointing at the other. The second opinion (Apache Thrift
// reads the same bytes) is a switch here.

import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react'
import { formatBytes } from '../../../shared/logic/format.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { ByteNode, ByteView } from '../../../shared/model/layout.ts'
import { useActions } from '../../store/actions.ts'
import { useStores } from '../../store/stores.ts'
import { IconButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Tree } from '../../ui/tree.tsx'
import { useT } from '../../ui/translation.tsx'
import { byteCharacter, byteRows, bytesPerLine, decodeBase64, hexByte, hexOffset, pathToByte, type ByteRow } from './byte-rows.ts'

export function BytesView({ tab, record, crossCheck }: { readonly tab: string; readonly record: CallRecord; readonly crossCheck: boolean }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const [chosen, setChosen] = useState(() => Math.max(0, record.byteViews.findLastIndex(({ direction }) => direction === 'received')))
  const view = record.byteViews[Math.min(chosen, record.byteViews.length - 1)]
  return (
    <div className="bytes">
      <div className="bytes-bar">
        <select className="field" aria-label={t('app.bytes.frame')} value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
          {record.byteViews.map((one, index) => <option key={index} value={index}>{t(`app.bytes.${one.direction}`, { attempt: one.attempt, size: formatBytes(one.length) })}</option>)}
        </select>
        {record.codec.startsWith('thrift-') && (
          <>
            <label className="form-switch" title={t('app.bytes.crossCheckHint')}>
              <input type="checkbox" checked={crossCheck} onChange={(event) => session.change(tab, { crossCheck: event.target.checked })} />
              {t('app.bytes.crossCheck')}
            </label>
            <CrossCheckResult record={record} wanted={crossCheck} />
          </>
        )}
      </div>
      {view === undefined ? <EmptyState title={t('app.bytes.none')} /> : <FrameView key={chosen} view={view} />}
    </div>
  )
}

function CrossCheckResult({ record, wanted }: { readonly record: CallRecord; readonly wanted: boolean }): ReactElement | null {
  const { t } = useT()
  const { crossCheck } = record
  if (crossCheck === undefined) return wanted ? <span className="faint caption">{t('app.bytes.crossCheckNext')}</span> : null
  if (crossCheck.agreed) return <span className="ok caption">✓ {t('app.bytes.agreed')}</span>
  return (
    <details className="cross-check">
      <summary className="fail caption">✕ {t('app.bytes.differs', { count: crossCheck.differences.length })}</summary>
      <table className="table text">
        <thead><tr><th scope="col">{t('app.column.path')}</th><th scope="col">{t('app.bytes.ours')}</th><th scope="col">{t('app.bytes.theirs')}</th></tr></thead>
        <tbody>{crossCheck.differences.slice(0, 100).map(({ path, ours, theirs }) => <tr key={path}><td className="mono">{path}</td><td className="mono wrap">{ours}</td><td className="mono wrap">{theirs}</td></tr>)}</tbody>
      </table>
    </details>
  )
}

function FrameView({ view }: { readonly view: ByteView }): ReactElement {
  const { t } = useT()
  const actions = useActions()
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set())
  const [active, setActive] = useState<string>()
  const bytes = useMemo(() => decodeBase64(view.base64), [view.base64])
  const rows = useMemo(() => byteRows(view.nodes, closed), [view.nodes, closed])
  const marked = rows.find(({ id }) => id === active)?.node
  const showByte = (offset: number): void => {
    const path = pathToByte(view.nodes, offset)
    setClosed((before) => new Set([...before].filter((id) => !path.includes(id))))
    setActive(path.at(-1))
  }
  return (
    <div className="frame-view">
      <HexPane bytes={bytes} marked={marked} onByte={showByte} />
      <div className="byte-tree">
        <div className="byte-tree-head caption">
          <span className="faint">{bytes.length < view.length ? t('app.bytes.cut', { shown: formatBytes(bytes.length), all: formatBytes(view.length) }) : t('app.bytes.layers')}</span>
          <IconButton icon="copy" label={t('app.bytes.copyHex')} onClick={() => void actions.copy([...bytes].map(hexByte).join(''))} />
        </div>
        <Tree
          label={t('app.bytes.layers')} rowHeight={20} active={active} onActive={setActive} onActivate={setActive} rows={rows.map((row) => ({ id: row.id, level: row.level, ...(row.open === undefined ? {} : { open: row.open }), content: <NodeText row={row} />, end: <Cost node={row.node} of={view.length} /> }))}
          onToggle={(id, open) => setClosed((before) => {
            const next = new Set(before)
            if (open) next.delete(id)
            else next.add(id)
            return next
          })}
          menuOf={(id) => {
            const node = rows.find((row) => row.id === id)?.node
            return node === undefined ? [] : [
              { label: t('app.bytes.copyHex'), run: () => void actions.copy([...bytes.subarray(node.start, node.end)].map(hexByte).join('')) },
              ...(node.value === undefined ? [] : [{ label: t('app.bytes.copyValue'), run: () => void actions.copy(node.value ?? '') }]),
            ]
          }}
        />
      </div>
    </div>
  )
}

/** Where it stands, and what it costs of the whole. */
function Cost({ node: { start, end }, of }: { readonly node: ByteNode; readonly of: number }): ReactElement {
  const { t } = useT()
  return (
    <span className="mono caption byte-cost" title={t('app.bytes.cost', { bytes: end - start, share: of === 0 ? 0 : Math.round((1000 * (end - start)) / of) / 10 })}>
      <span>{end - start} B</span><span className="faint">{start}–{end}</span>
    </span>
  )
}

function NodeText({ row: { node } }: { readonly row: ByteRow }): ReactElement {
  return (
    <span className="truncate mono byte-node" title={[node.name, node.type, node.value].filter((part) => part !== undefined).join(' · ')}>
      <span className={`byte-kind byte-${node.kind}`} aria-hidden="true" />
      {node.id !== undefined && <span className="faint">{node.id}: </span>}{node.name}{node.type !== undefined && <span className="faint"> {node.type}</span>}{node.value !== undefined && <span className="byte-value"> {node.value}</span>}
    </span>
  )
}

const lineHeight = 18

function HexPane({ bytes, marked, onByte }: { readonly bytes: Uint8Array; readonly marked: ByteNode | undefined; readonly onByte: (offset: number) => void }): ReactElement {
  const { t } = useT()
  const scroll = useRef<HTMLDivElement>(null)
  const perLine = bytesPerLine(useWidth(scroll))
  const lines = Math.ceil(bytes.length / perLine)
  const virtual = useVirtualizer({ count: lines, getScrollElement: () => scroll.current, estimateSize: () => lineHeight, overscan: 10, initialRect: { width: 400, height: 400 } })
  const isMarked = (offset: number): boolean => marked !== undefined && offset >= marked.start && offset < marked.end
  return (
    <div ref={scroll} className="hex mono" tabIndex={0} role="region" aria-label={t('app.bytes.hex')}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map((line) => {
          const from = line.index * perLine
          const part = [...bytes.subarray(from, from + perLine)]
          return (
            <div key={line.key} className="hex-line" style={{ height: lineHeight, transform: `translateY(${line.start}px)` }}>
              <span className="hex-offset">{hexOffset(from)}</span>
              <span className="hex-bytes" style={{ minWidth: `${perLine * 3 + (perLine > 8 ? 1 : 0)}ch` }}>{part.map((byte, index) => <span key={index} className={isMarked(from + index) ? 'hex-marked' : ''} onClick={() => onByte(from + index)}>{hexByte(byte)}{index === 7 && perLine > 8 ? '  ' : ' '}</span>)}</span>
              <span className="hex-text">{part.map((byte, index) => <span key={index} className={isMarked(from + index) ? 'hex-marked' : ''} onClick={() => onByte(from + index)}>{byteCharacter(byte)}</span>)}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const element = box.current
    if (element === null) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box])
  return width
}
