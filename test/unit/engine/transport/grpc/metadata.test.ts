import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../../../../src-main/engine/transport/grpc/metadata.ts'

describe('metadata that we send', () => {
  it('keeps order and repeated names, in lower case and without blanks at the ends', () => {
    expect(encodeMetadata([['X-Trace', 'a'], ['b', ' two words '], ['x-trace', ''], ['rpc-transit-k', '%20']])).toEqual([['x-trace', 'a'], ['b', 'two words'], ['x-trace', ''], ['rpc-transit-k', '%20']])
  })

  it('sends binary values without padding, one by one, from either alphabet', () => {
    expect(encodeMetadata([['Sig-Bin', 'AAE='], ['sig-bin', 'AAE, _-8='], ['sig-bin', '']])).toEqual([['sig-bin', 'AAE'], ['sig-bin', 'AAE'], ['sig-bin', '/+8'], ['sig-bin', '']])
  })

  it.each([
    [':path', 'x', 'grpc.metadataPseudo'],
    ['GRPC-Timeout', '1S', 'grpc.metadataReserved'],
    ['grpc-status-details-bin', 'AA==', 'grpc.metadataReserved'],
    ['Content-Type', 'text/plain', 'grpc.metadataReserved'],
    ['connection', 'close', 'grpc.metadataReserved'],
    ['', 'x', 'grpc.metadataName'],
    ['two words', 'x', 'grpc.metadataName'],
    ['名', 'x', 'grpc.metadataName'],
    ['x', 'ä', 'grpc.metadataValue'],
    ['x', 'a\nb', 'grpc.metadataValue'],
    ['x-bin', 'not base64!', 'grpc.metadataBase64'],
    ['x-bin', 'AAAAA', 'grpc.metadataBase64'],
  ])('refuses %j with value %j and names it', (name, value, key) => {
    expect(() => encodeMetadata([['ok', '1'], [name, value]])).toThrow(expect.objectContaining({ data: expect.objectContaining({ code: 'usage', text: expect.objectContaining({ key, params: expect.objectContaining({ name }) }) }) }))
  })
})

describe('metadata that came', () => {
  it('shows every binary value by itself and padded', () => {
    expect(decodeMetadata([['a', '1,2'], ['k-bin', 'AAE,/+8='], ['a', '3'], ['k-bin', '']])).toEqual([['a', '1,2'], ['k-bin', 'AAE='], ['k-bin', '/+8='], ['a', '3'], ['k-bin', '']])
  })

  it('keeps what is no base64 as it came', () => {
    expect(decodeMetadata([['k-bin', '%%%']])).toEqual([['k-bin', '%%%']])
  })

  it('gives back any bytes that were sent', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (values) => {
      const pairs = values.map((value) => ['v-bin', Buffer.from(value).toString('base64')] as const)
      expect(decodeMetadata(encodeMetadata(pairs))).toEqual(pairs)
    }))
  })
})
