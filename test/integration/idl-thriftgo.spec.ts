// thriftgo as second opinion: it and we accept the same files and see the same members in them, in good files and in two thousand damaged
// ones. Where we mean to differ, the code of our finding is listed here.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../shared/model/idl.ts'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { generateThrift } from '../support/generate-thrift.ts'
import { kitexMissing } from '../support/peers/kitex.ts'
import { askThriftgo, type ThriftgoOpinion } from '../support/peers/thriftgo.ts'

const missing = kitexMissing()

/** Errors of ours that thriftgo's parser and checker do not look for: its code generator does, or nobody. */
const stricter = new Set(['const-type', 'const-range', 'const-cycle', 'const-unknown-field', 'const-key', 'union-const', 'streaming-mode', 'streaming-arguments', 'field-id-range'])
/** Warnings about what thriftgo accepts too; all other warnings are about what it refuses. */
const harmless = new Set([
  'literal-escape', 'non-positive-id', 'octal', 'implicit-id', 'endless-struct', 'glued-requiredness', 'argument-optional', 'union-required', 'throws-required', 'throws-not-exception', 'dotted-name', 'field-id-form', 'duplicate-include',
])

const folder = mkdtempSync(join(tmpdir(), 'kite-thriftgo-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What we see, in thriftgo's shape. */
function seen({ files }: IdlSet): ThriftgoOpinion {
  const [file] = files.filter((one) => one.kind === 'thrift')
  const fields = (all: readonly { readonly id: number; readonly name: string; readonly requiredness: string }[]): ThriftgoField[] => all.map(({ id, name, requiredness }) => ({ id, name, requiredness }))
  const filled = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> | undefined => (entries.length === 0 ? undefined : Object.fromEntries(entries))
  const structs = filled((file?.structs ?? []).map(({ name, fields: all }) => [name, fields(all)] as const))
  const services = filled((file?.services ?? []).map(({ name, methods }) => [name, Object.fromEntries(methods.map((method) => [method.name, fields(method.args)]))] as const))
  const enums = filled((file?.enums ?? []).map(({ name, values }) => [name, Object.fromEntries(values)] as const))
  return { ...(structs && { structs }), ...(services && { services }), ...(enums && { enums }) }
}
type ThriftgoField = { id: number; name: string; requiredness: string }

/** Undefined where both agree. */
function difference(path: string, idl: IdlSet, opinion: ThriftgoOpinion): string | undefined {
  const errors = idl.diagnostics.filter(({ severity }) => severity === 'error')
  const ours = errors.filter(({ code }) => !stricter.has(code))
  const isLenient = idl.diagnostics.some(({ severity, code }) => severity === 'warning' && !harmless.has(code))
  if (opinion.error === undefined && ours.length > 0) {
    // thriftgo resolves no names in defaults of arguments, and reads 0 where an enum's number is none.
    return ours.every(({ code }) => code === 'unknown-const' || code === 'bad-number') ? undefined : `${path}: only we refuse: ${ours.map(({ code, at }) => `${code} ${at.line}:${at.column}`).join(', ')}`
  }
  if (opinion.error !== undefined) return errors.length > 0 || isLenient ? undefined : `${path}: only thriftgo refuses: ${opinion.error}`
  const mine = JSON.stringify(seen(idl))
  return errors.length > 0 || mine === JSON.stringify(sortLike(seen(idl), opinion)) ? undefined : `${path}: other members: ${mine} / ${JSON.stringify(opinion)}`
}

// Go writes maps in order of their keys; ours are in source order.
function sortLike(mine: ThriftgoOpinion, theirs: ThriftgoOpinion): unknown {
  const follow = (model: unknown, value: unknown): unknown => {
    if (typeof model !== 'object' || model === null || typeof value !== 'object' || value === null) return value
    if (Array.isArray(model) && Array.isArray(value)) return value.map((item, index) => follow(model[index], item))
    const byName = new Map(Object.entries(value))
    return Object.fromEntries([...Object.keys(model).filter((name) => byName.has(name)), ...[...byName.keys()].filter((name) => !Object.hasOwn(model, name))].map((name) => [name, follow(Reflect.get(model, name), byName.get(name))]))
  }
  return follow(mine, theirs)
}

/** Small damage by a seeded generator: the same two thousand files on every machine. */
function damaged(seeds: readonly string[], count: number): readonly string[] {
  let state = 20_261_121
  const pick = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
  const pieces = ['(', ')', '{', '}', '<', '>', '[', ']', ',', ';', ':', '=', '"', "'", '#', '//', '/*', '*/', 'list', 'map<', 'required', 'optional ', 'struct', 'service', 'void', 'oneway ', '0x1F', '010', '-1', '1.5', '1e5', '&', '*', 'a.b', '.', '\\', 'const ', 'typedef', ' x ', '\n', '$', '_']
  return Array.from({ length: count }, () => {
    const tokens = (seeds[pick(seeds.length)] ?? '').split(/(\s+|[A-Za-z_][\w.]*|\d+|.)/).filter((token) => token !== '')
    for (let edits = pick(2) + 1; edits > 0; edits--) {
      const at = pick(tokens.length)
      const how = pick(4)
      if (how === 0) tokens.splice(at, 1)
      else if (how === 1) tokens.splice(at, 0, tokens[pick(tokens.length)] ?? '')
      else tokens.splice(at, how === 2 ? 0 : 1, pieces[pick(pieces.length)] ?? '')
    }
    return tokens.join('')
  })
}

describe.skipIf(missing !== undefined)(`thriftgo${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const everything = readFileSync('test/fixtures/idl/everything.thrift', 'utf8')
  const write = (texts: readonly string[], name: string): readonly string[] =>
    texts.map((text, index) => {
      const path = join(folder, `${name}${index}.thrift`)
      writeFileSync(path, text)
      return path
    })
  const compare = async (paths: readonly string[]): Promise<readonly string[]> => {
    const opinions = await askThriftgo(paths)
    const differences: string[] = []
    for (const path of paths) {
      const found = difference(path, await loadIdl({ paths: [path] }), opinions[path] ?? { error: 'no opinion' })
      if (found !== undefined) differences.push(found)
    }
    return differences
  }

  it('accepts our fixtures, and sees the same members', async () => {
    const own = ['test/fixtures/idl/everything.thrift', 'test/fixtures/idl/shop/user.thrift', 'test/fixtures/idl/shop/base.thrift', 'test/peers/kitex/idl/peer.thrift']
    const opinions = await askThriftgo(own)
    expect(own.map((path) => opinions[path]?.error)).toEqual([undefined, undefined, undefined, undefined])
    expect(await compare([...own, ...write([generateThrift(5)], 'generated')])).toEqual([])
  })

  it('counts ids, splits words and reads numbers as we do', async () => {
    const texts = [
      'struct Foo {}\nstruct A { i32 a, 7: i32 b, i32 c, -3: requiredFoo d, 010: optionali32 e }',
      'struct A { 0x10: i32 a }',
      'enum E { A = 010, B, C = 0x1F, D = 0o17, E = -5 F }',
      'struct union { 1: string string, 2: union next, 3: i32 required, 4: list<union> map }\nenum struct { void, enum }\nservice service { union list(1: struct struct) }',
      'const string A = "a\\\\"b"\nstruct S { 1: string a = "\\\'" (b = \'\\"\') }',
      'union U { 1: required i32 a, i32 b }\nservice S { void f(optional i32 a, i32 b) }',
    ]
    expect(await compare(write(texts, 'rules'))).toEqual([])
  })

  it('agrees with us about two thousand damaged files', async () => {
    const paths = write(damaged([everything, generateThrift(1)], 2000), 'damaged')
    expect(await compare(paths)).toEqual([])
  }, 180_000)
})
