// Our OTLP wire code against protobufjs, which reads the published definitions: each must understand what the other wrote.

import { join } from 'node:path'
import protobuf from 'protobufjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeTraces } from '../../../../src-main/engine/telemetry/otlp/decode-traces.ts'
import { encodeTraces } from '../../../../src-main/engine/telemetry/otlp/encode-traces.ts'
import { manySpans } from '../../../support/spans.ts'

let request: protobuf.Type

beforeAll(async () => {
  const root = await protobuf.load(join(import.meta.dirname, '../../../fixtures/otlp/trace.proto'))
  request = root.lookupType('otlp.ExportTraceServiceRequest')
})

const plain = (bytes: Uint8Array): Record<string, unknown> => request.toObject(request.decode(bytes), { longs: String, bytes: String })

describe('protobufjs, as a second opinion on OTLP', () => {
  it('reads what we wrote, and writes bytes that we read as the same spans', () => {
    const spans = manySpans(200)
    const decoded = request.decode(encodeTraces(spans))
    expect(decodeTraces(Buffer.from(request.encode(decoded).finish()))).toStrictEqual({ spans, rejected: 0 })
  })

  it('sees names, ids and times where the definitions put them', () => {
    const [span] = manySpans(1)
    if (span === undefined) throw new Error('believed: one span was made')
    expect(plain(encodeTraces([span]))).toMatchObject({
      resourceSpans: [{
        scopeSpans: [{
          spans: [{
            traceId: Buffer.from(span.traceId, 'hex').toString('base64'), spanId: Buffer.from(span.spanId, 'hex').toString('base64'), name: span.name,
            startTimeUnixNano: String(span.startNs), endTimeUnixNano: String(span.endNs),
          }],
        }],
      }],
    })
  })

  it('writes 64-bit attributes that arrive to the digit', () => {
    const id = (length: number): Uint8Array => new Uint8Array(length).fill(7)
    const written = request.encode(request.fromObject({
      resourceSpans: [{
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeSpans: [{ spans: [{ traceId: id(16), spanId: id(8), name: 'x', kind: 2, startTimeUnixNano: '18446744073709551614', endTimeUnixNano: '18446744073709551615', attributes: [{ key: 'n', value: { intValue: '-9223372036854775807' } }] }] }],
      }],
    })).finish()
    expect(decodeTraces(Buffer.from(written)).spans).toMatchObject([{ service: 'shop', kind: 'server', startNs: 18_446_744_073_709_551_614n, attributes: { n: -9_223_372_036_854_775_807n } }])
  })
})
