// Our Protobuf codec beside protobufjs and @bufbuild/protobuf, in one process, on the same messages and the same values: messages to bytes
// and back. Aim: at least level with protobufjs. Its `Type` compiles itself with the very generators whose text `pbjs -t static-module` prints,
// so this is its static code; @bufbuild/protobuf has no other way than its reflection. JSON text to bytes and back is what a call costs.
// Run again when the machine was busy: only the ratios of one run mean something.

import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { createFileRegistry, fromBinary, fromJsonString, toBinary, toJsonString } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import protobufjs from 'protobufjs'
import { plainFormat } from '../../src-main/engine/codec/codec.ts'
import { messageFromBody } from '../../src-main/engine/codec/protobuf/body.ts'
import { plansOf } from '../../src-main/engine/codec/protobuf/plan.ts'
import { createProtobuf } from '../../src-main/engine/codec/protobuf/protobuf.ts'
import { ByteReader, defaultLimits } from '../../src-main/engine/codec/protobuf/reader.ts'
import { JsonText } from '../../src-main/engine/codec/protobuf/to-json.ts'
import type { MessageValue } from '../../src-main/engine/codec/protobuf/value.ts'
import { encodeMessage } from '../../src-main/engine/codec/protobuf/write-message.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { keep, table } from './support/figures.ts'

const path = 'test/fixtures/idl/proto/codec-bench.proto'
const idl = await loadIdl({ paths: [path] })
const codec = createProtobuf()
const root = await new protobufjs.Root().load(path)

interface Row { readonly ours: number; readonly protobufjs: number; readonly bufbuild: number }

/** Microseconds a call over some 20 ms. */
function round(run: () => unknown): number {
  const start = performance.now()
  let calls = 0
  let now = start
  while (now - start < 20) {
    for (let i = 0; i < 50; i++) run()
    calls += 50
    now = performance.now()
  }
  return ((now - start) * 1000) / calls
}

/** Rounds of all in turn, so that a busy machine disturbs all alike; the best of 15 each, after a warm-up. */
function compare(ours: () => unknown, other: () => unknown, third: () => unknown): Row {
  const best = { ours: Infinity, protobufjs: Infinity, bufbuild: Infinity }
  for (let n = 0; n < 20; n++) {
    const took = { ours: round(ours), protobufjs: round(other), bufbuild: round(third) }
    if (n >= 5) for (const who of ['ours', 'protobufjs', 'bufbuild'] as const) best[who] = Math.min(best[who], took[who])
  }
  return best
}

function rowsOf(name: string, value: object): Readonly<Record<string, Row>> {
  const json = JSON.stringify(value)
  const plan = plansOf(idl).lookUp(`bench.${name}`)
  const type = root.lookupType(`bench.${name}`)
  const desc = registry.getMessage(`bench.${name}`)
  if (plan === undefined || desc === undefined) throw new Error(`believed: the fixture has ${name}`)
  const bytes = codec.encodeType(idl, `bench.${name}`, json)
  const decode = (): MessageValue => plan.decode(new ByteReader(bytes, 0, defaultLimits), bytes.length, 1, 0)
  const ours = plan.decode(new ByteReader(bytes, 0, defaultLimits), bytes.length, 1, 0)
  const theirs = type.decode(bytes)
  const third = fromBinary(desc, bytes)
  for (const written of [encodeMessage(plan, ours), Buffer.from(type.encode(theirs).finish()), Buffer.from(toBinary(desc, third))]) {
    if (!written.equals(bytes)) throw new Error('believed: all write the same bytes')
  }
  const fromObject = (): Uint8Array => type.encode(type.fromObject(JSON.parse(json))).finish()
  const toObject = (): string => JSON.stringify(type.toObject(type.decode(bytes), { longs: String, enums: String, bytes: String }))
  const label = `${name} (${bytes.length} bytes)`
  return {
    [`${label}: encode`]: compare(() => encodeMessage(plan, ours), () => type.encode(theirs).finish(), () => toBinary(desc, third)),
    [`${label}: decode`]: compare(decode, () => type.decode(bytes), () => fromBinary(desc, bytes)),
    [`${label}: JSON to bytes`]: compare(() => encodeMessage(plan, messageFromBody(plan, json, {})), fromObject, () => toBinary(desc, fromJsonString(desc, json))),
    [`${label}: bytes to JSON`]: compare(() => new JsonText(plainFormat).message(plan, decode()), toObject, () => toJsonString(desc, fromBinary(desc, bytes))),
  }
}

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync('test/fixtures/idl/proto/codec-bench.binpb')))
const item = (n: number): object => ({ id: String(9_007_199_254_740_000 + n), name: `item number ${n}`, score: n * 1.25, active: n % 2 === 0 })
const several = <T>(count: number, make: (n: number) => T): readonly T[] => Array.from({ length: count }, (_, n) => make(n))
const rows: Readonly<Record<string, Row>> = {
  ...rowsOf('Echo', { action: 'echo', msg: 'x'.repeat(100) }),
  ...rowsOf('Numbers', {
    id: '1234567890123', version: 7, weight: 0.5, live: true, ids: several(30, (n) => String(1_000_000_007 * n)), scores: several(10, (n) => n * 1.25), delta: -3, hash: 3_735_928_559, count: 300, ratio: 0.25,
  }),
  ...rowsOf('Strings', {
    action: 'place-order', msg: 'a message of middling length, as logs have them', tags: several(8, (n) => `tag number ${n}`), extra: { region: 'cn-north', zone: 'a', version: 'v2.1', 'trace-id': '0123456789abcdef' },
  }),
  ...rowsOf('Nested', { action: 'place-order', main: item(1), groups: several(4, (g) => ({ name: `group ${g}`, items: several(5, (n) => item(g * 5 + n)) })) }),
}
console.log('protobuf: microseconds a message; ratios above 1: ours is faster; aim: at least 1 against protobufjs for encode and decode')
table(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, { ...row, 'to protobufjs': row.protobufjs / row.ours, 'to bufbuild': row.bufbuild / row.ours }])))
keep({ rows })
