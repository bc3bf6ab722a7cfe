import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import type { Change } from '../../../../shared/model/instance.ts'
import { openRegistry } from '../../../../src-main/engine/discovery/open-registry.ts'
import type { Registry, ServiceWatch } from '../../../../src-main/engine/discovery/registry.ts'

const signal = new AbortController().signal
let folder: string
let path: string
let registry: Registry

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-registry-'))
  path = join(folder, 'registry.yaml')
})

afterEach(async () => {
  registry.dispose()
  await rm(folder, { recursive: true, force: true })
})

async function open(text: string): Promise<Registry> {
  await writeFile(path, text)
  registry = await openRegistry('file:registry.yaml', folder)
  return registry
}

const changeWhere = (watch: ServiceWatch, holds: (change: Change) => boolean): Promise<Change> =>
  new Promise((resolve) => {
    watch.onDidChange((change) => {
      if (holds(change)) resolve(change)
    })
  })

describe('the file registry', () => {
  it('lists services and instances of YAML, with weight 10 where none or nothing sensible is given', async () => {
    await open('services:\n  b.user:\n    - address: 127.0.0.1:1\n      weight: 0\n      tags: { v: "1" }\n    - 127.0.0.1:2\n  a.order: []\n')
    expect(await registry.services(signal)).toEqual(['a.order', 'b.user'])
    const watch = await registry.watch('b.user', signal)
    expect(watch.snapshot).toMatchObject({
      service: 'b.user', revision: 1, state: 'live', problems: [],
      instances: [{ address: '127.0.0.1:1', weight: 10, tags: { v: '1' } }, { address: '127.0.0.1:2', weight: 10, tags: {} }],
    })
  })

  it('reads JSON too', async () => {
    await open('{"services":{"demo":[{"network":"tcp","address":"h:80","weight":3,"tags":null}]}}')
    expect((await registry.watch('demo', signal)).snapshot.instances).toEqual([{ address: 'h:80', weight: 3, tags: {} }])
  })

  it('leaves out a bad entry, says which line it is, and keeps the others', async () => {
    await open('services:\n  demo:\n    - address: nowhere\n    - address: 127.0.0.1:2\n')
    const { snapshot } = await registry.watch('demo', signal)
    expect(snapshot.instances.map(({ address }) => address)).toEqual(['127.0.0.1:2'])
    expect(snapshot.problems.map(({ text }) => text.params?.['where'])).toEqual([`${path}:3`])
  })

  it('names file, line and column of what is no YAML', async () => {
    await open('services:\n  demo: [\n')
    await expect(registry.services(signal)).rejects.toMatchObject({ data: { code: 'service_discovery', at: { file: path, line: 3 } } })
  })

  it('says that the file is missing, and follows it once it is there', async () => {
    registry = await openRegistry('file:registry.yaml', folder)
    await expect(registry.services(signal)).rejects.toBeInstanceOf(KiteError)
    await writeFile(path, 'services: { demo: [127.0.0.1:1] }\n')
    await expect.poll(() => registry.services(signal).catch(() => [])).toEqual(['demo'])
  })

  it('tells what was added, updated and removed when the file changes', async () => {
    await open('services:\n  demo:\n    - { address: a:1, weight: 1 }\n    - { address: b:1, weight: 1 }\n')
    const watch = await registry.watch('demo', signal)
    const changed = changeWhere(watch, () => true)
    await writeFile(path, 'services:\n  demo:\n    - { address: b:1, weight: 5 }\n    - { address: c:1, weight: 1 }\n')
    const { added, updated, removed, snapshot } = await changed
    const addresses = (list: readonly { address: string }[]): string[] => list.map(({ address }) => address)
    expect([addresses(added), addresses(updated), addresses(removed), snapshot.revision]).toEqual([['c:1'], ['b:1'], ['a:1'], 2])
  })

  it('keeps the last good list, marked stale, while the file is broken', async () => {
    await open('services: { demo: [a:1] }\n')
    const watch = await registry.watch('demo', signal)
    const stale = changeWhere(watch, (change) => change.snapshot.state === 'stale')
    await writeFile(path, 'services: [')
    expect((await stale).snapshot).toMatchObject({ state: 'stale', instances: [{ address: 'a:1' }], error: { code: 'service_discovery' } })
    const live = changeWhere(watch, (change) => change.snapshot.state === 'live')
    await writeFile(path, 'services: { demo: [a:1, b:1] }\n')
    expect((await live).snapshot.instances).toHaveLength(2)
  })

  it('leaves no litter where the file cannot be replaced', async () => {
    await mkdir(path)
    registry = await openRegistry('file:registry.yaml', folder)
    await expect(registry.register({ service: 'demo', address: 'h:1', weight: 10, tags: {} }, signal)).rejects.toMatchObject({ data: { code: 'file', text: { key: 'discovery.cannotWrite' } } })
    expect(await readdir(folder)).toEqual(['registry.yaml'])
  })

  it('registers and deregisters in the file, leaving comments and other entries alone', async () => {
    await open('# ours\nservices:\n  demo:\n    - address: a:1 # first\n')
    const held = await registry.register({ service: 'demo', address: 'b:1', weight: 2, tags: { v: '2' } }, signal)
    expect(await readFile(path, 'utf8')).toContain('# ours')
    expect((await registry.watch('demo', signal)).snapshot.instances).toEqual([
      { address: 'a:1', weight: 10, tags: {} }, { address: 'b:1', weight: 2, tags: { v: '2' } },
    ])
    await held.deregister()
    expect((await registry.watch('demo', signal)).snapshot.instances.map(({ address }) => address)).toEqual(['a:1'])
  })

  it('loses no entry when many register at once', async () => {
    await open('services: {}\n')
    const ports = Array.from({ length: 12 }, (_, at) => at + 1)
    await Promise.all(ports.map((port) => registry.register({ service: 'demo', address: `h:${port}`, weight: 10, tags: {} }, signal)))
    expect((await registry.watch('demo', signal)).snapshot.instances).toHaveLength(12)
  })

  it('says so when the file cannot be written', async () => {
    await open('services: {}\n')
    const below = await openRegistry(`file:${path}/below.yaml`, folder)
    await expect(below.register({ service: 'demo', address: 'h:1', weight: 10, tags: {} }, signal)).rejects.toMatchObject({ data: { code: 'file' } })
    below.dispose()
  })

  it('refuses an address of an unknown kind and lists the known ones', async () => {
    await open('services: {}\n')
    await expect(openRegistry('zk://x', folder)).rejects.toMatchObject({ data: { code: 'usage', text: { params: { known: ['file', 'etcd'] } } } })
  })
})
