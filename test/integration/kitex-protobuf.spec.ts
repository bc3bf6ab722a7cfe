// Kitex Protobuf against a real Kitex: whole calls of our engine over TTHeaderFramed, as Kitex's own clients send them, and over Framed, which its
// server takes too.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { buildPatienceMs, kitexIdl, kitexMissing, kitexProto, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'

const missing = kitexMissing()

/** The whole of type All, in the order of its numbers, as canonical ProtoJSON. */
const everything = `{"flag":true,"int32Value":-2147483648,"int64Value":9007199254740993,"uint32Value":4294967295,"uint64Value":18446744073709551615,"sint32Value":-1,
"sint64Value":-9223372036854775808,"fixed32Value":7,"fixed64Value":9007199254740993,"sfixed32Value":-7,"sfixed64Value":-9007199254740993,"floatValue":0.1,"doubleValue":5e-324,
"text":"Kite 风筝 \\"q\\"","blob":"AAH/gA==","color":"COLOR_BLUE","address":{"city":"杭州","zip":0},"numbers":[1,-1,0],"names":["b",""],"counts":{"one":-1},
"places":{"-7":{"city":"A"}},"number":9007199254740993,"maybe":"","addresses":[{"city":"A"},{}],"child":{"child":{"text":"leaf"}}}`.replaceAll('\n', '')

describe.skipIf(missing !== undefined)(`Kitex Protobuf to a real Kitex${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let kitex: KitexServer
  let engine: Engine

  beforeAll(async () => {
    kitex = await startKitexServer()
    engine = createEngine(systemPorts())
  }, buildPatienceMs)
  afterAll(async () => {
    await engine.dispose()
    await kitex.stop()
  })

  type More = Partial<CallRequestInput> & { readonly address?: string }
  const call = (method: string, body: string, { address = kitex.pb, ...more }: More = {}): Promise<CallRecord> => engine.call({
    idl: { paths: [kitexProto] }, method, body, target: { kind: 'direct', endpoints: [address] }, transport: 'ttheader-framed', timeoutMs: 5000, connectTimeoutMs: 2000, caller: 'kite.test', seed: 1, ...more,
  })
  const told = ({ outcome, response, error, transport, codec }: CallRecord): unknown => ({ outcome, response, error: error?.text.key, transport, codec })

  describe.each(['ttheader-framed', 'framed'] as const)('over %s', (transport) => {
    const ok = { outcome: 'ok', error: undefined, transport, codec: 'protobuf' }
    const over = (method: string, body: string, more: More = {}): Promise<CallRecord> => call(method, body, { transport, ...more })

    it('brings every type there and back, to the digit', async () => {
      expect(told(await over('PbPeer/Echo', everything))).toEqual({ ...ok, response: everything })
    })

    it.each([
      ['PbPeer/Say', '{"text":"hi"}', '{"text":"hi"}'],
      ['PbPeer/Void', '', '{}'],
      ['PbSecond/Hello', '{"text":"kite"}', '{"text":"Hello, kite"}'],
      ['peerpb.PbPeer/Say', '{}', '{}'],
    ])('%s answers %s with %s', async (method, body, response) => {
      expect(told(await over(method, body))).toEqual({ ...ok, response })
    })

    it('brings 4 MB there and back', async () => {
      const { outcome, bytes } = await over('PbPeer/Big', '{"number":4194304}')
      expect([outcome, bytes.received > 4_194_304]).toEqual(['ok', true])
    })

    it.each([['PbPeer/Fail', 'biz error: because'], ['PbPeer/Panic', 'panic: [happened in biz handler, method=PbPeer.Panic, please check the panic at the server side] because']])('tells what %s said, by its number and name', async (method, message) => {
      const { outcome, error } = await over(method, '{"text":"because"}')
      expect([outcome, error?.code, error?.exception, error?.text.params]).toEqual(['failed', 'remote_or_network', { type: 'InternalError', typeId: 6 }, { typeId: 6, name: 'InternalError', message }])
    })

    it('reads the refusal of an unknown method, which has sequence id 0', async () => {
      const idl = { paths: [new URL('../fixtures/kitex/newer-peerpb.proto', import.meta.url).pathname] }
      const records = [await over('PbPeer/Later', '{}', { idl }), await over('Absent/Later', '{}', { idl })]
      const named = transport === 'ttheader-framed' ? { type: 'UnknownMethod', typeId: 1 } : { type: 'UnknownService', typeId: 20 }
      expect(records.map(({ outcome, error }) => [outcome, error?.exception])).toEqual([['failed', named], ['failed', { type: 'UnknownService', typeId: 20 }]])
      // The server has closed that connection; the next call gets another.
      expect((await over('PbPeer/Say', '{"text":"next"}')).response).toBe('{"text":"next"}')
    })

    it('is told that the server speaks the other codec, both ways', async () => {
      const toThrift = await over('PbSecond/Hello', '{"text":"x"}', { address: kitex.thrift })
      const toProtobuf = await over('Second/Hello', '"x"', { idl: { paths: [kitexIdl] } })
      expect([toThrift, toProtobuf].map(({ outcome, error }) => [outcome, error?.code])).toEqual([['failed', 'remote_or_network'], ['failed', 'remote_or_network']])
      expect([toThrift, toProtobuf].map(({ error }) => error?.exception?.typeId)).toEqual([9, 9])
    })

    it('ends at the timeout, and the next call is served', async () => {
      expect((await over('PbPeer/Sleep', '{"number":2000}', { timeoutMs: 100 })).outcome).toBe('timeout')
      expect((await over('PbPeer/Say', '{"text":"next"}')).response).toBe('{"text":"next"}')
    })

    // Without TTHeader nothing tells the calls of one connection apart.
    it.each((['mux', 'long', 'short'] as const).filter((pool) => pool !== 'mux' || transport !== 'framed'))('goes over the %s pool', async (pool) => {
      const records = await Promise.all(Array.from({ length: 20 }, (_, n) => over('PbPeer/Say', `{"number":${n + 1}}`, { policy: { pool } })))
      expect(records.map(({ response }) => response)).toEqual(records.map((_record, n) => `{"number":${n + 1}}`))
    })
  })

  it('tells a business error over TTHeader, and loses it over Framed as every client does', async () => {
    const body = '{"status":42,"message":"不行","extra":{"k":"<v>&"}}'
    const { outcome, error } = await call('PbPeer/Biz', body)
    expect([outcome, error?.biz]).toEqual(['biz_error', { status: 42, message: '不行', extra: { k: '<v>&' } }])
    expect(told(await call('PbPeer/Biz', body, { transport: 'framed' }))).toMatchObject({ outcome: 'ok', response: '{}' })
  })

  it('carries metainfo there, and backward values back', async () => {
    const record = await call('PbPeer/Tell', '{"header":{"back":"b1"}}', { metainfo: { transient: [['tk', 't1']], persistent: [['pk', 'p1']] } })
    const seen = JSON.parse(record.response ?? '{}') as { readonly transient: Record<string, string>; readonly persistent: object; readonly service: string }
    expect([seen.transient['tk'], seen.persistent, seen.service, record.metainfo.backward]).toEqual(['t1', { pk: 'p1' }, 'PbPeer', [['back', 'b1']]])
  })

  it('shows its bytes: header, message head and each field', async () => {
    const { byteViews } = await call('PbPeer/Say', '{"text":"seen","number":5}')
    const text = byteViews.map(({ nodes }) => JSON.stringify(nodes))
    expect(text.map((each) => [each.includes('inner frame length'), each.includes('"value":"seen"'), each.includes('not understood')])).toEqual([[true, true, false], [true, true, false]])
  })
})
