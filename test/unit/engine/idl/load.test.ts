// Files and includes: where they are looked for, what is said about those that cannot be had, and that each is read once.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { findingsOf, loadText, loadTexts } from './load-text.ts'

it('looks beside the including file, then in the include folders, then in the working directory', async () => {
  const beside = { 'app/a.thrift': 'include "b.thrift"\nstruct A { 1: b.B b }', 'app/b.thrift': 'struct B {}', 'lib/b.thrift': '', 'b.thrift': '' }
  const inFolder = { 'app/a.thrift': beside['app/a.thrift'], 'lib/b.thrift': 'struct B {}', 'b.thrift': '' }
  const inPlace = { 'app/a.thrift': beside['app/a.thrift'], 'b.thrift': 'struct B {}' }
  const paths = async (files: Record<string, string>): Promise<readonly string[]> => (await loadTexts(files, { includeDirs: ['lib'] })).files.map(({ path }) => path)
  expect(await paths(beside)).toEqual(['app/a.thrift', 'app/b.thrift'])
  expect(await paths(inFolder)).toEqual(['app/a.thrift', 'lib/b.thrift'])
  expect(await paths(inPlace)).toEqual(['app/a.thrift', 'b.thrift'])
})

it('lists roots first, then includes in the order first met, each once', async () => {
  const files = {
    'a.thrift': 'include "c.thrift"\ninclude "d.thrift"',
    'b.thrift': 'include "d.thrift"\ninclude "./c.thrift"',
    'c.thrift': 'include "e.thrift"',
    'd.thrift': 'include "e.thrift"',
    'e.thrift': 'struct E {}',
  }
  const read: string[] = []
  const idl = await loadIdl({
    paths: ['a.thrift', 'b.thrift', './a.thrift'],
    read: async (path) => {
      read.push(path)
      const text = (files as Record<string, string>)[path]
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
      return text
    },
  })
  expect(idl.files.map(({ path }) => path)).toEqual(['a.thrift', 'b.thrift', 'c.thrift', 'd.thrift', 'e.thrift'])
  expect([...read].sort()).toEqual(['a.thrift', 'b.thrift', 'c.thrift', 'd.thrift', 'e.thrift'])
  expect(findingsOf(idl)).toEqual([])
})

it('reports a circle of includes with its chain and still links', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "b.thrift"\nstruct A { 1: b.B b }', 'b.thrift': 'include "a.thrift"\nstruct B { 1: a.A a }' })
  expect(findingsOf(idl)).toEqual(['b.thrift:1:9 include-cycle: Circular include: a.thrift → b.thrift → a.thrift'])
})

it('reports a file that includes itself', async () => {
  expect(findingsOf(await loadText('include "a.thrift"'))).toEqual(['1:9 include-cycle: Circular include: a.thrift → a.thrift'])
})

it('says at the include what cannot be had, and nothing about names from there', async () => {
  const idl = await loadTexts({ 'x/a.thrift': 'include "gone.thrift"\nstruct A { 1: gone.B b = gone.C.D, 2: gone.T t = gone.V }\nservice S extends gone.S {}' }, { includeDirs: ['lib'] })
  expect(findingsOf(idl)).toEqual(['x/a.thrift:1:9 include-not-found: Included file gone.thrift not found; tried x/gone.thrift, lib/gone.thrift, gone.thrift | Name its folder with --include'])
})

it('finds a name in the right one of two files with the same base name', async () => {
  const idl = await loadTexts({
    'a.thrift': 'include "x/base.thrift"\ninclude "y/base.thrift"\nstruct A { 1: base.X x, 2: base.Y y = base.ONE, 3: base.Z z }',
    'x/base.thrift': 'struct X {}',
    'y/base.thrift': 'typedef i32 Y\nconst Y ONE = 1',
  })
  expect(findingsOf(idl)).toEqual(['3:52 unknown-type: Unknown type base.Z | Did you mean base.X?'])
  expect(idl.structs['a.thrift#A']?.fields.map(({ type }) => type)).toEqual([
    { kind: 'struct', id: 'x/base.thrift#X', written: 'base.X' },
    { kind: 'i32', written: 'base.Y' },
    { kind: 'string', written: 'base.Z' },
  ])
})

it('takes the base name up to the last dot as the prefix', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "a.b.c.thrift"\nstruct A { 1: a.b.c.X x = a.b.c.D }', 'a.b.c.thrift': 'struct X { 1: i32 n }\nconst X D = {"n": 1}' })
  expect(findingsOf(idl)).toEqual([])
  expect(idl.structs['a.thrift#A']?.fields[0]?.defaultValue).toEqual({ n: 1 })
})

it('suggests the name with its prefix, and the nearest prefix', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "base.thrift"\nstruct A { 1: Item a, 2: bsae.Item b }', 'base.thrift': 'struct Item {}' })
  expect(findingsOf(idl)).toEqual([
    '2:15 unknown-type: Unknown type Item | Did you mean base.Item?',
    '2:26 unknown-include: Unknown type bsae.Item: no included file is named bsae | Did you mean base?',
  ])
})

it('reports a value that two included meanings share', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "E.thrift"\nenum E { A }\nconst i32 X = E.A', 'E.thrift': 'const i32 A = 1' })
  expect(findingsOf(idl)).toEqual(['3:15 ambiguous-const: E.A can mean 2 different things here'])
})

it('takes a byte order mark off, and refuses UTF-16 and binary files', async () => {
  const utf16 = Buffer.from('\ufeffstruct A {}', 'utf16le')
  expect(findingsOf(await loadTexts({ 'a.thrift': Buffer.from('\ufeffstruct A { 1: Gone g }') }))).toEqual(['1:15 unknown-type: Unknown type Gone'])
  expect(findingsOf(await loadTexts({ 'a.thrift': utf16 }))).toEqual(['1:1 file-binary: a.thrift is not a text file | It looks like UTF-16: save it as UTF-8'])
  expect(findingsOf(await loadTexts({ 'a.thrift': 'include "b.thrift"', 'b.thrift': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]) }))).toEqual(['1:9 file-binary: b.thrift is not a text file'])
})

it('reads on where comments are no UTF-8, as old files in GBK are', async () => {
  const gbk = Buffer.concat([Buffer.from('struct A {}\n// '), Buffer.from([0xd3, 0xc3, 0xbb, 0xa7]), Buffer.from('\nstruct B { 1: i32 a }')])
  const idl = await loadTexts({ 'a.thrift': gbk })
  expect(findingsOf(idl)).toEqual(['2:4 not-utf8: Text from here on is not UTF-8; those characters are shown as �'])
  expect(Object.keys(idl.structs)).toEqual(['a.thrift#A', 'a.thrift#B'])
})

it('says that a Thrift file cannot include Protobuf', async () => {
  expect(findingsOf(await loadTexts({ 'a.thrift': 'include "a.proto"', 'a.proto': 'syntax = "proto3";' }))).toEqual([
    '1:9 unsupported-language: a.proto is Protobuf: a Thrift file cannot include it',
  ])
})

it('says why a file on the disk cannot be read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kite-idl-'))
  try {
    const root = join(folder, 'root.thrift')
    await mkdir(join(folder, 'folder.thrift'))
    await writeFile(root, 'include "folder.thrift"\ninclude "big.thrift"\n')
    await writeFile(join(folder, 'big.thrift'), Buffer.alloc(65 * 1024 * 1024, ' '))
    const idl = await loadIdl({ paths: [root, join(folder, 'none.thrift')] })
    const found = findingsOf(idl).map((line) => line.replaceAll(folder, ''))
    expect(found).toEqual([
      '/root.thrift:1:9 file-unreadable: Cannot read /folder.thrift: EISDIR',
      '/root.thrift:2:9 file-too-large: /big.thrift is larger than 64 MB',
      '/none.thrift:1:1 file-not-found: No such file: /none.thrift',
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('stops when the signal aborts', async () => {
  const abort = new AbortController()
  const loading = loadIdl({ paths: ['a.thrift'], signal: abort.signal, read: async () => (abort.abort(), 'include "b.thrift"') })
  await expect(loading).rejects.toThrow('aborted')
})

it('stops at ten thousand files', async () => {
  const read = async (path: string): Promise<string> => `include "${Number(/\d+/.exec(path)?.[0] ?? 0) + 1}.thrift"`
  const idl = await loadIdl({ paths: ['0.thrift'], read })
  expect(findingsOf(idl)).toEqual(['9999.thrift:1:9 too-many-files: More than 10000 files are included'])
})
