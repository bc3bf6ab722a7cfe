// What is sent while the stream runs: messages written here, checked against the IDL, a file of them at a rate, and the end of sending.

import { useCallback, useMemo, useRef, useState, type ReactElement } from 'react'
import type { ErrorData } from '../../../shared/base/error.ts'
import { anyMessages, bodyShape } from '../../../shared/logic/body/shape.ts'
import { formatCount } from '../../../shared/logic/format.ts'
import type { MethodDescriptor } from '../../../shared/model/idl.ts'
import type { StreamState } from '../../../shared/model/stream-view.ts'
import { JsonEditor } from '../../editor/json-editor.tsx'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import type { StreamFollower } from '../../store/stream-follower.ts'
import { Button } from '../../ui/button.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import { placeText } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'

export interface ComposeProps {
  readonly follower: StreamFollower
  readonly state: StreamState
  readonly method: MethodDescriptor | undefined
}

export function Compose({ follower, state, method }: ComposeProps): ReactElement {
  const { t, language } = useT()
  const { idl } = useStores()
  const set = useSlice(idl, (each) => each.value)
  const draft = useSlice(follower, (each) => each.draft)
  const draftError = useSlice(follower, (each) => each.draftError)
  const shape = useMemo(() => (set === undefined || method === undefined ? anyMessages : bodyShape(method, set)), [set, method])
  const onChange = useCallback((text: string) => follower.setDraft(text), [follower])
  const { queued, sending } = state
  return (
    <section className="stream-compose" aria-label={t('stream.compose')} data-pane="compose" data-compose>
      <div className="stream-compose-text"><JsonEditor id="stream-compose" label={t('stream.message')} value={draft} onChange={onChange} shape={shape} /></div>
      <SendError error={draftError ?? state.sendError} />
      <div className="stream-compose-bar">
        <Button kind="primary" onClick={() => void follower.sendDraft()} disabled={draft.trim() === ''}>{t('stream.send')}<KeyHint keys="mod+enter" /></Button>
        <SendFile follower={follower} isBusy={sending !== undefined} />
        {sending !== undefined && <span className="caption dim" role="status">{t('stream.fileProgress', { count: sending.done, shown: formatCount(sending.done, language) })}</span>}
        {queued > 0 && <span className="caption warn" role="status" title={t('stream.queuedHint')}>{t('stream.queued', { count: queued, shown: formatCount(queued, language) })}</span>}
        <span className="stream-space" />
        <Button onClick={() => void follower.ask('stream.closeSend')} title={t('stream.endSendingHint')}>{t('stream.endSending')}</Button>
      </div>
    </section>
  )
}

function SendError({ error }: { readonly error: ErrorData | undefined }): ReactElement | null {
  const { text } = useT()
  if (error === undefined) return null
  const place = placeText(error)
  return (
    <p className="stream-notice fail" role="alert">
      {place !== '' && <code>{place}</code>} {text(error.text)} {error.hint !== undefined && text(error.hint)}
    </p>
  )
}

/** The file's own dialog is the browser's; the rate stands beside it. */
function SendFile({ follower, isBusy }: { readonly follower: StreamFollower; readonly isBusy: boolean }): ReactElement {
  const { t } = useT()
  const input = useRef<HTMLInputElement>(null)
  const [rate, setRate] = useState('')
  return (
    <>
      <Button onClick={() => input.current?.click()} disabled={isBusy} title={t('stream.sendFileHint')}>{t('stream.sendFile')}</Button>
      <input
        ref={input} type="file" hidden accept=".jsonl,.ndjson,.json,.txt" aria-label={t('stream.sendFile')} data-send-file
        onChange={(event) => {
          const file = event.target.files?.[0]
          event.target.value = ''
          if (file !== undefined) void follower.sendFile(file, Math.max(0, Number(rate) || 0))
        }}
      />
      <input className="field stream-rate-field" inputMode="decimal" aria-label={t('stream.rate')} title={t('stream.rateHint')} placeholder={t('stream.ratePlaceholder')} value={rate} onChange={(event) => setRate(event.target.value.replace(/[^\d.]/g, ''))} />
    </>
  )
}
