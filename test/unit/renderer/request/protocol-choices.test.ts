import { describe, expect, it } from 'vitest'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { CallRequest } from '../../../../shared/model/call.ts'
import { calleeOf, choicesFor, fitting, isUndescribed, protocolFor, protocolIdOf, readProtocolId, selectedId, withProtocol, type Callee } from '../../../../src-renderer/features/request/protocol-choices.ts'
import { newRequest } from '../../../../src-renderer/store/requests.ts'
import { noWorkspace } from '../../../../src-renderer/store/workspace.ts'

const { t } = createTranslator('en')
const request = (method: string, more: Partial<CallRequest> = {}): CallRequest => ({ ...newRequest(method, '{}', { kind: 'direct', endpoints: ['127.0.0.1:1'] }, noWorkspace), ...more })
const idsOf = (callee: Callee): readonly string[] => choicesFor(callee, t).map(({ id }) => id)

describe('what is offered', () => {
  it('begins with auto and the usual protocol, and has nothing that cannot carry the method', () => {
    expect(idsOf({ language: 'proto', kind: 'unary' }).slice(0, 3)).toEqual(['auto', 'grpc/protobuf', 'grpc/json'])
    expect(idsOf({ language: 'proto', kind: 'bidi' })).toEqual(['auto', 'grpc/protobuf', 'grpc/json'])
    expect(idsOf({ language: 'proto', kind: 'server' })).toEqual(['auto', 'grpc/protobuf', 'grpc/json', 'grpc-web/protobuf', 'grpc-web/json', 'connect/protobuf', 'connect/json'])
    expect(idsOf({ language: 'thrift', kind: 'bidi' })).toEqual(['auto', 'ttheader-streaming/auto', 'grpc/auto'])
    expect(idsOf({ language: 'thrift', kind: 'oneway' })).not.toContain('grpc/auto')
  })

  it('has no auto where no IDL describes the call', () => {
    expect(idsOf({ language: 'none', kind: 'unary' })).toEqual(['http/auto', 'jsonrpc-ws/auto'])
  })

  it('says what auto falls back to', () => {
    expect([choicesFor({ language: 'proto', kind: 'unary' }, t)[0]?.detail, choicesFor({ language: 'thrift', kind: 'server' }, t)[0]?.detail]).toEqual(['asks the port, else gRPC', 'asks the port, else TTHeader Streaming'])
  })
})

it('reads back each choice that it offers, and marks it as the one that stands', () => {
  const callees: readonly Callee[] = (['thrift', 'proto', 'none'] as const).flatMap((language) => (['unary', 'oneway', 'client', 'server', 'bidi'] as const).map((kind) => ({ language, kind })))
  for (const callee of callees) {
    for (const id of idsOf(callee)) {
      const read = readProtocolId(id)
      expect([protocolIdOf(read.transport, read.codec), selectedId(read, callee)]).toEqual([id, id])
    }
  }
})

it('marks the usual codec where none was chosen', () => {
  expect(selectedId({ transport: 'grpc', codec: 'auto' }, { language: 'proto', kind: 'unary' })).toBe('grpc/protobuf')
  expect(selectedId({ transport: 'grpc', codec: 'auto' }, { language: 'thrift', kind: 'bidi' })).toBe('grpc/auto')
})

it('knows a call that no IDL describes', () => {
  expect([request('GET /'), request('PATCH /x?y'), request('anything', { transport: 'jsonrpc-ws' }), request('shop.v1.Orders/GET'), request('Echo')].map(isUndescribed)).toEqual([true, true, true, false, false])
  expect([calleeOf(request('GET /'), undefined), calleeOf(request('Echo'), undefined)]).toEqual([{ language: 'none', kind: 'unary' }, { language: 'thrift', kind: 'unary' }])
})

it('goes by the usual protocol until one is chosen', () => {
  expect([protocolFor(request('A/B'), { language: 'proto', kind: 'unary' }).transport, protocolFor(request('A/B', { transport: 'connect' }), { language: 'proto', kind: 'unary' }).transport]).toEqual(['grpc', 'connect'])
})

describe('what a probe found', () => {
  it('is taken over where it can carry the method', () => {
    expect(fitting({ best: { transport: 'grpc' }, tls: false }, { language: 'proto', kind: 'bidi' })).toEqual({ transport: 'grpc', codec: 'auto', tls: false })
    expect(fitting({ best: { transport: 'framed', codec: 'thrift-compact' }, tls: true }, { language: 'thrift', kind: 'unary' })).toEqual({ transport: 'framed', codec: 'thrift-compact', tls: true })
    // A codec that its language has no choice of is none.
    expect(fitting({ best: { transport: 'ttheader-framed', codec: 'thrift-binary' }, tls: false }, { language: 'thrift', kind: 'unary' })?.codec).toBe('auto')
  })

  it('is left alone where it cannot', () => {
    expect([fitting({ best: { transport: 'grpc' }, tls: false }, { language: 'thrift', kind: 'oneway' }), fitting({ tls: false }, { language: 'proto', kind: 'unary' })]).toEqual([undefined, undefined])
  })

  it('switches TLS on and off, and keeps what was said of certificates', () => {
    const before = request('A/B', { tls: { insecure: false, caFile: 'ca.pem' } })
    expect(withProtocol(before, { transport: 'grpc', codec: 'auto', tls: true }).tls).toEqual({ insecure: false, caFile: 'ca.pem' })
    expect(withProtocol(request('A/B'), { transport: 'grpc', codec: 'auto', tls: true }).tls).toEqual({ insecure: false })
    expect(withProtocol(before, { transport: 'http', codec: 'auto', tls: false })).toEqual(request('A/B', { transport: 'http' }))
  })
})
