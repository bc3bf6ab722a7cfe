// Starts the built application as a user would, with its own user data, and gives its first window. `KITE_TEST_ELECTRON` names the
// Electron that the launcher has found or prepared (`npm test`, `npm run e2e`).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'

export const root = resolve(import.meta.dirname, '../../..')

export interface LaunchOptions {
  /** Arguments after the application's folder, such as `--demo` or a workspace folder. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly language?: 'en' | 'zh-CN'
  /** Reuse the user data of an earlier launch, to see what was kept. */
  readonly userData?: string
  /** A packed application instead of the built one. */
  readonly executable?: string
}

export interface Kite {
  readonly app: ElectronApplication
  readonly window: Page
  readonly userData: string
  /** Errors that the window or its process logged; a story ends by finding none. */
  readonly complaints: readonly string[]
  close(options?: { readonly keepUserData?: boolean }): Promise<void>
}

export async function launchKite(options: LaunchOptions = {}): Promise<Kite> {
  const userData = options.userData ?? mkdtempSync(join(tmpdir(), 'kite-user-'))
  const app = await _electron.launch({
    executablePath: options.executable ?? electronPath(),
    args: [...electronFlags(), `--user-data-dir=${join(userData, 'electron')}`, ...(options.executable === undefined ? [root] : []), ...(options.args ?? [])],
    env: environment(options, userData),
    timeout: 60_000,
  })
  askAgain(app)
  const complaints: string[] = []
  const window = await app.firstWindow()
  window.on('pageerror', (error) => complaints.push(String(error)))
  window.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
  const close = async ({ keepUserData = false } = {}): Promise<void> => {
    await app.close()
    if (!keepUserData) rmSync(userData, { recursive: true, force: true })
  }
  return { app, window, userData, complaints, close }
}

/** Electron's debugger may collect a promise before Playwright has read it; what was asked is then asked once more. */
function askAgain(app: ElectronApplication): void {
  const ask = app.evaluate.bind(app)
  const asking: typeof app.evaluate = async (...args: Parameters<typeof ask>) => {
    try {
      return await ask(...args)
    } catch (caught) {
      if (!String(caught).includes('garbage collected')) throw caught
      return ask(...args)
    }
  }
  Object.assign(app, { evaluate: asking })
}

function electronPath(): string {
  const path = process.env['KITE_TEST_ELECTRON']
  if (path === undefined) throw new Error('no Electron named: run these tests by `npm run e2e`')
  return path
}

/** No GPU under a virtual display: two failed starts of one would only slow the test. */
export const electronFlags = (): readonly string[] => [...(process.env['KITE_TEST_ELECTRON_FLAGS'] ?? '').split(' ').filter((flag) => flag !== ''), '--disable-gpu', '--in-process-gpu']

function environment({ env = {}, language = 'en' }: LaunchOptions, userData: string): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]) => (value === undefined || name === 'NODE_OPTIONS' || name === 'ELECTRON_RUN_AS_NODE' ? [] : [[name, value] as const]))
  return { ...Object.fromEntries(inherited), KITE_DATA_DIR: userData, KITE_HOLD_WINDOW: '1', KITE_LANG: language, LANG: language === 'en' ? 'en_US.UTF-8' : 'zh_CN.UTF-8', ...env }
}
