// TTHeader Streaming against a real Kitex: whole calls of our engine, every streaming kind and every way in which a stream can end.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import type { StreamEntry } from '../../shared/model/stream.ts'
import { createEngine, systemPorts, type CallOptions, type Engine } from '../../src-main/engine/index.ts'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { buildPatienceMs, kitexMissing, kitexStreamsIdl, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'

const missing = kitexMissing()

describe.skipIf(missing !== undefined)(`TTHeader Streaming to a real Kitex${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let kitex: KitexServer
  let engine: Engine
  let folder: string
  let certificates: Certificates

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kite-ttstream-'))
    certificates = await makeCertificates(folder)
    kitex = await startKitexServer({ tls: { cert: certificates.cert, key: certificates.key, clients: certificates.ca } })
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await kitex.stop()
    rmSync(folder, { recursive: true })
  })

  const call = (method: string, body: unknown, more: Partial<CallRequestInput> = {}, options: CallOptions = {}): Promise<CallRecord> => engine.call({
    idl: { paths: [kitexStreamsIdl] }, method, body: bodyOf(body), target: { kind: 'direct', endpoints: [kitex.thrift] }, transport: 'ttheader-streaming',
    timeoutMs: 10_000, connectTimeoutMs: 2000, caller: 'kite.test', seed: 1, ...more,
  }, options)

  /** Several messages one after the other, as a body has them. */
  const bodyOf = (body: unknown): string => (Array.isArray(body) ? body.map((message) => JSON.stringify(message)).join('\n') : JSON.stringify(body))

  const told = ({ outcome, error, headers, trailers, stream }: CallRecord): unknown => ({
    outcome, error: error?.text.key, headers, trailers, messages: stream?.kept.flatMap((entry) => (entry.event === 'message' ? [JSON.parse(entry.json)] : [])),
  })
  const plain = { outcome: 'ok', error: undefined, headers: [], trailers: [] }

  /** What the server's handlers say of how they were ended, of those that were given this text. */
  async function endsOf(text: string): Promise<readonly string[]> {
    const { response = '[]' } = await call('Streams/Ends', {}, { transport: 'ttheader-framed' })
    return (JSON.parse(response) as readonly string[]).filter((end) => end.includes(text))
  }

  describe.each(['mux', 'long', 'short'] as const)('over the %s pool', (pool) => {
    const policy = { pool }

    it('sends many and gets one', async () => {
      const record = await call('Streams/Collect', [{ text: 'a', number: 1 }, { text: 'b', number: 41 }], { policy })
      expect([told(record), record.response, record.transport, record.codec]).toEqual([{ ...plain, messages: [{ count: 2, sum: 42, last: 'b' }] }, '{"count":2,"sum":42,"last":"b"}', 'ttheader-streaming', 'thrift-binary'])
    })

    it('sends one and gets many, with header and trailer', async () => {
      const record = await call('Streams/List', { count: 3, text: 'x', header: { h: '风筝' }, trailer: { t: '2' } }, { policy })
      expect(told(record)).toEqual({ ...plain, headers: [['h', '风筝']], trailers: [['t', '2']], messages: [0, 1, 2].map((number) => ({ text: 'x', number })) })
    })

    it('sends and gets in turns', async () => {
      const got: string[] = []
      let next: (json: string | undefined) => void = () => undefined
      async function* turns(): AsyncGenerator<string> {
        for (let n = 0; n < 3; n++) {
          const answered = new Promise<string | undefined>((resolve) => (next = resolve))
          yield JSON.stringify({ text: 'turn', number: n })
          got.push((await answered) ?? 'ended')
        }
      }
      const onEntries = (entries: readonly StreamEntry[]): void => entries.forEach((entry) => (entry.event === 'message' ? next(entry.json) : entry.event === 'end' ? next(undefined) : undefined))
      const record = await call('Streams/Chat', [], { policy }, { stream: { input: () => turns(), onEntries } })
      expect([record.error ?? record.outcome, got]).toEqual(['ok', [0, 1, 2].map((number) => `{"text":"turn","number":${number}}`)])
    })

    it('ends with an error, a panic and a business error, after what came before', async () => {
      const records = await Promise.all(['error', 'panic', 'biz'].map((end) => call('Streams/List', { count: 2, text: 'why', end, trailer: { t: '1' } }, { policy })))
      const messages = [0, 1].map((number) => ({ text: 'why', number }))
      expect(records.map(told)).toMatchObject([
        { outcome: 'failed', error: 'ttstream.exception', trailers: [['t', '1']], messages },
        { outcome: 'failed', error: 'ttstream.exception', messages },
        { outcome: 'biz_error', error: 'chain.bizError', messages },
      ])
      expect(records.map(({ error }) => [error?.exception, error?.text.params?.['message'], error?.biz])).toEqual([
        [{ type: 'InternalError', typeId: 6 }, 'biz error: why', undefined],
        [{ type: 'InternalError', typeId: 6 }, 'panic: [happened in biz handler, method=Streams.List, please check the panic at the server side] why', undefined],
        [undefined, 'why', { status: 42, message: 'why', extra: { k: '<v>&' } }],
      ])
    })
  })

  it('carries metainfo and headers there', async () => {
    const record = await call('Streams/Tell', { text: 'x' }, { metainfo: { transient: [['tk', 't1']], persistent: [['pk', 'p1']] }, headers: [['x-own', 'yes']] })
    const { messages: [seen] } = told(record) as { readonly messages: readonly { readonly transient: Record<string, string>; readonly persistent: object; readonly header: Record<string, string>; readonly service: string; readonly transport: string }[] }
    expect([seen?.transient['tk'], seen?.transient['traceparent'], seen?.persistent, seen?.header['x-own'], seen?.header['isn'], seen?.service, seen?.transport]).toEqual([
      't1', `00-${record.traceId}-${record.spanId}-01`, { pk: 'p1' }, 'yes', 'Streams', 'Streams', 'TTHeaderStreaming',
    ])
  })

  it('is cancelled with a reason and a path that the server sees', async () => {
    const abort = new AbortController()
    const text = `cancel ${Math.random()}`
    const onEntries = (entries: readonly StreamEntry[]): void => { if (entries.some(({ event }) => event === 'message')) abort.abort() }
    const { outcome, stream } = await call('Streams/List', { count: 1, text, end: 'wait' }, {}, { signal: abort.signal, stream: { onEntries } })
    expect([outcome, stream?.received]).toEqual(['cancelled', 1])
    await expect.poll(() => endsOf(text)).toEqual([
      `List ${text}: [ttstream error, code=12007] [server-side stream] [canceled path: kite.test] user code invoking stream RPC with context processed by context.WithCancel or context.WithTimeout, then invoking cancel() actively`,
    ])
  })

  it('ends at the timeout, and the server sees that it was one', async () => {
    const text = `timeout ${Math.random()}`
    const { outcome, error, stream } = await call('Streams/List', { count: 1, text, end: 'wait' }, { timeoutMs: 300 })
    expect([outcome, error?.code, stream?.received]).toEqual(['timeout', 'rpc_timeout', 1])
    await expect.poll(() => endsOf(text)).toEqual([`List ${text}: [ttstream error, code=12015] [server-side stream] [canceled path: kite.test] stream timeout, timeout in ctx: 300ms`])
  })

  it('tells what the silence means when the server knows no such service or method', async () => {
    const idl = { paths: [new URL('../fixtures/kitex/newer-streams.thrift', import.meta.url).pathname] }
    const records = await Promise.all(['Streams/Later', 'Absent/Elsewhere'].map((method) => call(method, { count: 1 }, { idl, timeoutMs: 300 })))
    expect(records.map(({ outcome, error }) => [outcome, error?.hint])).toEqual([
      ['timeout', { key: 'ttstream.silenceHint', params: { service: 'Streams', method: 'Later' } }],
      ['timeout', { key: 'ttstream.silenceHint', params: { service: 'Absent', method: 'Elsewhere' } }],
    ])
  })

  it('refuses a unary method before anything is sent, and says which transport carries it', async () => {
    await expect(call('Streams/Once', { text: 'u' })).rejects.toMatchObject({ data: { code: 'usage', text: { key: 'call.transportNotForKind', params: { choices: expect.arrayContaining(['ttheader-framed', 'grpc']) as unknown } } } })
    expect((await call('Streams/Once', { text: 'u' }, { transport: 'ttheader-framed' })).response).toBe('{"text":"u","number":0}')
  })

  it('is what a Thrift stream goes over by itself', async () => {
    expect((await call('Streams/List', { count: 1 }, { transport: 'auto' })).transport).toBe('ttheader-streaming')
  })

  it('brings 100,000 messages there and back, in order', async () => {
    const count = 100_000
    let expected = 0
    let wrong = 0
    const onEntries = (entries: readonly StreamEntry[]): void => {
      for (const entry of entries) if (entry.event === 'message' && entry.json !== `{"text":"n","number":${expected++}}`) wrong++
    }
    const { outcome, stream } = await call('Streams/List', { count, text: 'n' }, { timeoutMs: 60_000 }, { stream: { onEntries } })
    expect([outcome, stream?.received, expected, wrong]).toEqual(['ok', count, count, 0])
    function* numbers(): Generator<string> {
      for (let n = 0; n < count; n++) yield `{"text":"${n}","number":1}`
    }
    const collected = await call('Streams/Collect', [], { timeoutMs: 60_000 }, { stream: { input: () => asynchronously(numbers()) } })
    expect([collected.outcome, collected.response]).toEqual(['ok', `{"count":${count},"sum":${count},"last":"${count - 1}"}`])
  }, 120_000)

  it('carries 20 MB in one message', async () => {
    const record = await call('Streams/List', { count: 1, bytes: 20_000_000 })
    expect([record.outcome, record.stream?.receivedBytes]).toEqual(['ok', 20_000_000 + 7 + 11 + 8])
  })

  it('loses a message beyond the limit with the stream, and the server hears why', async () => {
    const text = `large ${Math.random()}`
    const { outcome, error } = await call('Streams/List', { count: 2, bytes: 200_000, text, end: 'wait' }, { maxMessageBytes: 100_000 })
    expect([outcome, error?.text]).toMatchObject(['failed', { key: 'ttstream.messageTooLarge', params: { limit: 100_000 } }])
    await expect.poll(async () => (await endsOf(text)).join()).toContain('exceeds the limit of 100000')
  })

  it('runs many streams over one connection, each with its own messages', async () => {
    const records = await Promise.all(Array.from({ length: 100 }, (_, n) => call('Streams/Chat', Array.from({ length: 20 }, (_item, at) => ({ text: `s${n}`, number: at })))))
    const remotes = new Set(records.map(({ chain }) => chain.nodes.flatMap(({ decision }) => (decision?.kind === 'connection' ? [decision.local] : [])).join()))
    expect(records.map((record) => told(record))).toEqual(records.map((_record, n) => ({ ...plain, messages: Array.from({ length: 20 }, (_item, at) => ({ text: `s${n}`, number: at })) })))
    expect(remotes.size).toBe(1)
  })

  it('shows its bytes frame by frame, messages by field', async () => {
    const { byteViews } = await call('Streams/List', { count: 1, text: 'seen', trailer: { t: '1' } })
    expect(byteViews.map(({ direction, nodes }) => [direction, nodes.map(({ name }) => name)])).toEqual([
      ['sent', ['Header frame', 'Data frame', 'Trailer frame']], ['received', ['Header frame', 'Data frame', 'Trailer frame']],
    ])
    expect(JSON.stringify(byteViews[1]?.nodes)).toContain('"value":"seen"')
  })

  it('runs over TLS and mutual TLS, and never without', async () => {
    const { ca: caFile, clientCert: certFile, clientKey: keyFile, otherCa } = certificates
    const list = (address: string, tls: NonNullable<CallRequestInput['tls']>): Promise<CallRecord> => call('Streams/List', { count: 1 }, { target: { kind: 'direct', endpoints: [address] }, tls })
    const records = await Promise.all([list(kitex.thriftTls, { caFile }), list(kitex.thriftMtls, { caFile, certFile, keyFile }), list(kitex.thriftTls, { caFile: otherCa }), list(kitex.thriftMtls, { caFile })])
    expect(records.map(({ outcome, stream }) => [outcome, stream?.received ?? 0])).toEqual([['ok', 1], ['ok', 1], ['failed', 0], ['failed', 0]])
    const tls = records[0]?.chain.nodes.flatMap(({ decision }) => (decision?.kind === 'connection' ? [decision.tls?.version] : []))
    expect(tls).toEqual(['TLSv1.3'])
  })

  it('goes on when the server is stopped in the middle, with an error that says so', async () => {
    const other = await startKitexServer()
    const onEntries = (entries: readonly StreamEntry[]): void => { if (entries.some(({ event }) => event === 'message')) void other.stop('SIGKILL') }
    const { outcome, error, stream } = await call('Streams/List', { count: 1, text: 'x', end: 'wait' }, { target: { kind: 'direct', endpoints: [other.thrift] } }, { stream: { onEntries } })
    expect([outcome, error?.text.key, stream?.received]).toEqual(['failed', 'ttstream.connectionClosed', 1])
  })

  /** A host's messages come one by one. */
  async function* asynchronously(items: Iterable<string>): AsyncGenerator<string> {
    yield* items
  }
})
