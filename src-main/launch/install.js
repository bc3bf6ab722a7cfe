// Dependencies are installed when they are missing or not those of the lock file. npm runs no install by itself on `npm start`.

import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { reasonOf, runNpm } from './npm.js'
import { inRoot, root } from './paths.js'
import { LaunchError, say } from './say.js'

const progressMs = 5000
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
  const paths = Object.keys(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')).packages).filter((path) => path !== '')
  say('install.start', { count: paths.length })
  const started = performance.now()
  const stopTelling = tellProgress(paths)
  const { code, output } = await runNpm(['ci', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'], { cwd: root, show: 'keep' }).finally(stopTelling)
  if (code !== 0) throw refusal(output)
  say('install.done', { seconds: ((performance.now() - started) / 1000).toFixed(0) })
}

/** npm's own words are shown only where ours would not say more. */
function refusal(output) {
  const reason = reasonOf(output)
  if (reason === 'other') process.stderr.write(output)
  return new LaunchError(`install.${reason}`, { folder: inRoot('node_modules'), command: 'npm ci' })
}

/** npm makes all folders first and fills them later, so a package counts once its package.json is there. */
function tellProgress(paths) {
  const timer = setInterval(() => {
    const done = paths.filter((path) => existsSync(inRoot(path, 'package.json'))).length
    if (done > 0) say('install.progress', { done, count: paths.length })
  }, progressMs)
  return () => clearInterval(timer)
}
