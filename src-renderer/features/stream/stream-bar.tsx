// How the stream stands: open or not, what went each way and how fast; and what can be done to it while it runs.

import type { ReactElement } from 'react'
import { formatBytes, formatCount } from '../../../shared/logic/format.ts'
import type { StreamState } from '../../../shared/model/stream-view.ts'
import type { StreamFollower } from '../../store/stream-follower.ts'
import { useSlice } from '../../store/state.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { IconButton } from '../../ui/button.tsx'
import { useT } from '../../ui/translation.tsx'

export function StreamBar({ follower, state, onSave }: { readonly follower: StreamFollower; readonly state: StreamState; readonly onSave: () => void }): ReactElement {
  const { t } = useT()
  const perSecond = useSlice(follower, (each) => each.perSecond)
  const { counts, isOpen, isPaused } = state
  const isKeptOnly = useSlice(follower, (each) => each.isKeptOnly)
  const standing = standingOf(state)
  return (
    <div className="stream-bar">
      <Badge tone={standing.tone}>{t(standing.key)}</Badge>
      <Flow sign="→" label={t('stream.sent')} count={counts.sent} bytes={counts.sentBytes} perSecond={perSecond.sent} />
      <Flow sign="←" label={t('stream.received')} count={counts.received} bytes={counts.receivedBytes} perSecond={perSecond.received} />
      <span className="stream-space" />
      {isOpen && <IconButton icon={isPaused ? 'play' : 'pause'} label={t(isPaused ? 'stream.resume' : 'stream.pause')} onClick={() => void follower.ask(isPaused ? 'stream.resume' : 'stream.pause')} />}
      {isOpen && <IconButton icon="count" label={t('stream.countOnly')} pressed={state.isCountOnly} onClick={() => void follower.setCountOnly(!state.isCountOnly)} />}
      {!isKeptOnly && <IconButton icon="save" label={t('stream.save')} onClick={onSave} />}
    </div>
  )
}

function standingOf({ isOpen, isPaused, isSendClosed }: StreamState): { readonly tone: Tone; readonly key: 'stream.isEnded' | 'stream.isPaused' | 'stream.isHalfClosed' | 'stream.isOpen' } {
  if (!isOpen) return { tone: 'quiet', key: 'stream.isEnded' }
  if (isPaused) return { tone: 'warn', key: 'stream.isPaused' }
  return isSendClosed ? { tone: 'info', key: 'stream.isHalfClosed' } : { tone: 'ok', key: 'stream.isOpen' }
}

interface FlowProps {
  readonly sign: string
  readonly label: string
  readonly count: number
  readonly bytes: number
  readonly perSecond: number
}

function Flow({ sign, label, count, bytes, perSecond }: FlowProps): ReactElement {
  const { t, language } = useT()
  return (
    <span className="stream-flow" title={label}>
      <span aria-hidden="true" className={sign === '→' ? 'stream-sent' : 'stream-received'}>{sign}</span>
      <span className="visually-hidden">{label}</span>
      <strong>{formatCount(count, language)}</strong>
      <span className="faint stream-bytes">{formatBytes(bytes)}</span>
      {perSecond >= 0.5 && <span className="dim stream-rate">{t('stream.perSecond', { rate: formatCount(Math.round(perSecond), language) })}</span>}
    </span>
  )
}
