// What keeping a stream costs: entries a second into the log, what a million of them leave in memory, and how long it takes to show any page,
// to search them all and to save them. Then the whole way: a real Kitex streams a million messages through the engine into the log.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, systemPorts } from '../../src-main/engine/index.ts'
import { StreamLog } from '../../src-main/engine/stream/stream-log.ts'
import type { StreamEntry } from '../../shared/model/stream.ts'
import { kitexMissing, kitexStreamsIdl, startKitexServer } from '../support/peers/kitex.ts'
import { keep, median, table } from './support/figures.ts'

const count = 1_000_000
const never = new AbortController().signal
const folder = mkdtempSync(join(tmpdir(), 'kite-stream-bench-'))
const mib = (bytes: number): number => bytes / 1024 / 1024
const rss = (): number => {
  globalThis.gc?.()
  return mib(process.memoryUsage().rss)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const message = (n: number): StreamEntry => ({ seq: n, atNs: n * 1000, event: n % 4 === 0 ? 'send' : 'message', index: n, bytes: 100, json: `{"text":"a message of some length to be seen in a list","number":${n},"blob":"AAECAwQFBgcICQoLDA0ODw=="}` })

/** Entries come in batches, as a transport hands them on. */
async function fill(log: StreamLog): Promise<void> {
  for (let n = 0; n < count; n += 64) {
    const wait = log.append(Array.from({ length: 64 }, (_, at) => message(n + at)))
    if (wait !== undefined) await wait
  }
}

async function logAlone() {
  const before = rss()
  const log = new StreamLog({ folder })
  const fillMs = await timed(() => fill(log))
  const held = rss() - before
  const pages: number[] = []
  for (let n = 0; n < 200; n += 1) pages.push(await timed(() => log.read(Math.floor((n * 7919 * 131) % count), 100)))
  const searchMs = await timed(() => log.search({ text: 'no such text anywhere', filter: 'all', from: 0, maxHits: 10 }, never))
  const readAllMs = await timed(async () => {
    for await (const _page of log.entries()) continue
  })
  const onDisk = mib(log.state.bytes)
  await log.dispose()
  return { entriesPerSecond: count / (fillMs / 1000), heldMiB: held, diskMiB: onDisk, pageMs: median(pages), searchAllMs: searchMs, readAllMs }
}

/** The window's way: engine, port, log. */
async function throughEngine(transport: 'ttheader-streaming' | 'grpc', address: string) {
  const engine = createEngine(systemPorts())
  const log = new StreamLog({ folder })
  const before = rss()
  let most = before
  const timer = setInterval(() => { most = Math.max(most, mib(process.memoryUsage().rss)) }, 100)
  const took = await timed(async () => {
    const record = await engine.call({
      idl: { paths: [kitexStreamsIdl] }, method: 'Streams/List', body: `{"count":${count},"text":"a message of some length to be seen in a list","bytes":16}`, transport,
      target: { kind: 'direct', endpoints: [address] }, timeoutMs: 0, connectTimeoutMs: 2000, bytes: false,
    }, { stream: { onEntries: (entries) => log.append(entries) } })
    if (record.error !== undefined) throw new Error(JSON.stringify(record.error))
  })
  clearInterval(timer)
  const kept = log.state.rows.received.end
  await log.dispose()
  await engine.dispose()
  return { messagesPerSecond: count / (took / 1000), kept, grewMiB: most - before }
}

const alone = await logAlone()
table({ 'log alone (aim: 50,000 entries/s)': alone })
const missing = kitexMissing()
const engine: Record<string, Awaited<ReturnType<typeof throughEngine>>> = {}
if (missing === undefined) {
  const kitex = await startKitexServer({ processors: 1 })
  for (const transport of ['ttheader-streaming', 'grpc'] as const) engine[transport] = await throughEngine(transport, kitex.thrift)
  await kitex.stop()
  table(engine)
} else process.stdout.write(`no Kitex peer: ${missing}\n`)
keep({ count, alone, engine })
rmSync(folder, { recursive: true })
