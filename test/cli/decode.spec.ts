import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runKite } from '../support/run-kite.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-decode-'))
const idl = join(folder, 'user.thrift')
writeFileSync(idl, `
enum Role { ADMIN = 1, GUEST = 2 }
struct User { 1: required i64 id, 2: optional string name, 3: optional Role role, 4: optional binary picture, 5: optional string city = "Rome" }
service Users { User Get(1: User req), string Say(1: string msg) }
`)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const decode = (hex: string, ...flags: readonly string[]) => runKite(['decode', '--hex', ...flags], { stdin: hex })
const user = '0a00017fffffffffffffff0b000200000002c3a9080003000000010b000400000001ff00'
// Captured from a Kitex v0.16.3 client.
const frame = '00000019 80010001 00000003 536179 00000001 0b0001 00000002 6869 00'

describe('kite decode', () => {
  it('prints every digit', async () => {
    expect(await decode(user, '--idl', idl, '--type', 'User')).toEqual({
      code: 0, stdout: '{\n  "id": 9223372036854775807,\n  "name": "é",\n  "role": "ADMIN",\n  "picture": "/w=="\n}\n', stderr: '',
    })
  })

  it('in the forms that can be asked for', async () => {
    const { stdout } = await decode(user, '--idl', idl, '--type', 'User', '--int64', 'string', '--enum', 'number', '--binary', 'hex', '--defaults', '-o', 'ndjson')
    expect(stdout).toBe('{"id":"9223372036854775807","name":"é","role":1,"picture":"ff","city":"Rome"}\n')
  })

  it('reads bytes, arguments and results, and gives back what kite encode makes of it', async () => {
    const args = await decode('0c00010a000100000000000000010000', '--idl', idl, '--type', 'Users/Get#args', '-o', 'ndjson')
    expect(args.stdout).toBe('{"req":{"id":1}}\n')
    const again = await runKite(['encode', '--idl', idl, '--type', 'Users/Get#args', '--hex'], { stdin: args.stdout })
    expect(again.stdout).toBe('0c00010a000100000000000000010000\n')
    const raw = await runKite(['decode', '--idl', idl, '--type', 'User', '-o', 'ndjson'], { stdin: Buffer.from('0a0001000000000000000500', 'hex') })
    expect(raw.stdout).toBe('{"id":5}\n')
  })

  it('keeps and reports what the IDL does not have', async () => {
    expect(await decode('0a0001000000000000000108006300000007 00', '--idl', idl, '--type', 'User', '-o', 'ndjson')).toEqual({
      code: 0, stdout: '{"id":1,"$unknown":[{"id":99,"type":"i32","value":7}]}\n', stderr: 'warning: Field 99 (i32) is not in User of this IDL; it is kept under "$unknown".\n',
    })
  })

  it.each([
    ['cut short', '0a000100', 'kite: id +3: Expected 8 more bytes, 1 left: the message is cut short.\n'],
    ['a length of 2 GB', '0b00027fffffff00', 'kite: name +3: A length of 2147483647 bytes is declared, 1 left: the message is cut short or no Thrift.\n'],
    ['no hex', '0a00zz', 'kite: Expected hex digits, found "z".\n'],
    ['half a byte', '0a000', 'kite: Hex text needs pairs of digits, found 5 digits.\n'],
  ])('ends with 2 at input that is %s', async (_, hex, stderr) => {
    expect(await decode(hex, '--idl', idl, '--type', 'User')).toEqual({ code: 2, stdout: '', stderr })
  })

  it('prints one line with ndjson, whatever the JSON looked like', async () => {
    expect((await runKite(['decode', '--idl', idl, '--type', 'User', '--codec', 'json', '-o', 'ndjson'], { stdin: '{\n  "id": 1\n}\n' })).stdout).toBe('{"id":1}\n')
  })

  it('explains a frame without an IDL', async () => {
    expect(await decode(frame, '--frame')).toEqual({ code: 0, stderr: '', stdout: `${[
      '29 bytes, framed',
      '000000  00 00 00 19                                      frame length (u32) = 25',
      '000004                                                   message',
      '000004  80 01 00 01                                        version and message type (u32) = call',
      '000008  00 00 00 03 53 61 79                               method (string) = Say',
      '00000f  00 00 00 01                                        sequence id (i32) = 1',
      '000013                                                     field 1 (string) = hi',
      '000013  0b 00 01                                             field header (string)',
      '000016  00 00 00 02 68 69                                    value (string) = hi',
      '00001c  00                                                 stop',
    ].join('\n')}\n` })
  })

  it('prints what it can read again, which is the text of kite call --bytes', async () => {
    const { stdout } = await decode(frame, '--frame')
    expect(await decode(stdout, '--frame')).toEqual({ code: 0, stdout, stderr: '' })
  })

  it('explains a dump of HTTP/2 with its gRPC message', async () => {
    // HEADERS (:status 200, content-type application/grpc) and DATA with the message {1: "x"}, as grpc-go answers.
    const { code, stdout, stderr } = await decode('00000e010400000001885f8b1d75d0620d263d4c4d656400000800000000000100000000030a0178', '--frame')
    expect({ code, stderr, lines: stdout.split('\n').filter((line) => /bytes, grpc|:status|content-type|message length|field 1/.test(line)) }).toEqual({
      code: 0, stderr: '', lines: [
        '40 bytes, grpc',
        '000009  88                                                 :status (HPACK indexed) = 200',
        '00000a  5f 8b 1d 75 d0 62 0d 26 3d 4c 4d 65 64             content-type (HPACK literal, added) = application/grpc',
        '000021  00 00 00 03                                          message length (u32) = 3',
        '000025                                                       field 1 (len) = x',
      ],
    })
  })

  it('names fields and shows the value when it has the IDL', async () => {
    const { code, stdout } = await decode(frame, '--frame', '--idl', idl, '-o', 'json')
    const document = JSON.parse(stdout) as { nodes: { children?: unknown[] }[] }
    expect({ ...document, code, nodes: document.nodes[1]?.children?.[3] }).toEqual({
      code: 0, transport: 'framed', length: 29, message: { type: 'call', method: 'Say', seqId: 1 }, value: 'hi',
      nodes: {
        start: 19, end: 28, name: 'msg', kind: 'field', type: 'string', id: 1, value: 'hi',
        children: [{ start: 19, end: 22, name: 'field header', kind: 'header', type: 'string', id: 1 }, { start: 22, end: 28, name: 'value', kind: 'value', type: 'string', value: 'hi' }],
      },
    })
  })

  it('explains a broken frame up to where it breaks, and ends with 1', async () => {
    const { code, stdout, stderr } = await decode(frame.slice(0, -8), '--frame', '--idl', idl)
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n000016 {2}00 00 00 02 +not understood\n$/)
    expect(stderr).toBe('kite: msg +22: A length of 2 bytes is declared, 0 left: the message is cut short or no Thrift.\n')
  })

  it('says of bytes that are no frame what they begin with, and ends with 1', async () => {
    expect((await decode('474554202f20485454502f312e31', '--frame')).code).toBe(1)
  })
})
