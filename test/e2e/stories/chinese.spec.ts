// Chinese from the first paint, switched live, and remembered.

import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite } from '../support/launch.ts'

test('the window speaks the language of the system, switches live, and remembers', async () => {
  const first = await launchKite({ language: 'zh-CN' })
  const chinese = new Workbench(first.window, 'zh-CN')
  await chinese.ready()
  await expect(first.window.getByRole('heading', { name: '三步完成第一次调用' })).toBeVisible()
  await chinese.openDemo()
  await chinese.openSaved('get-user')
  await chinese.send()
  await expect(chinese.reply).toContainText('成功，重试 1 次')
  await expect(chinese.panel).toContainText('失败一次')
  await chinese.button(/EN/).click()
  const english = new Workbench(first.window, 'en')
  await expect(english.reply).toContainText('OK after 1 retry')
  await expect(english.panel).toContainText('Failed once')
  await expect(first.window.locator('html')).toHaveAttribute('lang', 'en')
  await first.close({ keepUserData: true })

  const second = await launchKite({ language: 'zh-CN', userData: first.userData })
  await new Workbench(second.window, 'en').ready()
  await expect(second.window.locator('html')).toHaveAttribute('lang', 'en')
  await second.close()
})
