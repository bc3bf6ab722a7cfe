// A newcomer finds in each folder half a page on what lives there and how to add one more.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { foldersUnder, root, sourceRoots } from '../support/source-files.ts'

/** Folders whose parent's README speaks for them: data, languages, and other programs' source trees. */
const spokenFor = [/^shared\/i18n\/(en|zh-CN)$/, /^test\/(unit|conformance|golden|fixtures|peers|visual)\/.+/, /(^|\/)assets(\/|$)/, /(^|\/)public(\/|$)/, /^test\/e2e\/.*-snapshots/]

it('every folder has a README', () => {
  const folders = sourceRoots.flatMap((top) => foldersUnder(top)).filter((folder) => !spokenFor.some((pattern) => pattern.test(folder)))
  expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([])
})

it('the top level is the fixed list', async () => {
  const { execFileSync } = await import('node:child_process')
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n').filter((path) => path !== '')
  const tops = [...new Set(tracked.map((path) => path.split('/')[0] ?? ''))].filter((name) => !name.startsWith('.'))
  const allowed = ['CHANGELOG.md', 'LICENSE', 'README.md', 'docs', 'electron-builder.yml', 'package-lock.json', 'package.json', 'shared', 'src-main', 'src-renderer', 'test']
  expect(tops.filter((name) => !allowed.includes(name))).toEqual([])
})
