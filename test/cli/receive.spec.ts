import { createServer, type AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createExporter } from '../../src-main/engine/telemetry/index.ts'
import { keepKite, type RunningKite } from '../support/kite-process.ts'
import { runKite } from '../support/run-kite.ts'
import { traceIdOf, traceText } from '../support/trace-text.ts'

let running: RunningKite | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
})

async function receive(...args: string[]): Promise<{ kite: RunningKite; grpc: string; http: string }> {
  const kite = keepKite(['receive', '--grpc', '0', '--http', '0', ...args])
  running = kite
  const grpc = (await kite.says(/OTLP\/gRPC listens on (\S+)/))[1] ?? ''
  const http = (await kite.says(/OTLP\/HTTP listens on (\S+)/))[1] ?? ''
  return { kite, grpc, http }
}

async function exportTo(http: string, text: string): Promise<void> {
  const exporter = createExporter(`http://${http}`)
  for (const span of traceText(text)) exporter.add(span)
  await exporter.flush(AbortSignal.timeout(5000))
  exporter.dispose()
}

describe('kite receive', () => {
  it('prints spans as they come, can be asked meanwhile, and ends at Ctrl-C with its totals', async () => {
    const { kite, http } = await receive()
    await exportTo(http, 'order Create 0-12 server error\n  stock Reserve 2-5 client')
    await kite.says(/Reserve/)
    expect(kite.stdout()).toBe([
      '00000000   12.0 ms  server    order  Create  !',
      '00000000   3.00 ms  client    stock  Reserve',
      '',
    ].join('\n'))
    const shown = await runKite(['trace', 'show', traceIdOf(1), '--http', http])
    expect([shown.code, shown.stdout]).toEqual([0, [
      `* ! order  Create   12.0 ms  9.00 ms  ${'█'.repeat(81)}`,
      `* └ stock  Reserve  3.00 ms  3.00 ms  ${' '.repeat(13)}${'█'.repeat(21)}`,
      '',
    ].join('\n')])
    expect(await kite.stop()).toBe(130)
    expect(kite.stderr()).toContain('2 spans of 1 traces, 0 rejected, 0 let go')
  })

  it('as ndjson prints one object a line, integers exact', async () => {
    const { kite, http } = await receive('-o', 'ndjson')
    const exporter = createExporter(`http://${http}`)
    for (const span of traceText('user GetUser 0-5 server')) exporter.add({ ...span, attributes: { id: 9007199254740993n, n: 5n, list: [1.5, true] } })
    await exporter.flush(AbortSignal.timeout(5000))
    exporter.dispose()
    await kite.says(/GetUser/)
    expect(JSON.parse(kite.stdout())).toEqual({
      traceId: traceIdOf(1), spanId: '0000000000000001', service: 'user', name: 'GetUser', kind: 'server', startTimeUnixNano: '1763706512000000000', durationNs: '5000000', status: 'unset',
      attributes: { id: '9007199254740993', n: 5, list: [1.5, true] }, events: [], scope: 'test',
    })
  })

  it('says who knocks at the wrong port and what to do', async () => {
    const { kite, grpc } = await receive()
    const socket = connect(Number(grpc.split(':')[1]), '127.0.0.1', () => socket.write('POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n'))
    const [line] = await kite.says(/An exporter at .* speaks HTTP to the gRPC port \(1\): point it at port \d+/)
    expect(line).toContain('127.0.0.1:')
    socket.destroy()
  })

  it('a taken port is told with a free one; with both taken it gives up', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const { kite } = { kite: keepKite(['receive', '--grpc', String(port), '--http', '0']) }
    running = kite
    await kite.says(new RegExp(`OTLP/gRPC: port ${port} belongs to another program; \\d+ is free`))
    await kite.says(/OTLP\/HTTP listens on/)
    const none = await runKite(['receive', '--grpc', String(port), '--http', String(port)])
    expect(none.code).toBe(1)
    server.close()
  })
})
