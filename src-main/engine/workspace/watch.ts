// Tells when files change, whoever changed them: an editor, git, the command line, ourselves. Bursts become one announcement.

import chokidar from 'chokidar'
import { relative, sep } from 'node:path'
import type { Disposable } from '../../../shared/base/disposable.ts'

/** Long enough for an editor's write-rename-chmod, short enough to feel immediate. */
export const settleMs = 60

interface WatchOptions {
  /** Paths that are not descended into. */
  readonly ignored?: (path: string) => boolean
  /** How many levels of a folder; all of them if not given. */
  readonly depth?: number
  readonly onChange: () => void
  /** A watch that fails (too many files for the system) loses live reload, nothing else. */
  readonly onError: (caught: unknown) => void
}

/** Watches files and folders that exist; resolves once it does. */
export async function watchPaths(paths: readonly string[], { ignored, depth, onChange, onError }: WatchOptions): Promise<Disposable> {
  // chokidar says `ready` for what it was given; given nothing it never does.
  if (paths.length === 0) return { dispose: () => undefined }
  const watcher = chokidar.watch([...paths], { ignoreInitial: true, ...(ignored === undefined ? {} : { ignored }), ...(depth === undefined ? {} : { depth }) })
  let timer: NodeJS.Timeout | undefined
  watcher.on('all', () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, settleMs)
  })
  watcher.on('error', onError)
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve).once('error', () => resolve())
  })
  return {
    dispose: () => {
      clearTimeout(timer)
      watcher.close().catch(onError)
    },
  }
}

/** Of a workspace folder only kite.json, env/ and calls/ matter; the IDLs are watched by who loads them. */
export function isForeign(root: string, path: string): boolean {
  const [first] = relative(root, path).split(sep)
  return first !== '' && first !== undefined && !['kite.json', 'env', 'calls'].includes(first)
}
