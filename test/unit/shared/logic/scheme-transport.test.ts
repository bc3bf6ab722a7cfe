import { describe, expect, it } from 'vitest'
import { hasRoute, transportOfScheme, type SchemeCallee } from '../../../../shared/logic/scheme-transport.ts'

const thrift: SchemeCallee = { language: 'thrift', method: { kind: 'unary', annotations: {} } }
const proto: SchemeCallee = { language: 'proto', method: { kind: 'unary', annotations: {} } }
const routed: SchemeCallee = { language: 'proto', method: { kind: 'unary', annotations: { '(api.get)': ['/users/:id'] } } }

describe('the scheme of an address', () => {
  it.each([
    ['grpc', thrift, 'grpc'], ['grpcs', undefined, 'grpc'], ['ws', undefined, 'jsonrpc-ws'], ['wss', undefined, 'jsonrpc-ws'],
    ['https', thrift, 'http'], ['http', routed, 'http'],
    // gRPC servers are called so as well, and without an IDL the method says what it is.
    ['https', proto, undefined], ['http', undefined, undefined],
    ['http', { ...thrift, method: { kind: 'bidi', annotations: {} } }, undefined],
    ['', thrift, undefined],
  ] as const)('%s means with %j: %s', (scheme, callee, transport) => {
    expect(transportOfScheme(scheme, callee)).toBe(transport)
  })
})

describe('a route of its own', () => {
  it('is an annotation of either language', () => {
    expect([{ 'api.post': ['/x'] }, { '(api.any)': ['/x'] }, { 'api.category': ['x'] }, {}].map((annotations) => hasRoute({ annotations }))).toEqual([true, true, false, false])
  })
})
