// Spans a second through each step from bytes to store: what the receiver costs the main loop.

import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { criticalPath } from '../../shared/logic/trace/critical-path.ts'
import { selfTimes } from '../../shared/logic/trace/self-time.ts'
import { buildTree } from '../../shared/logic/trace/tree.ts'
import { decodeTraces } from '../../src-main/engine/telemetry/otlp/decode-traces.ts'
import { encodeTraces } from '../../src-main/engine/telemetry/otlp/encode-traces.ts'
import { decodeTracesJson, encodeTracesJson } from '../../src-main/engine/telemetry/otlp/json-traces.ts'
import { MemoryTraceStore } from '../../src-main/engine/telemetry/store/memory-store.ts'
import { manySpans } from '../support/spans.ts'

const spans = manySpans(10_000)
const one = manySpans(50_000, 50_000)
const bytes = encodeTraces(spans)
const json = encodeTracesJson(spans)
const tree = buildTree(one)

/** Best of several runs: others share this machine. */
function perSecond(count: number, work: () => unknown): number {
  let best = Number.POSITIVE_INFINITY
  for (let run = 0; run < 12; run += 1) {
    const start = performance.now()
    work()
    best = Math.min(best, performance.now() - start)
  }
  return Math.round(count / (best / 1000))
}

const figures = {
  bytesPerSpan: Math.round(bytes.length / spans.length),
  decodeProtobufPerSecond: perSecond(spans.length, () => decodeTraces(bytes)),
  decodeJsonPerSecond: perSecond(spans.length, () => decodeTracesJson(json)),
  encodeProtobufPerSecond: perSecond(spans.length, () => encodeTraces(spans)),
  storePerSecond: perSecond(spans.length, () => new MemoryTraceStore().add(spans)),
  bytesToStorePerSecond: perSecond(spans.length, () => new MemoryTraceStore().add(decodeTraces(bytes).spans)),
  treePerSecond: perSecond(one.length, () => buildTree(one)),
  criticalPathPerSecond: perSecond(one.length, () => criticalPath(tree)),
  selfTimePerSecond: perSecond(one.length, () => selfTimes(tree)),
}
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(26)} ${value.toLocaleString('en-US').padStart(12)}\n`)
const { KITE_BENCH_RESULT } = process.env
if (KITE_BENCH_RESULT !== undefined) writeFileSync(KITE_BENCH_RESULT, `${JSON.stringify(figures, undefined, 2)}\n`)
