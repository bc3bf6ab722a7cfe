// `npm start`: from a fresh clone to the window with the demo workspace. Where no window can open, the same job is done another way:
// the demo call in the terminal, and the window as a page on loopback.

import { spawn } from 'node:child_process'
import { build } from '../build.js'
import { hasDisplay, sandboxFlags } from '../display.js'
import { ensureElectron, tellElectron } from '../electron.js'
import { ensureDependencies } from '../install.js'
import { inRoot, root } from '../paths.js'
import { inTerminal } from '../run.js'
import { LaunchError, say, word } from '../say.js'
import { ensureLibraries } from '../system.js'

/** An Electron that ends in failure this soon has not shown its window. */
const openedMs = 15_000

export async function run(args) {
  await ensureDependencies()
  await build()
  if (!hasDisplay()) {
    say('start.noDisplay')
    return asPage()
  }
  try {
    return await asWindow(args)
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error
    say('start.noWindow', { reason: error.message })
    return asPage()
  }
}

async function asWindow(args) {
  const electron = await ensureElectron()
  tellElectron(electron)
  await ensureLibraries(electron.executable)
  say('start.opening')
  const started = performance.now()
  const code = await runElectron(electron.executable, [...sandboxFlags(), root, ...(args.length === 0 ? ['--demo'] : args)])
  if (code !== 0 && performance.now() - started < openedMs) throw new LaunchError('start.exited', { code })
  return code
}

function runElectron(executable, args) {
  const env = { ...process.env }
  delete env.ELECTRON_RUN_AS_NODE
  const child = spawn(executable, args, { stdio: 'inherit', env })
  process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new LaunchError('start.noWindow', { reason: cause.message }, cause)))
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 0 : 143)))
  })
}

async function asPage() {
  const kite = inRoot('dist/cli/kite.cjs')
  process.stderr.write(`\n${word('start.demoCall')}\n`)
  await inTerminal(process.execPath, [kite, 'demo', '--once'])
  return inTerminal(process.execPath, [kite, 'serve', '--demo'])
}
