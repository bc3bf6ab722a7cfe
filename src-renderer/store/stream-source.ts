// Where a stream's entries are read: at the host while it keeps them, or from what a record of history kept. Both answer alike, so that a view
// does not care.

import { ok, type Result } from '../../shared/base/result.ts'
import type { StreamFilter, StreamHits, StreamPage, StreamRows, StreamState } from '../../shared/model/stream-view.ts'
import type { StreamEntry, StreamSummary } from '../../shared/model/stream.ts'
import type { Platform } from '../platform/client.ts'

export interface StreamSource {
  /** Entries from a position; long messages may be cut. */
  read(filter: StreamFilter, from: number, count: number): Promise<Result<StreamPage>>
  /** One entry, whole as far as a window can show it. */
  whole(filter: StreamFilter, position: number): Promise<Result<StreamPage>>
  search(filter: StreamFilter, text: string, from: number, signal: AbortSignal): Promise<Result<StreamHits>>
}

/** A message beyond this is cut in the detail too. */
const maxShownChars = 16 * 1024 * 1024

export const hostSource = (platform: Platform, callId: string): StreamSource => ({
  read: (filter, from, count) => platform.request('stream.read', { callId, filter, from, count }),
  whole: (filter, position) => platform.request('stream.read', { callId, filter, from: position, count: 1, maxChars: maxShownChars }),
  search: (filter, text, from, signal) => platform.request('stream.search', { callId, filter, text, from }, signal),
})

export function keptSource({ kept }: StreamSummary): StreamSource {
  const page = (filter: StreamFilter, from: number, count: number): Promise<Result<StreamPage>> => Promise.resolve(ok({ from, entries: entriesOf(kept, filter).slice(from, from + count) }))
  return {
    read: page,
    whole: (filter, position) => page(filter, position, 1),
    search: (filter, text, from) => {
      const wanted = text.toLowerCase()
      const entries = entriesOf(kept, filter)
      const hits = entries.flatMap((entry, position) => (position >= from && textOf(entry).toLowerCase().includes(wanted) ? [position] : []))
      return Promise.resolve(ok({ hits, searchedTo: entries.length }))
    },
  }
}

/** The state of a stream of which only a record is left. */
export function keptState(summary: StreamSummary): StreamState {
  const { kept, left, ...counts } = summary
  const rows = (filter: StreamFilter): StreamRows => ({ first: 0, end: entriesOf(kept, filter).length })
  return {
    counts, rows: { all: rows('all'), sent: rows('sent'), received: rows('received') },
    dropped: 0, skipped: left, isCountOnly: false, bytes: 0, isOpen: false, isSendClosed: true, isPaused: false, queued: 0,
  }
}

function entriesOf(kept: readonly StreamEntry[], filter: StreamFilter): readonly StreamEntry[] {
  if (filter === 'all') return kept
  return kept.filter(({ event }) => (filter === 'sent' ? event === 'send' : event === 'message' || event === 'unreadable'))
}

function textOf(entry: StreamEntry): string {
  switch (entry.event) {
    case 'send': case 'message':
      return entry.json
    case 'header': case 'trailer':
      return entry.pairs.flat().join('\n')
    case 'unreadable': case 'half-close': case 'stall': case 'end':
      return ''
  }
}
