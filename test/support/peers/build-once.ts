// Builds a thing once for ever: into a cache folder named by the hash of its sources, outside the work tree, and by one process at a
// time however many tests ask at once.

import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const lockPollMs = 200
/** A lock without its owner's pid for so long was left behind half-made. */
const ownerlessMs = 10_000

/** `$XDG_CACHE_HOME/kite-console/peers`. */
export function peerCache(): string {
  const cache = process.env['XDG_CACHE_HOME']
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'kite-console', 'peers')
}

/** The folder that `build` filled, now or earlier. `build` gets an empty folder, which becomes the result when it is done. */
export async function buildOnce(name: string, hash: string, build: (folder: string) => Promise<void>): Promise<string> {
  const done = join(peerCache(), `${name}-${hash}`)
  if (existsSync(done)) return done
  await mkdir(peerCache(), { recursive: true })
  const lock = `${done}.lock`
  for (;;) {
    if (await tryLock(lock)) break
    if (existsSync(done)) return done
    await delay(lockPollMs)
  }
  try {
    if (!existsSync(done)) await fill(done, build)
    return done
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function fill(done: string, build: (folder: string) => Promise<void>): Promise<void> {
  const partial = `${done}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial)
  await build(partial)
  await rename(partial, done)
}

/** Takes the lock, or removes one whose owner is gone so that the next try may succeed. */
async function tryLock(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    await writeFile(join(lock, 'pid'), String(process.pid))
    return true
  } catch {
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }))
    const owner = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'))
    const abandoned = owner > 0 ? !isRunning(owner) : Date.now() - mtimeMs > ownerlessMs
    if (abandoned) await rm(lock, { recursive: true, force: true })
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Names and contents of all files beneath a folder but its READMEs, as a short hash. */
export async function hashOfFolder(folder: string): Promise<string> {
  const hash = createHash('sha256')
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && entry.name !== 'README.md').map(({ parentPath, name }) => join(parentPath, name))
  for (const name of names.sort()) hash.update(name.slice(folder.length)).update('\0').update(await readFile(name)).update('\0')
  return hash.digest('hex').slice(0, 16)
}
