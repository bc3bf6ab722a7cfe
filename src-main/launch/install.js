// Dependencies are installed when they are missing or not those of the lock file. npm runs no install by itself on `npm start`.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { reasonOf, runNpm } from './npm.js'
import { inRoot, root } from './paths.js'
import { LaunchError, say } from './say.js'

const stampPath = inRoot('node_modules/.kite-stamp')

export async function ensureDependencies() {
  const stamp = currentStamp()
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return
  if (!installedMatchesLock()) await install()
  writeFileSync(stampPath, stamp)
}

/** The lock file, and what native parts depend on. */
function currentStamp() {
  const lock = createHash('sha256').update(readFileSync(inRoot('package-lock.json'))).digest('hex')
  return [lock, process.versions.node.split('.')[0], process.platform, process.arch].join(' ')
}

/** npm writes what it installed beside it; somebody may have run `npm ci` by hand. Parts for other platforms are absent rightly. */
export function installedMatchesLock() {
  const written = inRoot('node_modules/.package-lock.json')
  if (!existsSync(written)) return false
  const installed = JSON.parse(readFileSync(written, 'utf8')).packages
  const locked = JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages
  return Object.entries(locked).every(([path, { version, optional, peer }]) => path === '' || (installed[path] === undefined ? optional || peer : installed[path].version === version))
}

async function install() {
  const count = Object.keys(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages).length - 1
  say('install.start', { count })
  const started = performance.now()
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: root })
  if (code !== 0) throw new LaunchError(`install.${reasonOf(output)}`, { folder: inRoot('node_modules'), command: 'npm ci' })
  say('install.done', { seconds: ((performance.now() - started) / 1000).toFixed(0) })
}
