// The body of a reply in an editor that knows its type, or as the text that it is.

import { useMemo, type ReactElement } from 'react'
import type { CallRecord } from '../../../shared/model/call.ts'
import { JsonEditor } from '../../editor/json-editor.tsx'
import { findMethod } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { EmptyState } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { prettyReply, shownReply } from './shown-reply.ts'

/** What came back, in the form that reads best. */
export function ReplyValue({ record, text, method }: { readonly record: CallRecord; readonly text: string; readonly method: string }): ReactElement {
  const { t } = useT()
  const shown = useMemo(() => shownReply(record, text), [record, text])
  if (shown.kind === 'none') return <EmptyState title={t('app.reply.noBody')} />
  if (shown.kind === 'json') return <ReplyText record={record} label={t('app.reply')} text={text} method={method} />
  return (
    <>
      <p className="reply-type caption faint">{shown.type === '' ? t('app.reply.untyped') : shown.type}</p>
      <div className="reply-text"><JsonEditor key="plain" id="reply-text" label={t('app.reply')} value={shown.text} isPlain /></div>
    </>
  )
}

interface ReplyTextProps {
  readonly record: CallRecord
  readonly label: string
  readonly text: string
  /** Of a declared exception; absent: the reply itself. */
  readonly exceptionType?: string
  readonly method: string
}

export function ReplyText({ record, label, text, exceptionType, method }: ReplyTextProps): ReactElement {
  const { idl } = useStores()
  const set = useSlice(idl, (state) => state.value)
  const pretty = useMemo(() => prettyReply(text), [text])
  const reply = useMemo(() => {
    const found = findMethod(set, record.method)?.method ?? findMethod(set, method)?.method
    if (set === undefined || found === undefined) return undefined
    const type = exceptionType === undefined ? found.returns : found.throws.find((thrown) => thrown.type.written === exceptionType || thrown.type.written.endsWith(`.${exceptionType}`))?.type
    return type === undefined ? undefined : { spot: { kind: 'typed' as const, type }, set }
  }, [set, record.method, method, exceptionType])
  return <div className="reply-text"><JsonEditor id="reply-text" label={label} value={pretty} reply={reply} /></div>
}
