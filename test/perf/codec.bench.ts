// Our codecs beside Apache's `thrift` package, in one process, on the same structs and the same values: structs to bytes and back, in Binary
// and in Compact. Aim: ten times faster. JSON text to bytes and back is what a call from the window costs; Apache has no counterpart, JSON.parse plus its
// encoder comes closest. Run again when the machine was busy: only the ratios of one run mean something.

import { performance } from 'node:perf_hooks'
import Int64 from 'node-int64'
import thrift from 'thrift'
import type { MethodCodec } from '../../src-main/engine/codec/codec.ts'
import { createThriftBinary } from '../../src-main/engine/codec/index.ts'
import { binaryForm } from '../../src-main/engine/codec/thrift/binary-form.ts'
import { defaultLimits } from '../../src-main/engine/codec/thrift/limits.ts'
import type { StructPlan } from '../../src-main/engine/codec/thrift/plan-model.ts'
import { compactForm } from '../../src-main/engine/codec/thrift/compact/form.ts'
import type { WireForm } from '../../src-main/engine/codec/thrift/form.ts'
import { plansOf } from '../../src-main/engine/codec/thrift/plan.ts'
import { findMethod } from '../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { keep, table } from './support/figures.ts'
import { ApacheItem, ApacheNumbers, ApacheRequest } from './support/gen-nodejs.ts'

type Protocol = InstanceType<typeof thrift.TBinaryProtocol> & InstanceType<typeof thrift.TCompactProtocol>
type Transport = InstanceType<typeof thrift.TBufferedTransport>
interface ApacheStruct {
  read(input: Protocol): void
  write(output: Protocol): void
}
interface Row { readonly ours: number; readonly apache: number | undefined; readonly ratio: number | undefined; readonly megabytesPerSecond: number }

const idl = await loadIdl({ paths: ['test/fixtures/idl/codec-bench.thrift'] })
const binary = createThriftBinary()

function prepare(methodName: string, json: string): { readonly plan: StructPlan; readonly codec: MethodCodec; readonly bytes: Buffer } {
  const found = findMethod(idl, methodName)
  const type = found.ok ? found.value.method.args[0]?.type : undefined
  if (!found.ok || type?.kind !== 'struct') throw new Error(`believed: the fixture has ${methodName} with a struct`)
  const codec = binary.forMethod(idl, found.value.service, found.value.method)
  return { plan: plansOf(idl).struct(type.id), codec, bytes: binary.encodeType(idl, type.id, json) }
}

interface Wire { readonly name: string; readonly form: WireForm; readonly Protocol: typeof thrift.TBinaryProtocol | typeof thrift.TCompactProtocol }
const wires: readonly Wire[] = [
  { name: 'binary', form: binaryForm, Protocol: thrift.TBinaryProtocol },
  { name: 'compact', form: compactForm, Protocol: thrift.TCompactProtocol },
]

function readApache<T extends ApacheStruct>({ Protocol }: Wire, target: T, message: Buffer): T {
  target.read(new Protocol(new thrift.TFramedTransport(message)))
  return target
}

/** As a connection of the package receives by default: one buffered transport for all messages. */
function receiverOf({ Protocol }: Wire, make: () => ApacheStruct): (message: Buffer) => void {
  return thrift.TBufferedTransport.receiver((reader: Transport) => {
    make().read(new Protocol(reader))
    reader.commitPosition()
  }, 0)
}

function writeApache({ Protocol }: Wire, source: ApacheStruct): Buffer {
  let written: Buffer = Buffer.alloc(0)
  const transport = new thrift.TBufferedTransport(undefined, (message?: Buffer) => { if (message !== undefined) written = message })
  source.write(new Protocol(transport))
  transport.flush()
  return written
}

/** Microseconds a call over some 40 ms. */
function round(run: () => unknown): number {
  const start = performance.now()
  let calls = 0
  let now = start
  while (now - start < 40) {
    for (let i = 0; i < 50; i++) run()
    calls += 50
    now = performance.now()
  }
  return ((now - start) * 1000) / calls
}

/** Rounds of both in turn, so that a busy machine disturbs both alike; the best of 25 each, after a warm-up. */
function compare(bytes: Buffer, ours: () => unknown, apache?: () => unknown): Row {
  const best = { ours: Infinity, apache: Infinity }
  for (let n = 0; n < 30; n++) {
    const took = { ours: round(ours), apache: apache === undefined ? Infinity : round(apache) }
    if (n >= 5) for (const who of ['ours', 'apache'] as const) best[who] = Math.min(best[who], took[who])
  }
  const hasApache = apache !== undefined
  return { ours: best.ours, apache: hasApache ? best.apache : undefined, ratio: hasApache ? best.apache / best.ours : undefined, megabytesPerSecond: bytes.length / best.ours }
}

function structRows(wire: Wire, name: string, methodName: string, json: string, make: () => ApacheStruct): Readonly<Record<string, Row>> {
  const { form } = wire
  const { plan, bytes: asBinary } = prepare(methodName, json)
  const value = binaryForm.decode(plan, asBinary, 0, defaultLimits).value
  const bytes = form.encode(plan, value)
  const apacheValue = readApache(wire, make(), bytes)
  if (!writeApache(wire, apacheValue).equals(bytes)) throw new Error('believed: both write the same bytes')
  const receive = receiverOf(wire, make)
  return {
    [`${wire.name}, ${name}: encode`]: compare(bytes, () => form.encode(plan, value), () => writeApache(wire, apacheValue)),
    [`${wire.name}, ${name}: decode as received`]: compare(bytes, () => form.decode(plan, bytes, 0, defaultLimits), () => receive(bytes)),
    [`${wire.name}, ${name}: decode in hand`]: compare(bytes, () => form.decode(plan, bytes, 0, defaultLimits), () => readApache(wire, make(), bytes)),
  }
}

const item = (n: number): object => ({ id: 9_007_199_254_740_000 + n, name: `item number ${n}`, score: n * 1.25, active: n % 2 === 0 })
const requestJson = JSON.stringify({
  action: 'place-order', message: 'x'.repeat(100), userId: 1_234_567_890_123, count: 42,
  tags: ['red', 'green', 'blue', 'a somewhat longer tag'], extra: { region: 'cn-north', zone: 'a', version: 'v2.1', 'trace-id': '0123456789abcdef' },
  main: item(1), items: [2, 3, 4, 5, 6].map(item), ids: Array.from({ length: 10 }, (_, n) => 1_000_000_007 * n),
})
const numbersJson = JSON.stringify({
  id: 1_234_567_890_123, version: 7, weight: 0.5, live: true, ids: Array.from({ length: 30 }, (_, n) => 1_000_000_007 * n),
  scores: Object.fromEntries(Array.from({ length: 10 }, (_, n) => [5_000_000_000 + n, n * 1.25])),
})

/** What a user of Apache's package writes by hand to get from JSON to its classes. */
function apacheFromJson(text: string): ApacheRequest {
  const body = JSON.parse(text)
  const toItem = (plain: { id: number }): ApacheItem => Object.assign(new ApacheItem(), plain, { id: new Int64(plain.id) })
  return Object.assign(new ApacheRequest(), body, {
    userId: new Int64(body.userId), main: toItem(body.main), items: body.items.map(toItem), ids: body.ids.map((id: number) => new Int64(id)),
  })
}

const { codec, bytes } = prepare('Echo', requestJson)
const reply = codec.encodeReply({ kind: 'reply', json: requestJson }, 1)
const rows: Readonly<Record<string, Row>> = {
  ...Object.assign({}, ...wires.map((wire) => ({
    ...structRows(wire, 'mixed', 'Echo', requestJson, () => new ApacheRequest()),
    ...structRows(wire, 'numbers', 'Measure', numbersJson, () => new ApacheNumbers()),
  }))) as Record<string, Row>,
  'JSON text to call message': compare(bytes, () => codec.encodeRequest(requestJson, 1), () => writeApache(wires[0] as Wire, apacheFromJson(requestJson))),
  'reply message to JSON text': compare(bytes, () => codec.decodeReply(reply)),
}
console.log(`codec: microseconds a message of ${bytes.length} bytes (mixed) or ${prepare('Measure', numbersJson).bytes.length} (numbers); aim: ratio 10 or more`)
table(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { ours: row.ours, apache: row.apache ?? '-', ratio: row.ratio ?? '-', 'MB/s': row.megabytesPerSecond }])))
keep({ rows })
