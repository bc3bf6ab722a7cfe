import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKite } from '../support/run-kite.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-services-'))
  await mkdir(join(folder, 'env'))
  await writeFile(join(folder, 'kite.json'), '{"format":1,"name":"shop"}\n')
  await writeFile(join(folder, 'env/dev.json'), '{"format":1,"registry":"file:registry.yaml"}\n')
  await writeFile(join(folder, 'registry.yaml'), 'services:\n  demo.user:\n    - { address: 127.0.0.1:1, weight: 3, tags: { version: v1 } }\n    - 127.0.0.1:2\n  demo.order: [127.0.0.1:3]\n')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('kite services', () => {
  it('lists the services of the workspace\'s environment', async () => {
    const { code, stdout } = await runKite(['services', '-C', folder, '--lang', 'en'])
    expect([code, stdout]).toEqual([0, 'SERVICE     INSTANCES  STATE\ndemo.order  1          live\ndemo.user   2          live\n'])
  })

  it('shows instances with weight and tags', async () => {
    const { stdout } = await runKite(['services', 'demo.user', '--registry', `file:${folder}/registry.yaml`, '--lang', 'en'])
    expect(stdout).toBe('ADDRESS      WEIGHT  STATE  TAGS\n127.0.0.1:1  3       live   version=v1\n127.0.0.1:2  10      live\n')
  })

  it('prints one JSON document', async () => {
    const { stdout } = await runKite(['services', 'demo.order', '-C', folder, '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ services: [{ service: 'demo.order', state: 'live', instances: [{ address: '127.0.0.1:3', weight: 10, tags: {} }] }] })
  })

  it('words the problems of entries in the document', async () => {
    const rubbish = join(folder, 'rubbish.yaml')
    await writeFile(rubbish, 'services:\n  demo:\n    - { address: 5 }\n    - 127.0.0.1:1\n')
    const { stdout } = await runKite(['services', 'demo', '--registry', `file:${rubbish}`, '-o', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({ services: [{ problems: [{ code: 'service_discovery', message: expect.stringContaining(`${rubbish}:3`) as unknown }] }] })
  })

  it('names the nearest service for one that is not registered, and exits 3', async () => {
    const { code, stdout, stderr } = await runKite(['services', 'demo.usr', '-C', folder, '--lang', 'en'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toContain('Did you mean demo.user?')
  })

  it('exits 2 without a registry and says how to give one', async () => {
    const { code, stderr } = await runKite(['services', '--lang', 'zh-CN'], { cwd: tmpdir() })
    expect(code).toBe(2)
    expect(stderr).toContain('--registry')
  })

  it('exits 3 when etcd does not answer', async () => {
    const { code, stdout } = await runKite(['services', '--registry', 'etcd://127.0.0.1:1', '-o', 'json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { error: { code: 'service_discovery', layer: 'discovery' } }])
  })
})
