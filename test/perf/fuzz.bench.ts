// A million damaged inputs for each decoder: none may throw anything but an error of ours, take longer than two seconds, or hold memory beyond its
// budget. Each runs in a thread of its own, so that one that hangs is told and ended, and two at a time. `npm run bench -- fuzz`;
// KITE_FUZZ_COUNT for fewer inputs, KITE_FUZZ_ONLY for decoders whose name holds one of
// several texts between commas.

import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { fuzz, inputAt, type FuzzFigures } from '../support/fuzz/decoder.ts'
import { decoders } from '../support/fuzz/decoders.ts'
import { keep, table } from './support/figures.ts'

const count = Number(process.env['KITE_FUZZ_COUNT'] ?? 1_000_000)
const only = (process.env['KITE_FUZZ_ONLY'] ?? '').toLowerCase().split(',')
const seed = 20_261_121
/** What one input may take, and what a decoder may hold beyond what it was given. */
const limits = { slowestMs: 2000, peakMiB: 256, growthMiB: 16 } as const
const threads = 2
const mebibyte = 1024 * 1024

interface Order { readonly name: string; readonly progress: SharedArrayBuffer }
type Said = { readonly figures: FuzzFigures } | { readonly failure: string }

async function decoderOf(name: string) {
  const decoder = await decoders[name]?.()
  if (decoder === undefined) throw new Error(`believed: ${name} is a decoder`)
  return decoder
}

/** In the thread: tells before each input which one it is. */
async function work({ name, progress }: Order): Promise<Said> {
  // Most errors are expected, and walking their stacks would be most of the time.
  Error.stackTraceLimit = 4
  const at = new Int32Array(progress)
  const decoder = await decoderOf(name)
  try {
    return { figures: await fuzz(decoder, { count, seed, onInput: (index) => Atomics.store(at, 0, index + 1) }) }
  } catch (caught) {
    return { failure: caught instanceof Error ? (caught.stack ?? caught.message) : String(caught) }
  }
}

/** Starts a decoder and watches it: the same input twice in a row of looks, two seconds apart, is a hang. */
async function watched(name: string): Promise<Said> {
  const progress = new SharedArrayBuffer(4)
  const at = new Int32Array(progress)
  const worker = new Worker(new URL(import.meta.url), { workerData: { name, progress } satisfies Order, resourceLimits: { maxOldGenerationSizeMb: limits.peakMiB * 2 } })
  let [seen, sinceMs] = [0, performance.now()]
  return new Promise((resolve) => {
    const end = (said: Said): void => {
      clearInterval(watch)
      void worker.terminate()
      resolve(said)
    }
    const watch = setInterval(() => {
      const index = Atomics.load(at, 0)
      if (index !== seen || index === 0) [seen, sinceMs] = [index, performance.now()]
      // Twice the limit: what was only slow reports its own time.
      else if (performance.now() - sinceMs > limits.slowestMs * 2 && index < count) void hanging(name, index - 1).then(end)
    }, 500)
    worker.once('message', end).once('error', (caught) => end({ failure: caught.message }))
  })
}

async function hanging(name: string, index: number): Promise<Said> {
  return { failure: `hangs on input ${index}: ${inputAt(await decoderOf(name), index, seed).toString('hex')}` }
}

function faultsOf(figures: FuzzFigures): readonly string[] {
  const beyond = (what: string, value: number, limit: number): readonly string[] => (value > limit ? [`${what} ${value.toFixed(0)}, limit ${limit}`] : [])
  return [
    ...beyond('slowest input in ms', figures.slowestMs, limits.slowestMs), ...beyond('MiB held at once', figures.peakBytes / mebibyte, limits.peakMiB), ...beyond('MiB kept', figures.growthBytes / mebibyte, limits.growthMiB),
  ]
}

async function main(): Promise<void> {
  const names = Object.keys(decoders).filter((name) => only.some((part) => name.toLowerCase().includes(part)))
  const figures = new Map<string, FuzzFigures>()
  const failures: string[] = []
  const left = [...names]
  const run = async (): Promise<void> => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const said = await watched(name)
      if ('figures' in said) {
        figures.set(name, said.figures)
        failures.push(...faultsOf(said.figures).map((fault) => `${name}: ${fault}`))
        console.log(`${name} (${said.figures.inputs} inputs, ${Math.round(said.figures.perSecond)} a second): ${Object.entries(said.figures.outcomes).map(([kind, times]) => `${kind} ${times}`).join(', ')}`)
      } else failures.push(`${name}: ${said.failure}`)
    }
  }
  await Promise.all(Array.from({ length: threads }, run))
  const rows = Object.fromEntries(names.flatMap((name) => {
    const row = figures.get(name)
    if (row === undefined) return []
    return [[name, { inputs: String(row.inputs), 'a second': Math.round(row.perSecond), 'slowest ms': row.slowestMs, 'read %': (100 * (row.outcomes['a value'] ?? 0)) / row.inputs, 'kinds of end': Object.keys(row.outcomes).length, 'peak MiB': row.peakBytes / mebibyte, 'kept MiB': row.growthBytes / mebibyte }] as const]
  }))
  table(rows)
  keep({ count, seed, limits, figures: Object.fromEntries(figures), failures })
  for (const failure of failures) console.error(failure)
  if (failures.length > 0) process.exitCode = 1
}

if (isMainThread) await main()
else parentPort?.postMessage(await work(workerData as Order))
