// The documentation's screenshots: the main screen, the traces screen, and what a port says of itself beside a stream; both themes and both
// languages, as the product is now.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite, root } from '../support/launch.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { ordersProto, startOrdersServer } from '../../support/peers/grpc-js-orders.ts'

const sizes = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }] as const

for (const language of ['en', 'zh-CN'] as const) {
  test(`the main screens in ${language}`, async () => {
    const kite = await launchKite({ language })
    const bench = new Workbench(kite.window, language)
    const shoot = async (name: string, theme: string): Promise<void> => {
      // No tooltip in the picture: the pointer rests where nothing has one.
      await kite.window.mouse.move(640, 6)
      await expect(kite.window.getByRole('tooltip')).toHaveCount(0)
      await kite.window.screenshot({ path: join(root, 'docs/images', `${name}-${theme}-${language}.png`), animations: 'disabled' })
    }
    const resize = (size: (typeof sizes)[number]): Promise<void> => kite.app.evaluate(({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height), size)
    await bench.ready()
    await expect(kite.window.getByRole('heading', { name: bench.words.t('app.welcome.title') })).toBeVisible()
    await bench.openDemo()
    await bench.openSaved('get-user')
    await bench.send()
    await bench.show('chain')
    await expect(bench.panel).toContainText('demo.gateway')
    await bench.show('calls')
    for (const size of sizes) {
      await resize(size)
      await expect.poll(() => kite.window.evaluate(() => window.innerWidth)).toBe(size.width)
      for (const theme of ['light', 'dark'] as const) {
        await bench.useTheme(theme)
        await bench.show('calls')
        await expect(bench.panel).toContainText('balancer')
        await shoot(`workbench-${size.width}`, theme)
        await bench.show('traces')
        await expect(kite.window.getByRole('main')).toContainText('UserService/GetUser')
        await shoot(`traces-${size.width}`, theme)
      }
    }
    // What is out of place shows as a scroll bar of the page itself.
    expect(await kite.window.evaluate(() => [document.documentElement.scrollWidth <= window.innerWidth, document.documentElement.scrollHeight <= window.innerHeight])).toEqual([true, true])
    await kite.close()
  })
}

for (const language of ['en', 'zh-CN'] as const) {
  test(`what a port speaks, and a stream, in ${language}`, async () => {
    const folder = makeWorkspace('shop', { 'orders.proto': readFileSync(ordersProto) })
    const orders = await startOrdersServer()
    const kite = await launchKite({ language, args: [folder] })
    const bench = new Workbench(kite.window, language)
    const { t } = bench.words
    const shoot = (name: string, theme: string): Promise<unknown> => kite.window.screenshot({ path: join(root, 'docs/images', `${name}-${theme}-${language}.png`), animations: 'disabled' })
    await bench.ready()
    await kite.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800))
    await expect.poll(() => kite.window.evaluate(() => window.innerWidth)).toBe(1280)
    await bench.openMethod('Orders/Watch')
    await bench.useEndpoint(orders.address)
    // Kitex's 50 ms to connect are short for a machine that paints pictures.
    await expect(async () => {
      await bench.send()
      await expect(kite.window.locator('[data-stream="ended"]')).toBeVisible({ timeout: 5000 })
    }).toPass()
    const answer = kite.window.getByRole('region', { name: t('app.probe') })
    for (const theme of ['light', 'dark'] as const) {
      await bench.useTheme(theme)
      await kite.window.mouse.move(640, 6)
      await expect(kite.window.getByRole('tooltip')).toHaveCount(0)
      await shoot('stream-1280', theme)
      await kite.window.getByRole('button', { name: t('app.probe.ask') }).click()
      await expect(answer.getByRole('button', { name: t('app.probe.use', { protocol: 'gRPC' }) })).toBeVisible()
      await shoot('probe-1280', theme)
      await kite.window.keyboard.press('Escape')
      await expect(answer).toHaveCount(0)
    }
    await kite.close()
    orders.close()
    rmSync(folder, { recursive: true })
  })
}
