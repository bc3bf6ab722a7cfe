// axe-core finds nothing on any screen, in either theme.

import { expect, test } from '@playwright/test'
import { axeFindings } from '../pages/axe.ts'
import { Workbench } from '../pages/workbench.ts'
import { launchKite, type Kite } from '../support/launch.ts'

let kite: Kite
let bench: Workbench

test.beforeAll(async () => {
  kite = await launchKite()
  bench = new Workbench(kite.window)
  await bench.ready()
})
test.afterAll(() => kite.close())

test('first start', async () => {
  for (const theme of ['light', 'dark'] as const) {
    await bench.useTheme(theme)
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
})

test('a call with its chain and trace', async () => {
  await bench.openDemo()
  await bench.openSaved('get-user')
  await bench.send()
  for (const theme of ['light', 'dark'] as const) {
    await bench.useTheme(theme)
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
})

test('each part of the request and of the reply', async () => {
  for (const tab of ['Metainfo', 'Connection', 'Policy', 'Docs']) {
    await bench.request.getByRole('tab', { name: tab }).click()
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
  for (const tab of ['Metainfo', 'Bytes']) {
    await bench.reply.getByRole('tab', { name: tab }).click()
    expect.soft(await axeFindings(kite.window)).toEqual([])
  }
})

test('palette and keys', async () => {
  await kite.window.keyboard.press('Control+k')
  await expect(kite.window.getByRole('dialog')).toBeVisible()
  expect.soft(await axeFindings(kite.window)).toEqual([])
  await kite.window.keyboard.press('Escape')
})

for (const activity of ['services', 'chain', 'traces', 'mocks', 'settings'] as const) {
  test(`the ${activity} screen`, async () => {
    await bench.show(activity)
    for (const theme of ['light', 'dark'] as const) {
      await bench.useTheme(theme)
      expect.soft(await axeFindings(kite.window)).toEqual([])
    }
  })
}
