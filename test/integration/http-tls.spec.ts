// Everything over HTTP with TLS: plain HTTP in both versions by ALPN, annotated methods against Hertz, redirects between origins, and wss.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createSecureServer } from 'node:http2'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { hertzIdl, hertzMissing, startHertz, type HertzServer } from '../support/peers/hertz.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-http-tls-'))
const missing = hertzMissing()
let engine: Engine
let certificates: Certificates
const servers: Server[] = []

beforeAll(async () => {
  engine = createEngine(systemPorts({ baseDir: folder }))
  certificates = await makeCertificates(folder)
})
afterAll(async () => {
  await engine.dispose()
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true })
})

const pem = (): { readonly cert: Buffer; readonly key: Buffer } => ({ cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) })

async function listening(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

const call = (port: number, more: Partial<CallRequestInput>): Promise<CallRecord> => engine.call({
  idl: { paths: [] }, method: 'GET /', body: '', target: { kind: 'direct', endpoints: [`localhost:${port}`] }, transport: 'http', timeoutMs: 5000, connectTimeoutMs: 2000, tls: { caFile: certificates.ca }, ...more,
})

const tlsOf = (record: CallRecord): unknown => {
  const decision = record.chain.nodes.find(({ kind }) => kind === 'connection')?.decision
  return decision?.kind === 'connection' ? decision.tls : undefined
}

describe('plain HTTP over TLS', () => {
  it('takes HTTP/2 where the server likes it better, and HTTP/1.1 where it is asked to', async () => {
    const port = await listening(createSecureServer({ ...pem(), allowHTTP1: true }, (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ version: request.httpVersion }))
    }))
    expect(await Promise.all((['auto', '1.1', '2'] as const).map(async (version) => (await call(port, { http: { version } })).response))).toEqual(['{"version":"2.0"}', '{"version":"1.1"}', '{"version":"2.0"}'])
    expect(tlsOf(await call(port, {}))).toMatchObject({ version: 'TLSv1.3', alpn: 'h2', insecure: false })
  })

  it('speaks HTTP/1.1 with a server that knows no ALPN, and says when it insists on HTTP/2 in vain', async () => {
    const server = createServer({ ...pem(), ALPNProtocols: [] }, (_request, response) => response.end('hello'))
    const port = await listening(server)
    expect(await call(port, {})).toMatchObject({ outcome: 'ok', response: '"hello"' })
    expect(await call(port, { http: { version: '2' } })).toMatchObject({ outcome: 'failed', error: { code: 'get_connection', text: { key: 'tls.alpnRefused' } } })
  })

  it('stops where the certificate is of another authority, and never goes on in plaintext', async () => {
    const port = await listening(createServer(pem(), (_request, response) => response.end('hello')))
    expect(await call(port, { tls: { caFile: certificates.otherCa } })).toMatchObject({ outcome: 'failed', error: { code: 'get_connection' }, bytes: { sent: 0 } })
    expect(await call(port, { tls: { insecure: true } })).toMatchObject({ outcome: 'ok', warnings: [{ text: { key: 'call.tlsNotVerified' } }] })
    expect(await engine.call({ idl: { paths: [] }, method: 'GET /', body: '', target: { kind: 'direct', endpoints: [`127.0.0.1:${port}`] }, transport: 'http', timeoutMs: 3000, connectTimeoutMs: 2000 })).toMatchObject({ outcome: 'failed' })
  })

  it('follows a redirect to another origin with the same trust', async () => {
    const there = await listening(createServer(pem(), (request, response) => response.end(JSON.stringify([request.headers.host, request.headers.authorization ?? null]))))
    const here = await listening(createServer(pem(), (_request, response) => response.writeHead(302, { Location: `https://localhost:${there}/x` }).end()))
    expect(await call(here, { headers: [['Authorization', 'Bearer t']] })).toMatchObject({ outcome: 'ok', response: `["localhost:${there}",null]` })
  })

  it('shows the client certificate to the server that was meant, by its name and on a new connection too, and to none that it redirects to', async () => {
    const asks = { ...pem(), requestCert: true, rejectUnauthorized: false }
    const told = (request: IncomingMessage): string => JSON.stringify(request.socket instanceof TLSSocket ? [request.url, Reflect.get(request.socket, 'servername'), request.socket.getPeerCertificate().subject?.CN ?? null] : [])
    const there = await listening(createServer(asks, (request, response) => response.end(told(request))))
    const seen: string[] = []
    const here = await listening(createServer(asks, (request, response) => {
      seen.push(told(request))
      const location = request.url === '/' ? '/again' : `https://127.0.0.1:${there}/x`
      response.writeHead(307, { Location: location, Connection: 'close' }).end()
    }))
    const record = await call(here, { tls: { caFile: certificates.ca, certFile: certificates.clientCert, keyFile: certificates.clientKey, serverName: 'localhost' }, target: { kind: 'direct', endpoints: [`127.0.0.1:${here}`] } })
    const [, , name] = JSON.parse(seen[0] ?? '[]') as readonly unknown[]
    expect(name).toEqual(expect.any(String))
    expect([seen, record.response]).toEqual([['/', '/again'].map((url) => JSON.stringify([url, 'localhost', name])), `["/x",false,null]`])
  })
})

describe('JSON-RPC over wss', () => {
  it('shakes hands inside TLS', async () => {
    const server = createServer(pem())
    const port = await listening(server)
    new WebSocketServer({ server }).on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(`{"jsonrpc":"2.0","id":${(JSON.parse(data.toString()) as { id: number }).id},"result":"secure"}`)))
    const record = await call(port, { method: 'any', transport: 'jsonrpc-ws' })
    expect([record.outcome, record.response, tlsOf(record)]).toMatchObject(['ok', '"secure"', { version: 'TLSv1.3' }])
  })
})

describe.skipIf(missing !== undefined)(`annotated methods over TLS against Hertz${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let hertz: HertzServer
  beforeAll(async () => {
    hertz = await startHertz({ cert: certificates.cert, key: certificates.key })
  }, buildPatienceMs)
  afterAll(() => hertz.stop())

  it('calls as without', async () => {
    const record = await call(0, { idl: { paths: [hertzIdl] }, method: 'Fail', body: '{"status":200}', target: { kind: 'direct', endpoints: [hertz.https] } })
    expect([record.outcome, record.response, tlsOf(record)]).toMatchObject(['ok', '{"error":"asked for","status":200}', { alpn: '' }])
  })
})
