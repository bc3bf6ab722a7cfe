// Paths of servers that tell their own IDL: what is written is read back, and nothing of who asks is ever written.

import { expect, it } from 'vitest'
import { isReflection, readReflectionPath, reflectionPathOf } from '../../../../shared/logic/reflection-path.ts'

it.each([
  ['grpc-reflection://a.example:443', { address: 'a.example:443', unknown: [] }],
  ['grpc-reflection://[::1]:443/', { address: '[::1]:443', unknown: [] }],
  ['reflect:a.example:443', { address: 'a.example:443', unknown: [] }],
  ['reflect:', { unknown: [] }],
  ['grpc-reflection://a.example:443?tls', { address: 'a.example:443', tls: { insecure: false }, unknown: [] }],
  ['reflect:a.example:443?cacert=certs/c%20a.pem&servername=b.example', { address: 'a.example:443', tls: { caFile: 'certs/c a.pem', serverName: 'b.example', insecure: false }, unknown: [] }],
  ['grpc-reflection://a.example:443?insecure&cert=me.pem', { address: 'a.example:443', tls: { insecure: true }, unknown: ['cert'] }],
  ['grpc-reflection://a.example:443?cacert=%', { address: 'a.example:443', tls: { caFile: '%', insecure: false }, unknown: [] }],
  ['a.proto', undefined],
])('%s', (path, read) => {
  expect([readReflectionPath(path), isReflection(path)]).toEqual([read, read !== undefined])
})

it('is written as it is read, and without what tells who asks', () => {
  const tls = { caFile: '/a b/c&d.pem', serverName: 'é.example', insecure: true }
  expect(readReflectionPath(reflectionPathOf('a.example:1', tls))).toEqual({ address: 'a.example:1', tls, unknown: [] })
  const whole = { ...tls, certFile: 'me.pem', keyFile: 'me.key' }
  expect(reflectionPathOf('a.example:1', whole)).toBe(reflectionPathOf('a.example:1', tls))
  expect(reflectionPathOf('a.example:1')).toBe('grpc-reflection://a.example:1')
})
