// Every decoder on damaged bytes, the same ones every time: each input ends in a value or in an error of ours that both languages word. The
// bench `fuzz` runs the same table a million times each, with an eye on time and memory.

import { expect, it } from 'vitest'
import { decoders } from '../../support/fuzz/decoders.ts'
import { fuzz } from '../../support/fuzz/decoder.ts'

/** Less of those whose input is a whole IDL or connection. */
const count = 20_000

/** Damaged as often beside their other tests. */
const elsewhere = new Set(['Thrift Binary message', 'Thrift Compact message', 'Protobuf bare', 'gRPC connection', 'frames of TTHeader Streaming', 'gRPC-Web reply', 'Connect stream', 'Connect error document'])

it.each(Object.keys(decoders).filter((name) => !elsewhere.has(name)))('%s: 20,000 damaged inputs end in a value or an error of ours', async (name) => {
  const decoder = await decoders[name]?.()
  if (decoder === undefined) throw new Error('believed: the table has it')
  const { outcomes } = await fuzz(decoder, { count: count / (decoder.cost ?? 1), seed: 4 })
  // Damage hits some and misses others: a decoder that refuses everything was not looked into.
  expect(Object.keys(outcomes).length).toBeGreaterThan(1)
}, 120_000)
