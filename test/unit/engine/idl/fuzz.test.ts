// Random damage to good files: the parser always ends, never throws, and points into the file.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { generateThrift } from '../../../support/generate-thrift.ts'
import { findingsOf, loadText } from './load-text.ts'

const shop = ['base', 'user'].map((name) => readFileSync(`test/fixtures/idl/shop/${name}.thrift`, 'utf8'))
const seeds = [...shop, readFileSync('test/fixtures/idl/everything.thrift', 'utf8'), generateThrift(1)]
const pieces = ['(', ')', '{', '}', '<', '>', '[', ']', ',', ';', ':', '=', '"', "'", '#', '//', '/*', '*/', 'list', 'map<', 'required', 'optional ', 'struct', 'service ', 'void', 'oneway ',
  '0x1F', '010', '-1', '1.5', '1e5', '&', '*', 'a.b', '.', '\\', 'const ', 'typedef ', 'include "x"', 'namespace ', ' x ', '\n', '$', '_', '\u0000', '：', '\u3000', '\ud800', 'throws (', 'xsd_attrs {', 'senum ']

interface Damage { readonly at: number; readonly kind: 'cut' | 'insert' | 'repeat'; readonly length: number; readonly piece: string }
const damage: fc.Arbitrary<Damage> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  kind: fc.constantFrom('cut', 'insert', 'repeat'),
  length: fc.nat(40),
  piece: fc.constantFrom(...pieces),
})

function apply(text: string, { at, kind, length, piece }: Damage): string {
  const pos = Math.floor(at * text.length)
  if (kind === 'cut') return text.slice(0, pos) + text.slice(pos + length)
  if (kind === 'insert') return text.slice(0, pos) + piece + text.slice(pos)
  return text.slice(0, pos + length) + text.slice(pos)
}

async function check(text: string): Promise<void> {
  const idl = await loadText(text)
  const lines = text.split(/\r\n|\r|\n/)
  for (const { at } of idl.diagnostics) {
    // One past the last character of a line is a place too: that is where something is missing.
    if (at.line < 1 || at.line > lines.length || at.column < 1 || at.column > (lines[at.line - 1]?.length ?? 0) + 1) throw new Error(`no such place: ${JSON.stringify(at)}`)
  }
  // What is handed on crosses processes and is worded.
  structuredClone(idl)
  findingsOf(idl)
}

it('survives damage to good files', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...seeds), fc.array(damage, { minLength: 1, maxLength: 4 }), (seed, all) => check(all.reduce(apply, seed))), { numRuns: 1500 })
}, 120_000)

it('survives any string of its own words', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...pieces, 'i32', 'A', 'enum E', 'struct A {', '1: i32 a', 'exception'), { maxLength: 60 }), (words) => check(words.join(' '))), { numRuns: 1500 })
}, 120_000)

it('finds nothing wrong in the seeds', async () => {
  for (const seed of seeds.slice(2)) expect(findingsOf(await loadText(seed))).toEqual([])
})
