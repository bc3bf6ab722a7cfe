// One entry, whole: its facts in a line, then the message as the IDL reads it, or the pairs of a header.

import { useMemo, type ReactElement } from 'react'
import { formatBytes, formatCount, formatDuration } from '../../../shared/logic/format.ts'
import { prettyJson } from '../../../shared/logic/json/write.ts'
import type { IdlSet, MethodDescriptor } from '../../../shared/model/idl.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'
import type { StreamRow } from '../../../shared/model/stream-view.ts'
import { JsonEditor } from '../../editor/json-editor.tsx'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import type { StreamFollower } from '../../store/stream-follower.ts'
import { IconButton } from '../../ui/button.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { entryWords } from './entry-row.ts'

const largeText = 4 * 1024 * 1024

export function EntryDetail({ follower, method }: { readonly follower: StreamFollower; readonly method: MethodDescriptor | undefined }): ReactElement | null {
  const translator = useT()
  const { t, language } = translator
  const actions = useActions()
  const entry = useSlice(follower, (each) => each.detail)
  const selected = useSlice(follower, (each) => each.selected)
  if (entry === undefined || selected === undefined) return null
  const words = entryWords(entry, translator)
  const before = follower.row(selected - 1)
  const facts = [
    `${words.kind}${words.number === '' ? '' : ` ${formatCount(Number(words.number), language)}`}`, words.size, words.at,
    ...(before === undefined ? [] : [`Δ ${formatDuration(Math.max(0, entry.atNs - before.atNs))}`]),
    ...('compressed' in entry && entry.compressed === true ? [t('stream.compressed')] : []),
  ].filter((part) => part !== '')
  return (
    <section className="stream-detail" aria-label={t('stream.detail')}>
      <div className="stream-detail-head">
        <span className={`stream-sign stream-${words.tone}`} aria-hidden="true">{words.sign}</span>
        <span className="caption dim truncate">{facts.join(' · ')}</span>
        <span className="stream-space" />
        <IconButton icon="copy" label={t('app.copy')} onClick={() => void actions.copy(textOf(entry))} />
        <IconButton icon="close" label={t('stream.closeDetail')} keys="escape" onClick={() => void follower.select(undefined)} />
      </div>
      <EntryBody entry={entry} method={method} />
    </section>
  )
}

function EntryBody({ entry, method }: { readonly entry: StreamRow; readonly method: MethodDescriptor | undefined }): ReactElement {
  const { t, error: wordError } = useT()
  const { idl } = useStores()
  const actions = useActions()
  const set = useSlice(idl, (state) => state.value)
  switch (entry.event) {
    case 'send': case 'message':
      return <Message json={entry.json} cut={entry.cut} warnings={(entry.warnings ?? []).map(wordError)} reply={spotOf(entry.event, method, set)} />
    case 'unreadable':
      return <ErrorState error={entry.error} onCopy={() => void actions.copy(wordError(entry.error))} />
    case 'header': case 'trailer':
      return entry.pairs.length === 0
        ? <p className="stream-said faint">{t('stream.noPairs')}</p>
        : <div className="form-scroll"><table className="table text"><tbody>{entry.pairs.map(([key, value], index) => <tr key={index}><th scope="row" className="dim">{key}</th><td className="mono wrap">{value}</td></tr>)}</tbody></table></div>
    case 'half-close':
      return <p className="stream-said dim">{t('stream.halfClosed')}</p>
    case 'stall':
      return <p className="stream-said dim">{t('stream.stalled', { duration: formatDuration(entry.waitedNs) })}</p>
    case 'end':
      return entry.error === undefined ? <p className="stream-said dim">{t('stream.ended')}</p> : <ErrorState error={entry.error} onCopy={() => void actions.copy(entry.error === undefined ? '' : wordError(entry.error))} />
  }
}

interface MessageProps {
  readonly json: string
  readonly cut: number | undefined
  readonly warnings: readonly string[]
  readonly reply: Parameters<typeof JsonEditor>[0]['reply']
}

function Message({ json, cut, warnings, reply }: MessageProps): ReactElement {
  const { t } = useT()
  const pretty = useMemo(() => (json.length > largeText ? json : prettyJson(json)), [json])
  return (
    <>
      {warnings.length > 0 && <p className="stream-notice warn">{warnings.join(' ')}</p>}
      {cut !== undefined && <p className="stream-notice dim">{t('stream.messageCut', { shown: formatBytes(json.length), all: formatBytes(cut) })}</p>}
      <div className="reply-text"><JsonEditor id="stream-message" label={t('stream.detail')} value={pretty} reply={reply} /></div>
    </>
  )
}

/** The type that the IDL gives a message of a direction. */
function spotOf(event: 'send' | 'message', method: MethodDescriptor | undefined, set: IdlSet | undefined): MessageProps['reply'] {
  const type = event === 'message' ? method?.returns : method?.args.length === 1 ? method.args[0]?.type : undefined
  return set === undefined || type === undefined ? undefined : { spot: { kind: 'typed', type }, set }
}

function textOf(entry: StreamEntry): string {
  switch (entry.event) {
    case 'send': case 'message': return prettyJson(entry.json)
    case 'header': case 'trailer': return entry.pairs.map(([key, value]) => `${key}: ${value}`).join('\n')
    case 'unreadable': case 'half-close': case 'stall': case 'end': return JSON.stringify(entry, undefined, 2)
  }
}
