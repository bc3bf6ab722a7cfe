// Our codec beside Apache's `thrift` package, in one process, on the same struct and the same values: structs to bytes and back. JSON
// text to bytes and back is what a call from the window costs; Apache has no counterpart, JSON.parse plus its encoder comes closest.

import { writeFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import Int64 from 'node-int64'
import thrift from 'thrift'
import { createThriftBinary } from '../../src-main/engine/codec/index.ts'
import { decodeStruct, encodeStruct } from '../../src-main/engine/codec/thrift/method.ts'
import { defaultLimits } from '../../src-main/engine/codec/thrift/reader.ts'
import { plansOf } from '../../src-main/engine/codec/thrift/thrift-binary.ts'
import { findMethod } from '../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { ApacheItem, ApacheRequest } from './support/gen-nodejs.ts'

const idl = await loadIdl({ paths: ['test/fixtures/idl/codec-bench.thrift'] })
const found = findMethod(idl, 'Bench/Echo')
if (!found.ok) throw new Error('believed: the fixture has Bench/Echo')
const { service, method } = found.value
const [arg] = method.args
if (arg?.type.kind !== 'struct') throw new Error('believed: Echo takes a struct')
const plan = plansOf(idl).struct(arg.type.id)
const codec = createThriftBinary().forMethod(idl, service, method)

const item = (n: number): object => ({ id: 9_007_199_254_740_000 + n, name: `item number ${n}`, score: n * 1.25, active: n % 2 === 0 })
const json = JSON.stringify({
  action: 'place-order', message: 'x'.repeat(100), userId: 1_234_567_890_123, count: 42,
  tags: ['red', 'green', 'blue', 'a somewhat longer tag'], extra: { region: 'cn-north', zone: 'a', version: 'v2.1', 'trace-id': '0123456789abcdef' },
  main: item(1), items: [2, 3, 4, 5, 6].map(item), ids: Array.from({ length: 10 }, (_, n) => 1_000_000_007 * n),
})

const request = codec.encodeRequest(json, 1)
const head = 12 + method.name.length
const reply = codec.encodeReply({ kind: 'reply', json }, 1)
const bytes = Buffer.from(request.subarray(head + 3, request.length - 1))
const value = decodeStruct(plan, bytes, 0, defaultLimits).value
const apacheValue = readApache(bytes)

function readApache(message: Buffer): ApacheRequest {
  const target = new ApacheRequest()
  target.read(new thrift.TBinaryProtocol(new thrift.TFramedTransport(message)))
  return target
}

/** As a connection of the package receives by default: one buffered transport for all messages. */
let received = new ApacheRequest()
const receive = thrift.TBufferedTransport.receiver((reader: InstanceType<typeof thrift.TBufferedTransport>) => {
  received = new ApacheRequest()
  received.read(new thrift.TBinaryProtocol(reader))
  reader.commitPosition()
}, 0)

function receiveApache(message: Buffer): ApacheRequest {
  receive(message)
  return received
}

function writeApache(source: ApacheRequest): Buffer {
  let written: Buffer = Buffer.alloc(0)
  const transport = new thrift.TBufferedTransport(undefined, (message?: Buffer) => { if (message !== undefined) written = message })
  source.write(new thrift.TBinaryProtocol(transport))
  transport.flush()
  return written
}

/** What a user of Apache's package writes by hand to get from JSON to its classes. */
function apacheFromJson(text: string): ApacheRequest {
  const body = JSON.parse(text)
  const toItem = (plain: { id: number }): ApacheItem => Object.assign(new ApacheItem(), plain, { id: new Int64(plain.id) })
  return Object.assign(new ApacheRequest(), body, {
    userId: new Int64(body.userId), main: toItem(body.main), items: body.items.map(toItem), ids: body.ids.map((id: number) => new Int64(id)),
  })
}

if (!writeApache(apacheValue).equals(bytes) || !encodeStruct(plan, value).equals(bytes)) throw new Error('believed: both write the same bytes')

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
function compare(name: string, ours: () => unknown, apache: (() => unknown) | undefined) {
  const best = { ours: Infinity, apache: Infinity }
  for (let n = 0; n < 30; n++) {
    const took = { ours: round(ours), apache: apache === undefined ? Infinity : round(apache) }
    if (n >= 5) for (const who of ['ours', 'apache'] as const) best[who] = Math.min(best[who], took[who])
  }
  const ratio = apache === undefined ? undefined : best.apache / best.ours
  return { name, ours: best.ours, apache: apache === undefined ? undefined : best.apache, ratio, megabytesPerSecond: bytes.length / best.ours }
}

const rows = [
  compare('encode: struct to bytes', () => encodeStruct(plan, value), () => writeApache(apacheValue)),
  compare('decode: bytes to struct', () => decodeStruct(plan, bytes, 0, defaultLimits), () => receiveApache(bytes)),
  compare('decode, bytes in hand', () => decodeStruct(plan, bytes, 0, defaultLimits), () => readApache(bytes)),
  compare('JSON text to call message', () => codec.encodeRequest(json, 1), () => writeApache(apacheFromJson(json))),
  compare('reply message to JSON text', () => codec.decodeReply(reply), undefined),
]

const cell = (value: number | undefined, digits: number): string => (value === undefined ? '-' : value.toFixed(digits)).padStart(10)
console.log(`codec: ${bytes.length} bytes, ${json.length} characters of JSON, Node ${process.version}`)
console.log(`${''.padEnd(28)}${'ours us'.padStart(10)}${'apache us'.padStart(10)}${'ratio'.padStart(10)}${'MB/s'.padStart(10)}`)
for (const row of rows) console.log(`${row.name.padEnd(28)}${cell(row.ours, 2)}${cell(row.apache, 2)}${cell(row.ratio, 1)}${cell(row.megabytesPerSecond, 0)}`)
const target = process.env['KITE_BENCH_RESULT']
if (target !== undefined) writeFileSync(target, `${JSON.stringify({ bytes: bytes.length, rows }, null, 2)}\n`)
