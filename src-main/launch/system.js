// The system's own part: shared libraries that Electron needs, and a few programs that tests need. What may be installed is installed
// (root on Debian or Ubuntu, unless KITE_NO_SYSTEM_INSTALL=1); else one command is printed that does it.

import { existsSync } from 'node:fs'
import { runProgram } from './run.js'
import { LaunchError, say } from './say.js'

/** Debian's package for each library that Electron links to, by the start of the library's name. */
const packageOf = {
  'libgtk-3': 'libgtk-3-0', 'libgdk-3': 'libgtk-3-0', 'libnss3': 'libnss3', 'libnssutil3': 'libnss3', 'libsmime3': 'libnss3', 'libnspr4': 'libnspr4',
  'libasound': 'libasound2', 'libgbm': 'libgbm1', 'libdrm': 'libdrm2', 'libXss': 'libxss1', 'libatk-1.0': 'libatk1.0-0', 'libatk-bridge': 'libatk-bridge2.0-0',
  'libatspi': 'libatspi2.0-0', 'libnotify': 'libnotify4', 'libcups': 'libcups2', 'libdbus-1': 'libdbus-1-3', 'libexpat': 'libexpat1', 'libxkbcommon': 'libxkbcommon0',
  'libX11': 'libx11-6', 'libXcomposite': 'libxcomposite1', 'libXdamage': 'libxdamage1', 'libXext': 'libxext6', 'libXfixes': 'libxfixes3', 'libXrandr': 'libxrandr2',
  'libxcb': 'libxcb1', 'libpango-1.0': 'libpango-1.0-0', 'libcairo': 'libcairo2', 'libglib-2.0': 'libglib2.0-0', 'libgobject-2.0': 'libglib2.0-0', 'libgio-2.0': 'libglib2.0-0', 'libudev': 'libudev1',
}

export const isRoot = () => process.getuid?.() === 0
const mayInstall = () => isRoot() && existsSync('/etc/debian_version') && process.env.KITE_NO_SYSTEM_INSTALL !== '1'

/** Libraries that an executable asks for and the system lacks; empty where that cannot be told. */
export async function missingLibraries(executable) {
  if (process.platform !== 'linux') return []
  const { output } = await runProgram('ldd', [executable], { show: 'keep' }).catch(() => ({ output: '' }))
  return notFound(output)
}

/** From what `ldd` prints. */
export const notFound = (output) => [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name)

export function packagesFor(libraries) {
  const known = libraries.map((library) => Object.entries(packageOf).find(([start]) => library.startsWith(start))?.[1])
  return [...new Set(known.filter((name) => name !== undefined))]
}

/** Makes Electron's libraries present, or says what is missing and the one command that adds it. */
export async function ensureLibraries(executable) {
  const missing = await missingLibraries(executable)
  if (missing.length === 0) return
  const packages = packagesFor(missing)
  if (mayInstall() && packages.length > 0) await installPackages(packages)
  const still = mayInstall() ? await missingLibraries(executable) : missing
  if (still.length > 0) throw new LaunchError('system.missing', { libraries: still.join(' '), command: commandFor(packages) })
}

export const commandFor = (packages) => `${isRoot() ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`

/** Installs what it may; returns whether it did. */
export async function installIfAllowed(packages) {
  if (!mayInstall()) return false
  await installPackages(packages)
  return true
}

async function installPackages(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  say('system.installing', { packages: packages.join(' ') })
  await runProgram('apt-get', ['update', '-q'], { show: 'keep', env })
  const names = await Promise.all(packages.map(currentName))
  const { code, output } = await runProgram('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names], { show: 'keep', env })
  if (code !== 0) say('system.installFailed', { detail: output.trim().split('\n').at(-1) ?? '', command: commandFor(packages) })
}

/** Newer Debian and Ubuntu renamed some libraries for 64-bit time (`libasound2t64`). */
async function currentName(name) {
  const { output } = await runProgram('apt-cache', ['policy', name, `${name}t64`], { show: 'keep' })
  const hasCandidate = (wanted) => new RegExp(`^${wanted.replace(/[.+]/g, '\\$&')}:\\n.*\\n\\s*Candidate: (?!\\(none\\))`, 'm').test(output)
  return !hasCandidate(name) && hasCandidate(`${name}t64`) ? `${name}t64` : name
}
