import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTelemetry, encodeTracesJson, type Telemetry } from '../../src-main/engine/telemetry/index.ts'
import { keepKite } from '../support/kite-process.ts'
import { runKite } from '../support/run-kite.ts'
import { traceIdOf, traceText } from '../support/trace-text.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-trace-'))
const file = join(folder, 'traces.jsonl')
const checkout = traceText('gateway Checkout 0-40 server\n  order Create 5-35 client error\n    stock Reserve 8-30 server', traceIdOf(0xabc1))
const touch = traceText('user Touch 100-101 server parent=99', traceIdOf(0xabc2))
let telemetry: Telemetry
let http = ''

beforeAll(async () => {
  writeFileSync(file, `${encodeTracesJson(checkout)}\n${encodeTracesJson(touch)}\n`)
  telemetry = createTelemetry()
  const { http: port } = await telemetry.start({ grpcPort: 0, httpPort: 0 })
  http = port.state === 'listening' ? port.address : ''
})
afterAll(async () => {
  await telemetry.stop()
  telemetry.dispose()
  rmSync(folder, { recursive: true })
})

const kite = (...args: string[]) => runKite(['trace', ...args])

describe('kite trace', () => {
  it('imports a file into the receiver, plain or compressed, and the same spans only once', async () => {
    const zipped = join(folder, 'traces.jsonl.gz')
    writeFileSync(zipped, gzipSync(encodeTracesJson(checkout)))
    expect(await kite('import', file, '--http', http)).toEqual({ code: 0, stdout: '', stderr: '4 spans sent, 0 rejected\n' })
    expect((await kite('import', zipped, '--http', http, '-o', 'json')).stdout).toBe('{\n  "spans": 3,\n  "rejected": 0\n}\n')
    expect(telemetry.store.counts).toMatchObject({ spans: 4, duplicates: 3 })
  })

  it('lists as a table and as JSON, filtered', async () => {
    const { stdout } = await kite('list', '--http', http)
    expect(stdout).toBe([
      'TRACE                             START         DURATION  SPANS  ERRORS  ROOT',
      `${traceIdOf(0xabc2)}  06:28:32.100  1.00 ms   1      0       user  Touch`,
      `${traceIdOf(0xabc1)}  06:28:32.000  40.0 ms   3      1       gateway  Checkout`,
      '',
    ].join('\n'))
    const failed = await kite('list', '--http', http, '--errors', '--min-duration', '10ms', '-o', 'json')
    expect(JSON.parse(failed.stdout)).toEqual({ traces: [{
      traceId: traceIdOf(0xabc1), rootName: 'Checkout', rootService: 'gateway', startTimeUnixNano: '1763706512000000000', durationNs: '40000000', spans: 3, services: ['gateway', 'order', 'stock'], errors: 1,
    }] })
    expect((await kite('list', '--http', http, '--service', 'nobody')).stderr).toBe('No trace matches.\n')
  })

  it('draws a trace, also from a file, and says what is missing in either language', async () => {
    const shown = await kite('show', traceIdOf(0xabc2), '--file', file)
    expect([shown.code, shown.stdout.split('\n')[0]?.slice(0, 96)]).toEqual([0, '  ? parent in a service that does not export here: point its exporter at this receiver'.padEnd(96).slice(0, 96)])
    expect((await kite('show', traceIdOf(0xabc2), '--file', file, '--lang', 'zh-CN')).stdout).toContain('父 span 所在的服务没有向此处上报')
    expect((await kite('show', traceIdOf(0xabc1), '--file', file)).stdout).toMatch(/^\* gateway {2}Checkout .*\n\* └ ! order {2}Create .*\n\* {3}└ stock {2}Reserve .*\n$/)
  })

  it('exports what it imported', async () => {
    const { stdout } = await kite('export', traceIdOf(0xabc1), '--http', http)
    expect(stdout).toBe(`${encodeTracesJson(checkout)}\n`)
  })

  it('refuses ids that none or several traces begin with, with exit code 2', async () => {
    const none = await kite('show', 'ffff', '--http', http)
    expect([none.code, none.stderr]).toEqual([2, 'kite: No trace begins with ffff. List them with: kite trace list\n'])
    const several = await kite('show', '0000', '--http', http)
    expect([several.code, several.stderr]).toEqual([2, `kite: Several traces begin with 0000: ${traceIdOf(0xabc1)}, ${traceIdOf(0xabc2)}. Give more digits.\n`])
  })

  it('follows spans as JSON lines', async () => {
    const tail = keepKite(['trace', 'tail', '--http', http, '-o', 'ndjson'])
    const adding = setInterval(() => telemetry.store.add(traceText('late Span 0-1', traceIdOf(Math.floor(performance.now() * 1000)))), 50)
    await tail.says(/"name":"Span"/)
    clearInterval(adding)
    expect(await tail.stop()).toBe(130)
  })

  it('says where a file is wrong, and when no receiver answers', async () => {
    const bad = join(folder, 'bad.jsonl')
    writeFileSync(bad, `${encodeTracesJson(touch)}\n{"resourceSpans":[{"scopeSpans":7}]}\n`)
    const wrong = await kite('import', bad, '--http', http)
    expect([wrong.code, wrong.stderr]).toEqual([2, `kite: ${bad}:2 resourceSpans[0].scopeSpans: Not OTLP JSON: no JSON array at resourceSpans[0].scopeSpans.\n`])
    const gone = await kite('list', '--http', '127.0.0.1:9', '-o', 'json')
    expect([gone.code, JSON.parse(gone.stdout).error.code]).toEqual([3, 'get_connection'])
    const missing = await kite('list', '--file', join(folder, 'none.jsonl'))
    expect(missing.code).toBe(2)
  })
})
