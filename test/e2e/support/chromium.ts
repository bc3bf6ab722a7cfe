// The served page in a real Chromium: Playwright's own where it was downloaded, else the system's.

import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright'

const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export function chromiumPath(): string | undefined {
  const named = process.env['KITE_TEST_CHROMIUM']
  if (named !== undefined) return named
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : systemPaths.find((path) => existsSync(path))
}

export async function openChromium(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('no Chromium here: install the package `chromium`, or name one in KITE_TEST_CHROMIUM')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}
