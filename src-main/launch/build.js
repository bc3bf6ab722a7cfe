// Builds the parts that are stale. Each part keeps its own stamp, so that a change of the window does not rebuild the command
// line. A lock keeps two builds in one tree apart (a test run beside `npm start`).

import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { appOptions, bundleCli, bundleNode, bundleRenderer, copyAssets, preloadOptions, workerOptions } from './bundle.js'
import { inRoot } from './paths.js'
import { LaunchError, say } from './say.js'
import { hashOf } from './sources.js'

const always = ['package-lock.json', 'src-main/launch/bundle.js']
const lockStaleMs = 120_000

const parts = {
  renderer: { entry: 'src-renderer/index.html', from: ['src-renderer', 'shared'], run: bundleRenderer },
  app: { entry: 'src-main/app/main.ts', from: ['src-main', 'shared'], run: () => bundleNode(appOptions()) },
  preload: { entry: 'src-main/preload/bridge.ts', from: ['src-main/preload', 'shared'], run: () => bundleNode(preloadOptions()) },
  worker: { entry: undefined, from: ['src-main', 'shared'], run: () => bundleNode(workerOptions()) },
  cli: { entry: 'src-main/cli/main.ts', from: ['src-main', 'shared'], run: bundleCli },
}

export const allParts = Object.keys(parts)

/** Builds what is stale of the named parts; `force` builds them all. */
export async function build(names = allParts, { force = false } = {}) {
  const release = await lock()
  try {
    const stale = names.filter((name) => force || isStale(name))
    if (stale.length === 0) return
    const started = performance.now()
    say('build.start', { parts: stale.join(', ') })
    copyAssets()
    for (const name of stale) await buildPart(name)
    say('build.done', { parts: stale.join(', '), seconds: ((performance.now() - started) / 1000).toFixed(1) })
  } finally {
    release()
  }
}

const stampOf = (name) => inRoot('out/stamps', name)
const stateOf = (name) => `${hashOf([...always, ...parts[name].from])} ${process.env.KITE_BUILD_READABLE ?? ''}`

function isStale(name) {
  const stamp = stampOf(name)
  return !existsSync(stamp) || !existsSync(inRoot('dist')) || readFileSync(stamp, 'utf8') !== stateOf(name)
}

async function buildPart(name) {
  const { entry, run } = parts[name]
  if (entry !== undefined && !existsSync(inRoot(entry))) return say('build.skipped', { entry })
  const state = stateOf(name)
  try {
    await run()
  } catch (cause) {
    // esbuild has shown its errors already; Vite has not.
    if (name === 'renderer' || !Array.isArray(cause?.errors)) process.stderr.write(`${cause?.message ?? cause}\n`)
    throw new LaunchError('build.failed', { part: name, command: 'npm run build' }, cause)
  }
  mkdirSync(inRoot('out/stamps'), { recursive: true })
  writeFileSync(stampOf(name), state)
}

async function lock() {
  const folder = inRoot('out/build.lock')
  mkdirSync(inRoot('out'), { recursive: true })
  for (;;) {
    try {
      mkdirSync(folder)
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (isOld(folder)) rmSync(folder, { recursive: true, force: true })
      else await sleep(200)
    }
  }
}

function isOld(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > lockStaleMs
  } catch {
    return false
  }
}
