// Which Electron to run: the one that the `electron` package has or can download, else the prepared one from npm (Linux x64). One
// line tells which. A silent firewall would let the download hang, so the host is asked first, with a few seconds' patience.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fallbackFits, fallbackFolder, hasFallback, prepareFallback } from './electron-fallback.js'
import { inRoot } from './paths.js'
import { runProgram } from './run.js'
import { LaunchError, say } from './say.js'

const probeMs = 4000
const downloadMs = 900_000

/** `{ executable, folder, version }`, having downloaded or prepared it when needed. */
export async function ensureElectron() {
  const found = findElectron()
  if (found !== undefined) return found
  if (await hostAnswers()) await download()
  const downloaded = findElectron()
  if (downloaded !== undefined) return downloaded
  if (!fallbackFits()) throw new LaunchError('electron.noWay', { host: new URL(downloadBase()).host, command: 'node node_modules/electron/install.js' })
  await prepareFallback()
  return findElectron()
}

/** What is there already, without any network. */
export function findElectron() {
  const chosen = process.env.ELECTRON_OVERRIDE_DIST_PATH
  if (chosen) return at(chosen)
  return at(inRoot('node_modules/electron/dist'), wantedVersion()) ?? (fallbackFits() && hasFallback() ? at(fallbackFolder()) : undefined)
}

export function tellElectron({ version }) {
  const wanted = wantedVersion()
  if (version === wanted) say('electron.using', { version })
  else say('electron.usingOther', { version, wanted })
}

const wantedVersion = () => JSON.parse(readFileSync(inRoot('node_modules/electron/package.json'), 'utf8')).version

function at(folder, wanted) {
  const executable = join(folder, { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform] ?? 'electron')
  const versionFile = join(folder, 'version')
  if (!existsSync(executable) || !existsSync(versionFile)) return undefined
  const version = readFileSync(versionFile, 'utf8').trim().replace(/^v/, '')
  return wanted === undefined || version === wanted ? { executable, folder, version } : undefined
}

/** Where the `electron` package itself would download from. */
const downloadBase = () => process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || 'https://github.com/electron/electron/releases/download/'

async function hostAnswers() {
  if (process.env.ELECTRON_GET_USE_PROXY) return true
  say('electron.probing', { host: new URL(downloadBase()).host })
  try {
    const answer = await fetch(`${downloadBase()}v${wantedVersion()}/SHASUMS256.txt`, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(probeMs) })
    return answer.status < 400
  } catch {
    return false
  }
}

async function download() {
  say('electron.downloading', { version: wantedVersion() })
  await runProgram(process.execPath, [inRoot('node_modules/electron/install.js')], { deadlineMs: downloadMs })
}
