// Two processes that register in one file must not undo each other's entry: a lock file, created exclusively, guards read-change-write.
// A lock older than ten seconds belongs to a process that died and is taken over.

import { open, rm, stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fail } from '../../../../shared/base/error.ts'

const staleMs = 10_000
const patienceMs = 15_000

export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = `${path}.lock`
  await acquire(lock)
  try {
    return await work()
  } finally {
    await rm(lock, { force: true })
  }
}

async function acquire(lock: string): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline) {
    if (await create(lock)) return
    const age = await stat(lock).then((found) => Date.now() - found.mtimeMs, () => 0)
    if (age > staleMs) await rm(lock, { force: true })
    else await sleep(10)
  }
  throw fail('file', 'discovery', 'discovery.locked', { file: lock })
}

async function create(lock: string): Promise<boolean> {
  try {
    const handle = await open(lock, 'wx')
    await handle.close()
    return true
  } catch (caught) {
    if (caught instanceof Error && 'code' in caught && caught.code === 'EEXIST') return false
    throw fail('file', 'discovery', 'discovery.cannotWrite', { file: lock, cause: caught instanceof Error ? caught.message : String(caught) })
  }
}
