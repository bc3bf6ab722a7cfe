// A stream in the place of a reply: how it stands, its track, the entry that is looked at, and what is sent next. The same view while it
// runs, after it ended, and for one of last week, of which the record kept the beginning.

import { useEffect, useMemo, type ReactElement } from 'react'
import type { ErrorData } from '../../../shared/base/error.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { MethodDescriptor } from '../../../shared/model/idl.ts'
import type { StreamState } from '../../../shared/model/stream-view.ts'
import type { Run } from '../../store/runs.ts'
import { useActions } from '../../store/actions.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import type { StreamFollower } from '../../store/stream-follower.ts'
import { Button } from '../../ui/button.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import { SplitPane } from '../../ui/split-pane.tsx'
import { EmptyState, ErrorState, Pending } from '../../ui/states.tsx'
import { useT } from '../../ui/translation.tsx'
import { Compose } from './compose.tsx'
import { EntryDetail } from './entry-detail.tsx'
import { StreamBar } from './stream-bar.tsx'
import { StreamNotices, StreamTools } from './stream-tools.tsx'
import { StreamTrack } from './stream-track.tsx'
import './stream.css'

export interface StreamViewProps {
  readonly run: Run | undefined
  /** Of the IDL that is open; undefined where it has no such method. */
  readonly method: MethodDescriptor | undefined
  /** Its body, of which the first message stands in the compose box at first. */
  readonly body: string
}

export function StreamView({ run, method, body }: StreamViewProps): ReactElement {
  const { t } = useT()
  const callId = run?.record?.id ?? (run?.view?.id === '' ? undefined : run?.view?.id)
  if (callId === undefined) return <BeforeStream run={run} />
  if (run?.record !== undefined && run.record.stream === undefined) return <Failed error={run.record.error} record={run.record} />
  return <Followed key={callId} callId={callId} run={run} method={method} body={body} label={t('stream.track')} />
}

function BeforeStream({ run }: { readonly run: Run | undefined }): ReactElement {
  const { t } = useT()
  if (run?.phase === 'running') return <Pending label={t('stream.opening')} />
  if (run?.error !== undefined) return <Failed error={run.error} record={undefined} />
  return <EmptyState title={t('stream.empty')} action={<KeyHint keys="mod+enter" />} />
}

function Failed({ error, record }: { readonly error: ErrorData | undefined; readonly record: CallRecord | undefined }): ReactElement {
  const { t, error: wordError } = useT()
  const actions = useActions()
  if (error === undefined) return <EmptyState title={t('stream.nothing')} />
  return <ErrorState error={error} onCopy={() => void actions.copy(`${wordError(error)}\n${JSON.stringify(record?.error ?? error, undefined, 2)}`)} />
}

function Followed({ callId, run, method, body }: StreamViewProps & { readonly callId: string; readonly label: string }): ReactElement {
  const { streams } = useStores()
  const { t } = useT()
  const follower = useMemo(() => streams.of(callId, run?.record), [streams, callId, run?.record])
  const state = useSlice(follower, (each) => each.state)
  useEffect(() => follower.beginDraft(body), [follower, body])
  if (state === undefined) return run?.error === undefined ? <Pending label={t('stream.opening')} /> : <Failed error={run.error} record={undefined} />
  return <Opened follower={follower} state={state} run={run} method={method} callId={callId} />
}

interface OpenedProps {
  readonly follower: StreamFollower
  readonly state: StreamState
  readonly run: Run | undefined
  readonly method: MethodDescriptor | undefined
  readonly callId: string
}

function Opened({ follower, state, run, method, callId }: OpenedProps): ReactElement {
  const { streams, layout } = useStores()
  const { t } = useT()
  const hasDetail = useSlice(follower, (each) => each.detail !== undefined)
  const share = useSlice(layout, (each) => each.shares['stream'])
  const filter = useSlice(follower, (each) => each.filter)
  const name = `${(method?.name ?? 'stream').replace(/[^\w.-]/g, '_')}-${callId.slice(0, 8)}.ndjson`
  const takesMessages = method === undefined || method.kind === 'client' || method.kind === 'bidi'
  return (
    <div className="stream" data-stream={state.isOpen ? 'open' : 'ended'}>
      <div className="stream-head">
        <StreamBar follower={follower} state={state} onSave={() => void streams.save(callId, name, filter)} />
        <StreamTools follower={follower} isOpen={state.isOpen} />
      </div>
      <StreamNotices follower={follower} state={state} />
      <div className="stream-middle">
        <SplitPane
          id="stream" label={t('stream.split')} direction="column" first={<Track follower={follower} state={state} error={run?.record?.error ?? run?.error} />} second={hasDetail ? <EntryDetail follower={follower} method={method} /> : undefined}
          defaultSecond="45" minFirst={60} minSecond={60} share={share} onShare={(value) => layout.setShare('stream', value)}
        />
      </div>
      {state.isOpen && !state.isSendClosed && takesMessages && <Compose follower={follower} state={state} method={method} />}
    </div>
  )
}

function Track({ follower, state, error }: { readonly follower: StreamFollower; readonly state: StreamState; readonly error: ErrorData | undefined }): ReactElement {
  const { t, error: wordError } = useT()
  const actions = useActions()
  const base = useSlice(follower, (each) => each.base)
  const filter = useSlice(follower, (each) => each.filter)
  const rows = state.rows[filter]
  return (
    <div className="stream-list">
      {error !== undefined && error.code !== 'cancelled' && !state.isOpen && <ErrorState error={error} onCopy={() => void actions.copy(wordError(error))} />}
      {base > rows.first && <Button kind="link" onClick={() => follower.earlier()}>{t('stream.earlier')}</Button>}
      {rows.end === rows.first ? <EmptyState title={t(state.isOpen ? 'stream.nothingYet' : filter === 'all' ? 'stream.nothing' : 'stream.nothingInFilter')} /> : <StreamTrack follower={follower} />}
    </div>
  )
}
