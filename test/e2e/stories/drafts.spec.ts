// What is typed survives: the window's process is killed without a word, and the next start shows the same tabs.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Workbench } from '../pages/workbench.ts'
import { launchKite } from '../support/launch.ts'

test('a draft survives a crash, with its body as it was typed', async () => {
  const workspace = makeWorkspace()
  const first = await launchKite({ args: [workspace] })
  const before = new Workbench(first.window)
  await before.ready()
  await before.openMethod('UserService/GetUser')
  await before.typeBody('{ "userId": 9007199254740995, "fie')
  const saved = await first.window.evaluate(() => new Promise<boolean>((resolve) => {
    // Drafts are written behind each change; the engine itself tells when they are there.
    const look = async (): Promise<void> => {
      const answer = await window.kite?.request('workspace.loadDrafts', undefined, 1_000_000 + Math.floor(performance.now()))
      if (JSON.stringify(answer).includes('9007199254740995')) resolve(true)
      else requestAnimationFrame(() => void look())
    }
    void look()
  }))
  expect(saved).toBe(true)
  const gone = new Promise<void>((resolve) => first.app.once('close', () => resolve()))
  first.app.process().kill('SIGKILL')
  await gone

  // Started plainly: the folder that was open last comes back, and the tabs with it.
  const second = await launchKite({ userData: first.userData })
  const after = new Workbench(second.window)
  await after.ready()
  await expect(after.tabs.getByRole('tab', { name: /GetUser/ })).toBeVisible()
  await expect(after.request.locator('[data-editor="body"]')).toContainText('"userId": 9007199254740995, "fie')
  await second.close()
  rmSync(workspace, { recursive: true, force: true })
})

function makeWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kite-workspace-'))
  mkdirSync(join(folder, 'idl'))
  writeFileSync(join(folder, 'kite.json'), JSON.stringify({ format: 1, name: 'drafts', idl: { paths: ['idl'] } }))
  writeFileSync(join(folder, 'idl/user.thrift'), 'struct GetUserRequest { 1: required i64 userId  2: list<string> fields }\nservice UserService { string GetUser(1: GetUserRequest req) }\n')
  return folder
}
