// Apache's own compiler as second opinion: what it accepts must be accepted here, what it refuses here too in these cases, and it must see the same members.
// It comes with Debian's and Ubuntu's package thrift-compiler.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadIdl } from '../../src-main/engine/idl/load.ts'
import { generateThrift } from '../support/generate-thrift.ts'

const version = spawnSync('thrift', ['--version'], { encoding: 'utf8' })
const isMissing = version.error !== undefined
if (isMissing && process.env['CI'] === 'true') throw new Error('thrift is missing: install the package thrift-compiler')

const folder = mkdtempSync(join(tmpdir(), 'kite-thrift-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
function writeText(text: string): string {
  const path = join(folder, `case${count++}.thrift`)
  writeFileSync(path, text)
  return path
}

/** Whether Apache's compiler takes the file. It can hang (an open literal before the end of the file does it), hence the deadline. */
function apacheAccepts(path: string): boolean {
  const run = spawnSync('thrift', ['-r', '-out', folder, '--gen', 'json', path], { encoding: 'utf8', timeout: 10_000 })
  if (run.error !== undefined) throw run.error
  return run.status === 0
}

async function weAccept(path: string): Promise<boolean> {
  const { diagnostics } = await loadIdl({ paths: [path] })
  return diagnostics.every(({ severity }) => severity !== 'error')
}

const leniencies = [
  'struct A { 1: i32 a (deprecated) }',
  'typedef i32 A, typedef i64 B;',
  'struct A { 1: optional A & link }',
  'struct A xsd_all { 1: i32 a xsd_optional xsd_nillable xsd_attrs { 1: i32 b } }',
  'service S { async void f() }',
  'struct A { 0x10: i32 a }',
  'const i32 A = -0x10',
  'struct A { i32 a, i32 b }',
  'struct A { -1: i32 a }',
]
const refused = [
  'struct A { 1: i32 a }\nstruct B { 1: Gone g }',
  'struct A {\n  1: i32 a\n  1: i32 b\n}',
  'struct A {\n  1: i32 a\n  2: list<i32 b\n}',
  'service A {}\nservice B extends Gone {}',
  'service S {\n  void f(\n  void g()\n}',
  'enum E { A = x }',
  'struct A { 1: i32 a = "x" }',
  'include "gone.thrift"\nstruct A { 1: gone.B b }',
]

describe.skipIf(isMissing)(`Apache Thrift's compiler${isMissing ? ' (skipped: install the package thrift-compiler)' : ''}`, () => {
  it.each([
    ['the shop', () => 'test/fixtures/idl/shop/user.thrift'],
    ['every common form', () => 'test/fixtures/idl/everything.thrift'],
    ['generated files', () => writeText(generateThrift(20))],
  ])('accepts %s, as we do', async (_name, path) => {
    const file = path()
    expect([apacheAccepts(file), await weAccept(file)]).toEqual([true, true])
  })

  it.each(leniencies)('has no objection to %s, and neither have we', async (text) => {
    const path = writeText(text)
    expect([apacheAccepts(path), await weAccept(path)]).toEqual([true, true])
  })

  it.each(refused)('refuses %s, as we do', async (text) => {
    const path = writeText(text)
    expect([apacheAccepts(path), await weAccept(path)]).toEqual([false, false])
  })

  it('reads the same methods, fields and ids', async () => {
    const path = 'test/fixtures/idl/everything.thrift'
    const run = spawnSync('thrift', ['-out', folder, '--gen', 'json', path], { encoding: 'utf8', timeout: 10_000 })
    expect(run.status).toBe(0)
    const theirs = JSON.parse(readFileSync(join(folder, 'everything.json'), 'utf8')) as ApacheTree
    const { files } = await loadIdl({ paths: [path] })
    const [file] = files.filter((one) => one.kind === 'thrift')
    expect(file?.structs.map(({ name, fields }) => [name, fields.map(({ id, name: field }) => [id, field])])).toEqual(
      theirs.structs.map(({ name, fields }) => [name, fields.map(({ key, name: field }) => [key, field])]),
    )
    expect(file?.services.map(({ name, methods }) => [name, methods.map((method) => [method.name, method.oneway, method.args.map(({ id }) => id)])])).toEqual(
      theirs.services.map(({ name, functions }) => [name, functions.map((one) => [one.name, one.oneway, one.arguments.map(({ key }) => key)])]),
    )
    expect(file?.enums.map(({ name, values }) => [name, values])).toEqual(theirs.enums.map(({ name, members }) => [name, members.map((member) => [member.name, member.value])]))
  })
})

interface ApacheTree {
  readonly structs: readonly { readonly name: string; readonly fields: readonly { readonly key: number; readonly name: string }[] }[]
  readonly services: readonly { readonly name: string; readonly functions: readonly { readonly name: string; readonly oneway: boolean; readonly arguments: readonly { readonly key: number }[] }[] }[]
  readonly enums: readonly { readonly name: string; readonly members: readonly { readonly name: string; readonly value: number }[] }[]
}
