import { appendFile, mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callRequestSchema, type CallRecord } from '../../../../shared/model/call.ts'
import { type Files, diskFiles } from '../../../../src-main/engine/workspace/files.ts'
import { type History, createHistory } from '../../../../src-main/engine/workspace/history.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-history-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const file = (): string => join(folder, 'history/records.jsonl')
const make = (more: { readonly files?: Files; readonly limit?: number; readonly recordLimit?: number } = {}): History =>
  createHistory({ files: more.files ?? diskFiles, folder, limit: () => more.limit ?? 1000, ...(more.recordLimit === undefined ? {} : { recordLimit: more.recordLimit }) })

function record(id: string, response = '{}'): CallRecord {
  return {
    id, traceId: 't', spanId: 's', service: 'demo.user', method: 'UserService/GetUser', transport: 'ttheader', codec: 'thrift-binary',
    startTimeUnixNano: '1700000000000000001', durationNs: 12, outcome: 'ok', response, warnings: [], metainfo: { backward: [] }, headers: [], trailers: [],
    bytes: { sent: 1, received: 2 }, byteViews: [], chain: { nodes: [] }, seed: 7,
    request: callRequestSchema.parse({ idl: { paths: [] }, method: 'GetUser', body: '{"a":",\\"record\\":"}', target: { kind: 'direct', endpoints: ['h:1'] } }),
  }
}
const ids = async (history: History, limit = 100): Promise<readonly string[]> => (await history.list(limit)).map(({ id }) => id)

describe('history', () => {
  it('gives back the very same record after a restart, newest first in the list', async () => {
    const first = make()
    const odd = { ...record('b', '{"n": 9007199254740993}'), service: 'x","record":{"y' }
    for (const each of [record('a'), odd, record('c')]) await first.append(each)
    const second = make()
    expect(await ids(second)).toEqual(['c', 'b', 'a'])
    expect(await second.get('b')).toEqual(odd)
    expect(await ids(second, 2)).toEqual(['c', 'b'])
  })

  // Requests hold what they were sent with: tokens, cookies, keys.
  it.skipIf(process.platform === 'win32')('is for this user alone, also after it was written anew', async () => {
    const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)
    const history = make({ limit: 1 })
    await history.append(record('a'))
    expect([await modeOf(join(folder, 'history')), await modeOf(file())]).toEqual(['700', '600'])
    await history.append(record('b'))
    expect(await ids(make())).toEqual(['b'])
    expect(await modeOf(file())).toBe('600')
  })

  it('survives a torn last line: the others are there and the next one is kept', async () => {
    const before = make()
    await before.append(record('a'))
    await before.append(record('torn'))
    await truncate(file(), (await readFile(file())).length - 30)
    const after = make()
    expect(await ids(after)).toEqual(['a'])
    await after.append(record('b'))
    expect(await ids(after)).toEqual(['b', 'a'])
    expect(await ids(make())).toEqual(['b', 'a'])
  })

  it('skips rubbish between good lines', async () => {
    const history = make()
    await history.append(record('a'))
    await appendFile(file(), 'rubbish\n{"format":1,"entry":oops,"record":{}}\n\n')
    await history.append(record('b'))
    expect(await ids(make())).toEqual(['b', 'a'])
  })

  it('sees what another process appended or cleared', async () => {
    const mine = make()
    const theirs = make()
    await mine.append(record('a'))
    await theirs.append(record('b'))
    expect(await ids(mine)).toEqual(['b', 'a'])
    expect((await mine.get('b')).id).toBe('b')
    await theirs.clear()
    expect(await ids(mine)).toEqual([])
    await expect(mine.get('a')).rejects.toMatchObject({ data: { code: 'file', text: { key: 'workspace.noRecord' } } })
  })

  it('keeps the newest within its limit, in the file too', async () => {
    const history = make({ limit: 10 })
    for (let n = 0; n < 40; n += 1) await history.append(record(String(n)))
    expect(await ids(history)).toEqual(['39', '38', '37', '36', '35', '34', '33', '32', '31', '30'])
    expect((await readFile(file(), 'utf8')).trimEnd().split('\n').length).toBeLessThanOrEqual(15)
    expect((await history.get('35')).id).toBe('35')
  })

  it('keeps many at once whole and in order', async () => {
    const history = make()
    await Promise.all(Array.from({ length: 50 }, (_, n) => history.append(record(String(n)))))
    expect(await ids(make())).toEqual(Array.from({ length: 50 }, (_, n) => String(49 - n)))
  })

  it('shortens a record beyond the limit and says so in it', async () => {
    const history = make({ recordLimit: 4000 })
    const long = { ...record('a'), byteViews: [{ direction: 'sent' as const, attempt: 1, base64: 'A'.repeat(8000), length: 6000, nodes: [] }] }
    await history.append(long)
    const kept = await history.get('a')
    expect(kept).toEqual({ ...long, byteViews: [], warnings: kept.warnings })
    expect(kept.warnings.map(({ text }) => text.key)).toEqual(['workspace.recordTrimmed'])
  })

  it('stays in memory while the disk is full, and is written when there is room again', async () => {
    let isFull = true
    const files: Files = {
      ...diskFiles,
      appendFile: async (path, text) => {
        if (!isFull) return diskFiles.appendFile(path, text)
        // A full disk takes the beginning of what it is given.
        await diskFiles.appendFile(path, text.slice(0, text.length / 2))
        throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
      },
    }
    const history = make({ files })
    await history.append(record('a'))
    await history.append(record('b'))
    expect(history.problem).toMatchObject({ text: { key: 'workspace.historyInMemory' }, cause: { text: { key: 'workspace.diskFull' } } })
    expect(await ids(history)).toEqual(['b', 'a'])
    expect((await history.get('b')).id).toBe('b')
    isFull = false
    await history.append(record('c'))
    expect(history.problem).toBeUndefined()
    expect(await ids(make())).toEqual(['c', 'b', 'a'])
  })

  it.skipIf(process.platform !== 'linux')('tells a really full device (Linux only: needs /dev/full)', async () => {
    const files: Files = { ...diskFiles, appendFile: (_path, text) => diskFiles.appendFile('/dev/full', text) }
    const history = make({ files })
    await history.append(record('a'))
    expect(history.problem?.cause?.text.key).toBe('workspace.diskFull')
    expect(await ids(history)).toEqual(['a'])
  })
})
