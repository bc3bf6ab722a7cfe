import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { AttributeValue, Span } from '../../../../shared/model/trace.ts'
import { decodeTraces } from '../../../../src-main/engine/telemetry/otlp/decode-traces.ts'
import { encodeTraces } from '../../../../src-main/engine/telemetry/otlp/encode-traces.ts'
import { ShapeError, decodeTracesJson, encodeTracesJson } from '../../../../src-main/engine/telemetry/otlp/json-traces.ts'
import { WireError } from '../../../../src-main/engine/telemetry/otlp/wire-reader.ts'
import { WireWriter } from '../../../../src-main/engine/telemetry/otlp/wire-writer.ts'
import { manySpans } from '../../../support/spans.ts'

const whole: Span = {
  traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', parentSpanId: 'eee19b7ec3c1b173', parentIsRemote: true,
  name: '查询用户', kind: 'consumer', service: '商店', startNs: 1_544_712_660_300_000_123n, endNs: 18_446_744_073_709_551_615n, status: 'error', statusMessage: 'boom',
  attributes: {
    text: 'a', yes: true, no: false, int: 9_007_199_254_740_993n, least: -9_223_372_036_854_775_808n, one: 1n, double: 1, nan: Number.NaN, inf: Number.NEGATIVE_INFINITY,
    bytes: new Uint8Array([0, 255]), empty: undefined, list: ['a', 1n, [2.5, undefined]], map: { k: { deep: [true] } }, __proto__x: 'no trick',
  },
  resource: { 'service.name': '商店', pid: 7n }, scope: { name: 'lib', version: '1' },
  events: [{ name: 'exception', atNs: 5n, attributes: { 'exception.type': 'E' } }],
  links: [{ traceId: '5b8efff798038103d269b633813fc60d', spanId: 'eee19b7ec3c1b175', attributes: { why: 'retry' } }],
  droppedAttributes: 3, own: false,
}

const attributeValue: fc.Arbitrary<AttributeValue> = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 },
    fc.string(), fc.boolean(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.oneof(fc.double(), fc.constant(-0)), fc.uint8Array({ maxLength: 20 }), fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.string(), tie('value'), { maxKeys: 4, noNullPrototype: true })),
})).value

describe('OTLP in protobuf and JSON', () => {
  it.each([
    ['protobuf', (spans: readonly Span[]) => decodeTraces(encodeTraces(spans))],
    ['JSON', (spans: readonly Span[]) => decodeTracesJson(encodeTracesJson(spans))],
  ])('%s gives back every part of a span, every digit of it', (_, roundTrip) => {
    expect(roundTrip([whole])).toStrictEqual({ spans: [whole], rejected: 0 })
    const many = manySpans(500)
    expect(roundTrip(many)).toStrictEqual({ spans: many, rejected: 0 })
  })

  it('gives back any attribute value in both encodings', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), attributeValue, { maxKeys: 5, noNullPrototype: true }), (attributes) => {
      const span = { ...whole, attributes }
      expect(decodeTraces(encodeTraces([span])).spans).toStrictEqual([span])
      expect(decodeTracesJson(encodeTracesJson([span])).spans).toStrictEqual([span])
    }))
  })

  it('keeps a key named __proto__ as a key', () => {
    const attributes = Object.fromEntries([['__proto__', 'x']]) as Span['attributes']
    const decoded = decodeTraces(encodeTraces([{ ...whole, attributes }])).spans[0]?.attributes ?? {}
    expect(Object.entries(decoded)).toEqual([['__proto__', 'x']])
  })

  it('drops and counts spans with invalid ids, and keeps their neighbours', () => {
    const bad = [{ ...whole, traceId: '00'.repeat(16) }, { ...whole, spanId: 'abcd' }, { ...whole, traceId: '' }, whole]
    const wanted = { spans: [whole], rejected: 3, rejectedBecause: 'span with an invalid trace id: 16 bytes, not all zero, are required' }
    expect(decodeTraces(encodeTraces(bad))).toEqual(wanted)
    expect(decodeTracesJson(encodeTracesJson(bad))).toEqual(wanted)
  })

  it('reads the resource also where it stands behind its spans, and skips unknown fields', () => {
    const plain = encodeTraces([whole])
    const writer = new WireWriter()
    writer.string(99, 'a field of tomorrow')
    writer.bytes(1, resourceLast(plain))
    expect(decodeTraces(writer.finish()).spans).toEqual([whole])
  })

  it('takes JSON as other SDKs write it: ids in capitals, numbers for integers, nulls, unknown names', () => {
    const text = `{"resourceSpans":[{"resource":null,"tomorrow":{},"scopeSpans":[{"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"",
      "name":"quoted 12345678901234567890 \\" 1234567890123456789","startTimeUnixNano":1544712660300000123,"endTimeUnixNano":"1544712660600000456","kind":2,"status":{},"events":null,
      "attributes":[{"key":"n","value":{"intValue":9007199254740993}},{"key":"d","value":{"doubleValue":12345678901234567890}}]}]}]}]}`
    expect(decodeTracesJson(text).spans).toEqual([{
      traceId: '5b8efff798038103d269b633813fc60c', spanId: 'eee19b7ec3c1b174', name: 'quoted 12345678901234567890 " 1234567890123456789', kind: 'server', service: 'unknown_service',
      startNs: 1_544_712_660_300_000_123n, endNs: 1_544_712_660_600_000_456n, status: 'unset', attributes: { n: 9_007_199_254_740_993n, d: 12_345_678_901_234_567_000 },
      resource: {}, scope: { name: '' }, events: [], links: [], own: false,
    }])
  })

  it.each([
    ['[]', 'no JSON object at the top'],
    ['{"resourceSpans":{}}', 'no JSON array at resourceSpans'],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":7}]}]}]}', 'no string at resourceSpans[0].scopeSpans[0].spans[0].traceId'],
    [`{"resourceSpans":[{"resource":{"attributes":[{"key":"k","value":{"intValue":"1.5"}}]}}]}`, 'no 64-bit integer at resourceSpans[0].resource.attributes[0].intValue'],
  ])('says where JSON has another shape: %s', (text, message) => {
    expect(() => decodeTracesJson(text)).toThrow(new ShapeError(message.split(' at ')[0] ?? '', message.split(' at ')[1] === 'the top' ? '' : (message.split(' at ')[1] ?? '')))
  })

  it('refuses values nested beyond any sense in both encodings', () => {
    let deep: AttributeValue = 'x'
    for (let n = 0; n < 70; n += 1) deep = [deep]
    expect(() => decodeTraces(encodeTraces([{ ...whole, attributes: { deep } }]))).toThrow(WireError)
    expect(() => decodeTracesJson(encodeTracesJson([{ ...whole, attributes: { deep } }]))).toThrow(ShapeError)
  })

  it('survives 20,000 mutated payloads: decodes or throws a WireError, and never reads outside', () => {
    const seed = encodeTraces([whole, ...manySpans(3)])
    let state = 42
    const random = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below
    let refused = 0
    for (let n = 0; n < 20_000; n += 1) {
      const bytes = Buffer.from(seed.subarray(0, random(3) === 0 ? random(seed.length) : seed.length))
      for (let edits = random(4) + 1; edits > 0 && bytes.length > 0; edits -= 1) bytes[random(bytes.length)] = random(256)
      try {
        if (decodeTraces(bytes).spans.some(({ traceId, spanId }) => traceId.length !== 32 || spanId.length !== 16)) throw new Error(`an invalid id passed: ${bytes.toString('hex')}`)
      } catch (caught) {
        if (!(caught instanceof WireError)) throw caught
        if (caught.offset > bytes.length) throw new Error(`read to ${caught.offset} of ${bytes.length}: ${bytes.toString('hex')}`, { cause: caught })
        refused += 1
      }
    }
    expect(refused).toBeGreaterThan(1000)
  }, 60_000)

  it('refuses a length that lies before allocating for it', () => {
    expect(() => decodeTraces(Buffer.from('0affffffff0f', 'hex'))).toThrow('reaches beyond its message')
    expect(() => decodeTraces(Buffer.from('0a03120501', 'hex'))).toThrow('reaches beyond its message')
  })
})

/** The one ResourceSpans of a request with field 1 moved to its end. */
function resourceLast(request: Buffer): Buffer {
  const length = (at: number): [number, number] => {
    let value = 0
    for (let n = 0; n < 5; n += 1) value |= ((request[at + n] ?? 0) & 0x7f) << (7 * n)
    return [value, at + 5]
  }
  const [, start] = length(1)
  const [size, body] = length(start + 1)
  return Buffer.concat([request.subarray(body + size), request.subarray(start, body + size)])
}
