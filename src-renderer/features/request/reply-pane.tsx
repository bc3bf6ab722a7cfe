// What came back: reply, metainfo, bytes; or the failure with its layer, cause and next step. Before the first call one sentence.

import { useEffect, useState, type ReactElement } from 'react'
import { formatBytes, formatDuration, formatTimeWithOffset, formatUtcNanos, nanosToMs } from '../../../shared/logic/format.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { Draft } from '../../../shared/model/workspace.ts'
import { useActions } from '../../store/actions.ts'
import type { Run } from '../../store/runs.ts'
import { Badge, outcomeTone } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import { EmptyState, ErrorState, Pending } from '../../ui/states.tsx'
import { TabBar, TabPanel } from '../../ui/tab-bar.tsx'
import { useT } from '../../ui/translation.tsx'
import { BytesView } from './bytes-view.tsx'
import { ReplyText, ReplyValue } from './reply-text.tsx'
import { copiedText } from './shown-reply.ts'
import { codecLabel, transportLabel } from './transport-label.ts'

type Shown = 'reply' | 'metainfo' | 'bytes'

export function ReplyPane({ draft, run, stream }: { readonly draft: Draft; readonly run: Run | undefined; readonly stream?: ReactElement | undefined }): ReactElement {
  const { t } = useT()
  const [shown, setShown] = useState<Shown>('reply')
  const record = run?.record
  const tabs = [
    { key: 'reply' as const, label: stream === undefined ? t('app.reply') : t('stream.tab') },
    { key: 'metainfo' as const, label: 'Metainfo', count: (record?.metainfo.backward.length ?? 0) + (record?.headers.length ?? 0) },
    { key: 'bytes' as const, label: t('app.bytes') },
  ]
  return (
    <section className="pane" aria-label={t('app.reply')} data-pane="reply" aria-busy={run?.phase === 'running'} data-run={run?.startedAtMs}>
      <TabBar id="reply" label={t('app.reply')} tabs={tabs} active={shown} onSelect={setShown} end={<ReplyEnd run={run} />} />
      <TabPanel id="reply" active={shown}>
        {shown === 'reply' && (stream ?? <ReplyBody draft={draft} run={run} />)}
        {shown === 'metainfo' && (record === undefined ? <BeforeCall run={run} /> : <ReplyMetainfo record={record} />)}
        {shown === 'bytes' && (record === undefined ? <BeforeCall run={run} /> : <BytesView tab={draft.id} record={record} crossCheck={draft.request.crossCheck} />)}
      </TabPanel>
    </section>
  )
}

/** Outcome, duration and size at the right end of the tabs. */
function ReplyEnd({ run }: { readonly run: Run | undefined }): ReactElement | null {
  const { t, text } = useT()
  const actions = useActions()
  if (run?.phase === 'running') return <Elapsed since={run.startedAtMs} />
  const record = run?.record
  if (record === undefined) return null
  const retries = retriesOf(record)
  const shape = record.outcome === 'ok' && retries > 0 ? 'retried' : record.outcome
  const words = shape === 'retried' ? t('app.outcome.okAfterRetries', { count: retries }) : t(`app.outcome.${shape}`)
  return (
    <>
      {record.warnings.length > 0 && <span className="warn caption" title={record.warnings.map((warning) => text(warning.text)).join('\n')}>! {record.warnings.length}</span>}
      <Badge tone={outcomeTone(shape)}>{words}</Badge>
      <span className="caption reply-duration" title={`${formatTimeWithOffset(nanosToMs(record.startTimeUnixNano))}\n${formatUtcNanos(record.startTimeUnixNano)}`}>{formatDuration(record.durationNs)}</span>
      <span className="caption faint" title={t('app.reply.sizes', { sent: formatBytes(record.bytes.sent), received: formatBytes(record.bytes.received) })}>{formatBytes(record.bytes.received)}</span>
      {record.response !== undefined && <IconButton icon="copy" label={t('app.copy')} onClick={() => void actions.copy(copiedText(record))} />}
    </>
  )
}

/** Attempts beyond the first. */
export const retriesOf = (record: CallRecord): number => Math.max(0, record.chain.nodes.filter(({ kind }) => kind === 'attempt').length - 1)

function Elapsed({ since }: { readonly since: number }): ReactElement {
  const [now, setNow] = useState(since)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [])
  return <span className="caption faint">{formatDuration(Math.max(0, now - since) * 1e6)}</span>
}

function BeforeCall({ run }: { readonly run: Run | undefined }): ReactElement {
  const { t } = useT()
  if (run?.phase === 'running') return <Pending label={[t('app.call.running'), ...runningWords(run, t)].join(' · ')} />
  return <EmptyState title={t('app.reply.empty')} action={<KeyHint keys="mod+enter" />} />
}

/** Where the call is now: the attempt, and the innermost thing that has not answered. */
function runningWords({ view }: Run, t: ReturnType<typeof useT>['t']): readonly string[] {
  const inner = view?.running.at(-1)
  if (inner === undefined) return []
  return [...(inner.attempt === null ? [] : [t('app.call.attempt', { attempt: inner.attempt })]), ...(inner.kind === 'attempt' ? [] : [inner.name])]
}

function ReplyBody({ draft, run }: { readonly draft: Draft; readonly run: Run | undefined }): ReactElement {
  const { error: wordError, t } = useT()
  const actions = useActions()
  if (run === undefined || run.phase === 'running') return <BeforeCall run={run} />
  const error = run.record?.error ?? run.error
  const response = run.record?.response
  return (
    <div className="reply-body">
      {error !== undefined && <ErrorState error={error} onCopy={() => void actions.copy(details(run.record, wordError(error)))} />}
      {run.record !== undefined && error?.exception?.json !== undefined && <ReplyText record={run.record} label={error.exception.type} text={error.exception.json} exceptionType={error.exception.type} method={draft.request.method} />}
      {run.record?.responseCut !== undefined && <CutNote record={run.record} characters={run.record.responseCut.characters} />}
      {run.record !== undefined && response !== undefined && <ReplyValue record={run.record} text={response} method={draft.request.method} />}
      {run.record !== undefined && response === undefined && error === undefined && <EmptyState title={t('app.reply.oneway')} />}
    </div>
  )
}

/** A reply too large for a window: how much is shown, and the way to the whole. */
function CutNote({ record, characters }: { readonly record: CallRecord; readonly characters: number }): ReactElement {
  const { t } = useT()
  const actions = useActions()
  return (
    <p className="cut-note" role="note">
      <span>{t('app.reply.cut', { shown: formatBytes(record.response?.length ?? 0), all: formatBytes(characters) })}</span>
      <Button onClick={() => void actions.saveReply(record)}>{t('app.reply.save')}</Button>
    </p>
  )
}

/** What is copied: everything that somebody who helps would ask for. */
function details(record: CallRecord | undefined, worded: string): string {
  if (record === undefined) return worded
  const { method, service, transport, codec, instance, traceId, durationNs, outcome } = record
  return [
    worded, `${method} · ${service}`, `${transport} · ${codec} · ${instance?.address ?? '–'}`, `${outcome} · ${formatDuration(durationNs)} · ${formatUtcNanos(record.startTimeUnixNano)}`, `trace ${traceId}`,
    JSON.stringify(record.error, undefined, 2),
  ].join('\n')
}

function ReplyMetainfo({ record }: { readonly record: CallRecord }): ReactElement {
  const { t } = useT()
  const facts: readonly (readonly [string, string])[] = [
    [t('app.facts.instance'), record.instance?.address ?? '–'], [t('app.transport'), `${transportLabel(record.transport, t)} · ${codecLabel(record.codec)}`], [t('app.facts.trace'), record.traceId], [t('app.facts.span'), record.spanId],
    [t('app.facts.start'), `${formatTimeWithOffset(nanosToMs(record.startTimeUnixNano))}  (${formatUtcNanos(record.startTimeUnixNano)})`], [t('app.policy.seed'), `0x${record.seed.toString(16)}`],
  ]
  return (
    <div className="form-scroll">
      <PairTable title={t('app.metainfo.backward')} empty={t('app.metainfo.noBackward')} pairs={record.metainfo.backward} />
      <PairTable title={t('app.metainfo.headers')} empty={t('app.metainfo.noHeaders')} pairs={record.headers} />
      {record.trailers.length > 0 && <PairTable title={t('stream.trailers')} empty="" pairs={record.trailers} />}
      <PairTable title={t('app.facts')} empty="" pairs={facts} />
    </div>
  )
}

function PairTable({ title, empty, pairs }: { readonly title: string; readonly empty: string; readonly pairs: readonly (readonly [string, string])[] }): ReactElement {
  const actions = useActions()
  const { t } = useT()
  return (
    <section className="pair-table">
      <h3>{title}</h3>
      {pairs.length === 0 && <p className="faint">{empty}</p>}
      {pairs.length > 0 && (
        <table className="table text">
          <tbody>
            {pairs.map(([key, value], index) => (
              <tr key={index}>
                <th scope="row" className="dim">{key}</th>
                <td className="mono wrap">{value}</td>
                <td className="cell-action"><IconButton icon="copy" label={`${t('app.copy')} ${key}`} onClick={() => void actions.copy(value)} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
