// Bad input of every kind, as a stranger gives it: each ends with the exit code of the contract, a sentence that names what and where, the
// same error as a document, and no stack. What one command alone does wrong is in that command's file.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FaultServers, type FaultName } from '../support/fault-servers.ts'
import { keepKite } from '../support/kite-process.ts'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { kitePath, root, runKite, startKite } from '../support/run-kite.ts'

const idl = `${root}/test/fixtures/call/shop.thrift`
const chat = `${root}/test/fixtures/stream/chat.proto`
const servers = new FaultServers()
let folder = ''
const files: Readonly<Record<string, string | Buffer>> = {
  'binary.thrift': Buffer.from([0, 1, 2, 3, 0xff, 0xfe]),
  'no-services.thrift': 'struct A {}\n',
  'no-include.thrift': 'include "gone.thrift"\nservice S { void a() }\n',
  'cycle.thrift': 'include "cycle-back.thrift"\nservice S { void a() }\n',
  'cycle-back.thrift': 'include "cycle.thrift"\n',
  'twice.thrift': 'service A { void x() }\nservice B { void x() }\n',
  'deep.thrift': `const list<i32> X = ${'['.repeat(100_000)}`,
  'wrong.json': '{\n  "id": 1,\n  "trace_note": 5\n}',
  'latin1.json': Buffer.from('{"id": 1, "trace_note": "caf\xe9"}', 'latin1'),
  'deep.json': '['.repeat(100_000),
  'broken.yaml': 'services:\n  demo.user: [\n',
  'list.json': '[1]',
  'bad-entry.json': '{"services": {"demo.user": [{"address": 5}]}}',
  'good.json': '{"services": {"demo.user": [{"address": "127.0.0.1:1", "tags": {"zone": "a"}}]}}',
  'typo.yaml': 'stubs:\n  - method: GetUser\n    replly: { id: 1 }\n',
  'policy.yaml': 'timout: 5\n',
  'foreign.json': '{"hello": [1]}',
  'empty.json': '',
  'broken.proto': 'syntax = "proto3";\nmessage A { strin a = 1; int32 b = 1; }\nservice S { rpc Go(A) returns (B); }\n',
  'messages.jsonl': `${Array.from({ length: 999 }, (_, index) => `{"text":"n","number":${index}}\n`).join('')}{"text": "n", "number": oops}\n{"text":"never sent"}\n`,
  'garbage.bin': 'garbage',
}
let certificates: Certificates
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kite-bad-input-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  mkdirSync(join(folder, 'folder.thrift'))
  certificates = await makeCertificates(folder)
})
afterAll(async () => {
  await servers.stop()
  rmSync(folder, { recursive: true })
})

const bodyTo = (body: string, method = 'GetUser'): readonly string[] => ['call', method, '--idl', idl, '-e', '127.0.0.1:1', '-d', body]
const withIdl = (name: string): readonly string[] => ['call', 'S/a', '--idl', name, '-e', '127.0.0.1:1']
const found = (registry: string, ...more: readonly string[]): readonly string[] => ['call', 'GetUser', '--idl', idl, '-d', '{"id":1}', '-s', 'demo.user', '--registry', registry, ...more]

/** Runs it as text and as JSON; both must tell the same failure, in words and as a document, and neither may show the program's insides. */
async function failure(args: readonly string[], stdin = ''): Promise<{ readonly code: number | null; readonly text: string; readonly error: unknown }> {
  const [text, json] = await Promise.all([runKite(args, { cwd: folder, stdin }), runKite([...args, '-o', 'json'], { cwd: folder, stdin })])
  expect(json.code, json.stdout + json.stderr).toBe(text.code)
  expect(text.stderr).toMatch(/^kite: /)
  expect(text.stderr).not.toMatch(/Internal error|\n\s+at |undefined|\[object|\.\. |\.\.\n|it has:? ?\n/)
  const { error } = JSON.parse(json.stdout) as { readonly error?: { readonly message?: string } }
  expect(text.stderr).toContain(error?.message ?? 'a message')
  return { code: text.code, text: text.stderr, error }
}

describe('an IDL', () => {
  it.each([
    ['that is not there', 'gone.thrift', /gone\.thrift/],
    ['that is an empty folder', 'folder.thrift', /No \.thrift or \.proto file in folder\.thrift/],
    ['of bytes', 'binary.thrift', /binary\.thrift.* is not a text file/],
    ['without a service', 'no-services.thrift', /The loaded IDL declares no service/],
    ['whose include is missing', 'no-include.thrift', /no-include\.thrift:1:9: Included file gone\.thrift not found.*--include/],
    ['that includes itself', 'cycle.thrift', /cycle-back\.thrift:1:9: Circular include: .*cycle\.thrift → .*cycle-back\.thrift → .*cycle\.thrift/],
    ['of 100,000 brackets', 'deep.thrift', /deep\.thrift:1:86: Nested/],
  ])('%s ends with 2 and its place', async (_, name, says) => {
    const { code, text } = await failure(withIdl(name))
    expect([code, text]).toEqual([2, expect.stringMatching(says)])
  })
})

describe('a method', () => {
  it.each([
    ['of an unknown name', ['GetUsr', idl], /No method GetUsr .*Did you mean UserService\/GetUser\?/],
    ['of an unknown service', ['UsrService/GetUser', idl], /No service UsrService .*Did you mean UserService\?/],
    ['of two services', ['x', 'twice.thrift'], /more than once: A\/x, B\/x\. Write Service\/Method/],
    ['of no name', ['', idl], /Service\/Method is missing/],
  ])('%s ends with 2', async (_, [method = '', file = ''], says) => {
    const { code, text } = await failure(['call', method, '--idl', file, '-e', '127.0.0.1:1'])
    expect([code, text]).toEqual([2, expect.stringMatching(says)])
  })
})

describe('a body', () => {
  it.each([
    ['that is no JSON', '{id: 1}', /1:2: Expected a key in double quotes/],
    ['that is empty', '', /1:1: The JSON text is empty/],
    ['that is not closed', '{"id": 1', /1:1: The object that opens here is not closed/],
    ['of the wrong type', '{"id": "abc"}', /1:8 id: Expected an integer \(i64\), found string/],
    ['with an unknown field', '{"id": 1, "trace_not": ""}', /1:11 trace_not: .*Did you mean "trace_note"\?/],
    ['out of range', '{"id": 9223372036854775808}', /1:8 id: 9223372036854775808 does not fit in i64/],
    ['without a required field', '{}', /1:1 id: GetUserRequest requires the field "id"/],
    ['in a file, wrong in line 3', '@wrong.json', /wrong\.json:3:17 trace_note: Expected a string/],
    ['in a file that is no UTF-8', '@latin1.json', /latin1\.json:1:29: The body is not UTF-8 text/],
    ['of 100,000 brackets', '@deep.json', /deep\.json:1:513: Nested deeper than 512 levels/],
    ['in a file that is not there', '@gone.json', /gone\.json cannot be read: ENOENT/],
  ])('%s ends with 2 and its place', async (_, body, says) => {
    const { code, text } = await failure(bodyTo(body))
    expect([code, text]).toEqual([2, expect.stringMatching(says)])
  })

  it('is given once', async () => {
    const { code, text } = await failure([...bodyTo('{}'), '-f', 'wrong.json'])
    expect([code, text]).toEqual([2, expect.stringContaining('--data')])
  })
})

describe('a server that', () => {
  it.each<readonly [FaultName, number, RegExp]>([
    ['silent', 4, /no reply from ADDRESS within 300 ms.*--timeout/],
    ['trickles', 4, /no reply from ADDRESS within 300 ms/],
    ['closes', 1, /ADDRESS closed the connection without a reply/],
    ['resets', 1, /ADDRESS reset the connection after 14 bytes of the reply/],
    ['cutShort', 1, /\+14: The connection ended in the middle of the reply/],
    ['declares2Gb', 1, /\+0: The frame declares 2147483651 bytes, over the limit/],
    ['http1', 1, /look like HTTP\/1 \("HTTP\/1\.1 400 Bad Request"\)/],
    ['http2', 1, /look like HTTP\/2 \(gRPC\)/],
    ['tls', 1, /look like TLS/],
    ['redis', 1, /look like Redis \("-ERR unknown command"\)/],
    ['ssh', 1, /look like SSH/],
    ['rubbish', 1, /not Thrift: first4Bytes=a7a7a7a7/],
  ])('%s: exit code %i', async (name, code, says) => {
    const address = await servers.start(name)
    // Only those that never finish are waited for in vain.
    const timeout = code === 4 ? '300ms' : '20s'
    const result = await failure(['call', 'GetUser', '--idl', idl, '-e', address, '-d', '{"id":1}', '--timeout', timeout, '--connect-timeout', '5s'])
    expect([result.code, result.text]).toEqual([code, expect.stringMatching(new RegExp(says.source.replace('ADDRESS', address)))])
  })

  it.each([
    ['127.0.0.1:1', 3, /nothing listens on 127\.0\.0\.1:1/],
    ['[::1]:99999', 2, /is not of the form host:port/],
    ['nowhere', 2, /is not of the form host:port/],
    ['no-such-host.invalid:80', 3, /could not be resolved/],
  ])('is at %s: exit code %i', async (address, code, says) => {
    const result = await failure(['call', 'GetUser', '--idl', idl, '-e', address, '-d', '{"id":1}', '--connect-timeout', '10s'])
    expect([result.code, result.text]).toEqual([code, expect.stringMatching(says)])
  })
})

describe('a registry', () => {
  it.each([
    ['that is down', ['etcd://127.0.0.1:2', '--timeout', '20s'], 3, /etcd:\/\/127\.0\.0\.1:2 does not answer: connect ECONNREFUSED 127\.0\.0\.1:2\. Check/],
    ['of an unknown kind', ['etdc://127.0.0.1:2'], 2, /no known kind of registry\. Use file:PATH/],
    ['file that is not there', ['file:gone.json'], 3, /gone\.json: The registry file cannot be read/],
    ['file that is broken', ['file:broken.yaml'], 3, /broken\.yaml:3:1: This is no registry file: [^:]+\. It needs a map/],
    ['file of another shape', ['file:list.json'], 3, /list\.json:1:1: This is no registry file\. It needs a map/],
    ['file with a rubbish entry', ['file:bad-entry.json'], 3, /no usable instance in file:bad-entry\.json\.\n {2}Cause: Registry entry .*bad-entry\.json:1 is no instance: address/],
    ['whose instances lack the tag', ['file:good.json', '--tag', 'zone=b'], 3, /has the tags zone=b\. Tags there are: zone=a/],
    ['without the service', ['file:good.json', '-s', 'demo.usr'], 3, /demo\.usr is not registered .*Did you mean demo\.user\?/],
  ])('%s', async (_, [registry = '', ...more], code, says) => {
    const result = await failure(found(registry, ...more))
    expect([result.code, result.text]).toEqual([code, expect.stringMatching(says)])
  })
})

describe('a file', () => {
  it.each([
    ['of stubs with a mistyped key', ['mock', '--idl', idl, '--export', 'none', '--stub', 'typo.yaml'], 2, /typo\.yaml:3:13 stubs\[0\]\.replly: .*Did you mean reply\?/],
    ['of stubs that is a folder', ['mock', '--idl', idl, '--export', 'none', '--stub', 'folder.thrift'], 2, /Cannot read the stub file\.\n {2}Cause: It is a folder/],
    ['of a YAML policy that is none', [...bodyTo('{"id":1}'), '--policy', 'policy.yaml'], 2, /policy\.yaml: This is no policy that is known.*timout/],
    ['of a YAML policy that is broken', [...bodyTo('{"id":1}'), '--policy', 'broken.yaml'], 2, /broken\.yaml:3:1: The policy file is not YAML/],
    ['of traces that is something else', ['trace', 'list', '--file', 'foreign.json'], 2, /foreign\.json:1: .*no resourceSpans\. Export/],
    ['of traces that is empty', ['trace', 'list', '--file', 'empty.json'], 2, /empty\.json: This file is empty/],
    ['of traces that is not there', ['trace', 'list', '--file', 'gone.json'], 2, /gone\.json: .*\n {2}Cause: No such file or folder/],
    ['of JSON to encode, wrong in line 3', ['encode', '--idl', idl, '--type', 'GetUserRequest', '-f', 'wrong.json'], 2, /wrong\.json:3:17 trace_note: Expected a string/],
    ['of no bytes at all', ['decode', '--frame', '-f', 'empty.json'], 2, /There are no bytes to explain\. Name a file/],
  ])('%s', async (_, args, code, says) => {
    const result = await failure(args)
    expect([result.code, result.text]).toEqual([code, expect.stringMatching(says)])
  })

  it('that holds a part of a frame is said to break off, and where', async () => {
    const { code, stderr } = await runKite(['decode', '--frame', '--hex'], { cwd: folder, stdin: '7fffffff80010001' })
    expect([code, stderr]).toEqual([1, 'kite: +8: From here on the frame is not understood: it is cut short or damaged. Check that the capture holds the whole frame.\n'])
  })

  it('that is no frame is said to be none', async () => {
    expect(await runKite(['decode', '--frame', '-f', 'foreign.json'], { cwd: folder })).toMatchObject({
      code: 1, stderr: 'kite: These 14 bytes are no whole frame of a known transport; they start with 7b2268656c6c6f223a205b315d7d. Give hex text with --hex, or the bytes of a type with --idl and --type.\n',
    })
  })
})

describe('flags', () => {
  it.each([
    [['receive', '--grpc', '70000'], /--grpc takes a port .*got 70000/],
    [['mock', '--idl', idl, '--export', 'nonsense'], /--export takes an http:\/\/ or https:\/\/ URL, or none, got nonsense/],
    [[...bodyTo('{}'), '--env', 'nope'], /There is no workspace, so there is no environment "nope"\. .*-C/],
    [['call', 'GET /x', '-e', '127.0.0.1:1', '-H', 'no colon'], /--header takes key: value, got no colon/],
    [[...bodyTo('{}'), '--transport', 'ttheader', '--codec', 'json'], /ttheader does not carry codec json here\. Choose one of thrift-binary/],
    [[...bodyTo('{}'), '--codec', 'nope'], /--codec does not take nope; it takes auto/],
    [[...bodyTo('{}'), '--transport', 'ttheder'], /--transport does not take ttheder; it takes auto, buffered/],
  ])('%j end with 2', async (args, says) => {
    const { code, text } = await failure(args)
    expect([code, text]).toEqual([2, expect.stringMatching(says)])
  })
})

describe('Protobuf', () => {
  it('that does not link ends with 2 and its place', async () => {
    const { code, text } = await failure(['call', 'S/Go', '--idl', 'broken.proto', '-e', '127.0.0.1:1', '-d', '{}'])
    expect([code, text]).toEqual([2, expect.stringMatching(/broken\.proto:2:13: Unknown type strin/)])
  })

  it('that is garbage is told with the byte that is wrong', async () => {
    const { code, text } = await failure(['decode', '--idl', chat, '--type', 'chat.Note', '--codec', 'protobuf', '-f', 'garbage.bin'])
    expect([code, text]).toEqual([2, expect.stringMatching(/\+0: Field 12 has wire type 7/)])
    expect(await runKite(['decode', '--frame', '--codec', 'protobuf', '-f', 'garbage.bin'], { cwd: folder })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^kite: \+1: From here on/) as unknown })
  })

  it('messages of a stream, broken in line 1000 of their file, end with 2 and that place', async () => {
    const { code, text } = await failure(['call', 'Chat/Collect', '--idl', chat, '-e', await servers.start('silent'), '--transport', 'grpc', '-f', 'messages.jsonl', '--timeout', '20s', '--connect-timeout', '5s'])
    expect([code, text]).toEqual([2, expect.stringMatching(/messages\.jsonl:1000:25: "oops" is no JSON value/)])
  })
})

describe('TLS', () => {
  it.each<readonly [string, (all: Certificates) => readonly string[], RegExp]>([
    ['with authorities that are not there', () => ['--cacert', 'gone.pem'], /gone\.pem does not exist\. Check the path/],
    ['with authorities that are none', () => ['--cacert', 'garbage.bin'], /garbage\.bin holds no certificate in PEM form/],
    ['with a certificate and no key', ({ clientCert }) => ['--cert', clientCert], /client\.pem.*--key/],
    ['with the key of another certificate', ({ clientCert, key }) => ['--cert', clientCert, '--key', key], /server\.key/],
  ])('%s ends with 2 and the file', async (_, flags, says) => {
    const { code, text } = await failure([...bodyTo('{"id":1}'), '--tls', ...flags(certificates)])
    expect([code, text]).toEqual([2, expect.stringMatching(says)])
  })

  it('with a server in plaintext ends with 3', async () => {
    const { code, text } = await failure(['call', 'GetUser', '--idl', idl, '-e', await servers.start('http1'), '-d', '{"id":1}', '--tls', '--timeout', '20s', '--connect-timeout', '5s'])
    expect([code, text]).toEqual([3, expect.stringMatching(/TLS/)])
  })
})

describe('a probe', () => {
  it('of a port where nothing listens ends with 3', async () => {
    const { code, text } = await failure(['probe', '127.0.0.1:1'])
    expect([code, text]).toEqual([3, expect.stringMatching(/nothing listens on 127\.0\.0\.1:1/)])
  })

  it('of silence says that nothing was understood, and ends with 1', async () => {
    const address = await servers.start('silent')
    const { code, stdout } = await runKite(['probe', address, '--timeout', '100ms'], { cwd: folder })
    expect([code, stdout]).toEqual([1, expect.stringContaining(`${address} listens and understood nothing.`)])
  })
})

describe('in Chinese', () => {
  it('lists and causes are written as Chinese is', async () => {
    const zh = async (args: readonly string[]): Promise<string> => (await runKite([...args, '--lang', 'zh-CN'], { cwd: folder })).stderr
    expect(await zh(['call', 'x', '--idl', 'twice.thrift', '-e', '127.0.0.1:1'])).toBe('kite: 方法 x 有多处声明：A/x、B/x。请写成 Service/Method\n')
    expect(await zh(['mock', '--idl', idl, '--export', 'none', '--stub', 'folder.thrift'])).toMatch(/无法读取 stub 文件。\n {2}原因：这是目录，不是文件（EISDIR）\n$/)
    expect(await zh(bodyTo('@latin1.json'))).toMatch(/latin1\.json:1:29: 请求体不是 UTF-8 文本，而 JSON 必须是 UTF-8。请另存为 UTF-8；/)
    expect(await zh(found('file:bad-entry.json'))).toContain('服务 demo.user 在 file:bad-entry.json 中没有可用的实例。')
  })
})

describe('the process', () => {
  it.each([[bodyTo('@-')], [['decode', '--frame']]])('ends with 130 at Ctrl-C while %j waits for standard input', async (args) => {
    const child = startKite([...args], { cwd: folder })
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
    // More than a pipe holds: it has gone through once the process reads, and by then it listens to signals.
    await new Promise((resolve) => child.stdin?.on('error', () => undefined).write(' '.repeat(4_000_000), resolve))
    child.kill('SIGINT')
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect([code, stderr]).toEqual([130, 'kite: Cancelled\n'])
  })

  it('ends with 130 at Ctrl-C while a server is silent', async () => {
    const kite = keepKite(['call', 'GetUser', '--idl', idl, '-e', await servers.start('silent'), '-d', '{"id":1}', '--timeout', '60s', '-o', 'ndjson'])
    await kite.says(/"event":"send"/)
    expect(await kite.stop()).toBe(130)
  })

  it('shows what a server would have the terminal do', async () => {
    const { stderr } = await runKite(['call', 'GET /', '--transport', 'http', '-e', await servers.start('steersTerminal')])
    expect(stderr).toMatch(/500 \\u001b\]0;owned/)
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  it.skipIf(process.platform !== 'linux')('tells a full disk behind its output, without a stack (Linux: /dev/full)', () => {
    const shell = `"${process.execPath}" "${kitePath}" idl tree "${idl}" -o json 2>&1 >/dev/full; echo "$?"`
    expect(execFileSync('bash', ['-c', shell], { encoding: 'utf8', env: { ...process.env, KITE_LANG: 'en' } })).toBe('kite: The output cannot be written: ENOSPC. What was printed so far is incomplete.\n1\n')
  })

  it('leaves a registry file that it cannot understand as it is, and no litter beside it', async () => {
    const { code } = await failure(['mock', '--idl', idl, '--export', 'none', '--register', 'file:broken.yaml'])
    expect(code).toBe(3)
    expect(readFileSync(join(folder, 'broken.yaml'), 'utf8')).toBe(files['broken.yaml'])
    expect(readdirSync(folder).filter((name) => /\.(tmp|lock)$/.test(name))).toEqual([])
  })
})
