// The streams that tabs show, by the id of their calls, and saving one as a file.

import type { CallRecord } from '../../shared/model/call.ts'
import type { StreamFilter } from '../../shared/model/stream-view.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
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
    save: async (callId, name, filter) => {
      const picked = await platform.request('app.pickSave', { name })
      if (picked.ok && picked.value.path === undefined) return
      const path = picked.ok ? picked.value.path : undefined
      const parts: string[] = []
      let entries = 0
      platform.openStream('stream.export', { callId, filter, ...(path === undefined ? {} : { path }) }, {
        onItems: (items) => {
          for (const item of items) {
            entries = item.entries
            if (item.text !== undefined) parts.push(item.text)
          }
        },
        onEnd: () => {
          if (path === undefined) saveByBrowser(parts, name)
          notices.say({ key: 'stream.saved', params: { count: entries, name: path ?? name } })
        },
        onError: (error) => notices.fail(error),
      })
    },
    forget: (callId) => {
      byCall.get(callId)?.forget()
      byCall.delete(callId)
    },
  }
}

/** A page has no paths: the browser asks where, or puts it among its downloads. */
function saveByBrowser(parts: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: 'application/x-ndjson' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
