import { expect, it } from 'vitest'
import { formatAddress, parseAddress } from '../../../../src-main/engine/transport/address.ts'

it.each([
  ['127.0.0.1:8888', { kind: 'tcp', host: '127.0.0.1', port: 8888 }],
  [' localhost:1 ', { kind: 'tcp', host: 'localhost', port: 1 }],
  ['[::1]:80', { kind: 'tcp', host: '::1', port: 80 }],
  [':9000', { kind: 'tcp', host: '127.0.0.1', port: 9000 }],
  ['/run/kitex.sock', { kind: 'unix', path: '/run/kitex.sock' }],
  ['unix:/run/kitex.sock', { kind: 'unix', path: '/run/kitex.sock' }],
])('reads %j', (text, address) => {
  expect(parseAddress(text)).toEqual(address)
})

it.each(['', 'localhost', 'a:b', '::1:80', 'host:65536', 'http://host:80'])('refuses %j', (text) => {
  expect(() => parseAddress(text)).toThrow('transport.addressMalformed')
})

it('puts brackets around IPv6', () => {
  expect([formatAddress('::1', 80), formatAddress('127.0.0.1', 80)]).toEqual(['[::1]:80', '127.0.0.1:80'])
})
