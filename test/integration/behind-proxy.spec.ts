// Services behind nginx, as most stand in the field: connections that end in good order in the middle of many calls, settings loaded anew, bodies
// that pass through, and what is said when the service behind is gone.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { grpcGoMissing, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { nginxMissing, startNginx, type NginxServer } from '../support/peers/nginx.ts'

const missing = grpcGoMissing() ?? nginxMissing()
const idl = { paths: ['test/peers/grpc-go/idl/peer.proto'] }

describe.skipIf(missing !== undefined)(missing === undefined ? 'behind nginx' : `behind nginx is skipped: ${missing}`, () => {
  let service: GrpcGoServer
  let site: Server
  let proxy: NginxServer
  let engine: Engine
  beforeAll(async () => {
    service = await startGrpcGoServer()
    site = createServer((request, response) => request.resume().on('end', () => response.end(JSON.stringify({ path: request.url }))))
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    proxy = await startNginx({ grpc: service.grpc, http: `127.0.0.1:${(site.address() as AddressInfo).port}`, requestsPerConnection: 7 })
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await proxy.stop()
    site.close()
    await service.stop()
  })

  const call = (method: string, body: string, more: Partial<CallRequestInput> = {}): Promise<CallRecord> => engine.call({
    idl, method, body, target: { kind: 'direct', endpoints: [proxy.grpc] }, transport: 'grpc', timeoutMs: 20_000, connectTimeoutMs: 5000, ...more,
  })
  const get = (path: string, version: '1.1' | '2'): Promise<CallRecord> => engine.call({
    idl: { paths: [] }, method: `GET ${path}`, body: '', target: { kind: 'direct', endpoints: [version === '2' ? proxy.http2 : proxy.http] }, transport: 'http', http: { version }, timeoutMs: 20_000, connectTimeoutMs: 5000,
  })
  /** How calls ended, each with how often. */
  async function outcomes(count: number, atOnce: number, once: (index: number) => Promise<CallRecord>): Promise<Readonly<Record<string, number>>> {
    const ended: Record<string, number> = {}
    let next = 0
    const worker = async (): Promise<void> => {
      while (next < count) {
        const { outcome, error } = await once(next++)
        const key = error === undefined ? outcome : `${error.code}: ${error.text.key}`
        ended[key] = (ended[key] ?? 0) + 1
      }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    return ended
  }

  it.each([1, 8, 40])('no call is lost where connections end after 7 requests, %i at a time', async (atOnce) => {
    expect(await outcomes(400, atOnce, (index) => call('Peer/Echo', JSON.stringify({ number: index })))).toEqual({ ok: 400 })
  })

  it('no call is lost while the proxy loads its settings anew', async () => {
    const reloads = setInterval(() => proxy.reload(), 100)
    const ended = await outcomes(600, 8, (index) => call('Peer/Sleep', JSON.stringify({ ms: index % 10 })))
    clearInterval(reloads)
    expect(ended).toEqual({ ok: 600 })
  })

  it('streams and large messages pass through it', async () => {
    const counted = await call('Peer/Count', '{"count":200,"bytes":100000}')
    expect([counted.outcome, counted.stream?.received]).toEqual(['ok', 200])
    const text = 'x'.repeat(3_000_000)
    const echoed = await call('Peer/Echo', JSON.stringify({ text }))
    expect([echoed.outcome, echoed.response === JSON.stringify({ text })]).toEqual(['ok', true])
    const chat = await call('Peer/Chat', '{"text":"a"} {"text":"b"}')
    expect([chat.outcome, chat.stream?.received]).toEqual(['ok', 2])
  })

  it.each(['1.1', '2'] as const)('HTTP/%s goes on where connections end after 7 requests, and while settings are loaded anew', async (version) => {
    const reloads = setInterval(() => proxy.reload(), 100)
    const ended = await outcomes(600, 8, (index) => get(`/users/${index}`, version))
    clearInterval(reloads)
    expect(ended).toEqual({ ok: 600 })
  })

  it('a service that is gone behind it is said to be', async () => {
    await service.stop()
    const { outcome, error } = await call('Peer/Echo', '{}')
    expect([outcome, error?.text.key, error?.text.params]).toEqual(['failed', 'grpc.httpStatus', { httpStatus: 502, code: 14, name: 'UNAVAILABLE' }])
  })
})
