// The desktop application. The window opens at once, the engine starts beside it: requests that arrive meanwhile wait. Only the scheme,
// the folders and the single-instance lock come before `ready`, because they must.

import { type BrowserWindow, app, session } from 'electron'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpenHost } from '../host/open-host.ts'
import { dataFolder } from '../host/data-folder.ts'
import { rendererFolder } from '../host/renderer-files.ts'
import { desktopAbilities, systemLanguage } from './abilities.ts'
import { parseArguments } from './arguments.ts'
import { driverAttached } from './driver-hold.ts'
import { guardContents, guardSession } from './guards.ts'
import { WindowSessions } from './ipc.ts'
import { registerAppScheme, serveAppFiles } from './protocol.ts'
import { mark, markPage } from './start-marks.ts'
import { openWindow } from './window.ts'

mark('main')
const bundleFolder = dirname(fileURLToPath(import.meta.url))
const dataDir = dataFolder(process.env, process.platform)
const quitMs = 3000
let window: BrowserWindow | undefined
let host: Promise<OpenHost> | undefined

registerAppScheme()
guardContents()
if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(dataDir, 'electron'))

if (app.requestSingleInstanceLock()) {
  app.on('second-instance', (_event, argv, cwd) => void reopen(argv, cwd))
  app.on('window-all-closed', () => app.quit())
  app.on('will-quit', (event) => quitAfterEngine(event))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
  void start()
} else {
  app.quit()
}

async function start(): Promise<void> {
  const attached = driverAttached()
  host = startEngine()
  await app.whenReady()
  mark('ready')
  serveAppFiles(rendererFolder(bundleFolder), app.isPackaged ? undefined : process.env['KITE_RENDERER_URL'])
  guardSession(session.defaultSession)
  const sessions = new WindowSessions(async () => (await startedHost()).openSession())
  await attached
  window = openWindow(dirname(bundleFolder), app.getName(), (contents) => sessions.follow(contents))
  mark('window')
  markPage(window.webContents)
  window.webContents.once('dom-ready', () => mark('dom ready'))
  window.webContents.once('did-finish-load', () => mark('loaded'))
  await followLanguage()
}

async function startEngine(): Promise<OpenHost> {
  const { openHost } = await import('../host/open-host.ts')
  const { workspace, demo } = parseArguments(process.argv, app.isPackaged, process.cwd(), process.env)
  const opened = await openHost({
    dataDir,
    abilities: desktopAbilities({ window: () => window, translator }),
    workspace,
    demo,
    warn: (message) => process.stderr.write(`${message}\n`),
  })
  void opened.opened.then(async (problem) => {
    await app.whenReady()
    if (problem !== undefined) process.stderr.write(`${(await translator(opened)).error(problem)}\n`)
  })
  mark('engine')
  return opened
}

function startedHost(): Promise<OpenHost> {
  host ??= startEngine()
  return host
}

async function translator(opened?: OpenHost) {
  const { createTranslator } = await import('../../shared/i18n/translate.ts')
  const { language } = (opened ?? await startedHost()).workspace.user.settings
  return createTranslator(language === 'auto' ? systemLanguage() : language)
}

/** The menu speaks the language of the settings, also after it changed. */
async function followLanguage(): Promise<void> {
  const { setMenu } = await import('./menu.ts')
  const { workspace } = await startedHost()
  const set = async (): Promise<void> => setMenu(await translator(), process.platform === 'darwin')
  await set()
  workspace.user.onDidChangeSettings(() => void set())
}

/** A second start brings the window up, and opens the workspace that it was given. */
async function reopen(argv: readonly string[], cwd: string): Promise<void> {
  if (window?.isMinimized() === true) window.restore()
  window?.focus()
  const { workspace } = parseArguments(argv, app.isPackaged, cwd, {})
  if (workspace === undefined) return
  const opened = await startedHost()
  try {
    await opened.workspace.open(workspace)
  } catch (caught) {
    // Whatever the second start was given: the workspace that is open stays, and the reason goes where the first start's went.
    const { KiteError } = await import('../../shared/base/error.ts')
    process.stderr.write(`${(await translator(opened)).error(KiteError.from(caught, 'workspace').data)}\n`)
  }
}

/** Mocks deregister and sockets close before the process ends; what does not close in time is left to the system. */
function quitAfterEngine(event: Electron.Event): void {
  if (host === undefined) return
  event.preventDefault()
  const late = new Promise<void>((resolve) => {
    setTimeout(resolve, quitMs)
  })
  void Promise.race([host.then((opened) => opened.dispose()).catch(() => undefined), late]).then(() => app.exit(0))
}
