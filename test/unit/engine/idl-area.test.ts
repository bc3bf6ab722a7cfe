import { setMaxListeners } from 'node:events'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { IdlLoader } from '../../../src-main/engine/idl-area.ts'
import { Pools } from '../../../src-main/engine/pools.ts'
import { ReflectedIdls } from '../../../src-main/engine/reflected-idls.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-idl-area-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const { signal } = new AbortController()
setMaxListeners(0, signal)

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe('loading an IDL', () => {
  it('gives calls that begin at once one and the same set', async () => {
    const source = { paths: [write('once.thrift', 'service S { string Say(1: string text) }')] }
    const loader = new IdlLoader(folder, new ReflectedIdls(new Pools()))
    const found = await Promise.all(Array.from({ length: 20 }, () => loader.method(source, 'Say', signal)))
    expect(new Set(found.map(({ idl }) => idl)).size).toBe(1)
  })

  it('reads a file anew when it has changed, and forgets what its methods were', async () => {
    const path = write('changing.thrift', 'service S { string Say(1: string text) }')
    const loader = new IdlLoader(folder, new ReflectedIdls(new Pools()))
    const before = await loader.method({ paths: [path] }, 'Say', signal)
    write('changing.thrift', 'service S { i32 Say(1: string text) }')
    utimesSync(path, new Date(), new Date(Date.now() + 5000))
    const after = await loader.method({ paths: [path] }, 'Say', signal)
    expect([before.method.returns.kind, after.method.returns.kind]).toEqual(['string', 'i32'])
  })

  it('looks at the files for each of a few calls, and within a moment of many once more only afterwards', async () => {
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000)
    const path = write('busy.thrift', 'service S { string Say(1: string text) }')
    const loader = new IdlLoader(folder, new ReflectedIdls(new Pools()))
    const kind = async (): Promise<string> => (await loader.method({ paths: [path] }, 'Say', signal)).method.returns.kind
    for (let n = 0; n < 10; n++) await kind()
    write('busy.thrift', 'service S { i32 Say(1: string text) }')
    utimesSync(path, new Date(), new Date(Date.now() + 5000))
    const during = await kind()
    now.mockReturnValue(1051)
    expect([during, await kind()]).toEqual(['string', 'i32'])
    now.mockRestore()
  })

  it('lets one who gives up leave the others their reading', async () => {
    const source = { paths: [write('left.thrift', 'service S { string Say(1: string text) }')] }
    const loader = new IdlLoader(folder, new ReflectedIdls(new Pools()))
    const given = new AbortController()
    const first = loader.method(source, 'Say', given.signal)
    const second = loader.method(source, 'Say', signal)
    given.abort()
    await first.catch(() => undefined)
    expect((await second).method.name).toBe('Say')
  })
})
