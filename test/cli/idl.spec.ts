// `kite idl` as people and scripts run it: what stands on stdout, what on stderr, and how it ends.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { runKite } from '../support/run-kite.ts'

const shop = 'test/fixtures/idl/shop/user.thrift'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-idl-'))
  await writeFile(join(folder, 'bad.thrift'), 'include "none.thrift"\nstruct User {\n  1: strng name,\n  1: i32 age\n}\nservice S extends User {\n}\n')
  await writeFile(join(folder, 'warn.thrift'), 'struct User { i32 age }\n')
})
afterAll(() => rm(folder, { recursive: true }))

const inFolder = (...args: readonly string[]): ReturnType<typeof runKite> => runKite(args, { cwd: folder })

describe('kite idl check', () => {
  it('prints each finding with its place and the next step, and exits 1', async () => {
    const { code, stdout, stderr } = await inFolder('idl', 'check', 'bad.thrift', 'warn.thrift')
    expect(stdout.split('\n')).toEqual([
      'bad.thrift:1:9: error include-not-found: Included file none.thrift not found; tried none.thrift. Name its folder with --include',
      'bad.thrift:3:6: error unknown-type: Unknown type strng. Did you mean string?',
      'bad.thrift:4:3: error duplicate-field-id: Field id 1 of age is already used by name in User, line 3. Id 2 is free',
      'bad.thrift:6:19: error extends-not-service: User is a struct: only a service can be extended',
      'warn.thrift:1:19: warning implicit-id: Field age has no id: thriftgo counts from 1 up, Apache Thrift from -1 down',
      '',
    ])
    expect([code, stderr]).toEqual([1, 'Files: 2, errors: 4, warnings: 1\n'])
  })

  it('exits 0 where there are warnings only, and says nothing else with --quiet', async () => {
    const { code, stdout, stderr } = await inFolder('idl', 'check', 'warn.thrift', '-q')
    expect([code, stdout.split('\n').length, stderr]).toEqual([0, 2, ''])
  })

  it('prints one document, or one finding a line, and words it in Chinese', async () => {
    const { stdout } = await inFolder('idl', 'check', 'bad.thrift', '-o', 'json')
    expect(JSON.parse(stdout)).toMatchObject({ files: ['bad.thrift'], errors: 4, warnings: 0, diagnostics: [{ severity: 'error', code: 'include-not-found', file: 'bad.thrift', line: 1, column: 9, end: { line: 1, column: 22 } }, {}, {}, {}] })
    const lines = (await inFolder('idl', 'check', 'bad.thrift', '-o', 'ndjson', '--lang', 'zh-CN')).stdout.trim().split('\n')
    expect(JSON.parse(lines[1] ?? '')).toEqual({ severity: 'error', code: 'unknown-type', message: '未知类型 strng', suggestion: '是否想写 string？', file: 'bad.thrift', line: 3, column: 6, end: { line: 3, column: 11 } })
  })

  it('exits 2 for a file that is not there', async () => {
    const { code, stdout } = await inFolder('idl', 'check', 'none.thrift')
    expect([code, stdout]).toEqual([2, 'none.thrift:1:1: error file-not-found: No such file: none.thrift\n'])
  })

  it('finds includes in folders that are named', async () => {
    await writeFile(join(folder, 'uses.thrift'), 'include "base.thrift"\nstruct A { 1: base.Base b }\n')
    const { code, stdout } = await inFolder('idl', 'check', 'uses.thrift', '-include-path', join(import.meta.dirname, '../fixtures/idl/shop'))
    expect([code, stdout]).toEqual([0, ''])
  })
})

describe('kite idl list', () => {
  it('prints one method a line', async () => {
    const { code, stdout } = await runKite(['idl', 'list', shop])
    expect(stdout).toBe(`Health/Ping            unary   ()              bool
UserService/GetUser    unary   GetUserRequest  User
UserService/ListUsers  unary   (i32, Level)    Users
UserService/Touch      oneway  base.UserId     void
UserService/Watch      server  GetUserRequest  User
UserService/Ping       unary   ()              bool
`)
    expect(code).toBe(0)
  })

  it('prints them for programs', async () => {
    const { stdout } = await runKite(['idl', 'list', shop, '-o', 'json'])
    expect((JSON.parse(stdout) as { methods: unknown[] }).methods.at(-1)).toEqual({ service: 'UserService', method: 'Ping', kind: 'unary', request: '()', response: 'bool', throws: [], declaredBy: 'Health', file: shop, line: 35 })
  })

  it('refuses files with errors, telling the first and how to see all', async () => {
    const { code, stdout, stderr } = await inFolder('idl', 'list', 'bad.thrift')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe('kite: bad.thrift:1:9: Included file none.thrift not found; tried none.thrift. 3 more errors: kite idl check bad.thrift\n')
  })
})

describe('kite idl tree', () => {
  it('prints the contract\'s document', async () => {
    const { code, stdout } = await runKite(['idl', 'tree', shop, '-o', 'json'])
    expect([code, stdout]).toEqual([0, readFileSync('test/golden/idl/shop.tree.json', 'utf8')])
  })

  it('keeps every digit', async () => {
    const { stdout } = await runKite(['idl', 'tree', 'test/fixtures/idl/everything.thrift', '-o', 'ndjson'])
    expect(stdout).toContain('{"name":"LONG","type":"i64","value":-9007199254740993}')
  })

  it('draws an outline for eyes', async () => {
    const { stdout } = await runKite(['idl', 'tree', shop])
    expect(stdout).toContain('  struct GetUserRequest\n    1: required Key key\n    2: i32 limit = 100\n    255: optional base.Base Base\n')
    expect(stdout).toContain('    User GetUser(1: GetUserRequest req) throws (1: optional base.NotFound missing)\n')
  })
})

describe('kite idl example', () => {
  it('prints a body that `kite encode` takes', async () => {
    const example = await runKite(['idl', 'example', shop, 'UserService/GetUser'])
    expect([example.code, JSON.parse(example.stdout)]).toEqual([0, { key: { id: 1 }, limit: 100 }])
    const encoded = await runKite(['encode', '--idl', shop, '--type', 'UserService/GetUser#args', '--hex'], { stdin: example.stdout })
    expect([encoded.code, encoded.stderr]).toEqual([0, ''])
  })

  it('names the nearest method, as an error document too', async () => {
    const { code, stdout, stderr } = await runKite(['idl', 'example', shop, 'UserService/GetUsr', '-o', 'json'])
    expect([code, stderr]).toEqual([2, ''])
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'idl', layer: 'idl', hint: 'Did you mean UserService/GetUser?' } })
  })
})
