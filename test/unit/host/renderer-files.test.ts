import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contentPolicy, readRendererFile, rendererFolder } from '../../../src-main/host/renderer-files.ts'

let folder: string
beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'kite-files-'))
  folder = join(parent, 'renderer')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await mkdir(join(parent, 'renderer-other'))
  await writeFile(join(parent, 'secret.txt'), 'secret')
  await writeFile(join(parent, 'renderer-other/secret.txt'), 'secret')
  await writeFile(join(folder, 'index.html'), '<html>')
  await writeFile(join(folder, 'assets/a b.js'), '1')
})
afterAll(() => rm(join(folder, '..'), { recursive: true, force: true }))

describe('a file of the window', () => {
  it('comes with its type, its policy and how long it may be kept', async () => {
    const [page, script] = await Promise.all([readRendererFile(folder, '/'), readRendererFile(folder, '/assets/a%20b.js')])
    expect([page.status, page.headers['content-type'], page.headers['cache-control'], page.headers['content-security-policy']]).toEqual([200, 'text/html; charset=utf-8', 'no-cache', contentPolicy])
    expect([script.status, script.headers['content-type'], script.headers['cache-control']]).toEqual([200, 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'])
    expect(new TextDecoder().decode(script.body)).toBe('1')
  })

  it.each(['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '/..\\secret.txt', '/..%5csecret.txt', '/../renderer-other/secret.txt', '/%00', '/%', '/assets', '/none', ''])('is not %s', async (path) => {
    expect((await readRendererFile(folder, path)).status).toBe(404)
  })

  it('is found from every bundle', () => {
    expect(['app', 'cli', 'cli/commands'].map((bundle) => rendererFolder(join('/x/dist', bundle)))).toEqual(Array(3).fill(join('/x/dist/renderer')))
  })

  it('allows no eval, no inline script and nothing from elsewhere', () => {
    expect(contentPolicy).toContain("default-src 'none'")
    expect(contentPolicy).toContain("script-src 'self';")
    expect(contentPolicy).not.toMatch(/unsafe-eval|https?:|\*/)
  })
})
