// The window as a page of `kite serve`, in a real Chromium: the same first call by the same page objects, the address good for one browser
// only, and a page as narrow as a phone's.

import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { startKite } from '../../support/run-kite.ts'
import { Workbench } from '../pages/workbench.ts'
import { chromiumPath, openChromium } from '../support/chromium.ts'

test.describe.configure({ mode: 'serial' })
test.skip(chromiumPath() === undefined, 'no Chromium here: install the package `chromium`, or name one in KITE_TEST_CHROMIUM')

const complaints: string[] = []
let server: ChildProcess
let address: string
let dataFolder: string
let browser: Browser
let page: Page
let bench: Workbench

test.beforeAll(async () => {
  if (chromiumPath() === undefined) return
  dataFolder = mkdtempSync(join(tmpdir(), 'kite-page-'))
  server = startKite(['serve', '--demo'], { env: { KITE_DATA_DIR: dataFolder } })
  address = await addressOf(server)
  browser = await openChromium()
  page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' })
  page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
  page.on('pageerror', (error) => complaints.push(String(error)))
  bench = new Workbench(page)
})

test.afterAll(async () => {
  if (chromiumPath() === undefined) return
  await browser.close()
  const ended = new Promise((done) => server.once('close', done))
  server.kill('SIGINT')
  await ended
  rmSync(dataFolder, { recursive: true, force: true })
})

test('the printed address opens the window with the demo in it', async () => {
  await page.goto(address)
  await bench.ready()
  await expect(page).toHaveTitle(/Kite Console/)
  await expect(bench.status).toContainText('4 services')
  expect(page.url()).not.toContain('token')
})

test('a call from the page answers as one from the window does, with its chain and trace', async () => {
  await bench.openSaved('get-user')
  await bench.send()
  await expect(bench.reply).toContainText('OK')
  await expect(bench.reply.locator('[data-editor="reply"]')).toContainText('9007199254740993')
  await expect(bench.panel).toContainText('balancer')
})

test('the page comes back as it was when it is loaded again', async () => {
  await page.reload()
  await bench.ready()
  await expect(bench.tabs.getByRole('tab', { name: 'get-user' })).toBeVisible()
})

test('another browser cannot use the address again', async () => {
  const other = await browser.newContext()
  const answer = await other.request.get(address)
  expect(answer.status()).toBe(403)
  await other.close()
})

test('a page of 320 pixels stacks its panes and scrolls in one direction only', async () => {
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
  await expect(bench.reply).toBeAttached()
})

test('nothing was complained about', () => {
  expect(complaints).toEqual([])
})

/** The address that the server prints once it listens. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    const take = (chunk: Buffer): void => {
      text += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text)?.[0]
      if (found !== undefined) done(found)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('close', () => { failed(new Error(text)) })
  })
}
