// A stream from first to last: opened by the body, spoken on while it runs, searched, held back, saved, ended, and found again in history;
// against grpc-js. Then the same window as a page, which saves by its browser.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { axeFindings } from '../pages/axe.ts'
import { Workbench } from '../pages/workbench.ts'
import { openChromium } from '../support/chromium.ts'
import { launchKite, type Kite } from '../support/launch.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { chatProto, startChatServer, type ChatServer } from '../../support/peers/grpc-js.ts'
import { servePage } from '../../support/serve-page.ts'

test.describe.configure({ mode: 'serial' })

let server: ChatServer
let folder: string
let kite: Kite
let bench: Workbench

test.beforeAll(async () => {
  server = await startChatServer()
  folder = makeWorkspace('chat', { 'chat.proto': readFileSync(chatProto) })
  kite = await launchKite({ args: [folder] })
  bench = new Workbench(kite.window)
  await bench.ready()
})
test.afterAll(async () => {
  await kite.close()
  server.close()
  rmSync(folder, { recursive: true })
})

const track = (page: Page): Locator => page.getByRole('grid', { name: 'Messages' })
const rows = (page: Page, kind: string): Locator => track(page).getByRole('row').filter({ hasText: kind })
const button = (name: string | RegExp): Locator => bench.reply.getByRole('button', { name })
const isOpen = (page: Page): Promise<void> => expect(page.locator('[data-stream="open"]')).toBeVisible()
const hasEnded = (page: Page): Promise<void> => expect(page.locator('[data-stream="ended"]')).toBeVisible({ timeout: 60_000 })

async function openStream(bench: Workbench, method: string, body: string): Promise<void> {
  await bench.openMethod(method)
  await bench.useEndpoint(server.address)
  await bench.typeBody(body)
  await bench.page.keyboard.press('Control+Enter')
}

async function compose(bench: Workbench, text: string): Promise<void> {
  const box = bench.reply.getByRole('region', { name: 'Next message' })
  await box.locator('.view-lines').click()
  await bench.page.keyboard.press('Control+a')
  await bench.page.keyboard.press('Delete')
  await bench.page.keyboard.insertText(text)
  await bench.page.keyboard.press('Control+Enter')
}

test('a method that streams says so before anything is sent', async () => {
  await bench.openMethod('Chat/Talk')
  await expect(bench.reply).toContainText('Send to open the stream')
})

test('both messages of the body go out and come back, header first, and the stream stays open', async () => {
  await openStream(bench, 'Chat/Talk', '{"text":"one","number":"1"}\n{"text":"two","number":"9007199254740993"}')
  await isOpen(kite.window)
  await expect(rows(kite.window, 'Sent message')).toHaveCount(2)
  await expect(rows(kite.window, 'Received message')).toHaveCount(2)
  await expect(rows(kite.window, 'Header')).toContainText('x-room: kitchen')
})

test('what is written while it runs is sent by Ctrl-Enter', async () => {
  await compose(bench, '{"text":"three"} {"text":"four"}')
  await expect(rows(kite.window, 'Received message')).toHaveCount(4)
  expect(server.heard).toEqual(['one', 'two', 'three', 'four'])
})

test('a message that does not fit is refused with its place, and the stream goes on', async () => {
  await compose(bench, '{"texd":"five"}')
  await expect(bench.reply.getByRole('alert')).toContainText('texd')
  await compose(bench, '{"text":"five"}')
  await expect(bench.reply.getByRole('alert')).toHaveCount(0)
  await expect(rows(kite.window, 'Received message')).toHaveCount(5)
})

test('a file of messages is sent', async () => {
  const path = join(folder, 'more.jsonl')
  writeFileSync(path, Array.from({ length: 20 }, (_, n) => `{"text":"file ${n}"}\n`).join(''))
  await kite.window.locator('[data-send-file]').setInputFiles(path)
  await expect.poll(() => server.heard.length).toBe(25)
})

test('rows are walked by keys, and the one selected is shown whole', async () => {
  await track(kite.window).focus()
  await kite.window.keyboard.press('Home')
  const detail = bench.reply.getByRole('region', { name: 'Selected message' })
  await expect(detail).toContainText('Sent message 1')
  await kite.window.keyboard.press('j')
  await expect(detail).toContainText('Sent message 2')
  await expect(detail).toContainText('9007199254740993')
  for (const theme of ['light', 'dark'] as const) {
    await bench.useTheme(theme)
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
  await track(kite.window).focus()
  await kite.window.keyboard.press('Escape')
  await expect(detail).toHaveCount(0)
  await isOpen(kite.window)
})

test('one direction alone is shown', async () => {
  await bench.reply.getByRole('radio', { name: 'Sent' }).check({ force: true })
  await expect(rows(kite.window, 'Received message')).toHaveCount(0)
  await bench.reply.getByRole('radio', { name: 'All' }).check({ force: true })
})

test('ending the sending ends the talk, and the chain says what went', async () => {
  await button('End sending').click()
  await hasEnded(kite.window)
  await expect(bench.reply).toHaveAttribute('aria-busy', 'false')
  await track(kite.window).focus()
  await kite.window.keyboard.press('End')
  await expect(rows(kite.window, 'Trailer')).toContainText('x-heard: 25')
  await expect(bench.panel).toContainText('25 sent, 25 received')
  await expect(bench.reply.getByRole('region', { name: 'Next message' })).toHaveCount(0)
})

test('a reader that pauses holds the server back, and lets it go', async () => {
  await openStream(bench, 'Chat/List', '{"count":300000,"text":"a message of some length, so that windows fill"}')
  await isOpen(kite.window)
  await expect.poll(() => server.written()).toBeGreaterThan(10_000)
  await button(/^Pause reading/).click()
  await expect(bench.reply).toContainText('Reading paused')
  const settled = async (): Promise<boolean> => {
    const before = server.written()
    await new Promise((resolve) => setTimeout(resolve, 300))
    return server.written() === before
  }
  await expect.poll(settled, { timeout: 20_000 }).toBe(true)
  expect(server.written()).toBeLessThan(300_000)
  await button(/^Resume reading/).click()
  await hasEnded(kite.window)
  await expect(bench.reply.locator('.stream-bar')).toContainText('300,000')
})

test('hundreds of thousands of messages are searched and saved', async () => {
  await bench.reply.getByRole('searchbox', { name: 'Search messages' }).fill('"number":299999')
  await expect(bench.reply).toContainText('1 of 1')
  await expect(bench.reply.getByRole('region', { name: 'Selected message' })).toContainText('Received message 300,000')
  const path = join(folder, 'saved.ndjson')
  await kite.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
  await bench.reply.getByRole('radio', { name: 'Received' }).check({ force: true })
  await button(/^Save as a file/).click()
  await expect(kite.window.getByText('Saved 300000 entries')).toBeVisible({ timeout: 60_000 })
  const saved = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect([saved.length, JSON.parse(saved[299_999] ?? '')]).toEqual([300_000, expect.objectContaining({ event: 'message', index: 299_999, value: { text: 'a message of some length, so that windows fill', number: 299999 } }) as unknown])
})

test('what came before a cancel can still be read', async () => {
  await openStream(bench, 'Chat/Talk', '{"text":"last words"}')
  await expect(rows(kite.window, 'Received message')).toHaveCount(1)
  await bench.button(/^Cancel/).click()
  await hasEnded(kite.window)
  await expect(rows(kite.window, 'Received message')).toContainText('last words')
})

test('history shows what the record kept of a stream, also after a restart', async () => {
  await kite.close({ keepUserData: true })
  kite = await launchKite({ args: [folder], userData: kite.userData })
  bench = new Workbench(kite.window)
  await bench.ready()
  await bench.history.getByRole('row').filter({ hasText: 'List' }).first().click()
  await expect(bench.reply).toContainText('later messages are not in it')
  await expect(bench.reply.locator('.stream-bar')).toContainText('300,000')
  await expect(rows(kite.window, 'Received message').first()).toBeVisible()
})

test('nothing complained', () => {
  expect(kite.complaints).toEqual([])
})

test('a page streams too, and saves by its browser', async () => {
  const served = await servePage('-C', folder)
  const browser = await openChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US', acceptDownloads: true })
    await page.goto(served.address)
    const onPage = new Workbench(page)
    await onPage.ready()
    await openStream(onPage, 'Chat/Talk', '{"text":"from a page","number":"5"}')
    await isOpen(page)
    await page.locator('[data-send-file]').setInputFiles({ name: 'm.jsonl', mimeType: 'application/json', buffer: Buffer.from('{"text":"by text"}') })
    await expect(rows(page, 'Received message')).toHaveCount(2)
    const [download] = await Promise.all([page.waitForEvent('download'), onPage.reply.getByRole('button', { name: /^Save as a file/ }).click()])
    const saved = readFileSync(await download.path(), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { event: string; value?: { text: string } })
    expect(saved.filter(({ event }) => event === 'message').map(({ value }) => value?.text)).toEqual(['from a page', 'by text'])
    expect(saved[0]?.event).toBe('send')
  } finally {
    await browser.close()
    await served.stop()
  }
})
