// Follows a stub file. A state that is broken is told and not taken: the stubs before it stay in force, since somebody is testing
// against them while somebody else types.

import { basename, dirname } from 'node:path'
import { watch } from 'chokidar'
import type { Disposable } from '../../../shared/base/disposable.ts'

/** chokidar drops a change that follows another within 50 ms: a second look catches it. */
const settleMs = 100

/** Calls `onChange` after the file changed, was replaced or came back; resolves once changes are seen. */
export async function watchStubFile(path: string, onChange: () => void): Promise<Disposable> {
  const wanted = basename(path)
  // The folder is watched, because editors replace a file by renaming.
  const watcher = watch(dirname(path), { depth: 0, ignoreInitial: true, ignored: (each, stats) => stats?.isFile() === true && basename(each) !== wanted })
  let timer: ReturnType<typeof setTimeout> | undefined
  watcher.on('all', (_, each) => {
    if (basename(each) !== wanted) return
    clearTimeout(timer)
    timer = setTimeout(onChange, settleMs)
  })
  watcher.on('error', () => undefined)
  await new Promise<void>((resolve) => watcher.once('ready', resolve))
  return {
    dispose: () => {
      clearTimeout(timer)
      void watcher.close()
    },
  }
}
