// The receivers against exporters nobody here wrote (OpenTelemetry's SDK in its three transports), then against raw bytes for what no
// SDK does on purpose.

import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2'
import { request, type IncomingHttpHeaders } from 'node:http'
import { createServer, connect, type AddressInfo, type Server } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import { SpanKind, SpanStatusCode, TraceFlags, type Tracer } from '@opentelemetry/api'
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc'
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtoExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BasicTracerProvider, SimpleSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createExporter, createTelemetry, openTraceSource, type Telemetry } from '../../src-main/engine/telemetry/index.ts'
import { Receiver } from '../../src-main/engine/telemetry/receiver/receiver.ts'
import { MemoryTraceStore } from '../../src-main/engine/telemetry/store/memory-store.ts'
import { encodeTraces } from '../../src-main/engine/telemetry/otlp/encode-traces.ts'
import { encodeTracesJson } from '../../src-main/engine/telemetry/otlp/json-traces.ts'
import { manySpans } from '../support/spans.ts'
import { traceIdOf, traceText } from '../support/trace-text.ts'

let telemetry: Telemetry
let grpc = ''
let http = ''

beforeEach(async () => {
  telemetry = createTelemetry()
  const status = await telemetry.start({ grpcPort: 0, httpPort: 0 })
  if (status.grpc.state !== 'listening' || status.http.state !== 'listening') throw new Error('ports 0 are always free')
  grpc = status.grpc.address
  http = status.http.address
})
afterEach(async () => {
  await telemetry.stop()
  telemetry.dispose()
})

interface Answer { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }

function send(path: string, body: Buffer | string, headers: Record<string, string> = {}, method = 'POST', address = http): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}${path}`, { method, headers: { 'content-type': 'application/json', ...headers }, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const proto = { 'content-type': 'application/x-protobuf' }

describe('the OpenTelemetry SDK', () => {
  const through = async (exporter: SpanExporter, work: (tracer: Tracer) => void): Promise<void> => {
    const provider = new BasicTracerProvider({ resource: resourceFromAttributes({ 'service.name': 'sdk-shop' }), spanProcessors: [new SimpleSpanProcessor(exporter)] })
    work(provider.getTracer('sdk-test', '1.2.3'))
    await provider.shutdown()
  }

  it.each([
    ['gRPC', () => new GrpcExporter({ url: `http://${grpc}` })],
    ['gRPC with gzip', () => new GrpcExporter({ url: `http://${grpc}`, compression: 'gzip' as never })],
    ['gRPC on the HTTP port', () => new GrpcExporter({ url: `http://${http}` })],
    ['HTTP with protobuf', () => new ProtoExporter({ url: `http://${http}/v1/traces` })],
    ['HTTP with protobuf and gzip', () => new ProtoExporter({ url: `http://${http}/v1/traces`, compression: 'gzip' as never })],
    ['HTTP with JSON', () => new JsonExporter({ url: `http://${http}/v1/traces` })],
  ])('over %s: every part of a span arrives as it was made', async (_, exporter) => {
    let traceId = ''
    let parentId = ''
    await through(exporter(), (tracer) => {
      const parent = tracer.startSpan('PlaceOrder', { kind: SpanKind.SERVER, startTime: [1_763_706_512, 123_456_789], attributes: { 'user.id': 42, ratio: 0.5, vip: true, tags: ['a', 'b'], 名字: '林' } })
      traceId = parent.spanContext().traceId
      parentId = parent.spanContext().spanId
      parent.addEvent('checked', { items: 3 }, [1_763_706_512, 200_000_000])
      parent.addLink({ context: { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: TraceFlags.SAMPLED }, attributes: { why: 'retry' } })
      parent.setStatus({ code: SpanStatusCode.ERROR, message: 'out of stock' })
      parent.end([1_763_706_512, 223_456_789])
    })
    expect(await telemetry.store.get(traceId)).toEqual([expect.objectContaining({
      traceId, spanId: parentId, name: 'PlaceOrder', kind: 'server', service: 'sdk-shop',
      startNs: 1_763_706_512_123_456_789n, endNs: 1_763_706_512_223_456_789n, status: 'error', statusMessage: 'out of stock',
      attributes: { 'user.id': 42n, ratio: 0.5, vip: true, tags: ['a', 'b'], 名字: '林' },
      scope: { name: 'sdk-test', version: '1.2.3' },
      events: [{ name: 'checked', atNs: 1_763_706_512_200_000_000n, attributes: { items: 3n } }],
      links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), attributes: { why: 'retry' } }],
      own: false,
    })])
  })

  it('a thousand spans on one gRPC connection all arrive', async () => {
    await through(new GrpcExporter({ url: `http://${grpc}`, concurrencyLimit: 2000 }), (tracer) => {
      for (let n = 0; n < 1000; n += 1) tracer.startSpan(`span ${n}`).end()
    })
    expect(telemetry.status).toMatchObject({ spans: 1000, traces: 1000, rejected: 0, strangers: [] })
  })
})

describe('answers over HTTP', () => {
  const one = encodeTraces(traceText('a One 0-1'))

  it('a full success leaves partial_success unset, in the encoding of the request; so does an empty request', async () => {
    expect(await send('/v1/traces', one, proto)).toMatchObject({ status: 200, body: Buffer.alloc(0), headers: { 'content-type': 'application/x-protobuf' } })
    expect(await send('/v1/traces', '{}')).toMatchObject({ status: 200, body: Buffer.from('{}'), headers: { 'content-type': 'application/json' } })
    expect(await send('/v1/traces', '', proto)).toMatchObject({ status: 200 })
  })

  it('counts rejected spans and keeps their batch', async () => {
    const spans = [...traceText('a One 0-1'), ...traceText('a Two 0-1').map((span) => ({ ...span, spanId: '00' }))]
    const answer = await send('/v1/traces', encodeTracesJson(spans))
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([200, { partialSuccess: { rejectedSpans: '1', errorMessage: 'span with an invalid span id: 8 bytes, not all zero, are required' } }])
    expect(telemetry.status).toMatchObject({ spans: 1, rejected: 1 })
  })

  it.each([
    ['undecodable protobuf', '/v1/traces', Buffer.from('ffff', 'hex'), proto, 'POST', 400, 3],
    ['undecodable JSON', '/v1/traces', Buffer.from('{"resourceSpans":'), {}, 'POST', 400, 3],
    ['a broken gzip', '/v1/traces', Buffer.from('no gzip'), { 'content-encoding': 'gzip' }, 'POST', 400, 3],
    ['a wrong path', '/', Buffer.from('{}'), {}, 'POST', 404, 5],
    ['another method', '/v1/traces', Buffer.from(''), {}, 'PUT', 405, 12],
    ['another content type', '/v1/traces', Buffer.from('x'), { 'content-type': 'text/plain' }, 'POST', 415, 3],
    ['another content encoding', '/v1/traces', Buffer.from('x'), { 'content-encoding': 'zstd' }, 'POST', 415, 3],
    ['a foreign host', '/v1/traces', Buffer.from('{}'), { host: 'evil.example' }, 'POST', 403, 7],
    ['a page of elsewhere', '/v1/traces', Buffer.from('{}'), { origin: 'https://evil.example' }, 'POST', 403, 7],
  ])('%s is told in a google.rpc.Status', async (_, path, body, headers, method, status, code) => {
    const answer = await send(path, body, headers, method)
    expect(answer.status).toBe(status)
    if ('content-type' in headers && headers['content-type'] === proto['content-type']) expect(answer.body.subarray(0, 2)).toEqual(Buffer.from([0x08, code]))
    else expect(JSON.parse(answer.body.toString())).toEqual({ code, message: expect.stringMatching(/\w/) })
    expect(telemetry.status.spans).toBe(0)
  })

  it('takes gzip and deflate, and stops a zip bomb at the ceiling', async () => {
    expect((await send('/v1/traces', gzipSync(one), { ...proto, 'content-encoding': 'gzip' })).status).toBe(200)
    expect((await send('/v1/traces', deflateSync(one), { ...proto, 'content-encoding': 'deflate' })).status).toBe(200)
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(100_000)
    expect((await send('/v1/traces', bomb, { ...proto, 'content-encoding': 'gzip' })).status).toBe(413)
  })

  it('lets pages of this machine send, and no other', async () => {
    const preflight = await send('/v1/traces', '', { origin: 'http://localhost:3000', 'access-control-request-headers': 'content-type,traceparent' }, 'OPTIONS')
    expect([preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-headers'], preflight.headers['access-control-allow-methods']])
      .toEqual([204, 'http://localhost:3000', 'content-type,traceparent', 'POST'])
    expect((await send('/v1/traces', '{}', { origin: 'http://localhost:3000' })).headers['access-control-allow-origin']).toBe('http://localhost:3000')
    expect((await send('/v1/traces', '', { origin: 'http://evil.example' }, 'OPTIONS')).headers['access-control-allow-origin']).toBeUndefined()
  })

  it('accepts metrics and logs and counts them', async () => {
    for (const path of ['/v1/metrics', '/v1/metrics', '/v1/logs']) expect((await send(path, 'whatever', proto)).status).toBe(200)
    expect(telemetry.status).toMatchObject({ metricsRequests: 2, logsRequests: 1 })
  })

  it('a body that stops coming is cut off, and the receiver goes on', async () => {
    const store = new MemoryTraceStore()
    const receiver = new Receiver(store, { maxBytes: 1000, deadlineMs: 150 })
    const { http: port } = await receiver.start({ grpcPort: 0, httpPort: 0 })
    const address = port.state === 'listening' ? port.address : ''
    const text = await talk(address, 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"resource')
    expect(text.split('\r\n')[0]).toBe('HTTP/1.1 408 Request Timeout')
    expect((await send('/v1/traces', Buffer.alloc(1001), proto, 'POST', address)).status).toBe(413)
    expect((await send('/v1/traces', '{}', {}, 'POST', address)).status).toBe(200)
    receiver.dispose()
  })

  it('senders who would fill memory together are asked to come again, and may', async () => {
    const held = { max: 50, bytes: 0 }
    const holds = (bytes: number): boolean => held.bytes === bytes
    const receiver = new Receiver(new MemoryTraceStore(), { maxBytes: 1000, deadlineMs: 30_000, held })
    const { http: port } = await receiver.start({ grpcPort: 0, httpPort: 0 })
    const address = port.state === 'listening' ? port.address : ''
    const [host = '', number = '0'] = address.split(':')
    const slow = connect(Number(number), host)
    slow.on('error', () => undefined)
    slow.write(`POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n${' '.repeat(40)}`)
    while (!holds(40)) await new Promise((resolve) => setTimeout(resolve, 5))
    const { status, headers } = await send('/v1/traces', `{}${' '.repeat(30)}`, {}, 'POST', address)
    expect([status, headers['retry-after'], held.bytes]).toEqual([503, '1', 40])
    slow.destroy()
    while (!holds(0)) await new Promise((resolve) => setTimeout(resolve, 5))
    expect((await send('/v1/traces', `{}${' '.repeat(30)}`, {}, 'POST', address)).status).toBe(200)
    receiver.dispose()
  })
})

describe('gRPC by hand', () => {
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
  let session: ClientHttp2Session
  beforeEach(() => {
    session = connectHttp2(`http://${grpc}`)
  })
  afterEach(() => session.close())

  const call = (body: Buffer, headers: Record<string, string> = {}): Promise<Record<string, unknown>> => new Promise((resolve, reject) => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers })
    const got: Record<string, unknown> = { data: 0 }
    stream.on('response', (first) => Object.assign(got, first)).on('trailers', (last) => Object.assign(got, last))
    stream.on('data', (chunk: Buffer) => { got['data'] = Number(got['data']) + chunk.length })
    stream.on('end', () => resolve(got)).on('error', reject)
    stream.end(body)
  })
  const framed = (message: Buffer, flag = 0): Buffer => {
    const prefix = Buffer.from([flag, 0, 0, 0, 0])
    prefix.writeUInt32BE(message.length, 1)
    return Buffer.concat([prefix, message])
  }

  it('answers success with a message and the status in trailers', async () => {
    expect(await call(framed(encodeTraces(traceText('a One 0-1'))))).toMatchObject({ ':status': 200, 'content-type': 'application/grpc+proto', 'grpc-status': '0', data: 5 })
    expect(await call(framed(gzipSync(encodeTraces(traceText('a Two 0-2'))), 1), { 'grpc-encoding': 'gzip' })).toMatchObject({ 'grpc-status': '0' })
    expect(telemetry.status.spans).toBe(2)
  })

  it.each([
    ['an unknown method', framed(Buffer.alloc(0)), { ':path': '/a.B/C' }, '12'],
    ['an undecodable message', framed(Buffer.from('ffff', 'hex')), {}, '3'],
    ['a prefix that lies', Buffer.from([0, 0, 0, 0, 9, 1]), {}, '3'],
    ['no message', Buffer.alloc(0), {}, '3'],
    ['another compression', framed(Buffer.from('x'), 1), { 'grpc-encoding': 'zstd' }, '12'],
    ['a zip bomb', framed(gzipSync(Buffer.alloc(65 * 1024 * 1024)), 1), { 'grpc-encoding': 'gzip' }, '8'],
  ])('refuses %s', async (_, body, headers, status) => {
    expect(await call(body, headers as Record<string, string>)).toMatchObject({ ':status': 200, 'grpc-status': status, data: 0 })
  })

  it('serves OTLP over HTTP on HTTP/2 as well', async () => {
    expect(await call(encodeTraces(traceText('a One 0-1')), { ':path': '/v1/traces', ...proto })).toMatchObject({ ':status': 200 })
    expect(telemetry.status.spans).toBe(1)
  })
})

/** Sends bytes and gives back all that comes until the other side closes. */
function talk(address: string, bytes: string): Promise<string> {
  const [host = '', port = '0'] = address.split(':')
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.write(Buffer.from(bytes, 'latin1')))
    let text = ''
    socket.on('data', (chunk) => { text += chunk.toString('latin1') })
    socket.on('close', () => resolve(text)).on('error', reject)
  })
}

describe('the port doctor', () => {
  it('names who knocks at the wrong door, and goes on serving', async () => {
    await send('/v1/traces', '{}', {}, 'POST', grpc)
    await send('/', '{}')
    expect(await talk(http, '\x16\x03\x01\x00\xf4\x01')).toBe('')
    expect(await talk(grpc, '\x00\x00\x00\x48\x10\x00\x00\x00\x00\x00\x00\x01')).toBe('')
    expect(await talk(http, 'SSH-2.0-OpenSSH\r\n')).toBe('')
    expect(telemetry.status.strangers?.map(({ port, kind, count, path }) => [port, kind, count, path])).toEqual([
      ['grpc', 'http-on-grpc', 1, '/v1/traces'], ['http', 'wrong-path', 1, '/'], ['http', 'tls', 1, undefined], ['grpc', 'ttheader', 1, undefined], ['http', 'unknown', 1, undefined],
    ])
    expect((await send('/v1/traces', '{}')).status).toBe(200)
  })

  it('tells pieces that come byte by byte together', async () => {
    const [host = '', port = '0'] = http.split(':')
    const socket = connect(Number(port), host)
    for (const char of 'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}') {
      socket.write(char)
      await new Promise((resolve) => setImmediate(resolve))
    }
    let text = ''
    for await (const chunk of socket) text += String(chunk)
    expect(text.split('\r\n')[0]).toBe('HTTP/1.1 200 OK')
  })
})

describe('ports', () => {
  const occupy = (): Promise<{ server: Server; port: number }> => new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => resolve({ server, port: (server.address() as AddressInfo).port }))
  })

  it('a taken port is told with the next free one, and the other door opens', async () => {
    const { server, port } = await occupy()
    const other = createTelemetry()
    const status = await other.start({ grpcPort: port, httpPort: 0 })
    expect(status).toMatchObject({ grpc: { state: 'taken', wanted: port }, http: { state: 'listening' } })
    const next = status.grpc.state === 'taken' ? status.grpc.next : 0
    expect(next).toBeGreaterThan(port)
    expect(await other.start({ grpcPort: next, httpPort: 0 })).toMatchObject({ grpc: { state: 'listening', address: `127.0.0.1:${next}` } })
    await other.stop()
    expect(other.status).toMatchObject({ grpc: { state: 'off' }, http: { state: 'off' } })
    other.dispose()
    server.close()
  })

  it('an address that is not of this machine is an error, not a taken port', async () => {
    const other = createTelemetry()
    await expect(other.start({ grpcPort: 0, httpPort: 0, host: '203.0.113.7' })).rejects.toMatchObject({ data: { code: 'listen', text: { key: 'telemetry.cannotListen' } } })
    other.dispose()
  })
})

describe('asking a running receiver', () => {
  const signal = (): AbortSignal => AbortSignal.timeout(10_000)

  it('lists, shows by the first digits, and refuses pages', async () => {
    const source = await openTraceSource({ kind: 'receiver', address: http })
    await source.add([...traceText('user GetUser 0-5 server error', traceIdOf(0xabc)), ...manySpans(5000, 1000)], signal())
    expect(await source.list({ service: 'user' }, signal())).toEqual([
      { traceId: traceIdOf(0xabc), rootName: 'GetUser', rootService: 'user', startTimeUnixNano: '1763706512000000000', durationNs: '5000000', spans: 1, services: ['user'], errors: 1 },
    ])
    expect(await source.get(traceIdOf(0xabc), signal())).toEqual(traceText('user GetUser 0-5 server error', traceIdOf(0xabc)))
    expect(await source.get(traceIdOf(1), signal())).toHaveLength(1000)
    await expect(source.get('0000', signal())).rejects.toMatchObject({ data: { text: { key: 'telemetry.ambiguousTrace' } } })
    await expect(source.get('ffff', signal())).rejects.toMatchObject({ data: { text: { key: 'telemetry.noSuchTrace' } } })
    expect((await send('/kite/v1/traces', '', { host: 'evil.example' }, 'GET')).status).toBe(403)
    expect((await send('/kite/v1/traces', '', { origin: 'http://localhost:3000' }, 'GET')).status).toBe(403)
    expect((await send('/kite/v1/traces', '', { 'sec-fetch-site': 'cross-site' }, 'GET')).status).toBe(403)
  })

  it('follows spans as they come, and tells when the receiver goes away', async () => {
    const source = await openTraceSource({ kind: 'receiver', address: http })
    const names: string[] = []
    const following = (async () => {
      for await (const item of source.tail(signal())) {
        if (item.kind === 'spans') names.push(...item.spans.map(({ name }) => name))
        if (names.length === 2) await telemetry.stop()
      }
    })()
    const failed = expect(following).rejects.toMatchObject({ data: { code: 'get_connection' } })
    // The stream is open once the first answer line is there; spans before that belong to `list`.
    while (names.length === 0) {
      telemetry.store.add(traceText('a Probe 0-1', traceIdOf(Math.floor(performance.now() * 1000))))
      await new Promise((resolve) => setTimeout(resolve, 20))
      if (names.length > 0) telemetry.store.add(traceText('a Second 0-1', traceIdOf(0xfff)))
    }
    await failed
    expect(names.slice(0, 1)).toEqual(['Probe'])
  })

  it('writes nothing to a reader who does not keep up, and tells him how many he missed', async () => {
    const [host = '', port = '0'] = http.split(':')
    const socket = connect(Number(port), host)
    socket.write('GET /kite/v1/tail HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.pause()
    const [span] = traceText('a Big 0-1', traceIdOf(1))
    if (span === undefined) throw new Error('believed: one line is one span')
    // More than any socket's buffers, and more spans than may wait.
    for (let n = 0; n < 100; n += 1) {
      telemetry.store.add(Array.from({ length: 50 }, (_, i) => ({ ...span, name: 'x'.repeat(10_000), traceId: traceIdOf(n + 1), spanId: String(1000 + i).padStart(16, '0') })))
      await new Promise((resolve) => setImmediate(resolve))
    }
    let tail = ''
    let dropped = 0
    socket.on('data', (chunk: Buffer) => {
      const text = tail + chunk.toString('latin1')
      for (const [, count] of text.matchAll(/\{"dropped":(\d+)\}/g)) dropped = Math.max(dropped, Number(count))
      // A line may be cut between two chunks.
      tail = text.slice(-100)
    })
    socket.resume()
    // How many fitted into the sockets' buffers before is the system's affair.
    await expect.poll(() => dropped, { timeout: 60_000 }).toBeGreaterThan(0)
    socket.destroy()
  })

  it('says so when nothing answers or something else does', async () => {
    const gone = await openTraceSource({ kind: 'receiver', address: http })
    await telemetry.stop()
    await expect(gone.list({}, signal())).rejects.toMatchObject({ data: { code: 'get_connection', text: { key: 'telemetry.noReceiver', params: { address: http } } } })
  })
})

describe('our exporter', () => {
  it('delivers all, in batches, to our receiver', async () => {
    const exporter = createExporter(`http://${http}`)
    for (const span of manySpans(3000)) exporter.add(span)
    await exporter.flush(AbortSignal.timeout(10_000))
    expect(exporter.counts).toEqual({ sent: 3000, dropped: 0, waiting: 0 })
    expect(telemetry.status.spans).toBe(3000)
    exporter.dispose()
  })

  it('keeps spans while nobody answers, within its bound, and delivers them once somebody does', async () => {
    const port = Number(http.split(':')[1])
    await telemetry.stop()
    const exporter = createExporter(`http://${http}`)
    for (const span of manySpans(9000)) exporter.add(span)
    await exporter.flush(AbortSignal.timeout(5000))
    expect(exporter.counts).toMatchObject({ sent: 0, dropped: 9000 - 8192, waiting: 8192 })
    await telemetry.start({ grpcPort: 0, httpPort: port })
    await exporter.flush(AbortSignal.timeout(10_000))
    expect(exporter.counts).toMatchObject({ sent: 8192, waiting: 0 })
    exporter.dispose()
  })
})
