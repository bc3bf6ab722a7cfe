import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { kitePath, runKite } from '../support/run-kite.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-encode-'))
const idl = join(folder, 'user.thrift')
writeFileSync(idl, `
enum Role { ADMIN = 1, GUEST = 2 }
exception Oops { 1: i32 code }
struct User { 1: required i64 id, 2: optional string name, 3: optional Role role, 4: optional binary picture }
service Users { User Get(1: User req) throws (1: Oops oops), string Say(1: string msg) }
`)
writeFileSync(join(folder, 'picture.bin'), Buffer.from([0xff, 0]))
writeFileSync(join(folder, 'body.json'), '{"id": 5}')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const encode = (stdin: string, ...flags: readonly string[]) => runKite(['encode', '--idl', idl, ...flags], { stdin, cwd: folder })

describe('kite encode', () => {
  it('writes the bytes of a struct, and hex text when asked', async () => {
    const hex = '0a00017fffffffffffffff0b000200000002c3a90800030000000100'
    expect(await encode('{"id": 9223372036854775807, "name": "é", "role": "ADMIN"}', '--type', 'User', '--hex')).toEqual({ code: 0, stdout: `${hex}\n`, stderr: '' })
    const raw = execFileSync(process.execPath, [kitePath, 'encode', '--idl', idl, '--type', 'User'], { input: '{"id": 9223372036854775807, "name": "é", "role": 1}' })
    expect(raw.toString('hex')).toBe(hex)
  })

  it.each([
    ['Users/Get#args', '{"id": 1}', '0c00010a000100000000000000010000'],
    ['Users/Get#args', '{"req": {"id": 1}}', '0c00010a000100000000000000010000'],
    ['Users/Get#result', '{"success": {"id": 1}}', '0c00000a000100000000000000010000'],
    ['Users/Get#result', '{"id": 1}', '0c00000a000100000000000000010000'],
    ['Users/Get#result', '{"oops": {"code": 1}}', '0c0001080001000000010000'],
    ['Say#args', 'plain text\n', '0b00010000000a706c61696e207465787400'],
    ['Say#result', '"hi"', '0b00000000000268690​0'.replace('\u200b', '')],
  ])('takes %s as %s', async (type, body, hex) => {
    expect(await encode(body, '--type', type, '--hex')).toEqual({ code: 0, stdout: `${hex}\n`, stderr: '' })
  })

  it('reads a file, a file inside of the body, and prints a document', async () => {
    expect((await encode('', '--type', 'User', '--hex', '-f', 'body.json')).stdout).toBe('0a0001000000000000000500\n')
    expect((await encode('{"id":1,"picture":{"$file":"picture.bin"}}', '--type', 'User', '--hex')).stdout).toBe('0a000100000000000000010b000400000002ff0000\n')
    expect(JSON.parse((await encode('{"id":1}', '--type', 'User', '-o', 'json')).stdout)).toEqual({ type: 'User', length: 12, hex: '0a0001000000000000000100', base64: 'CgABAAAAAAAAAAEA' })
  })

  it.each([
    ['an unknown field', '{"idd": 1}', 'User', 'kite: 1:2 idd: User has no field "idd". Did you mean "id"?\n'],
    ['a missing field', '{}', 'User', 'kite: 1:1 id: User requires the field "id" (i64): add it.\n'],
    ['text that is no JSON', '{"id": 1', 'User', 'kite: 1:1: The object that opens here is not closed: expected a comma or }.\n'],
    ['a type that is not there', '{}', 'Usr', 'kite: The IDL has no type "Usr": use a struct name, Service/Method#args or Service/Method#result. Did you mean "User"?\n'],
  ])('ends with 2 at %s', async (_, body, type, stderr) => {
    expect(await encode(body, '--type', type)).toEqual({ code: 2, stdout: '', stderr })
  })

  it('words errors in Chinese, and as a document', async () => {
    expect((await encode('{"idd": 1}', '--type', 'User', '--lang', 'zh-CN')).stderr).toBe('kite: 1:2 idd: User 没有字段“idd”。是否指“id”？\n')
    expect(JSON.parse((await encode('{"id": "x"}', '--type', 'User', '-o', 'json')).stdout)).toEqual({
      error: { code: 'body', layer: 'codec', message: 'Expected an integer (i64), found string.', at: { line: 1, column: 8, path: 'id' } },
    })
  })

  it('tells of repeated keys and sends the last', async () => {
    expect(await encode('{"id": 1, "id": 2}', '--type', 'User', '--hex')).toEqual({
      code: 0, stdout: '0a0001000000000000000200\n', stderr: 'warning: 1:11: The key "id" is repeated: the last value counts.\n',
    })
  })

  it('asks for IDL and type', async () => {
    expect(await runKite(['encode', '--type', 'X'])).toEqual({ code: 2, stdout: '', stderr: 'kite: Flags --idl and --type are required. See: kite help encode\n' })
  })
})
