// .proto files made to hang, to overflow the stack or to fill the memory end in a message. The deadline of each case is generous: what it
// guards against takes minutes or never ends.

import { describe, expect, it } from 'vitest'
import { exampleBody } from '../../../../../src-main/engine/idl/example.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import { generateProto } from '../../../../support/generate-proto.ts'
import { findingsOf, loadTexts } from '../load-text.ts'

const n = 100_000
const many = 30_000
const p3 = 'syntax = "proto3"; '
const load = (text: string | Uint8Array): Promise<IdlSet> => loadTexts({ 'a.proto': text })
const first = async (text: string): Promise<string | undefined> => findingsOf(await load(text)).map((line) => line.replace('a.proto:', ''))[0]
const lines = (count: number, line: (index: number) => string): string => Array.from({ length: count }, (_, index) => line(index)).join('\n')

it.each([
  ['messages', `${p3}${'message M {'.repeat(n)}${'}'.repeat(n)}`, '1:732 too-deep: Nested or chained more than 64 levels deep'],
  ['messages that never close', `${p3}${'message M {'.repeat(n)}`, '1:28 unclosed-body: } is missing: M is not closed'],
  ['groups', `syntax = "proto2"; ${'message M { '}${'optional group G = 1 { '.repeat(n)}`, '1:28 unclosed-body: } is missing: M is not closed'],
  ['option values', `${p3}option a = ${'{ a '.repeat(n)}${'}'.repeat(n)};`, '1:27 unknown-option: Unknown option a'],
  ['option values that never close', `${p3}option a = ${'{ a: ['.repeat(n)}`, '1:415 too-deep: Nested or chained more than 64 levels deep'],
  ['angle brackets', `${p3}option a = { a ${'< a '.repeat(n)}`, '1:287 too-deep: Nested or chained more than 64 levels deep'],
  ['parentheses', `${p3}service S { rpc F${'('.repeat(n)}`, '1:28 unclosed-body: } is missing: S is not closed'],
  ['braces', `${p3}message S ${'{'.repeat(n)}`, '1:28 unclosed-body: } is missing: S is not closed'],
  ['brackets', `${p3}message S { int32 a = 1 ${'['.repeat(n)}`, '1:28 unclosed-body: } is missing: S is not closed'],
  ['maps', `${p3}message S { ${'map<'.repeat(n)}`, '1:28 unclosed-body: } is missing: S is not closed'],
])('takes 100,000 nested %s', async (_name, text, expected) => {
  expect(await first(text)).toBe(expected)
}, 60_000)

it.each([
  ['map<string, KEntry> k = 1;', '1:44 unknown-type: Unknown type KEntry'],
  ['map<string, M.KEntry> k = 1;', '1:44 unknown-type: Unknown type M.KEntry'],
  ['map<string, int32> k = 1; KEntry e = 2;', '1:58 unknown-type: Unknown type KEntry'],
])('takes a name that only the entry of a map has: %s', async (field, expected) => {
  expect(await first(`${p3}message M { ${field} }`)).toBe(expected)
})

it('shows the first 200 errors of a file', async () => {
  const idl = await load(`${p3}message M {\n${lines(n, (index) => `Missing${index} f${index} = ${index + 30_000};`)}\n}`)
  expect([idl.diagnostics.length, idl.diagnostics.at(-1)?.code]).toEqual([201, 'too-many-errors'])
}, 60_000)

it.each([
  ['open quotes', 'option a = "\n'.repeat(n)],
  ['wide spaces', '\u3000 '.repeat(n)],
  ['marks', '\u0001@#$%^&*(){}[];:,\n'.repeat(n)],
  ['messages that never close', 'message S {\n'.repeat(n)],
  ['options that never close', lines(n, (index) => `option a${index} = {`)],
  ['broken fields', `message S {\n${lines(n, (index) => `int32 = ${index}`)}`],
  ['one long name', `message ${'a'.repeat(1_000_000)} { ${'b.'.repeat(n)}c d = 1; }`],
  ['one long number', `message M { int32 a = ${'9'.repeat(1_000_000)}; }`],
  ['one long hexadecimal number', `message M { int32 a = 0x${'f'.repeat(1_000_000)}; }`],
  ['dots', `message M { ${'.'.repeat(n)} a = 1; }`],
  ['nested comments', '/*'.repeat(n)],
  ['labels', `message M { ${'optional '.repeat(n)}`],
])('is done with a file of %s', async (_name, text) => {
  const { diagnostics } = await load(`${p3}${text}`)
  expect(diagnostics.length).toBeGreaterThan(0)
  expect(diagnostics.length).toBeLessThanOrEqual(402)
}, 60_000)

describe('many of a kind', () => {
  it.each([
    ['fields', `message M {\n${lines(many, (index) => `int32 f${index} = ${index + 30_000};`)}\n}`],
    ['values', `enum E {\n${lines(many, (index) => `V${index} = ${index};`)}\n}`],
    ['reserved ranges', `message M {\n${lines(20_000, (index) => `reserved ${index * 10 + 1} to ${index * 10 + 5};`)}\n}`],
    ['messages', lines(many, (index) => `message M${index} { ${index === 0 ? '' : `M${index - 1} m = 1;`} }`)],
    ['oneofs', `message M {\n${lines(20_000, (index) => `oneof o${index} { int32 f${index} = ${index + 30_000}; }`)}\n}`],
    ['methods', `message M {}\nservice S {\n${lines(many, (index) => `rpc F${index}(M) returns (M);`)}\n}`],
  ])('%s are read without trouble', async (_name, text) => {
    expect(findingsOf(await load(`${p3}\n${text}`))).toEqual([])
  }, 60_000)

  it('fields of reserved numbers are told quickly', async () => {
    const { diagnostics } = await load(`${p3}message M {\n${lines(20_000, (index) => `reserved ${index * 10 + 1}; int32 f${index} = ${index * 10 + 1};`)}\n}`)
    expect(diagnostics.length).toBe(201)
  }, 60_000)

  it('imports in a long row are followed to the end', async () => {
    const files = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`f${index}.proto`, `${p3}package p${index}; ${index === 1999 ? '' : `import public "f${index + 1}.proto";`} message M {}`]))
    const idl = await loadTexts(files)
    expect([findingsOf(idl), idl.files.length]).toEqual([[], 2000])
  }, 60_000)
})

it('says what a binary file is no text', async () => {
  expect(findingsOf(await load(Buffer.from('syntax = "proto3";\0')))).toEqual(['a.proto:1:1 file-binary: a.proto is not a text file'])
  expect(findingsOf(await load(Buffer.alloc(65 * 1024 * 1024, 32)))).toEqual(['a.proto:1:1 file-too-large: a.proto is larger than 64 MB'])
}, 60_000)

it('keeps an example of a tree of messages small', async () => {
  const wide = await load(`${p3}${lines(60, (index) => `message S${index} { S${index + 1} a = 1; repeated S${index + 1} b = 2; map<string, S${index + 1}> c = 3; }`)}\nmessage S60 { S0 back = 1; }\nservice S { rpc F(S0) returns (S0); }`)
  const method = wide.services[0]?.methods[0]
  expect(method === undefined ? '' : exampleBody(wide, method)).toSatisfy((text: string) => text.length < 3_000_000 && typeof JSON.parse(text) === 'object')
}, 60_000)

it('reads 10 MB', async () => {
  const text = generateProto(6300)
  expect(text.length).toBeGreaterThan(10_000_000)
  const idl = await load(`${text}\nmessage Last { Gone gone = 1; }`)
  expect([idl.services.length, findingsOf(idl).map((line) => line.replace(/^\S+ /, ''))]).toEqual([6300, ['unknown-type: Unknown type Gone']])
}, 120_000)
