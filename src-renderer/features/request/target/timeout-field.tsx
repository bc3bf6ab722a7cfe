// The RPC timeout as a button that becomes a field.

import { useEffect, useRef, useState, type ReactElement } from 'react'
import { formatMs } from '../../../../shared/logic/format.ts'
import type { CallRequest } from '../../../../shared/model/call.ts'
import { useStores } from '../../../store/stores.ts'
import { useT } from '../../../ui/translation.tsx'

export function TimeoutField({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const [editing, setEditing] = useState<string>()
  const field = useRef<HTMLInputElement>(null)
  const isEditing = editing !== undefined
  useEffect(() => {
    if (isEditing) field.current?.select()
  }, [isEditing])
  const take = (): void => {
    const timeoutMs = parseDurationMs(editing ?? '')
    if (timeoutMs !== undefined) session.change(tab, { timeoutMs })
    setEditing(undefined)
  }
  if (isEditing) {
    return (
      <input
        ref={field} className="field timeout-field" aria-label={t('app.timeout')} value={editing} autoFocus onChange={(event) => setEditing(event.target.value)} onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take()
          else if (event.key === 'Escape') {
            event.preventDefault()
            setEditing(undefined)
          }
        }}
      />
    )
  }
  return (
    <button id="timeout" type="button" className="picker" onClick={() => setEditing(`${request.timeoutMs} ms`)} title={t('app.timeout.hint')}>
      <span className="faint">{t('app.timeout')}</span> {request.timeoutMs === 0 ? t('app.timeout.none') : shortMs(request.timeoutMs)}
    </button>
  )
}

const shortMs = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000} s` : formatMs(ms))

/** `250`, `250ms`, `1.5 s`; undefined where it is none of these. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|min)?\s*$/i.exec(text)
  if (match === null) return undefined
  const unit = (match[2] ?? 'ms').toLowerCase()
  return Number(match[1]) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}
