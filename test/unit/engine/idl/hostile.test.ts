// Files made to hang, to overflow the stack or to fill the memory end in a message. The deadline of each case is generous: what it
// guards against takes minutes or never ends.

import { expect, it } from 'vitest'
import { exampleBody } from '../../../../src-main/engine/idl/example.ts'
import { generateThrift } from '../../../support/generate-thrift.ts'
import { findingsOf, loadText } from './load-text.ts'

const n = 100_000
const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n')

it.each([
  ['types', `struct A { 1: ${'list<'.repeat(n)}i32${'>'.repeat(n)} a }`, '1:340 too-deep: Nested or chained more than 64 levels deep'],
  ['types that never close', `struct A { 1: ${'map<i32,'.repeat(n)}`, '1:1 unclosed-body: } is missing: struct A is not closed'],
  ['lists', `const list<i32> A = ${'['.repeat(n)}${']'.repeat(n)}`, '1:86 too-deep: Nested or chained more than 64 levels deep'],
  ['maps that never close', `const i32 A = ${'{1:'.repeat(n)}`, '1:210 too-deep: Nested or chained more than 64 levels deep'],
  ['parentheses', `service S { void f${'('.repeat(n)}`, '1:1 unclosed-body: } is missing: service S is not closed'],
  ['braces', `struct S ${'{'.repeat(n)}`, '1:1 unclosed-body: } is missing: struct S is not closed'],
  ['annotations', `struct S { 1: i32 a ${'(a'.repeat(n)}`, '1:1 unclosed-body: } is missing: struct S is not closed'],
  ['xsd_attrs', `struct S { 1: i32 a ${'xsd_attrs { 1: i32 a '.repeat(n)}`, '1:1 unclosed-body: } is missing: struct S is not closed'],
])('takes 100,000 nested %s', async (_name, text, first) => {
  expect(findingsOf(await loadText(text))[0]).toBe(first)
}, 60_000)

it.each(['2'.repeat(190), '-99999999999999999999'])('looks for no free id after %s', async (id) => {
  const told = findingsOf(await loadText(`struct A { ${id}: i32 a ${id}: i32 b }`)).map((line) => line.split(' ')[1])
  expect(told).toEqual(['field-id-range:', 'field-id-range:', 'duplicate-field-id:'])
})

it('looks for free ids of the first duplicates only', async () => {
  const { diagnostics } = await loadText(`struct A {\n${lines(30_000, (index) => `${index + 1}: i32 a${index}`)}\n${lines(30_000, (index) => `${index + 1}: i32 b${index}`)}\n}`)
  expect([diagnostics[0]?.suggestion?.params, diagnostics.length]).toEqual([{ id: 30_001 }, 201])
})

it('shows the first 200 errors of a file', async () => {
  const idl = await loadText(lines(n, (index) => `struct S${index} { 1: Missing${index} a }`))
  expect(idl.diagnostics.length).toBe(201)
  expect(findingsOf(idl).at(-1)).toBe('201:18 too-many-errors: More than 200 errors in this file: the rest is not shown')
}, 60_000)

it.each([
  ['open quotes', '\\"\n'.repeat(n)],
  ['wide spaces', '\u3000 '.repeat(n)],
  ['marks', '\u0001@#$%^&*(){}[];:,\n'.repeat(n)],
  ['definitions that never close', 'struct S {\n'.repeat(n)],
  ['annotations that never close', lines(n, (index) => `typedef i32 T${index} (`)],
  ['broken fields', `struct S {\n${lines(n, (index) => `${index}: `)}`],
])('is done with a file of %s', async (_name, text) => {
  const { diagnostics } = await loadText(text)
  expect(diagnostics.length).toBeGreaterThan(0)
  expect(diagnostics.length).toBeLessThanOrEqual(402)
}, 60_000)

it('bounds chains of typedefs, constants and services', async () => {
  const typedefs = await loadText(`${lines(1000, (index) => `typedef A${index + 1} A${index}`)}\ntypedef i32 A1000`)
  const consts = await loadText(`${lines(1000, (index) => `const i32 A${index} = A${index + 1}`)}\nconst i32 A1000 = 1`)
  const services = await loadText(`service S0 {}\n${lines(1000, (index) => `service S${index + 1} extends S${index} { void f${index}() }`)}`)
  expect(findingsOf(typedefs)[0]).toBe('257:9 too-deep: Nested or chained more than 256 levels deep')
  expect(findingsOf(consts)[0]).toBe('1:16 too-deep: Nested or chained more than 64 levels deep')
  expect(findingsOf(services)[0]).toBe('66:21 too-deep: Nested or chained more than 64 levels deep')
  const ordered = await loadText(`typedef i32 A0\n${lines(n, (index) => `typedef A${index} A${index + 1}`)}`)
  expect(findingsOf(ordered)).toEqual([])
}, 60_000)

it('bounds what types and constants unfold to', async () => {
  const types = await loadText(`typedef i32 A0\n${lines(60, (index) => `typedef map<A${index},A${index}> A${index + 1}`)}`)
  const deepTypes = await loadText(`typedef i32 A0\n${lines(100, (index) => `typedef list<A${index}> A${index + 1}`)}`)
  const consts = await loadText(`typedef i32 L0\nconst i32 C0 = 1\n${lines(40, (index) => `typedef list<L${index}> L${index + 1}\nconst L${index + 1} C${index + 1} = [C${index}, C${index}]`)}`)
  expect(findingsOf(types)[0]).toBe('13:9 type-too-large: The type unfolds to more than 4096 parts')
  expect(findingsOf(deepTypes)[0]).toBe('65:9 type-too-large: The type unfolds to more than 64 parts')
  expect(findingsOf(consts).map((line) => line.replace(/^\S+ /, ''))).toEqual(['const-too-large: Constants that refer to each other unfold to too many values'])
}, 60_000)

it('keeps an example of a tree of structs small', async () => {
  const wide = await loadText(`${lines(60, (index) => `struct S${index} {1: required S${index + 1} a, 2: required S${index + 1} b}`)}\nstruct S60 {}\nservice S {void f(1: S0 a)}`)
  const deep = await loadText(`${lines(5000, (index) => `struct S${index} {1: required S${index + 1} a}`)}\nstruct S5000 {}\nservice S {void f(1: S0 a)}`)
  for (const idl of [wide, deep]) {
    const method = idl.services[0]?.methods[0]
    expect(method === undefined ? '' : exampleBody(idl, method)).toSatisfy((text: string) => text.length < 3_000_000 && typeof JSON.parse(text) === 'object')
  }
}, 60_000)

it('reads a file that is one line of literals', async () => {
  const idl = await loadText(`const list<string> A = [${'"x\\n", '.repeat(1_000_000)}]`)
  expect(idl.diagnostics.every(({ code }) => code === 'literal-escape')).toBe(true)
}, 60_000)

it('reads 10 MB', async () => {
  const text = generateThrift(6200)
  expect(text.length).toBeGreaterThan(10_000_000)
  const idl = await loadText(`${text}\nstruct Last { 1: Gone gone }`)
  expect([idl.services.length, findingsOf(idl).map((line) => line.replace(/^\S+ /, ''))]).toEqual([6200, ['unknown-type: Unknown type Gone']])
}, 120_000)
