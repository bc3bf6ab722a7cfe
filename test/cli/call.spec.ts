// `kite call` as scripts meet it: what is on stdout, what on stderr, the exit code; against servers that misbehave on command.

import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKite } from '../support/run-kite.ts'
import { startThriftPeer, type ThriftPeer } from '../support/thrift-peer.ts'

const idl = 'test/fixtures/call/shop.thrift'
const user = '{"id":9007199254740993,"name":"Ada","roles":["a","b"]}'
const folder = mkdtempSync(join(tmpdir(), 'kite-call-'))
let quick: ThriftPeer
let hang: ThriftPeer
let biz: ThriftPeer
let dead = ''

beforeAll(async () => {
  quick = await startThriftPeer(idl, ({ method, json }) => {
    if (method === 'GetUser' && json.includes('13')) return { reply: { kind: 'declared-exception', type: 'OutOfStock', json: '{"sku":"x","left":9007199254740993}' } }
    return { GetUser: user, Add: '9007199254740993', Ping: 'null', Forget: '', Rename: '"done"' }[method] ?? 'close'
  })
  hang = await startThriftPeer(idl, () => 'hang')
  biz = await startThriftPeer(idl, () => ({ reply: { kind: 'empty' }, header: { strings: [['biz-status', '42'], ['biz-message', 'no such user'], ['biz-extra', '{"k":"v"}'], ['back', 'b']], ints: [] } }))
  const gone = await startThriftPeer(idl, () => user)
  dead = gone.address
  await gone.close()
})
afterAll(() => Promise.all([quick, hang, biz].map((peer) => peer.close())))

const call = (args: readonly string[], stdin?: string) => runKite(['call', ...args], stdin === undefined ? {} : { stdin })
const get = (endpoint: string, ...more: readonly string[]) => call(['UserService/GetUser', '--idl', idl, '-e', endpoint, '-d', '{"id": 7}', ...more])
const lines = (text: string): readonly Record<string, unknown>[] => text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)

describe('kite call', () => {
  it('prints the reply and nothing else, every digit exact', async () => {
    expect(await get(quick.address)).toEqual({ code: 0, stdout: '{\n  "id": 9007199254740993,\n  "name": "Ada",\n  "roles": [\n    "a",\n    "b"\n  ]\n}\n', stderr: '' })
  })

  it('quotes 64-bit integers when asked', async () => {
    expect((await call(['Add', '--idl', idl, '-e', quick.address, '-d', '{"left": 1, "right": 2}', '--int64', 'string'])).stdout).toBe('"9007199254740993"\n')
  })

  it.each([
    ['-d @-', ['-d', '@-'], '{"id": 99}'],
    ['-d @FILE', ['-d', `@${join(folder, 'body.json')}`], undefined],
    ['-f FILE', ['-f', join(folder, 'body.json')], undefined],
  ])('takes the body from %s', async (_how, args, stdin) => {
    writeFileSync(join(folder, 'body.json'), '{"id": 99}')
    expect((await call(['GetUser', '--idl', idl, '-e', quick.address, ...args], stdin)).code).toBe(0)
    expect(quick.calls.at(-1)?.json).toBe('{"id":99}')
  })

  it('understands kitexcall\'s flags', async () => {
    const { code } = await call(['-idl-path', idl, '-m', 'UserService/GetUser', '-e', quick.address, '-transport', 'TTHeader', '-meta', 'k=v', '-meta-persistent', 'p=w', '-d', '{"id": 7}', '-biz-error'])
    expect(code).toBe(0)
    expect(quick.calls.at(-1)?.incoming).toMatchObject({ transport: 'ttheader', header: { strings: expect.arrayContaining([['RPC_TRANSIT_k', 'v'], ['RPC_PERSIST_p', 'w']]) as unknown } })
  })

  it('prints the record as one document with -o json', async () => {
    const { code, stdout, stderr } = await get(quick.address, '-o', 'json', '--seed', '5', '--stats')
    const record = JSON.parse(stdout) as Record<string, unknown>
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('"id": 9007199254740993')
    expect(record).toMatchObject({
      service: 'UserService', method: 'UserService/GetUser', transport: 'ttheader-framed', codec: 'thrift-binary', instance: { address: quick.address, weight: 10, tags: {} },
      outcome: 'ok', error: null, metainfo: { backward: {} }, headers: [], trailers: [], warnings: [], seed: 5, explanation: expect.stringContaining(quick.address) as unknown,
      traceId: expect.stringMatching(/^[\da-f]{32}$/) as unknown, spanId: expect.stringMatching(/^[\da-f]{16}$/) as unknown,
      startTimeUnixNano: expect.stringMatching(/^\d{19}$/) as unknown, durationNs: expect.stringMatching(/^\d+$/) as unknown,
      stats: { attempts: 1, totalNs: expect.stringMatching(/^\d+$/) as unknown },
    })
    const nodes = (record['chain'] as { nodes: Record<string, unknown>[] }).nodes
    expect(nodes.map(({ kind }) => kind)).toEqual(['tracer', 'retry', 'breaker.service', 'timeout', 'resolver', 'balancer', 'breaker.instance', 'connection', 'metainfo', 'wire'])
    expect(nodes[5]).toMatchObject({
      n: 5, parent: 4, name: 'balancer', verdict: 'changed', reason: `Picked ${quick.address} of 1 by weight_round_robin`, reasonCode: 'chain.picked', attempt: null,
      startNs: expect.stringMatching(/^\d+$/) as unknown, decision: { kind: 'balancer', picked: quick.address, seed: 5 }, deltas: [{ store: 'context', path: 'instance', op: 'add', after: quick.address }],
    })
  })

  it('prints what happens as it happens with -o ndjson, the record last', async () => {
    const printed = lines((await get(quick.address, '-o', 'ndjson')).stdout)
    expect(printed.map(({ event }) => event).filter((event) => event !== 'enter' && event !== 'leave')).toEqual(['start', 'send', 'message', 'end', undefined])
    expect(printed.slice(0, -1).map(({ seq }) => seq)).toEqual(printed.slice(0, -1).map((_, n) => n))
    expect(printed.at(-1)).toMatchObject({ outcome: 'ok', chain: { nodes: expect.any(Array) as unknown } })
  })

  it('tells a business error with status, message and extra, and ends with 1', async () => {
    expect(await get(biz.address)).toMatchObject({ code: 1, stdout: '', stderr: 'kite: Business error 42: no such user\n' })
    const { code, stdout } = await get(biz.address, '-o', 'json')
    expect([code, JSON.parse(stdout)]).toMatchObject([1, { outcome: 'biz_error', response: null, error: { code: 'biz_error', status: 42, message: 'no such user', extra: { k: 'v' } }, metainfo: { backward: { back: 'b' } } }])
    expect((await get(biz.address, '--meta-backward')).stderr).toContain('backward back: b')
  })

  it('tells a declared exception with its type and value, and ends with 1', async () => {
    const { code, stdout } = await call(['GetUser', '--idl', idl, '-e', quick.address, '-d', '{"id": 13}', '-o', 'json'])
    expect([code, stdout.includes('"left": 9007199254740993'), JSON.parse(stdout)]).toMatchObject([1, true, { outcome: 'exception', error: { code: 'exception', type: 'OutOfStock', value: { sku: 'x' } } }])
  })

  it('ends with 4 on a timeout and shows the ladder with -v', async () => {
    const { code, stdout, stderr } = await get(hang.address, '--timeout', '30ms', '-v')
    expect([code, stdout]).toEqual([4, ''])
    expect(stderr).toContain(`kite: RPC timeout: no reply from ${hang.address} within 30 ms (to=UserService, method=GetUser).`)
    expect(stderr).toMatch(/✕ timeout +The timeout of 30 ms fired/)
    expect(stderr).toMatch(/– retry +No retry policy/)
  })

  it('retries on the other instance, as lanes', async () => {
    const { code, stderr } = await get(hang.address, '-e', quick.address, '--timeout', '400ms', '--retry', '2', '--seed', '0', '-v')
    expect(code).toBe(0)
    expect(stderr).toContain(`Failed once: attempt 1 on ${hang.address} hit the 400 ms timeout; attempt 2 succeeded on ${quick.address}.`)
    expect(stderr).toMatch(/ {2}✕ attempt 1[\s\S]* {2}· attempt 2/)
  })

  it('takes Kitex\'s policy file', async () => {
    const file = join(folder, 'retry.json')
    writeFileSync(file, JSON.stringify({ '*': { enable: true, type: 0, failure_policy: { stop_policy: { max_retry_times: 1 }, backoff_policy: { backoff_type: 'fixed', cfg_items: { fix_ms: 5 } } } } }))
    const { code, stderr } = await get(hang.address, '--timeout', '30ms', '--policy', file, '-v')
    expect([code, stderr.includes('░ wait'), stderr.includes('fixed backoff of 5 ms')]).toEqual([4, true, true])
  })

  it('says with 3 that nothing listens, and in Chinese too', async () => {
    expect(await get(dead)).toEqual({ code: 3, stdout: '', stderr: `kite: Connection refused: nothing listens on ${dead}. Start the service, or check the port.\n` })
    const chinese = await get(dead, '--lang', 'zh-CN', '-o', 'json')
    expect([chinese.code, JSON.parse(chinese.stdout)]).toMatchObject([3, { outcome: 'failed', error: { code: 'get_connection', layer: 'connection', message: expect.stringMatching(/\p{Script=Han}/u) as unknown } }])
  })

  it.each([
    ['a method that is not there', ['GetUsr', '--idl', idl, '-e', '127.0.0.1:1'], 'UserService/GetUser'],
    ['a field that is not there', ['GetUser', '--idl', idl, '-e', '127.0.0.1:1', '-d', '{"idd": 7}'], 'id'],
    ['a body that is no JSON', ['GetUser', '--idl', idl, '-e', '127.0.0.1:1', '-d', '{"id": '], '1:8'],
    ['no target', ['GetUser', '--idl', idl], '--endpoint'],
    ['a service without registry', ['GetUser', '--idl', idl, '-s', 'demo.user'], '--registry'],
    ['an IDL that is not there', ['GetUser', '--idl', 'nowhere.thrift', '-e', '127.0.0.1:1'], 'nowhere.thrift'],
    ['a flag that is not there', ['GetUser', '--endpont', 'x'], '--endpoint'],
    ['too many retries', ['GetUser', '--idl', idl, '-e', '127.0.0.1:1', '--retry', '9'], '0 to 5'],
    ['a policy file that is not there', ['GetUser', '--idl', idl, '-e', '127.0.0.1:1', '--policy', 'nowhere.json'], 'nowhere.json'],
    ['an unknown transport', ['GetUser', '--idl', idl, '-e', '127.0.0.1:1', '--transport', 'carrier-pigeon'], 'ttheader-framed'],
  ])('ends with 2 for %s and names the right thing', async (_what, args, named) => {
    const { code, stdout, stderr } = await call([...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(named)
  })

  it('explains the bytes, lets Apache Thrift read them too and says where the time went, all on stderr', async () => {
    const { stdout, stderr } = await get(quick.address, '--bytes', '--cross-check', '--stats')
    expect(stdout.startsWith('{\n  "id"')).toBe(true)
    expect(stderr).toMatch(/00000e {2}00 +protocol id \(u8\) = 0x00 ThriftBinary/)
    expect(stderr).toMatch(/00 20 00 00 00 00 00 01 +value \(i64\) = 9007199254740993/)
    expect(stderr).toContain('Cross-check: Apache Thrift reads the same.')
    expect(stderr).toMatch(/in 1 attempt: middlewares .*, server /)
  })

  it('sends a oneway and prints nothing', async () => {
    expect(await call(['Forget', '--idl', idl, '-e', quick.address, '-d', '{"id": 1}'])).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('warns about metainfo that the transport cannot carry', async () => {
    expect(await get(quick.address, '--transport', 'framed', '--meta', 'k=v')).toMatchObject({ code: 0, stderr: 'Warning: Metainfo was not sent, because framed cannot carry it: k. Use --transport ttheader-framed.\n' })
  })

  it('takes IDL, registry and service from the workspace it stands in', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'kite-workspace-'))
    mkdirSync(join(workspace, 'env'))
    writeFileSync(join(workspace, 'kite.json'), JSON.stringify({ format: 1, name: 'shop', idl: { paths: ['shop.thrift'], includeDirs: [] }, services: {} }))
    writeFileSync(join(workspace, 'env/local.json'), JSON.stringify({ format: 1, registry: 'file:registry.json', production: false, variables: {} }))
    copyFileSync(idl, join(workspace, 'shop.thrift'))
    writeFileSync(join(workspace, 'registry.json'), JSON.stringify({ services: { 'demo.user': [{ address: quick.address }], 'demo.other': [{ address: dead }] } }))
    const { code, stdout, stderr } = await call(['UserService/GetUser', '-C', workspace, '-d', '{"id": 7}', '-o', 'json'])
    expect([code, stderr, JSON.parse(stdout)]).toMatchObject([0, '', { service: 'demo.user', instance: { address: quick.address } }])
    const inside = await runKite(['call', 'AdminService/Rename', '-d', '{"id": 7}'], { cwd: workspace })
    expect([inside.code, inside.stderr.includes('--service NAME')]).toEqual([2, true])
  })

  it('finds the service in a registry file, by tag', async () => {
    const registry = join(folder, 'registry.yaml')
    writeFileSync(registry, `services:\n  demo.user:\n    - {address: "${dead}", weight: 10, tags: {version: v1}}\n    - {address: "${quick.address}", weight: 10, tags: {version: v2}}\n`)
    const { code, stdout } = await call(['GetUser', '--idl', idl, '-s', 'demo.user', '--registry', `file:${registry}`, '--tag', 'version=v2', '-d', '{"id": 7}', '-o', 'json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { service: 'demo.user', instance: { address: quick.address, tags: { version: 'v2' } } }])
    const unknown = await call(['GetUser', '--idl', idl, '-s', 'demo.usr', '--registry', `file:${registry}`, '-d', '{"id": 7}'])
    expect([unknown.code, unknown.stderr.includes('Did you mean demo.user?')]).toEqual([3, true])
    const noTag = await call(['GetUser', '--idl', idl, '-s', 'demo.user', '--registry', `file:${registry}`, '--tag', 'version=v3', '-d', '{"id": 7}'])
    expect([noTag.code, noTag.stderr.includes('version=v1, version=v2')]).toEqual([3, true])
  })
})
