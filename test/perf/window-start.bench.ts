// How long a person waits for the window: the built application is started again and again, with a fresh profile and nothing or the demo, and
// with one where a request was left open, since only that shows an editor at once. Counted from the spawn; the marks are those of
// src-main/app/start-marks.ts. Aims: first paint within 1.0 s, and an editor that takes keys within 1.5 s.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Workbench } from '../e2e/pages/workbench.ts'
import { launchKite } from '../e2e/support/launch.ts'
import { keep, median, table } from './support/figures.ts'

const root = resolve('.')
const runs = Number(process.env['KITE_BENCH_RUNS'] ?? '5')
const patienceMs = 30_000
const stopMs = 5000
interface Variant { readonly args: readonly string[]; readonly last: string; readonly profile?: string }
const leftOpen = await leaveOpen()
const variants: Readonly<Record<string, Variant>> = {
  'empty workspace': { args: [], last: 'first-contentful-paint' },
  demo: { args: ['--demo'], last: 'first-contentful-paint' },
  'demo, a request left open': { args: ['--demo'], last: 'editor usable', profile: leftOpen },
}
/** In the order in which they are reached. */
const steps = ['main', 'ready', 'window', 'engine', 'dom ready', 'first-contentful-paint', 'ready to show', 'loaded', 'editor usable'] as const

const electron = process.env['KITE_TEST_ELECTRON']
if (electron === undefined) throw new Error('no Electron named: run this by `npm run bench -- window`')
// No GPU under a virtual display, as in test/e2e.
const flags = [...(process.env['KITE_TEST_ELECTRON_FLAGS'] ?? '').split(' ').filter((flag) => flag !== ''), '--disable-gpu', '--in-process-gpu']

/** Milliseconds from the spawn to each step, until `last` and the window were seen. */
async function start({ args, last, profile }: Variant): Promise<ReadonlyMap<string, number>> {
  const folder = profile ?? mkdtempSync(join(tmpdir(), 'kite-window-'))
  const { NODE_OPTIONS, ELECTRON_RUN_AS_NODE, ...inherited } = process.env
  const begin = Date.now()
  const child = spawn(electron ?? '', [...flags, `--user-data-dir=${join(folder, 'electron')}`, root, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'], env: { ...inherited, KITE_DATA_DIR: folder, KITE_TRACE_START: '1', KITE_LANG: 'en' },
  })
  const ended = new Promise((done) => child.once('close', done))
  try {
    return await new Promise((done, failed) => {
      const seen = new Map<string, number>()
      let text = ''
      const timer = setTimeout(() => failed(new Error(`no "${last}" within ${patienceMs} ms: ${text}`)), patienceMs)
      void ended.then(() => failed(new Error(`it ended before "${last}": ${text}`)))
      child.once('error', failed)
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        for (const [, step, at] of text.matchAll(/\{"mark":"([^"]+)","ms":[-\d.]+,"at":(\d+)\}\n/g)) if (step !== undefined && !seen.has(step)) seen.set(step, Number(at) - begin)
        if (!seen.has(last) || !seen.has('ready to show')) return
        clearTimeout(timer)
        done(seen)
      })
    })
  } finally {
    child.kill()
    const force = setTimeout(() => child.kill('SIGKILL'), stopMs)
    await ended
    clearTimeout(force)
    if (profile === undefined) remove(folder)
  }
}

const samples = new Map(Object.keys(variants).map((name): [string, ReadonlyMap<string, number>[]] => [name, []]))
// The first start only warms the system's file cache.
for (let n = -1; n < runs; n += 1) {
  for (const [name, variant] of Object.entries(variants)) {
    const seen = await start(variant)
    if (n >= 0) samples.get(name)?.push(seen)
  }
}

remove(leftOpen)

const times = (name: string, step: string): readonly number[] => (samples.get(name) ?? []).flatMap((seen) => seen.get(step) ?? [])
const figures = Object.fromEntries(Object.keys(variants).flatMap((name) => steps
  .filter((step) => times(name, step).length === runs)
  .map((step) => [`${name}: ${step}`, { p50Ms: median(times(name, step)), minMs: Math.min(...times(name, step)), maxMs: Math.max(...times(name, step)) }] as const)))
table(figures)
console.log(`load average ${loadavg().map((load) => load.toFixed(1)).join(' ')}`)
keep({ aim: { 'first-contentful-paint': '<= 1000 ms', 'editor usable': '<= 1500 ms' }, runs, figures })

/** A profile whose last window had a request of the demo open. */
async function leaveOpen(): Promise<string> {
  const { window, userData, close } = await launchKite({ args: ['--demo'] })
  const bench = new Workbench(window)
  await bench.ready()
  await bench.openSaved('get-user')
  await window.locator('[data-editor="body"]').first().waitFor()
  await close({ keepUserData: true })
  return userData
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}
