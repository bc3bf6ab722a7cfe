// The packed application starts: what a user would unpack and run, not the tree. Its window comes up, knows that it is packed, and its
// command line works.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from '@playwright/test'
import { launchKite, root } from './support/launch.ts'

const folder = resolve(root, 'release/linux-unpacked')
const executable = join(folder, 'kite-console')

test.describe('the packed application', () => {
  test.skip(process.platform !== 'linux', 'the packed layout is checked on Linux')

  test.beforeAll(() => {
    test.setTimeout(300_000)
    execFileSync(process.execPath, ['src-main/launch/dev.js', 'dist', 'dir'], { cwd: root, stdio: 'inherit' })
  })

  test('opens its window', async () => {
    const kite = await launchKite({ executable })
    try {
      await expect(kite.window).toHaveTitle(/Kite Console/)
      await expect(kite.window.getByRole('main').or(kite.window.getByRole('application')).first()).toBeVisible()
      expect(await kite.app.evaluate(({ app }) => ({ packed: app.isPackaged, name: app.getName() }))).toEqual({ packed: true, name: 'Kite Console' })
      expect(kite.complaints).toEqual([])
    } finally {
      await kite.close()
    }
  })

  test('carries its command line', () => {
    expect(execFileSync(join(folder, 'kite'), ['--version'], { encoding: 'utf8' })).toMatch(/^kite \d+\.\d+\.\d+ \(electron /)
    expect(execFileSync(join(folder, 'kite'), ['help'], { encoding: 'utf8', env: { ...process.env, KITE_LANG: 'zh-CN' } })).toContain('kite call')
  })

  test('carries no package that the bundles already hold', () => {
    const asar = execFileSync(process.execPath, [resolve(root, 'node_modules/@electron/asar/bin/asar.js'), 'list', join(folder, 'resources/app.asar')], { encoding: 'utf8' })
    const packages = [...new Set(asar.split('\n').flatMap((path) => /^\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path.replaceAll('\\', '/'))?.[1] ?? []))].filter((name) => !name.startsWith('.')).sort()
    expect(packages).toEqual(['browser-or-node', 'isomorphic-ws', 'node-int64', 'thrift', 'uuid', 'ws'])
    expect(existsSync(join(folder, 'resources/app'))).toBe(false)
    expect(readdirSync(folder)).toContain('LICENSE.electron.txt')
  })
})
