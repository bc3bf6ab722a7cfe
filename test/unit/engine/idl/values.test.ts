// What types, constants, defaults, docs and annotations become in the model.

import { expect, it } from 'vitest'
import type { ConstValue, IdlSet, ThriftFile } from '../../../../shared/model/idl.ts'
import { findingsOf, loadText, loadTexts } from './load-text.ts'

const thriftFile = (idl: IdlSet): ThriftFile | undefined => idl.files.find((file) => file.kind === 'thrift')
const constsOf = (idl: IdlSet): Record<string, ConstValue> => Object.fromEntries(thriftFile(idl)?.consts.map(({ name, value }) => [name, value]) ?? [])
const errorsOf = (idl: IdlSet): readonly string[] => findingsOf({ ...idl, diagnostics: idl.diagnostics.filter(({ severity }) => severity === 'error') })

it('reads numbers of every form exactly', async () => {
  const idl = await loadText(`
    const i64 BIG = 9007199254740993  const i64 MIN = -9223372036854775808
    const i32 HEX = 0x1F  const i32 OCT = 0o17  const i32 OLD = 017  const i8 PLUS = +5
    const double A = .5 const double B = -1.5e-3 const double C = 3 const double D = 1E5 const double E = -0.0
    const bool F = 1 const bool G = false const i32 H = true`)
  expect(errorsOf(idl)).toEqual([])
  expect(constsOf(idl)).toEqual({ BIG: 9007199254740993n, MIN: -9223372036854775808n, HEX: 31, OCT: 15, OLD: 15, PLUS: 5, A: 0.5, B: -0.0015, C: 3, D: 100000, E: -0, F: true, G: false, H: 1 })
})

it('unescapes the quote of a literal and nothing else', async () => {
  const idl = await loadText(String.raw`const string A = "a\"b" const string B = 'it\'s "x"' const string C = "a\nb\\"` + '\n' + String.raw`const string D = '\"' const string E = ""` + '\nconst string F = "two\nlines" const binary G = "你"')
  // thriftgo's second backslash hides the quote; ours only where that closes on the same line.
  const backslashes = await loadText(String.raw`const string G = "C:\\"` + '\n' + String.raw`const string H = "x\\"y"` + '\nstruct After {}')
  expect([constsOf(backslashes), Object.keys(backslashes.structs)]).toEqual([{ G: String.raw`C:\\`, H: String.raw`x\\"y` }, ['a.thrift#After']])
  expect(constsOf(idl)).toEqual({ A: 'a"b', B: 'it\'s "x"', C: String.raw`a\nb\\`, D: String.raw`\"`, E: '', F: 'two\nlines', G: '5L2g' })
})

it('follows references to constants and enum values, through includes and typedefs', async () => {
  const idl = await loadTexts({
    'a.thrift': `include "b.thrift"
      typedef b.Color Paint
      enum Size { S = 1, L = 5 }
      const b.Color A = b.Color.BLUE
      const Paint B = Paint.RED
      const i32 C = Size.L
      const list<Size> D = [Size.S, 5, 7, SMALL]
      const Size SMALL = Size.S
      const map<Size, list<i32>> E = {Size.L: b.NUMBERS, 1: [b.ONE, C]}
      const b.Point F = b.ORIGIN
      const i64 G = b.ONE`,
    'b.thrift': `enum Color { RED, BLUE }
      const i32 ONE = 1
      const list<i32> NUMBERS = [ONE, 2]
      struct Point { 1: i32 x = 3, 2: Color color }
      const Point ORIGIN = {"x": ONE, "color": Color.BLUE}`,
  })
  expect(findingsOf(idl)).toEqual([])
  expect(constsOf(idl)).toEqual({ A: 'BLUE', B: 'RED', C: 5, D: ['S', 'L', 7, 'S'], SMALL: 'S', E: { L: [1, 2], S: [1, 5] }, F: { x: 1, color: 'BLUE' }, G: 1 })
})

it('writes maps as objects where keys allow it, else as pairs', async () => {
  const idl = await loadText(`struct K { 1: i32 a }
    const map<i64, string> A = {9007199254740993: "x"} const map<bool, i32> B = {true: 1} const map<K, i32> C = {{"a": 1}: 2}
    const map<list<i32>, i32> D = {[1]: 1} const map<string, i32> E = {"__proto__": 1} const map<binary, i32> F = [] const set<i32> G = {}`)
  expect(findingsOf(idl)).toEqual([])
  const values = constsOf(idl)
  expect(values).toEqual({ A: { '9007199254740993': 'x' }, B: { true: 1 }, C: [[{ a: 1 }, 2]], D: [[[1], 1]], E: Object.fromEntries([['__proto__', 1]]), F: [], G: [] })
  expect(Object.keys(values['E'] ?? {})).toEqual(['__proto__'])
})

it('keeps a union default with its one member and canonical uuids', async () => {
  const idl = await loadText('union U { 1: i32 a, 2: string b }\nstruct A { 1: U u = {"b": "x"}, 2: uuid id = "{00112233-4455-6677-8899-AABBCCDDEEFF}" }')
  expect(findingsOf(idl)).toEqual([])
  expect(idl.structs['a.thrift#A']?.fields.map(({ defaultValue }) => defaultValue)).toEqual([{ b: 'x' }, '00112233-4455-6677-8899-aabbccddeeff'])
})

it('resolves typedefs and keeps the spelling', async () => {
  const idl = await loadText('typedef i64 Id\ntypedef map<Id, list<Name>> Table\ntypedef string Name\nstruct A { 1: Table t, 2: set<byte (x = "1")> (y = "2") s }')
  expect(idl.structs['a.thrift#A']?.fields.map(({ type }) => type)).toEqual([
    { kind: 'map', key: { kind: 'i64', written: 'Id' }, value: { kind: 'list', element: { kind: 'string', written: 'Name' }, written: 'list<Name>' }, written: 'Table' },
    { kind: 'set', element: { kind: 'i8', written: 'byte' }, written: 'set<byte>' },
  ])
})

it('counts implicit ids up from the one before, and sorts fields of a struct by id', async () => {
  const idl = await loadText('struct A { i32 a, 7: i32 b, i32 c, -2: i32 d, 3: i32 e }\nservice S { void f(i32 x, string y) }')
  expect(thriftFile(idl)?.structs[0]?.fields.map(({ id, name }) => [id, name])).toEqual([[1, 'a'], [7, 'b'], [8, 'c'], [-2, 'd'], [3, 'e']])
  expect(idl.structs['a.thrift#A']?.fields.map(({ name }) => name)).toEqual(['d', 'a', 'e', 'b', 'c'])
  expect(idl.services[0]?.methods[0]?.args.map(({ id, name }) => [id, name])).toEqual([[1, 'x'], [2, 'y']])
})

it('takes keywords as names where thriftgo does', async () => {
  const idl = await loadText('struct list { 1: string string, 2: list next, 3: i32 required, 4: map<i32, list> map }\nenum struct { void, enum }\nservice service { list list(1: struct struct) }')
  expect(findingsOf(idl)).toEqual([])
  expect(idl.services[0]?.methods[0]?.args[0]?.type).toEqual({ kind: 'enum', id: 'a.thrift#struct', written: 'struct' })
})

it('gives enum values their numbers and docs', async () => {
  const idl = await loadText('enum E { A, B = 5 // five\n  C; // six\n  /* below zero */ D = -1 (x = "y")\n E }')
  expect(idl.enums['a.thrift#E']?.values).toEqual([{ name: 'A', value: 0 }, { name: 'B', value: 5, doc: 'five' }, { name: 'C', value: 6, doc: 'six' }, { name: 'D', value: -1, doc: 'below zero' }, { name: 'E', value: 0 }].slice(0, 5))
})

it('keeps comments that belong to a node, and only those', async () => {
  const idl = await loadText(`// a licence

/**
 * A user.
 *
 *   Indented.
 */
struct User { // not the first field's
  1: i64 id // the id
  # above
  2: string name, // ignored: there is one above
  3: i32 bare
}
// 中文说明
// 第二行
service S {
  /* one line */ void f(1: i32 a /* inside */) // after
  void g()
}`)
  const user = idl.structs['a.thrift#User']
  expect(user?.doc).toBe('A user.\n\n  Indented.')
  expect(user?.fields.map(({ doc }) => doc)).toEqual(['the id', 'above', undefined])
  expect(idl.services[0]?.doc).toBe('中文说明\n第二行')
  expect(idl.services[0]?.methods.map(({ doc }) => doc)).toEqual(['one line', undefined])
})

it('collects repeated annotations and knows streaming', async () => {
  const idl = await loadText(`struct R { 1: i32 a (api.query = 'a', api.query = "b"; go.tag = "x") } (k = "v")
    service S { R a(1: R r) (streaming.mode = "bidirectional") R b(1: R r) (streaming.mode="client") R c(1: R r) (streaming.mode="server") R d(1: R r) (streaming.mode="unary") oneway void e() void f() } (__proto__ = "p")`)
  expect(findingsOf(idl)).toEqual([])
  expect(idl.structs['a.thrift#R']?.annotations).toEqual({ k: ['v'] })
  expect(idl.structs['a.thrift#R']?.fields[0]?.annotations).toEqual({ 'api.query': ['a', 'b'], 'go.tag': ['x'] })
  expect(idl.services[0]?.methods.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['a bidi', 'b client', 'c server', 'd unary', 'e oneway', 'f unary'])
  expect(Object.keys(idl.services[0]?.annotations ?? {})).toEqual(['__proto__'])
})

it('puts own methods before inherited ones, across files, and lets them be hidden', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "b.thrift"\nservice A extends b.B { void own(), i32 shared() }', 'b.thrift': 'service B extends C { void shared() }\nservice C { void far() }' })
  expect(findingsOf(idl)).toEqual([])
  expect(idl.services[0]?.methods.map(({ name, declaredBy, returns }) => `${declaredBy}.${name} ${returns.written}`)).toEqual(['A.own void', 'A.shared i32', 'C.far void'])
})

it('points at line and column of every node, whatever ends a line', async () => {
  const idl = await loadText('struct A {\r\n  1: i32 a\r  2: i32 b\n  3: Gone 名字\n  4: Gone c\n}')
  expect(idl.structs['a.thrift#A']?.fields.map(({ at }) => [at.line, at.column])).toEqual([[2, 3], [3, 3], [5, 3]])
  expect(idl.diagnostics.map(({ at, end }) => [at, end])).toEqual([
    [{ file: 'a.thrift', line: 4, column: 11 }, { line: 4, column: 13 }],
    [{ file: 'a.thrift', line: 5, column: 6 }, { line: 5, column: 10 }],
  ])
})
