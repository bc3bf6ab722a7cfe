// The job of the product, against a server that nobody here wrote: whole calls of our engine to a real Kitex, all that it can answer,
// and all that can go wrong on the way.

import * as http from 'node:http'
import * as http2 from 'node:http2'
import * as net from 'node:net'
import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { buildPatienceMs, kitexIdl, kitexMissing, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'

const missing = kitexMissing()
const transports = ['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const

/** The whole of type All, every digit and form that cli.md promises; in id order, so that it comes back as the same text. */
const everything = `{"negative":"id -1","flag":true,"tiny":-128,"small":32767,"medium":-2147483648,"large":9007199254740993,"ratio":0.1,"text":"Kite 风筝 \\"q\\"","blob":"AAH/gA==",
"color":"BLUE","address":{"city":"杭州","zip":310000},"numbers":[1,-1,0],"names":["b","a"],"counts":{"min":-9223372036854775808},
"nested":{"7":[{"pi":3.141592653589793},{}]},"choice":{"number":9223372036854775807},"tree":{"name":"root","children":[{"name":"leaf","children":[]}]},
"addresses":[{"city":"A"},{"city":"B","zip":0}],"byColor":{"RED":[1,2]},"user":-5,"limit":3,"bits":[true,false],"blobs":[["","//8="],[]],"tinyRatio":5e-324}`.replaceAll('\n', '')

describe.skipIf(missing !== undefined)(`calls to a real Kitex${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let kitex: KitexServer
  let engine: Engine
  const closers: (() => unknown)[] = []

  beforeAll(async () => {
    kitex = await startKitexServer()
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })
  afterAll(async () => {
    await engine.dispose()
    await kitex.stop()
  })

  const call = (method: string, body: string, more: Partial<CallRequestInput> & { readonly address?: string } = {}): Promise<CallRecord> => {
    const { address = kitex.thrift, ...rest } = more
    // Two busy cores: Kitex's 50 ms to connect are a matter of the machine here, not of the code.
    return engine.call({ idl: { paths: [kitexIdl] }, method, body, target: { kind: 'direct', endpoints: [address] }, timeoutMs: 5000, connectTimeoutMs: 2000, seed: 1, ...rest })
  }
  const told = ({ outcome, response, error }: CallRecord): unknown => ({ outcome, response, code: error?.code, layer: error?.layer, key: error?.text.key })

  describe.each(transports)('over %s', (transport) => {
    const over = (method: string, body: string, more: Parameters<typeof call>[2] = {}): Promise<CallRecord> => call(method, body, { transport, ...more })

    it('bring every type there and back, to the digit', async () => {
      const record = await over('Peer/Echo', everything)
      expect({ outcome: record.outcome, response: record.response, transport: record.transport, error: record.error }).toEqual({ outcome: 'ok', response: everything, transport, error: undefined })
    })

    it.each([
      ['Peer/Say', 'hi', '"hi"'],
      ['Peer/Nothing', '"v"', 'null'],
      ['Peer/Add', '{"a":1,"b":9007199254740993,"more":[-2]}', '9007199254740992'],
      ['Peer/Ping', '', '"pong"'],
      ['Peer/Throw', '0', '"nothing thrown"'],
      ['Second/Hello', '"kite"', '"Hello, kite"'],
    ])('%s answers %s with %s', async (method, body, response) => {
      expect(told(await over(method, body))).toEqual({ outcome: 'ok', response, code: undefined, layer: undefined, key: undefined })
    })

    it('bring 4 MB there and back', async () => {
      const record = await over('Peer/Big', '4194304')
      expect({ outcome: record.outcome, length: record.response?.length, received: record.bytes.received > 4194304 }).toEqual({ outcome: 'ok', length: Math.ceil(4194304 / 3) * 4 + 2, received: true })
    })

    it('tell a declared exception and its value', async () => {
      const { outcome, error } = await over('Peer/Throw', '7')
      expect({ outcome, code: error?.code, exception: error?.exception }).toEqual({ outcome: 'exception', code: 'exception', exception: { type: 'Oops', json: '{"code":7,"why":"thrown"}' } })
      expect((await over('Peer/Throw', '-1')).error?.exception).toEqual({ type: 'Denied', json: '{"who":"nobody","address":{"city":"Hangzhou"}}' })
    })

    it.each([['Peer/Fail', 'biz error: because'], ['Peer/Panic', 'panic: [happened in biz handler, method=Peer.Panic, please check the panic at the server side] because']])('tell what %s said, by its number and name', async (method, message) => {
      const { outcome, error } = await over(method, '"because"')
      expect({ outcome, code: error?.code, layer: error?.layer, exception: error?.exception, params: error?.text.params }).toEqual({
        outcome: 'failed', code: 'remote_or_network', layer: 'remote', exception: { type: 'InternalError', typeId: 6 }, params: { typeId: 6, name: 'InternalError', message },
      })
    })

    it('send a oneway that arrives', async () => {
      const note = `${transport} ${Math.random()}`
      const record = await over('Peer/Fire', JSON.stringify(note))
      expect({ ...(told(record) as object), received: record.bytes.received }).toEqual({ outcome: 'ok', response: undefined, code: undefined, layer: undefined, key: undefined, received: 0 })
      await expect.poll(async () => (await over('Peer/Fired', '')).response).toContain(JSON.stringify(note))
    })

    it('end at the timeout, and the next call is served', async () => {
      expect(told(await over('Peer/Sleep', '400', { timeoutMs: 60 }))).toEqual({ outcome: 'timeout', response: undefined, code: 'rpc_timeout', layer: 'policy', key: 'chain.rpcTimeout' })
      expect((await over('Peer/Say', '"next"')).response).toBe('"next"')
    })
  })

  describe('with a TTHeader', () => {
    it('carry metainfo there, and backward values back', async () => {
      const record = await call('Peer/Meta', '{"back":"b1"}', { transport: 'ttheader-framed', caller: 'me', metainfo: { transient: [['tk', 't1']], persistent: [['pk', 'p1']] } })
      const seen = JSON.parse(record.response ?? '{}') as { readonly transient: Record<string, string>; readonly persistent: object; readonly caller: string; readonly service: string; readonly deadlineMs: number }
      expect({ tk: seen.transient['tk'], traceparent: seen.transient['traceparent'], persistent: seen.persistent, caller: seen.caller, service: seen.service, deadline: seen.deadlineMs > 3000, backward: record.metainfo.backward })
        .toEqual({ tk: 't1', traceparent: `00-${record.traceId}-${record.spanId}-01`, persistent: { pk: 'p1' }, caller: 'me', service: 'Peer', deadline: true, backward: [['back', 'b1']] })
    })

    it.each(['ttheader', 'ttheader-framed'] as const)('tell a business error over %s', async (transport) => {
      const { outcome, error, response } = await call('Peer/Biz', '{"status":42,"message":"不行","extra":{"k":"<v>&"}}', { transport })
      expect({ outcome, response, code: error?.code, biz: error?.biz }).toEqual({ outcome: 'biz_error', response: undefined, code: 'biz', biz: { status: 42, message: '不行', extra: { k: '<v>&' } } })
    })

    it('lose the business error where the server or the framing cannot carry it, and say that the result is missing', async () => {
      const body = '{"status":42,"message":"no","extra":{}}'
      const bare = await call('Peer/Biz', body, { transport: 'ttheader-framed', address: kitex.bare })
      const framed = await call('Peer/Biz', body, { transport: 'framed' })
      const lost = { outcome: 'ok', response: 'null', error: undefined, warnings: ['codec.warning.missingResult'] }
      expect([bare, framed].map(({ outcome, response, error, warnings }) => ({ outcome, response, error, warnings: warnings.map(({ text }) => text.key) }))).toEqual([lost, lost])
    })

    it('reach one of two services that share a method, by its name', async () => {
      const answers = await Promise.all(['Peer/Say', 'Second/Say'].map(async (method) => (await call(method, '"abc"', { transport: 'ttheader' })).response))
      expect(answers).toEqual(['"abc"', '"ABC"'])
    })
  })

  it('say which method the server does not know, and which it has', async () => {
    const idl = { paths: [new URL('../fixtures/kitex/newer-peer.thrift', import.meta.url).pathname] }
    const { outcome, error } = await call('Peer/Later', '"x"', { idl, transport: 'ttheader' })
    expect({ outcome, exception: error?.exception, message: error?.text.params?.['message'], hint: error?.hint?.key }).toEqual({
      outcome: 'failed', exception: { type: 'UnknownMethod', typeId: 1 }, message: 'unknown method Later (service Peer)', hint: 'chain.remoteUnknownMethodHint',
    })
    const other = await call('Absent/Later', '"x"', { idl, transport: 'ttheader' })
    expect(other.error?.exception).toEqual({ type: 'UnknownService', typeId: 20 })
    const framed = await call('Peer/Later', '"x"', { idl, transport: 'framed' })
    expect(framed.error?.exception).toEqual({ type: 'UnknownService', typeId: 20 })
  })

  it.each(['short', 'long', 'mux'] as const)('go over the %s pool, and the record has its facts', async (pool) => {
    const policy = { pool }
    await call('Peer/Say', '"one"', { policy, transport: 'ttheader' })
    const { chain, response } = await call('Peer/Say', '"two"', { policy, transport: 'ttheader' })
    const decision = chain.nodes.find(({ kind }) => kind === 'connection')?.decision
    expect({ response, decision }).toMatchObject({ response: '"two"', decision: { kind: 'connection', pool, reused: pool !== 'short', remote: kitex.thrift } })
  })

  it('are kept apart when 100 run at once', async () => {
    const records = await Promise.all(Array.from({ length: 100 }, (_, n) => call('Peer/Add', `{"a":${n},"b":1,"more":[]}`)))
    expect(records.map(({ response }) => response)).toEqual(Array.from({ length: 100 }, (_, n) => String(n + 1)))
  })

  it('are cancelled, down to the socket', async () => {
    const cancel = new AbortController()
    setTimeout(() => cancel.abort(), 30)
    const { outcome, error } = await engine.call({ idl: { paths: [kitexIdl] }, method: 'Peer/Sleep', body: '2000', target: { kind: 'direct', endpoints: [kitex.thrift] }, timeoutMs: 5000, connectTimeoutMs: 2000 }, { signal: cancel.signal })
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'cancelled', code: 'cancelled' })
  })

  it('say that nothing listens any more once the server is dead', async () => {
    const doomed = await startKitexServer()
    expect((await call('Peer/Say', '"alive"', { address: doomed.thrift })).response).toBe('"alive"')
    await doomed.stop('SIGKILL')
    expect(told(await call('Peer/Say', '"dead"', { address: doomed.thrift }))).toEqual({ outcome: 'failed', response: undefined, code: 'get_connection', layer: 'connection', key: 'transport.refused' })
  })

  it('say that the server died in mid call', async () => {
    const doomed = await startKitexServer()
    const { outcome, error } = await call('Peer/Die', '', { address: doomed.thrift })
    await doomed.stop()
    expect({ outcome, code: error?.code, key: error?.text.key }).toEqual({ outcome: 'failed', code: 'remote_or_network', key: expect.stringMatching(/^transport\.(closedBeforeReply|resetBeforeReply)$/) as unknown })
  })

  describe('that meet another protocol', () => {
    const listening = async (server: net.Server | http.Server | http2.Http2Server): Promise<string> => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      closers.push(() => server.close())
      const bound = server.address()
      return typeof bound === 'object' && bound !== null ? `127.0.0.1:${bound.port}` : ''
    }

    it.each(transports)('name HTTP when an HTTP server answers %s', async (transport) => {
      const address = await listening(http.createServer())
      const { outcome, error } = await call('Peer/Say', '"x"', { address, transport })
      expect({ outcome, code: error?.code, layer: error?.layer, text: error?.text, hint: error?.hint?.key }).toEqual({
        outcome: 'failed', code: 'remote_or_network', layer: 'frame', text: { key: 'transport.foreignAnswer', params: { protocol: 'HTTP/1', evidence: 'HTTP/1.1 400 Bad Request' } }, hint: 'transport.wrongProtocolHint',
      })
    })

    it('name HTTP/2 when a gRPC server answers', async () => {
      const address = await listening(http2.createServer())
      expect((await call('Peer/Say', '"x"', { address })).error?.text.params?.['protocol']).toBe('HTTP/2 (gRPC)')
    })

    it.each([
      ['is reset in mid reply', '0000001980010002', true, 'transport.resetInReply'],
      ['is cut short', '0000001980010002', false, 'transport.replyCutShort'],
      ['declares 2 GB', '7fffffff80010002', false, 'transport.frameTooLarge'],
    ])('say so when the reply %s', async (_name, bytes, reset, key) => {
      const address = await listening(net.createServer((socket) => {
        socket.on('error', () => undefined)
        socket.once('data', () => {
          // Closing with bytes unread makes the system send a reset.
          if (reset) socket.pause()
          socket.write(Buffer.from(bytes, 'hex'), () => (reset ? socket.destroy() : socket.end()))
        })
      }))
      const body = JSON.stringify(reset ? 'x'.repeat(16 * 1024 * 1024) : 'x')
      const { outcome, error } = await call('Peer/Say', body, { address, transport: 'framed', bytes: false })
      expect({ outcome, code: error?.code, key: error?.text.key }).toEqual({ outcome: 'failed', code: 'remote_or_network', key })
    })
  })
})
