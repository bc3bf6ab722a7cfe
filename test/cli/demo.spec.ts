import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepKite, type RunningKite } from '../support/kite-process.ts'
import { runKite } from '../support/run-kite.ts'

let folder = ''
let running: RunningKite | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kite-demo-cli-'))
})
afterEach(async () => {
  await running?.stop()
  running = undefined
  rmSync(folder, { recursive: true, force: true })
})

describe('kite demo --once', () => {
  it('prints the reply, the chain with a timeout and a retry on another version, and the trace of all services', async () => {
    const { code, stdout, stderr } = await runKite(['demo', '--once'])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^trace [0-9a-f]{32} .* 5 services\n\* on the critical path/)])
    expect(stdout).toContain('"id": 9007199254740993,')
    expect(stdout).toContain('"name": "林小满"')
    expect(stdout).toMatch(/✕ attempt 1 /)
    expect(stdout).toMatch(/200 ms timeout/)
    expect(stdout).toMatch(/· attempt 2 /)
    for (const service of ['demo.user', 'demo.order', 'demo.stock', 'demo.gateway']) expect(stdout).toMatch(new RegExp(`[└├] (! )?${service.replace('.', '\\.')} `))
    expect(stdout).not.toContain('?')
  })

  it('as json prints the call record', async () => {
    const { code, stdout } = await runKite(['demo', '--once', '-o', 'json'])
    const record = JSON.parse(stdout) as { readonly outcome: string; readonly chain: { readonly nodes: readonly { readonly kind: string }[] } }
    expect([code, record.outcome, record.chain.nodes.filter(({ kind }) => kind === 'attempt').length]).toEqual([0, 'ok', 2])
  })

  it('leaves nothing behind', async () => {
    const { code } = await runKite(['demo', '--once'], { env: { TMPDIR: folder } })
    expect([code, readdirSync(folder)]).toEqual([0, []])
  })

  it('says so when the folder cannot be written', async () => {
    const file = join(folder, 'a-file')
    writeFileSync(file, '')
    const { code, stderr } = await runKite(['demo', '--once', file])
    expect([code, stderr.split('\n')[0]]).toEqual([2, `kite: Cannot write the demo workspace to ${file}. Name another folder: kite demo FOLDER`])
  })
})

describe('kite demo', () => {
  it('prints who runs where, can be called by its workspace, and is gone from the registry after Ctrl-C', async () => {
    const kite = keepKite(['demo', folder])
    running = kite
    await kite.says(/Ctrl-C stops/)
    const lines = kite.stdout().trim().split('\n').map((line) => line.split(/\s+/))
    expect(lines.map(([service, , weight, version]) => [service, weight, version])).toEqual([
      ['demo.stock', 'w10', 'version=v1.0'], ['demo.order', 'w10', 'version=v1.0'], ['demo.order', 'w10', 'version=v1.0'],
      ['demo.user', 'w10', 'version=v1.9'], ['demo.user', 'w10', 'version=v1.9'], ['demo.user', 'w2', 'version=v2.1'], ['demo.gateway', 'w10', 'version=v1.0'],
    ])
    const address = lines[3]?.[1] ?? ''
    expect(readFileSync(join(folder, 'registry.yaml'), 'utf8')).toContain(address)
    const call = await runKite(['call', '-C', folder, 'UserService/GetUser', '-s', 'demo.user', '--tag', 'version=v1.9', '-d', '{"userId": 9007199254740995}'])
    expect([call.code, JSON.parse(call.stdout)]).toEqual([0, expect.objectContaining({ user: expect.objectContaining({ name: 'Ada Lovelace' }) })])
    const receiver = keepKite(['receive', '--grpc', '0', '--http', '0'])
    const http = (await receiver.says(/OTLP\/HTTP listens on (\S+)/))[1] ?? ''
    const traced = await runKite(['call', '-C', folder, 'StockService/Levels', '-s', 'demo.stock', '-d', '{}', '-o', 'json'], { env: { KITE_RECEIVER: http } })
    const { traceId } = JSON.parse(traced.stdout) as { readonly traceId: string }
    const shown = await runKite(['trace', 'show', traceId], { env: { KITE_RECEIVER: http } })
    expect([shown.code, shown.stdout.startsWith('* kite.console  StockService/Levels')]).toEqual([0, true])
    await receiver.stop()
    expect(await kite.stop()).toBe(130)
    expect(readFileSync(join(folder, 'registry.yaml'), 'utf8')).not.toContain(address)
  })
})
