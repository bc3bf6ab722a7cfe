import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createEngine, systemPorts } from '../../src-main/engine/index.ts'
import { createTelemetry } from '../../src-main/engine/telemetry/index.ts'
import { keepKite, type RunningKite } from '../support/kite-process.ts'
import { runKite } from '../support/run-kite.ts'

const idl = resolve('test/fixtures/mock/shop.thrift')
let folder = ''
let running: RunningKite | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kite-mock-cli-'))
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(folder, { recursive: true })
})

async function sum(address: string): Promise<string | undefined> {
  const engine = createEngine(systemPorts())
  const record = await engine.call({ idl: { paths: [idl] }, method: 'UserService/Sum', body: '{"a":1,"b":2}', target: { kind: 'direct', endpoints: [address] }, timeoutMs: 5000 })
  await engine.dispose()
  return record.response
}

describe('kite mock', () => {
  it('prints its address, its hits, and exports its span; registers and takes itself out at Ctrl-C', async () => {
    const registry = join(folder, 'registry.json')
    const stub = join(folder, 'stubs.yaml')
    writeFileSync(registry, '{"format":1,"services":{}}')
    writeFileSync(stub, 'stubs: [{ method: Sum, reply: 42 }]')
    const telemetry = createTelemetry()
    const { http } = await telemetry.start({ grpcPort: 0, httpPort: 0 })
    const kite = keepKite(['mock', '--idl', idl, '--service', 'UserService', '--stub', stub, '--register', `file:${registry}`, '--as', 'demo.user', '--tag', 'version=v9', '--export', `http://${http.state === 'listening' ? http.address : ''}`])
    running = kite
    await kite.says(/1 stub from/)
    const address = kite.stdout().split('\n')[0] ?? ''
    expect(readFileSync(registry, 'utf8')).toContain(address)
    expect(await sum(address)).toBe('42')
    await kite.says(/UserService\/Sum {2}ttheader-framed {2}reply {2}[\d.]+ ms {2}stub 0/)
    writeFileSync(stub, 'stubs: [{ method: Summ, reply: 42 }]')
    await kite.says(/The stub file is broken, the stubs before stay in force: .*stubs\.yaml:1:19 stubs\[0\]\.method: .*Sum/)
    writeFileSync(stub, 'stubs: [{ method: Sum, reply: 43 }]')
    await kite.says(/Reloaded: 1 stub in force/)
    expect(await sum(address)).toBe('43')
    expect(await kite.stop()).toBe(130)
    expect(kite.stderr()).toContain('Stopped after 2 calls.')
    expect(readFileSync(registry, 'utf8')).not.toContain(address)
    const [trace] = await telemetry.store.list({ service: 'demo.user' })
    expect(trace).toMatchObject({ rootName: 'UserService/Sum', spans: 1 })
    await telemetry.stop()
    telemetry.dispose()
  })

  it('as ndjson prints one object a hit', async () => {
    const kite = keepKite(['mock', '--idl', idl, '--export', 'none', '-o', 'ndjson'])
    running = kite
    const [, address = ''] = await kite.says(/"address":"([^"]+)"/)
    await sum(address)
    await kite.says(/"event":"hit"/)
    const [listening, hit] = kite.stdout().trim().split('\n').map((line) => JSON.parse(line))
    expect(listening).toEqual({ event: 'listening', address, services: ['UserService', 'AuditService'] })
    expect(hit).toMatchObject({ event: 'hit', seq: 1, method: 'UserService/Sum', by: { kind: 'example' }, outcome: 'reply', response: '1' })
  })

  it.each([
    ['no IDL', [], /--idl/],
    ['an IDL that is not there', ['--idl', '/nowhere.thrift'], /nowhere\.thrift/],
    ['an unknown service', ['--idl', idl, '--service', 'Nobody'], /no service Nobody\. It has UserService,AuditService|no service Nobody/],
    ['a stub file that is not there', ['--idl', idl, '--stub', '/nowhere.yaml'], /nowhere\.yaml: Cannot read the stub file/],
  ])('refuses %s with exit code 2', async (_, args, says) => {
    const { code, stderr } = await runKite(['mock', ...args])
    expect([code, says.test(stderr), stderr]).toEqual([2, true, stderr])
  })
})
