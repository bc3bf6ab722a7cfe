// A reply of twenty megabytes: its beginning is shown, the window stays usable, and the whole is saved to the byte.

import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { axeFindings } from '../pages/axe.ts'
import { Workbench } from '../pages/workbench.ts'
import { launchKite, type Kite } from '../support/launch.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { ordersProto, startOrdersServer, type OrdersServer } from '../../support/peers/grpc-js-orders.ts'

test.describe.configure({ mode: 'serial' })

const bytes = 20_000_000
let folder: string
let orders: OrdersServer
let kite: Kite
let bench: Workbench

test.beforeAll(async () => {
  folder = makeWorkspace('big', { 'orders.proto': readFileSync(ordersProto) })
  orders = await startOrdersServer()
  kite = await launchKite({ args: [folder] })
  bench = new Workbench(kite.window)
  await bench.ready()
})
test.afterAll(async () => {
  await kite.close()
  orders.close()
  rmSync(folder, { recursive: true })
})

test('the beginning is shown, and how much there is', async () => {
  await bench.openMethod('Orders/Picture')
  await bench.useEndpoint(orders.address)
  await bench.typeBody(`{"bytes": ${bytes}}`)
  await kite.window.getByRole('toolbar', { name: bench.words.t('app.target') }).getByRole('button', { name: /^timeout/ }).click()
  await kite.window.keyboard.type('60 s')
  await kite.window.keyboard.press('Enter')
  await bench.send()
  await expect(bench.reply.getByRole('note')).toContainText('The first 512 KiB of 25.4 MiB are shown.')
  await expect(bench.reply.locator('.view-lines')).toContainText('"data"')
  expect.soft(await axeFindings(kite.window)).toEqual([])
})

test('the whole is saved to the byte', async () => {
  const path = join(folder, 'picture.json')
  await kite.app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
  await bench.reply.getByRole('button', { name: 'Save the whole reply' }).click()
  await expect(kite.window.getByText(/saved as/)).toBeVisible({ timeout: 30_000 })
  const { data } = JSON.parse(readFileSync(path, 'utf8')) as { readonly data: string }
  expect(Buffer.from(data, 'base64').equals(Buffer.alloc(bytes, 7))).toBe(true)
})

test('the window goes on as if nothing had been', async () => {
  await bench.openMethod('Orders/Get')
  await bench.useEndpoint(orders.address)
  await bench.send()
  await expect(bench.reply).toContainText('"customer": "Ada"')
  await bench.tabs.getByRole('tab', { name: 'Picture' }).click()
  await expect(bench.reply.getByRole('note')).toContainText('are shown')
})

test('nothing complained', () => {
  expect(kite.complaints).toEqual([])
})
