// The streams that tabs show, by the id of their calls, and saving one as a file.

import type { CallRecord } from '../../shared/model/call.ts'
import type { StreamFilter } from '../../shared/model/stream-view.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import { savePieces } from './save-pieces.ts'
import { StreamFollower } from './stream-follower.ts'

export interface StreamsStore {
  /** The stream of a call, followed from the first time that it is asked for. */
  of(callId: string, record?: CallRecord): StreamFollower
  /** Saves what the host keeps: where the system's dialog says, or by the browser. */
  save(callId: string, name: string, filter: StreamFilter): Promise<void>
  /** A tab was closed or runs another call. */
  forget(callId: string): void
}

export function createStreamsStore(platform: Platform, notices: NoticesStore): StreamsStore {
  const byCall = new Map<string, StreamFollower>()
  return {
    of: (callId, record) => {
      const known = byCall.get(callId) ?? new StreamFollower(platform, callId, (error) => notices.fail(error))
      byCall.set(callId, known)
      known.follow(record?.stream)
      return known
    },
    save: (callId, name, filter) => savePieces(platform, notices, name, (path, onItems, onEnd, onError) => {
      let entries = 0
      platform.openStream('stream.export', { callId, filter, ...(path === undefined ? {} : { path }) }, {
        onItems: (items) => {
          entries = items.at(-1)?.entries ?? entries
          onItems(items)
        },
        onEnd: () => onEnd({ key: 'stream.saved', params: { count: entries, name: path ?? name } }),
        onError,
      })
    }),
    forget: (callId) => {
      byCall.get(callId)?.forget()
      byCall.delete(callId)
    },
  }
}
