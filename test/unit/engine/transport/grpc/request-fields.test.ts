// The header fields of a call, by what the specification and Kitex say of them.

import { describe, expect, it } from 'vitest'
import { lastingFields, passingFields, timeoutText } from '../../../../../src-main/engine/transport/grpc/request-fields.ts'
import { noHeader, noRoute } from '../../../../../src-main/engine/transport/transport.ts'
import { route } from '../http2/grpc-call.ts'

const value = (name: string, ...parts: Parameters<typeof lastingFields>): string | undefined => lastingFields(...parts).find(([key]) => key === name)?.[1]

describe('fields', () => {
  it('are the same list for the same route', () => {
    expect(lastingFields({ ...route }, 'a:1', false)).toBe(lastingFields({ ...route, timeoutMs: 5 }, 'a:1', false))
    expect(lastingFields(route, 'a:1', true)).not.toBe(lastingFields(route, 'a:1', false))
  })

  it.each([
    [{ language: 'proto', codec: 'protobuf' }, 'application/grpc'],
    [{ language: 'proto', codec: 'json' }, 'application/grpc+json'],
    [{ language: 'thrift', codec: 'thrift-binary' }, 'application/grpc+thrift'],
  ] as const)('of %j name the content type', (more, type) => {
    expect(value('content-type', { ...route, ...more }, 'a:1', false)).toBe(type)
  })

  it('offer identity first, and a compression that is asked for', () => {
    const of = (compress: 'none' | 'gzip' | 'snappy' | 'zstd'): unknown => ['grpc-encoding', 'grpc-accept-encoding'].map((name) => value(name, { ...route, compress }, 'a:1', false))
    expect([of('none'), of('gzip'), of('zstd')]).toEqual([[undefined, 'identity,deflate,gzip'], ['gzip', 'identity,deflate,gzip'], ['zstd', 'identity,deflate,gzip,zstd']])
  })

  it('name the authority that was given, else the address; a socket has no name', () => {
    expect([value(':authority', { ...route, http: { ...noRoute, authority: 'orders' } }, 'a:1', false), value(':authority', route, 'a:1', false), value(':authority', route, '/run/x.sock', false)]).toEqual(['orders', 'a:1', 'localhost'])
  })

  it('of one call are its deadline and its metadata in order', () => {
    expect(passingFields({ ...route, timeoutMs: 250 }, { ...noHeader, strings: [['X-A', '1'], ['x-a', '2']] })).toEqual([['grpc-timeout', '250000u'], ['x-a', '1'], ['x-a', '2']])
    expect(passingFields(route, noHeader)).toEqual([])
  })
})

it.each([[0.0001, '1u'], [1, '1000u'], [1.5, '1500u'], [99_999, '99999000u'], [100_000, '100000m'], [99_999_999, '99999999m'], [100_000_000, '100000S'], [1e15, '99999999S']])('%d ms is %s', (ms, text) => {
  expect(timeoutText(ms)).toBe(text)
})
