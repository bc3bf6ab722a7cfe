// Random damage to good .proto files: the parser always ends, never throws, and points into the file.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { generateProto } from '../../../../support/generate-proto.ts'
import { findingsOf, loadTexts } from '../load-text.ts'

const corpus = 'test/fixtures/idl/proto/corpus'
const files = Object.fromEntries(readdirSync(corpus).map((name) => [name, readFileSync(join(corpus, name), 'utf8')]))
const seeds = [...Object.values(files), generateProto(1)]
const pieces = ['(', ')', '{', '}', '<', '>', '[', ']', ',', ';', ':', '=', '"', '\'', '//', '/*', '*/', 'map<', 'required ', 'optional ', 'repeated ', 'message ', 'service ', 'rpc ', 'returns ', 'stream ', 'oneof ', 'enum ',
  'extend ', 'extensions ', 'reserved ', 'group ', 'option ', 'import ', 'package ', 'syntax = ', 'edition = ', 'export ', 'local ', 'to max', '0x1F', '010', '-1', '1.5', '1e5', 'inf', '.', '..', 'a.b', '\\', '\\x', ' x ', '\n', '$', '_', '\u0000', '；', '\u3000', '\ud800']

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
  const idl = await loadTexts({ ...files, 'a.proto': text }, { roots: ['a.proto'] })
  const lines = text.split(/\r\n|\r|\n/)
  for (const { at } of idl.diagnostics) {
    if (at.file !== 'a.proto') continue
    // One past the last character of a line is a place too: that is where something is missing.
    if (at.line < 1 || at.line > lines.length || at.column < 1 || at.column > (lines[at.line - 1]?.length ?? 0) + 1) throw new Error(`no such place: ${JSON.stringify(at)}`)
  }
  // What is handed on crosses processes and is worded.
  structuredClone(idl)
  findingsOf(idl)
}

it('survives damage to good files', async () => {
  await fc.assert(fc.asyncProperty(fc.constantFrom(...seeds), fc.array(damage, { minLength: 1, maxLength: 4 }), (seed, all) => check(all.reduce(apply, seed))), { numRuns: 150 })
}, 120_000)

it('survives any string of its own words', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...pieces, 'int32', 'A', 'enum E', 'message A {', 'int32 a = 1;', 'option (a.b).c = '), { maxLength: 60 }), (words) => check(words.join(' '))), { numRuns: 400 })
}, 120_000)

it('survives being cut off anywhere', async () => {
  const text = files['classic.proto'] ?? ''
  for (let end = 0; end < text.length; end += 149) await check(text.slice(0, end))
}, 120_000)

it('finds nothing wrong in the seeds', async () => {
  expect(findingsOf(await loadTexts({ ...files, 'a.proto': generateProto(1) }, { roots: [...Object.keys(files), 'a.proto'] }))).toEqual(['classic.proto:6:13 unused-import: Import leaf.proto is not used'])
})
