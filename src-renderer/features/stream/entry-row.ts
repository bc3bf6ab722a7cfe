// What a row of the track says of an entry: a sign, a word, the number of a message in its direction, one line of text. Pure.

import { formatBytes, formatDuration } from '../../../shared/logic/format.ts'
import type { Translator } from '../../../shared/i18n/translate.ts'
import type { StreamRow } from '../../../shared/model/stream-view.ts'

export type EntryTone = 'sent' | 'received' | 'quiet' | 'warn' | 'fail'

export interface EntryWords {
  readonly sign: string
  readonly tone: EntryTone
  /** What the sign means. */
  readonly kind: string
  readonly number: string
  readonly text: string
  readonly size: string
  readonly at: string
  /** The text is JSON, or a sentence. */
  readonly isCode: boolean
}

export function entryWords(row: StreamRow, { t, error }: Translator): EntryWords {
  const at = `+${formatDuration(row.atNs)}`
  const frame = (sign: string, tone: EntryTone, kind: string, text: string): EntryWords => ({ sign, tone, kind, number: '', text, size: '', at, isCode: false })
  switch (row.event) {
    case 'send': case 'message':
      return {
        sign: row.event === 'send' ? '→' : '←', tone: row.event === 'send' ? 'sent' : 'received', kind: t(`stream.event.${row.event}`),
        number: String(row.index + 1), text: oneLine(row.json), size: formatBytes(row.bytes), at, isCode: true,
      }
    case 'unreadable':
      return { ...frame('!', 'fail', t('stream.event.unreadable'), error(row.error)), number: String(row.index + 1), size: formatBytes(row.bytes) }
    case 'header': case 'trailer':
      return frame('≡', 'quiet', t(`stream.event.${row.event}`), `${t(`stream.event.${row.event}`)}   ${row.pairs.length === 0 ? t('stream.noPairs') : row.pairs.map(([key, value]) => `${key}: ${value}`).join('   ')}`)
    case 'half-close':
      return frame('⇥', 'quiet', t('stream.event.half-close'), t('stream.halfClosed'))
    case 'stall':
      return frame('‖', 'warn', t('stream.event.stall'), t('stream.stalled', { duration: formatDuration(row.waitedNs) }))
    case 'end':
      if (row.error?.code === 'cancelled') return frame('⊘', 'quiet', t('stream.event.end'), error(row.error))
      return row.error === undefined ? frame('■', 'quiet', t('stream.event.end'), t('stream.ended')) : frame('✕', 'fail', t('stream.event.end'), error(row.error))
  }
}

/** A message is kept as it was written, line breaks and all. They stand only between tokens, never inside a JSON string. */
const oneLine = (json: string): string => json.replace(/\r?\n\s*/g, ' ')
