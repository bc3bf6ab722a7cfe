// gRPC against a real Kitex: whole calls of our engine with Protobuf, and with Thrift, which is Kitex's own combination. Every kind of method, every way
// to end, its habits (no reflection, status numbers of its own, one compressor or none), and TLS.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import type { StreamEntry } from '../../shared/model/stream.ts'
import { createEngine, systemPorts, type CallOptions, type Engine } from '../../src-main/engine/index.ts'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { buildPatienceMs, kitexIdl, kitexMissing, kitexProto, kitexStreamsIdl, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'

const missing = kitexMissing()

interface Language {
  readonly name: string
  readonly idl: string
  readonly service: string
  readonly address: (kitex: KitexServer) => string
  readonly codec: string
  /** Thrift writes zero values, ProtoJSON leaves them out. */
  note(text: string, number: number): string
}

const languages: readonly Language[] = [
  { name: 'Protobuf', idl: kitexProto, service: 'PbPeer', address: ({ pb }) => pb, codec: 'protobuf', note: (text, number) => JSON.stringify({ text, ...(number === 0 ? {} : { number }) }) },
  { name: 'Thrift', idl: kitexStreamsIdl, service: 'Streams', address: ({ thrift }) => thrift, codec: 'thrift-binary', note: (text, number) => JSON.stringify({ text, number }) },
]

describe.skipIf(missing !== undefined)(`gRPC to a real Kitex${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let kitex: KitexServer
  let engine: Engine
  let folder: string
  let certificates: Certificates

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kite-kitex-'))
    certificates = await makeCertificates(folder)
    kitex = await startKitexServer({ tls: { cert: certificates.cert, key: certificates.key, clients: certificates.ca } })
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await kitex.stop()
    rmSync(folder, { recursive: true })
  })

  type More = Partial<CallRequestInput> & { readonly address?: string; readonly path?: string }
  const call = (method: string, body: unknown, { address = kitex.pb, path = kitexProto, ...more }: More = {}, options: CallOptions = {}): Promise<CallRecord> => engine.call({
    idl: { paths: [path] }, method, body: Array.isArray(body) ? body.map((message) => JSON.stringify(message)).join('\n') : JSON.stringify(body), target: { kind: 'direct', endpoints: [address] },
    transport: 'grpc', timeoutMs: 10_000, connectTimeoutMs: 2000, caller: 'kite.test', seed: 1, ...more,
  }, options)
  const messages = ({ stream }: CallRecord): readonly string[] => stream?.kept.flatMap((entry) => (entry.event === 'message' ? [entry.json] : [])) ?? []
  const own = (pairs: CallRecord['headers']): CallRecord['headers'] => pairs.filter(([key]) => key !== 'content-type' && !key.startsWith('grpc-'))

  describe.each(languages)('with $name', ({ idl: path, service, address: addressOf, codec, note }) => {
    const over = (method: string, body: unknown, more: More = {}, options: CallOptions = {}): Promise<CallRecord> => call(`${service}/${method}`, body, { path, address: addressOf(kitex), ...more }, options)

    async function endsOf(text: string): Promise<readonly string[]> {
      const { response = '' } = await over('Ends', {})
      const ends = JSON.parse(response) as readonly string[] | { readonly ends?: readonly string[] }
      return ('ends' in ends ? (ends.ends ?? []) : (ends as readonly string[])).filter((end) => end.includes(text))
    }

    it.each(['mux', 'long', 'short'] as const)('carries the four kinds over the %s pool', async (pool) => {
      const policy = { pool }
      const one = await over(service === 'Streams' ? 'Once' : 'Say', { text: 'u', number: 1 }, { policy })
      const client = await over('Collect', [{ text: 'a', number: 1 }, { text: 'b', number: 41 }], { policy })
      const server = await over('List', { count: 3, text: 'x', header: { h: '1' }, trailer: { t: '2' } }, { policy })
      const bidi = await over('Chat', [{ text: 'a', number: 1 }, { text: 'b', number: 0 }], { policy })
      expect([one, client, server, bidi].map(({ outcome, transport, codec: used }) => [outcome, transport, used])).toEqual(Array.from({ length: 4 }, () => ['ok', 'grpc', codec]))
      expect([one.response, client.response, messages(server), own(server.headers), own(server.trailers), messages(bidi)]).toEqual([
        note('u', 1), '{"count":2,"sum":42,"last":"b"}', [note('x', 0), note('x', 1), note('x', 2)], [['h', '1']], [['t', '2']], [note('a', 1), note('b', 0)],
      ])
    })

    it('sends and gets in turns', async () => {
      const got: string[] = []
      let next: (json: string) => void = () => undefined
      async function* turns(): AsyncGenerator<string> {
        for (let n = 1; n < 4; n++) {
          const answered = new Promise<string>((resolve) => (next = resolve))
          yield JSON.stringify({ text: 'turn', number: n })
          got.push(await answered)
        }
      }
      const onEntries = (entries: readonly StreamEntry[]): void => entries.forEach((entry) => (entry.event === 'message' ? next(entry.json) : entry.event === 'end' ? next('ended') : undefined))
      const record = await over('Chat', [], {}, { stream: { input: () => turns(), onEntries } })
      expect([record.outcome, got]).toEqual(['ok', [1, 2, 3].map((number) => note('turn', number))])
    })

    it('ends with an error, a panic and a business error, after what came before', async () => {
      const records = await Promise.all(['error', 'panic', 'biz'].map((end) => over('List', { count: 1, text: '不行', end, trailer: { t: '1' } })))
      expect(records.map(messages)).toEqual([[note('不行', 0)], [note('不行', 0)], [note('不行', 0)]])
      expect(records.map(({ outcome, error }) => [outcome, error?.text.params?.['code'], error?.text.params?.['message'], error?.biz])).toEqual([
        ['failed', 13, '不行 [biz error]', undefined],
        ['failed', 13, 'panic: [happened in biz handler, method=' + service + '.List, please check the panic at the server side] 不行', undefined],
        ['biz_error', undefined, '不行', { status: 42, message: '不行', extra: { k: '<v>&' } }],
      ])
    })

    it('is cancelled, and the server sees it', async () => {
      const abort = new AbortController()
      const text = `cancel ${Math.random()}`
      const onEntries = (entries: readonly StreamEntry[]): void => { if (entries.some(({ event }) => event === 'message')) abort.abort() }
      const { outcome, stream } = await over('List', { count: 1, text, end: 'wait' }, {}, { signal: abort.signal, stream: { onEntries } })
      expect([outcome, stream?.received]).toEqual(['cancelled', 1])
      await expect.poll(async () => (await endsOf(text)).join()).toContain('RSTStream Frame received with error code: CANCEL')
    })

    it('ends at its deadline, which the server has too', async () => {
      const text = `deadline ${Math.random()}`
      const { outcome, stream } = await over('List', { count: 1, text, end: 'wait' }, { timeoutMs: 300 })
      expect([outcome, stream?.received]).toEqual(['timeout', 1])
      await expect.poll(async () => (await endsOf(text)).join()).toMatch(/deadline exceeded|CANCEL/)
    })

    it('brings 50,000 messages there and back, in order, and many streams over one connection', async () => {
      let expected = 0
      let wrong = 0
      const onEntries = (entries: readonly StreamEntry[]): void => { for (const entry of entries) if (entry.event === 'message' && entry.json !== note('n', expected++)) wrong++ }
      const { outcome } = await over('List', { count: 50_000, text: 'n' }, { timeoutMs: 60_000 }, { stream: { onEntries } })
      expect([outcome, expected, wrong]).toEqual(['ok', 50_000, 0])
      const many = await Promise.all(Array.from({ length: 100 }, (_, n) => over('Chat', Array.from({ length: 20 }, (_item, at) => ({ text: `s${n}`, number: at })))))
      expect(many.map(messages)).toEqual(many.map((_record, n) => Array.from({ length: 20 }, (_item, at) => note(`s${n}`, at))))
    }, 120_000)

    it('carries 20 MB in one message', async () => {
      const { outcome, stream } = await over('List', { count: 1, bytes: 20_000_000 })
      expect([outcome, (stream?.receivedBytes ?? 0) > 20_000_000]).toEqual(['ok', true])
    })

    it('runs over TLS and mutual TLS, and never without', async () => {
      const [tls, mtls] = service === 'Streams' ? [kitex.thriftTls, kitex.thriftMtls] : [kitex.pbTls, kitex.pbMtls]
      const { ca: caFile, clientCert: certFile, clientKey: keyFile, otherCa } = certificates
      const list = (address: string, files: object): Promise<CallRecord> => over('List', { count: 1, text: 'tls' }, { address, tls: { ...files } })
      const records = await Promise.all([list(tls, { caFile }), list(mtls, { caFile, certFile, keyFile }), list(tls, { caFile: otherCa }), list(mtls, { caFile }), list(tls, { insecure: true })])
      expect(records.map(({ outcome, error }) => [outcome, error === undefined ? undefined : ['get_connection', 'remote_or_network'].includes(error.code)])).toEqual([['ok', undefined], ['ok', undefined], ['failed', true], ['failed', true], ['ok', undefined]])
    })
  })

  it('carries metainfo in lower case there, which the server reads in upper case, and the user\'s headers', async () => {
    const record = await call('PbPeer/Tell', { header: { h: 'v' }, trailer: { t: 'w' } }, { metainfo: { transient: [['user_id', 't1']], persistent: [['pk', 'p1']] }, headers: [['x-own', 'yes']] })
    const seen = JSON.parse(record.response ?? '{}') as { readonly transient: Record<string, string>; readonly persistent: object; readonly header: Record<string, string>; readonly deadlineMs: number }
    expect([seen.transient['USER_ID'], seen.persistent, seen.header['x-own'], seen.header['rpc-transit-user-id'], seen.deadlineMs > 5000, own(record.headers), own(record.trailers)]).toEqual([
      't1', { PK: 'p1' }, '["yes"]', '["t1"]', true, [['h', 'v']], [['t', 'w']],
    ])
  })

  it('tells a business error of a unary call, by Protobuf and by Thrift', async () => {
    const body = { status: 42, message: '不行', extra: { k: '<v>&' } }
    const records = [await call('PbPeer/Biz', body), await call('Peer/Biz', body, { path: kitexIdl, address: kitex.thrift })]
    expect(records.map(({ outcome, error }) => [outcome, error?.biz])).toEqual([['biz_error', body], ['biz_error', body]])
  })

  it('brings every Thrift answer over gRPC, and refuses a oneway, on which a Kitex server would panic in silence', async () => {
    const over = (method: string, body: unknown): Promise<CallRecord> => call(method, body, { path: kitexIdl, address: kitex.thrift })
    const records = [await over('Peer/Say', 'hi'), await over('Peer/Nothing', 'v'), await over('Peer/Throw', 7), await over('Peer/Add', { a: 1, b: 2, more: [3] })]
    expect(records.map(({ outcome, response, error }) => [outcome, response, error?.exception])).toEqual([
      ['ok', '"hi"', undefined], ['ok', 'null', undefined], ['exception', undefined, { type: 'Oops', json: '{"code":7,"why":"thrown"}' }], ['ok', '6', undefined],
    ])
    await expect(over('Peer/Fire', 'x')).rejects.toMatchObject({ data: { code: 'usage', text: { key: 'call.transportNotForKind' } } })
  })

  it('knows what Kitex says of an unknown method and an unknown service, and has a hint', async () => {
    const path = new URL('../fixtures/kitex/newer-peerpb.proto', import.meta.url).pathname
    const records = await Promise.all(['PbPeer/Later', 'PbPeer/LaterStream', 'Absent/Later'].map((method) => call(method, {}, { path })))
    expect(records.map(({ outcome, error }) => [outcome, error?.text.params?.['code'], error?.hint !== undefined])).toEqual([['failed', 1, true], ['failed', 1, true], ['failed', 20, true]])
  })

  it('is answered by a server without a compressor, and compresses with one that has gzip', async () => {
    const plain = await call('PbPeer/Say', { text: 'x'.repeat(2000) })
    const refused = await call('PbPeer/Say', { text: 'x' }, { compress: 'gzip' })
    const zipped = await startKitexServer({ gzip: true })
    try {
      const both = await Promise.all((['none', 'gzip'] as const).map((compress) => call('PbPeer/Say', { text: 'x'.repeat(2000) }, { address: zipped.pb, compress })))
      const stream = await call('PbPeer/Chat', [{ text: 'y'.repeat(2000) }], { address: zipped.pb, compress: 'gzip' })
      expect([plain.outcome, refused.outcome, both.map(({ outcome }) => outcome), stream.outcome, messages(stream)]).toEqual(['ok', 'failed', ['ok', 'ok'], 'ok', [`{"text":"${'y'.repeat(2000)}"}`]])
      const [, gzip] = both
      expect(gzip === undefined ? 0 : gzip.bytes.sent < 1500).toBe(true)
    } finally {
      await zipped.stop()
    }
  })

  it('goes on when the server is stopped in the middle, with an error that says so', async () => {
    const other = await startKitexServer()
    const onEntries = (entries: readonly StreamEntry[]): void => { if (entries.some(({ event }) => event === 'message')) void other.stop('SIGKILL') }
    const { outcome, error, stream } = await call('PbPeer/List', { count: 1, text: 'x', end: 'wait' }, { address: other.pb }, { stream: { onEntries } })
    expect([outcome, error?.code, stream?.received]).toEqual(['failed', 'remote_or_network', 1])
  })
})
