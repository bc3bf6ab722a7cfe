import { create, toBinary } from '@bufbuild/protobuf'
import { anyPack, DurationSchema } from '@bufbuild/protobuf/wkt'
import { describe, expect, it } from 'vitest'
import { faultOf, percentDecoded } from '../../../../../src-main/engine/transport/grpc/status.ts'
import { protoBytes, protoFields } from '../../../../../src-main/engine/transport/grpc/proto-fields.ts'
import { statusName, statusOfName } from '../../../../../src-main/engine/transport/grpc/status-codes.ts'
import { statusJson } from '../../../../../src-main/engine/transport/grpc/status-details.ts'

const facts = { httpStatus: 200, method: 'shop.Orders/Get' }

describe('a trailer', () => {
  it('with status 0 is no fault', () => {
    expect(faultOf([['grpc-status', '0'], ['grpc-message', '']], facts)).toBeUndefined()
  })

  it('with a status is a fault of its name, number and message', () => {
    expect(faultOf([['grpc-status', '5'], ['grpc-message', 'no order 7%25, %E4%BD%A0']], facts)).toEqual({
      code: 'remote_or_network', layer: 'remote', text: { key: 'grpc.status', params: { code: 5, name: 'NOT_FOUND', message: 'no order 7%, 你' } }, exception: { type: 'NOT_FOUND', typeId: 5 },
    })
  })

  it('without a status is never a success', () => {
    expect(faultOf([], facts)?.text.key).toBe('grpc.statusMissing')
    expect(faultOf([['grpc-status', 'fine']], facts)?.text).toEqual({ key: 'grpc.statusMalformed', params: { value: 'fine' } })
    expect(faultOf([['grpc-status', '-1']], facts)?.code).toBe('protocol')
  })

  it.each([
    ['4', '', 'rpc_timeout', 'grpc.hint.deadline'],
    ['7', '', 'acl', 'grpc.hint.permissionDenied'],
    ['8', '', 'over_limit', undefined],
    ['8', 'grpc: received message larger than max (5 vs. 4)', 'over_limit', 'grpc.hint.messageTooLarge'],
    ['12', 'unknown service', 'remote_or_network', 'grpc.hint.unimplemented'],
    ['12', 'grpc: Decompressor is not installed for grpc-encoding "snappy"', 'remote_or_network', 'grpc.hint.compression'],
    ['16', '', 'remote_or_network', 'grpc.hint.unauthenticated'],
    ['1', 'context canceled', 'remote_or_network', undefined],
    ['1', 'unknown method NoSuch', 'remote_or_network', 'grpc.hint.kitexUnknownMethod'],
    ['20', 'unknown service Second', 'remote_or_network', 'grpc.hint.kitexUnknownService'],
    ['17', '', 'rpc_timeout', undefined],
    ['13', 'no kitex compressor registered found for:gzip [biz error]', 'remote_or_network', 'grpc.hint.kitexCompressor'],
    ['13', 'context deadline exceeded [biz error]', 'remote_or_network', 'grpc.hint.deadline'],
    ['13', 'grpc: error unmarshalling request: proto: cannot parse', 'remote_or_network', 'grpc.hint.codec'],
    ['99', '', 'remote_or_network', undefined],
  ])('status %s "%s" is %s', (status, message, code, hint) => {
    const fault = faultOf([['grpc-status', status], ['grpc-message', message]], facts)
    expect([fault?.code, fault?.hint?.key, fault?.exception?.typeId]).toEqual([code, hint, Number(status)])
  })

  it('of Kitex with biz-status is a business error', () => {
    expect(faultOf([['grpc-status', '13'], ['grpc-message', 'sold out'], ['biz-status', '42'], ['biz-extra', '{"sku":"\\u003c7\\u003e"}']], facts)).toEqual({
      code: 'biz', layer: 'remote', text: { key: 'chain.bizError', params: { status: 42, message: 'sold out' } }, biz: { status: 42, message: 'sold out', extra: { sku: '<7>' } },
    })
  })

  it('keeps an extra of a business error that is no object as it came', () => {
    expect(faultOf([['grpc-status', '13'], ['biz-status', '-7'], ['biz-extra', 'oops']], facts)?.biz).toEqual({ status: -7, message: '', extra: { 'biz-extra': 'oops' } })
  })

  it.each([[400, 13], [401, 16], [403, 7], [404, 12], [429, 14], [502, 14], [503, 14], [504, 14], [500, 2], [302, 2]])('that never came with HTTP status %i stands for %i', (httpStatus, typeId) => {
    const fault = faultOf([], { ...facts, httpStatus })
    expect([fault?.text.key, fault?.exception?.typeId, fault?.exception?.type]).toEqual(['grpc.httpStatus', typeId, statusName(typeId)])
  })
})

describe('status details', () => {
  const any = (type: string, ...fields: readonly Buffer[]): Buffer => protoBytes(3, Buffer.concat([protoBytes(1, `type.googleapis.com/${type}`), protoBytes(2, Buffer.concat(fields))]))
  const head = [Buffer.from([0x08, 0x03]), protoBytes(2, 'bad')]
  const detailsOf = (...parts: readonly Buffer[]): unknown => JSON.parse(statusJson(Buffer.concat([...head, ...parts])))

  it('are shown as ProtoJSON by their types', () => {
    const violation = Buffer.concat([protoBytes(1, 'user.name'), protoBytes(2, 'too long'), protoBytes(3, 'LENGTH'), protoBytes(4, Buffer.concat([protoBytes(1, 'zh-CN'), protoBytes(2, '太长')]))])
    const entry = (key: string, value: string): Buffer => protoBytes(3, Buffer.concat([protoBytes(1, key), protoBytes(2, value)]))
    expect(detailsOf(
      any('google.rpc.BadRequest', protoBytes(1, violation), protoBytes(1, protoBytes(1, 'age'))),
      any('google.rpc.ErrorInfo', protoBytes(1, 'NO_STOCK'), protoBytes(2, 'shop'), entry('sku', '7'), entry('zone', 'a')),
      any('google.rpc.DebugInfo', protoBytes(1, 'a'), protoBytes(1, 'b'), protoBytes(2, 'd')),
      any('google.rpc.Help', protoBytes(1, Buffer.concat([protoBytes(1, 'read'), protoBytes(2, 'https://a.example')]))),
    )).toEqual({
      code: 3,
      message: 'bad',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'user.name', description: 'too long', reason: 'LENGTH', localizedMessage: { locale: 'zh-CN', message: '太长' } }, { field: 'age' }],
        },
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'NO_STOCK', domain: 'shop', metadata: { sku: '7', zone: 'a' } },
        { '@type': 'type.googleapis.com/google.rpc.DebugInfo', stackEntries: ['a', 'b'], detail: 'd' },
        { '@type': 'type.googleapis.com/google.rpc.Help', links: [{ description: 'read', url: 'https://a.example' }] },
      ],
    })
  })

  it.each([[1n, 500_000_000, '1.500s'], [0n, 0, '0s'], [-1n, -250_000, '-1.000250s'], [315_576_000_000n, 1, '315576000000.000000001s']])('write a duration of %s s and %s ns as %s', (seconds, nanos, text) => {
    const delay = Buffer.from(toBinary(DurationSchema, create(DurationSchema, { seconds, nanos })))
    expect(detailsOf(any('google.rpc.RetryInfo', protoBytes(1, delay)))).toMatchObject({ details: [{ retryDelay: text }] })
  })

  it('keep type and bytes of what is not known or not readable', () => {
    const { typeUrl, value } = anyPack(DurationSchema, create(DurationSchema, { seconds: 1n }))
    const unknown = protoBytes(3, Buffer.concat([protoBytes(1, typeUrl), protoBytes(2, Buffer.from(value))]))
    expect(detailsOf(unknown, any('google.rpc.ErrorInfo', Buffer.from([0x0a, 0x7f])))).toMatchObject({
      details: [{ '@type': typeUrl, value: 'CAE=' }, { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', value: 'Cn8=' }],
    })
    expect(JSON.parse(statusJson(Buffer.from([0x0a, 0x7f])))).toEqual({ $undecoded: 'Cn8=' })
  })

  it('of a type that JavaScript has a name like, and keys like it, are data as all others', () => {
    const entry = (key: string, value: string): Buffer => protoBytes(3, Buffer.concat([protoBytes(1, key), protoBytes(2, value)]))
    expect(detailsOf(any('constructor', protoBytes(1, 'x')), any('__proto__', protoBytes(1, 'x')))).toMatchObject({ details: [{ value: 'CgF4' }, { value: 'CgF4' }] })
    const json = statusJson(Buffer.concat([...head, any('google.rpc.ErrorInfo', entry('__proto__', 'p'), entry('constructor', 'c'))]))
    expect(json).toContain('"metadata":{"__proto__":"p","constructor":"c"}')
  })

  // As many as fit into the largest header block; joined one to all before, they took minutes.
  it('of very many entries are read in one go', () => {
    const entries = Array.from({ length: 100_000 }, (_, index) => protoBytes(3, Buffer.concat([protoBytes(1, String(index)), protoBytes(2, '')])))
    const { details } = JSON.parse(statusJson(Buffer.concat([...head, any('google.rpc.ErrorInfo', ...entries)]))) as { readonly details: readonly { readonly metadata: object }[] }
    expect(Object.keys(details[0]?.metadata ?? {})).toHaveLength(100_000)
  })

  it('are part of the fault', () => {
    const bin = Buffer.concat(head).toString('base64').replaceAll('=', '')
    expect(faultOf([['grpc-status', '3'], ['grpc-status-details-bin', bin]], facts)?.exception).toEqual({ type: 'INVALID_ARGUMENT', typeId: 3, json: '{"code":3,"message":"bad"}' })
  })
})

it('reads every wire type and refuses what is cut short at any byte', () => {
  const message = Buffer.from('089601 1102000000000000001d030000002203616263'.replaceAll(' ', ''), 'hex')
  expect(protoFields(message)?.map(({ number, int, bytes }) => [number, int, bytes.toString()])).toEqual([[1, 150n, ''], [2, 2n, ''], [3, 3n, ''], [4, 0n, 'abc']])
  const whole = new Set([0, 3, 12, 17, message.length])
  for (let length = 0; length <= message.length; length += 1) expect(protoFields(message.subarray(0, length)) !== undefined, `${length} bytes`).toBe(whole.has(length))
  expect(protoFields(Buffer.from('0b0c', 'hex')), 'groups').toBeUndefined()
  expect([protoFields(Buffer.alloc(1_000_000, '0800', 'hex'))?.length, protoFields(Buffer.alloc(1_000_002, '0800', 'hex'))], 'far too many').toEqual([500_000, undefined])
})

it('decodes percent escapes and leaves others alone', () => {
  expect(['100%', '%zz', '%E4%BD%A0%', 'a b'].map(percentDecoded)).toEqual(['100%', '%zz', '你%', 'a b'])
})

it('knows statuses by either spelling', () => {
  expect([statusOfName('not_found'), statusOfName('canceled'), statusOfName('CANCELLED'), statusOfName('nope'), statusName(20), statusName(33)]).toEqual([5, 1, 1, undefined, 'UNKNOWN_SERVICE', 'STATUS_33'])
})
