// The same window as a page of `kite serve`, in a real Chromium: opened by the printed address, sends, reads, and works at 320 px.

import { expect, test } from '@playwright/test'
import { axeFindings } from '../pages/axe.ts'
import { Workbench } from '../pages/workbench.ts'
import { openChromium } from '../support/chromium.ts'
import { servePage } from '../../support/serve-page.ts'

test('the served page makes the demo call, and stacks its panes on a narrow screen', async () => {
  const served = await servePage()
  const browser = await openChromium()
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })
    const complaints: string[] = []
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => { if (message.type() === 'error') complaints.push(message.text()) })
    await page.goto(served.address)
    const bench = new Workbench(page)
    await bench.ready()
    await bench.openDemo()
    await bench.openSaved('get-user')
    await bench.send()
    await expect(bench.reply).toContainText('OK after 1 retry')
    await expect(bench.panel).toContainText('Failed once')
    expect(await axeFindings(page)).toEqual([])

    await page.setViewportSize({ width: 320, height: 640 })
    await expect(bench.reply).toBeAttached()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320)
    const [request, reply] = [await bench.request.boundingBox(), await bench.reply.boundingBox()]
    expect((reply?.y ?? 0) >= (request?.y ?? 0) + (request?.height ?? 0)).toBe(true)
    expect(await axeFindings(page)).toEqual([])
    expect(complaints).toEqual([])
  } finally {
    await browser.close()
    await served.stop()
  }
})
