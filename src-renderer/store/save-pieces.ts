// Saves what a host hands out in pieces: it writes to the path that the system's dialog gave, or a page gathers the text for its browser to save.

import type { ErrorData, Text } from '../../shared/base/error.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'

type Piece = { readonly text?: string }

/** Starts the saving; `onEnd` is told what to say when it is done. */
export type OpenPieces = (path: string | undefined, onItems: (items: readonly Piece[]) => void, onEnd: (words: Text) => void, onError: (error: ErrorData) => void) => void

/** Asks where, and saves there. Nothing happens when the dialog is cancelled. */
export async function savePieces(platform: Platform, notices: NoticesStore, name: string, open: OpenPieces): Promise<void> {
  const picked = await platform.request('app.pickSave', { name })
  if (picked.ok && picked.value.path === undefined) return
  const path = picked.ok ? picked.value.path : undefined
  const parts: string[] = []
  const onItems = (items: readonly Piece[]): void => {
    for (const { text } of items) if (text !== undefined) parts.push(text)
  }
  const onEnd = (words: Text): void => {
    if (path === undefined) saveByBrowser(parts, name)
    notices.say(words)
  }
  open(path, onItems, onEnd, (error) => notices.fail(error))
}

/** A page has no paths: the browser asks where, or puts it among its downloads. */
function saveByBrowser(parts: readonly string[], name: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type: 'application/octet-stream' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
