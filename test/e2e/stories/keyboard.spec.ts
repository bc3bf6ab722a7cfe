// A whole call without the pointer: palette, send, reply, panes, sheet; focus comes back where it was.

import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite } from '../support/launch.ts'

test('a call is made, read and left by keys alone', async () => {
  const kite = await launchKite()
  const bench = new Workbench(kite.window)
  const { keyboard } = kite.window
  await bench.ready()
  await keyboard.press('Control+k')
  await keyboard.type('Open the demo')
  await keyboard.press('Enter')
  await expect(bench.services.getByRole('row').filter({ hasText: 'demo.user' })).toBeVisible({ timeout: 30_000 })
  await bench.openMethod('UserService/BatchGetUsers')
  await bench.send()
  await expect(bench.reply).toContainText('OK')

  await keyboard.press('Control+5')
  await expect(kite.window.getByRole('heading', { name: 'Mocks' })).toBeVisible()
  await keyboard.press('Control+1')
  await keyboard.press('/')
  await expect(kite.window.getByRole('textbox', { name: 'Filter' })).toBeFocused()
  await keyboard.type('touch')
  await expect(bench.services.getByRole('row').filter({ hasText: 'Touch' })).toBeVisible()
  await keyboard.press('ArrowDown')
  await expect(bench.services).toBeFocused()
  await keyboard.press('End')
  await keyboard.press('Shift+F10')
  await expect(kite.window.getByRole('menu')).toBeVisible()
  await keyboard.press('Escape')
  await expect(kite.window.getByRole('menu')).toBeHidden()
  await expect(bench.services).toBeFocused()

  await keyboard.press('?')
  await expect(kite.window.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(kite.window.getByRole('dialog')).toBeHidden()
  await expect(bench.services).toBeFocused()
  const panes = new Set<string>()
  for (let step = 0; step < 10; step++) {
    await keyboard.press('F6')
    panes.add(await kite.window.evaluate(() => document.activeElement?.closest('[data-pane]')?.getAttribute('data-pane') ?? ''))
  }
  expect([...panes].sort()).toEqual(['activity', 'explorer', 'panel', 'reply', 'request', 'status', 'tabs', 'target', 'title'])
  await keyboard.press('Control+w')
  await expect(bench.tabs.getByRole('tab')).toHaveCount(0)
  await kite.close()
})
