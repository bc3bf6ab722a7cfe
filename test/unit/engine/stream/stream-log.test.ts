import fc from 'fast-check'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreamEntry } from '../../../../shared/model/stream.ts'
import type { StreamFilter } from '../../../../shared/model/stream-view.ts'
import type { OpenLogFile } from '../../../../src-main/engine/stream/log-store.ts'
import { StreamLog } from '../../../../src-main/engine/stream/stream-log.ts'

const never = new AbortController().signal
let folder: string
let log: StreamLog

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stream-log-'))
  log = new StreamLog({ folder })
})
afterEach(async () => {
  await log.dispose()
  await rm(folder, { recursive: true })
})

const sent = (seq: number, json = `{"id":${seq}}`): StreamEntry => ({ seq, atNs: seq * 10, event: 'send', index: seq, bytes: json.length, json })
const received = (seq: number, json = `{"id":${seq}}`): StreamEntry => ({ seq, atNs: seq * 10, event: 'message', index: seq, bytes: json.length, json })
/** Every third is sent. */
const mixed = (count: number, from = 0): StreamEntry[] => Array.from({ length: count }, (_, n) => ((from + n) % 3 === 0 ? sent(from + n) : received(from + n)))

async function fill(entries: readonly StreamEntry[]): Promise<void> {
  for (let at = 0; at < entries.length; at += 100) await log.append(entries.slice(at, at + 100))
}

describe('StreamLog', () => {
  it('gives any entries back as they were', async () => {
    const entries = mixed(5000)
    await fill(entries)
    expect(await log.read(0, 3)).toEqual({ from: 0, entries: entries.slice(0, 3) })
    expect(await log.read(2345, 700)).toEqual({ from: 2345, entries: entries.slice(2345, 3045) })
    expect(await log.read(4990, 100)).toEqual({ from: 4990, entries: entries.slice(4990) })
    expect(await log.read(5000, 10)).toEqual({ from: 5000, entries: [] })
  })

  it('gives the entries of one direction by their own positions', async () => {
    const entries = mixed(3000)
    await fill(entries)
    expect(await log.read(500, 300, 'sent')).toEqual({ from: 500, entries: entries.filter(({ event }) => event === 'send').slice(500, 800) })
    expect(await log.read(1990, 300, 'received')).toEqual({ from: 1990, entries: entries.filter(({ event }) => event === 'message').slice(1990) })
  })

  it('keeps digits, texts, line breaks between members, and every kind of entry', async () => {
    const error = { code: 'protocol', layer: 'codec', text: { key: 'error.internal', params: { message: 'a\tb\nc' } } } as const
    const entries: StreamEntry[] = [
      { seq: 0, atNs: 1, event: 'header', pairs: [['k\tk', 'v\nv'], ['k', '']] },
      sent(1, '{"id":18446744073709551615,"s":"a\\tb 中文 \\ud83d\\ude00"}'),
      { ...received(2, '1.10'), compressed: true, warnings: [error] } as StreamEntry,
      { seq: 3, atNs: 3, event: 'unreadable', index: 1, bytes: 3, error },
      { seq: 4, atNs: 4, event: 'stall', waitedNs: 77 }, { seq: 5, atNs: 5, event: 'half-close' },
      { seq: 6, atNs: 6, event: 'trailer', pairs: [] }, { seq: 7, atNs: 7, event: 'end', error },
    ]
    await fill([...entries, ...mixed(300, 8)])
    expect((await log.read(0, 8)).entries).toEqual(entries)
    const pretty = sent(400, '{\n  "a": [\n    1\n  ]\n}')
    await fill([pretty, ...mixed(300, 401)])
    expect((await log.read(308, 1)).entries).toEqual([sent(400, '{"a":[1]}')].map((entry) => ({ ...entry, bytes: pretty.event === 'send' ? pretty.bytes : 0 })))
  })

  it('tells counts and positions', async () => {
    await fill([...mixed(1000), { seq: 1000, atNs: 0, event: 'end' }])
    const { counts, rows, dropped, skipped, isCountOnly, error } = log.state
    const bytes = (direction: 'send' | 'message'): number => mixed(1000).reduce((sum, entry) => sum + (entry.event === direction ? entry.bytes : 0), 0)
    expect({ counts, rows, dropped, skipped, isCountOnly, error }).toEqual({
      counts: { sent: 334, received: 666, sentBytes: bytes('send'), receivedBytes: bytes('message'), entries: 1001 },
      rows: { all: { first: 0, end: 1001 }, sent: { first: 0, end: 334 }, received: { first: 0, end: 666 } },
      dropped: 0, skipped: 0, isCountOnly: false, error: undefined,
    })
  })

  it('lets the oldest fall out when the room ends, and says how many', async () => {
    await log.dispose()
    log = new StreamLog({ folder, maxBytes: 256 * 1024 })
    const entries = mixed(20_000)
    await fill(entries)
    const { rows, dropped, bytes } = log.state
    expect(bytes).toBeLessThanOrEqual(256 * 1024)
    expect(dropped).toBeGreaterThan(10_000)
    expect(rows.all).toEqual({ first: dropped, end: 20_000 })
    expect((await log.read(0, 2)).entries).toEqual(entries.slice(dropped, dropped + 2))
    expect((await log.read(0, 2, 'sent')).entries).toEqual(entries.slice(dropped).filter(({ event }) => event === 'send').slice(0, 2))
    expect((await log.read(19_990, 10)).entries).toEqual(entries.slice(19_990))
  })

  it('finds texts regardless of case, from any position, in one direction', async () => {
    const entries = mixed(4000).map((entry, n) => (n % 1000 === 999 ? received(n, `{"name":"Needle ${n}"}`) : entry))
    await fill(entries)
    const find = (text: string, from = 0, filter: StreamFilter = 'all', maxHits = 100) => log.search({ text, from, filter, maxHits }, never)
    expect(await find('needle')).toEqual({ hits: [999, 1999, 2999, 3999], searchedTo: 4000 })
    expect(await find('NEEDLE', 1000, 'all', 2)).toEqual({ hits: [1999, 2999], searchedTo: 3000 })
    expect(await find('"name":"needle 2999"')).toEqual({ hits: [2999], searchedTo: 4000 })
    expect((await find('needle', 0, 'sent')).hits).toEqual([])
    const inDirection = await find('needle', 0, 'received')
    expect((await log.read(inDirection.hits[1] ?? 0, 1, 'received')).entries).toEqual([entries[1999]])
    expect(await find('nowhere')).toEqual({ hits: [], searchedTo: 4000 })
  })

  it('finds what stands in header pairs', async () => {
    await fill([{ seq: 0, atNs: 0, event: 'header', pairs: [['x-say', 'a "quoted" word']] }, ...mixed(600, 1)])
    expect((await log.search({ text: '"quoted"', from: 0, filter: 'all', maxHits: 5 }, never)).hits).toEqual([0])
  })

  it('ends a search that is called off where it stands', async () => {
    await fill(mixed(1000))
    const abort = new AbortController()
    abort.abort()
    expect(await log.search({ text: 'x', from: 10, filter: 'all', maxHits: 5 }, abort.signal)).toEqual({ hits: [], searchedTo: 10 })
  })

  it('goes through all that is kept', async () => {
    const entries = mixed(1500)
    await fill(entries)
    const seen: StreamEntry[] = []
    for await (const page of log.entries()) seen.push(...page)
    expect(seen).toEqual(entries)
  })

  it('counts and keeps no message while it only counts', async () => {
    await fill(mixed(10))
    log.setCountOnly(true)
    await fill([...mixed(90, 10), { seq: 100, atNs: 0, event: 'half-close' }])
    log.setCountOnly(false)
    await fill(mixed(1, 101))
    expect(log.state).toMatchObject({ skipped: 90, rows: { all: { first: 0, end: 12 } }, counts: { entries: 102 } })
    expect((await log.read(9, 5)).entries.map(({ seq }) => seq)).toEqual([9, 100, 101])
  })

  it('keeps short streams off the disk, and leaves nothing there', async () => {
    await fill(mixed(100))
    expect(await readdir(folder)).toEqual([])
    await fill(mixed(5000, 100))
    await log.dispose()
    expect(await readdir(folder)).toEqual([])
    expect(await log.read(0, 10)).toEqual({ from: 5100, entries: [] })
  })

  it('counts only once the disk is full, keeps what was written, and tries again when asked', async () => {
    await log.dispose()
    const disk = new SmallDisk(100_000)
    log = new StreamLog({ folder, openFile: disk.open })
    const entries = mixed(20_000)
    await fill(entries)
    const full = log.state
    expect(full).toMatchObject({ isCountOnly: true, error: { code: 'file', text: { key: 'stream.logFailed', params: { reason: 'ENOSPC' } } }, counts: { entries: 20_000 } })
    const { end } = full.rows.all
    expect(end).toBeGreaterThan(0)
    expect(end + full.skipped).toBe(20_000)
    expect((await log.read(end - 5, 100)).entries).toEqual(entries.slice(end - 5, end))
    disk.room += 10_000_000
    log.setCountOnly(false)
    await fill(mixed(2000, 20_000))
    expect(log.state).toMatchObject({ isCountOnly: false, rows: { all: { first: 0, end: end + 2000 } } })
    expect((await log.read(end, 2000)).entries).toEqual(mixed(2000, 20_000))
  })

  it('gives the same as a list would, whatever is added and asked', async () => {
    const entry = fc.record({ isSent: fc.boolean(), json: fc.oneof(fc.json(), fc.string({ maxLength: 2000 }).map((text) => JSON.stringify(text))) })
    await fc.assert(fc.asyncProperty(fc.array(entry, { maxLength: 700 }), fc.nat(800), fc.nat(400), fc.constantFrom<StreamFilter>('all', 'sent', 'received'), async (drawn, from, count, filter) => {
      const one = new StreamLog({ folder })
      const entries = drawn.map(({ isSent, json }, seq) => (isSent ? sent(seq, json) : received(seq, json)))
      await one.append(entries)
      const list = entries.filter(({ event }) => filter === 'all' || (event === 'send') === (filter === 'sent'))
      expect((await one.read(from, count, filter)).entries).toEqual(list.slice(from, from + count))
      await one.dispose()
    }), { numRuns: 50 })
  })
})

/** A disk in memory with so much room. */
class SmallDisk {
  room: number

  constructor(room: number) {
    this.room = room
  }

  open: OpenLogFile = () => {
    let bytes = Buffer.alloc(0)
    return Promise.resolve({
      write: (more, position) => {
        const grown = Math.max(0, position + more.length - bytes.length)
        if (grown > this.room) return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' }))
        this.room -= grown
        const next = Buffer.alloc(bytes.length + grown)
        bytes.copy(next)
        more.copy(next, position)
        bytes = next
        return Promise.resolve()
      },
      read: (into, position) => Promise.resolve(void bytes.copy(into, 0, position, position + into.length)),
      close: () => Promise.resolve(),
    })
  }
}
