// A stranger's first minutes: start, open the demo, send, read the reply, see why it took two attempts and which services it reached;
// then a call that fails, and one reopened from history.

import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite, type Kite } from '../support/launch.ts'

test.describe.configure({ mode: 'serial' })

let kite: Kite
let bench: Workbench

test.beforeAll(async () => {
  kite = await launchKite()
  bench = new Workbench(kite.window)
  await bench.ready()
})
test.afterAll(() => kite.close())

test('a first start tells the next three steps', async () => {
  await expect(kite.window.getByRole('heading', { name: 'Three steps to the first call' })).toBeVisible()
  await expect(kite.window.getByRole('main').getByRole('listitem').getByRole('heading')).toHaveText(['Open an IDL', 'Say where it runs', 'Open a method and send'])
})

test('the demo opens with its services, methods and instances', async () => {
  await bench.openDemo()
  await expect(bench.services.getByRole('row').filter({ hasText: 'demo.' })).toHaveText([/demo\.gateway\s*1/, /demo\.order\s*2/, /demo\.stock\s*1/, /demo\.user\s*3/])
  await expect(bench.status).toContainText('4 services, 7 instances')
})

test('the first call is retried on another instance and answers with every digit', async () => {
  await bench.openSaved('get-user')
  await bench.send()
  await expect(bench.reply).toContainText('OK after 1 retry')
  await expect(bench.reply.locator('[data-editor="reply"]')).toContainText('9007199254740993')
})

test('the chain says why, and the trace of four services stands below it', async () => {
  await expect(bench.panel).toContainText(/Failed once: attempt 1 on 127\.0\.0\.1:\d+ hit the 200 ms timeout/)
  await expect(bench.panel).toContainText('balancer')
  await bench.show('chain')
  for (const service of ['demo.user', 'demo.order', 'demo.stock', 'demo.gateway']) await expect(bench.panel).toContainText(service)
  await bench.show('calls')
})

test('bytes and tree point at each other', async () => {
  await bench.reply.getByRole('tab', { name: 'Bytes' }).click()
  const layers = bench.reply.getByRole('treegrid', { name: 'Layers' })
  await layers.getByRole('row').filter({ hasText: 'magic' }).click()
  await expect(bench.reply.getByRole('region', { name: 'Bytes in hex' }).locator('.hex-marked').first()).toHaveText('10')
  await bench.reply.getByRole('tab', { name: 'Reply' }).click()
})

test('a body that does not fit its IDL is marked while it is typed, and refused with place and next step', async () => {
  await bench.typeBody('{ "userIdd": 1 }')
  await expect(bench.request.locator('.squiggly-error').first()).toBeVisible()
  await bench.send()
  await expect(bench.reply.getByRole('alert')).toContainText('userIdd')
  await expect(bench.reply.getByRole('alert')).toContainText('userId')
})

test('a call to nobody fails at the connection with a hint, and other tabs are as they were', async () => {
  await bench.openMethod('StockService/Levels')
  await bench.useEndpoint('127.0.0.1:1')
  await bench.send()
  await expect(bench.reply.getByRole('alert')).toContainText('127.0.0.1:1')
  await expect(bench.reply.getByRole('alert')).toContainText(/connection|get_connection/)
  await expect(bench.tabs.getByRole('tab')).toHaveCount(2)
})

test('history reopens the very same screen', async () => {
  const first = bench.history.getByRole('row').last()
  await first.click()
  await expect(bench.reply).toContainText('OK after 1 retry')
  await expect(bench.panel).toContainText('Failed once')
})

test('nothing complained', () => {
  expect(kite.complaints).toEqual([])
})
