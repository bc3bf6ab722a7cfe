// What recording costs: a chain of twelve middlewares with and without the recorder, over a terminal that answers at once. Run by
// `npm run bench -- chain`.
//
// The claims: recording a call of twelve middlewares adds less than 25 us; with recording off a step allocates nothing.

import { compose } from '../../src-main/engine/kernel/chain.ts'
import { systemClock } from '../../src-main/engine/kernel/clock.ts'
import type { Endpoint, Middleware } from '../../src-main/engine/kernel/endpoint.ts'
import { Recorder } from '../../src-main/engine/kernel/recorder.ts'
import { okReply } from '../../src-main/engine/kernel/reply.ts'
import { context } from '../support/chain-text.ts'
import { keep, median, table } from './support/figures.ts'

const steps = 12
const batches = 30
const perBatch = 2000

/** Half of them only look on, half change the context as real ones do. */
const plain: Middleware = { kind: 'user', name: 'plain', call: (ctx, next) => next(ctx) }
const changing: Middleware = { kind: 'user', name: 'changing', call: (ctx, next) => next({ ...ctx, tags: { ...ctx.tags, seen: '1' } }) }
const chain = Array.from({ length: steps }, (_, n) => (n % 2 === 0 ? plain : changing))
const answer = Promise.resolve(okReply('1'))
const terminal: Endpoint = () => answer

/** CPU time of a batch, so that other processes on the machine do not count. */
async function batch(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let n = 0; n < perBatch; n += 1) await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / perBatch
}

/** Bytes a call leaves on the heap between two collections; needs --expose-gc for a quiet heap. */
function bytesPerCall(run: () => unknown, calls = 200_000): number {
  for (let n = 0; n < calls; n += 1) run()
  globalThis.gc?.()
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < calls; n += 1) run()
  return Math.max(0, process.memoryUsage().heapUsed - before) / calls
}

const ctx = context({ startedAt: systemClock.now() })
const bare = compose(chain, terminal)
const recorded = (): Promise<unknown> => {
  const startedAt = systemClock.now()
  const recorder = new Recorder(systemClock, startedAt)
  return compose(chain, terminal, recorder)(ctx).then(() => recorder.finish())
}

const off: number[] = []
const on: number[] = []
for (let n = -5; n < batches; n += 1) {
  const [without, withRecorder] = [await batch(() => bare(ctx)), await batch(recorded)]
  // The first ones only warm up.
  if (n < 0) continue
  off.push(without)
  on.push(withRecorder)
}
// Only steps that pass on what they got: what is left on the heap is then the chain's own doing.
const onlyPlain = compose(Array.from({ length: steps }, () => plain), terminal)

const figures = {
  'twelve middlewares, recording off': { value: median(off), unit: 'us/call' },
  'twelve middlewares, recorded': { value: median(on), unit: 'us/call' },
  'recording adds': { value: median(on.map((each, n) => each - (off[n] ?? 0))), unit: 'us/call' },
  'heap, straight to the terminal': { value: bytesPerCall(() => terminal(ctx)), unit: 'bytes/call' },
  'heap, through twelve, recording off': { value: bytesPerCall(() => onlyPlain(ctx)), unit: 'bytes/call' },
}
table(figures)
keep({ aim: { 'recording adds': '< 25 us/call', 'heap, through twelve, recording off': '0 bytes/call' }, figures })
