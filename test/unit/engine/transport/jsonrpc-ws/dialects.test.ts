import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { KiteError } from '../../../../../shared/base/error.ts'
import type { Incoming } from '../../../../../src-main/engine/transport/jsonrpc-ws/dialect.ts'
import { JsonRpc } from '../../../../../src-main/engine/transport/jsonrpc-ws/json-rpc.ts'
import { KiteDialect } from '../../../../../src-main/engine/transport/jsonrpc-ws/kite-dialect.ts'

const refusal = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (caught) {
    return caught instanceof KiteError ? caught.data.text.key : caught
  }
}

describe('JSON-RPC 2.0', () => {
  it('writes calls with ids that count up, parameters to the letter', () => {
    const rpc = new JsonRpc()
    expect([rpc.call('a', ' [1.10] '), rpc.call('b"', '{"x":9007199254740993}'), rpc.call('c', '"one"'), rpc.call('d', ''), rpc.call('e', 'null')].map(({ text }) => text)).toEqual([
      '{"jsonrpc":"2.0","id":1,"method":"a","params":[1.10]}', '{"jsonrpc":"2.0","id":2,"method":"b\\"","params":{"x":9007199254740993}}', '{"jsonrpc":"2.0","id":3,"method":"c","params":["one"]}',
      '{"jsonrpc":"2.0","id":4,"method":"d"}', '{"jsonrpc":"2.0","id":5,"method":"e"}',
    ])
    expect(rpc.notify('n', '[]')).toBe('{"jsonrpc":"2.0","method":"n","params":[]}')
  })

  it('sends a message of the user\'s own as it stands, and counts on from its id', () => {
    const rpc = new JsonRpc()
    expect([rpc.compose('m', '{"jsonrpc":"2.0","id":7,"method":"x"}'), rpc.compose('m', '{"jsonrpc":"2.0","method":"n"}'), rpc.compose('m', '{"a":1}')]).toEqual([
      { text: '{"jsonrpc":"2.0","id":7,"method":"x"}', id: 7 }, { text: '{"jsonrpc":"2.0","method":"n"}', id: undefined }, { text: '{"jsonrpc":"2.0","id":8,"method":"m","params":{"a":1}}', id: 8 },
    ])
  })

  it('tells answers, errors, notifications and calls of the server apart, in batches too', () => {
    const kinds = (text: string): unknown => new JsonRpc().read(text).map((one) => (one.kind === 'answer' ? [one.id, one.result, one.fault?.exception] : one.kind === 'said' ? [one.name, one.shown] : one.kind))
    expect(kinds('{"id":1,"result":{"n":1.10}}')).toEqual([[1, '{"n":1.10}', undefined]])
    expect(kinds('{"id":"2","result":null,"error":null}')).toEqual([[2, 'null', undefined]])
    expect(kinds('{"id":3,"error":{"code":-32000,"message":"m","data":[1]}}')).toEqual([[3, undefined, { type: 'JSON-RPC -32000', typeId: -32000, json: '[1]' }]])
    expect(kinds('[{"method":"n"},{"id":4,"method":"c"},{"id":5,"result":1},7]')).toEqual([[':notification', '{"method":"n"}'], [':call', '{"id":4,"method":"c"}'], [5, '1', undefined], [':notification', '7']])
    expect(kinds('{"id":null,"error":{"code":-32700,"message":"parse"}}')).toEqual([[':notification', '{"id":null,"error":{"code":-32700,"message":"parse"}}']])
    expect(refusal(() => kinds('not json'))).toBe('ws.notJson')
  })
})

describe('kite\'s dialect', () => {
  const sent = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text) as Record<string, unknown>

  it('writes a dnode message with a table of callbacks', () => {
    const kite = new KiteDialect({ type: 'token', key: 'k' }, false)
    const { text, id } = kite.call('m', '[{"on":{"tick":"[Function]"}},"[Function]",1.10]')
    expect([id, sent(text)]).toMatchObject([0, {
      method: 'm', callbacks: { 0: [0, 'responseCallback'], 1: [0, 'withArgs', 0, 'on', 'tick'], 2: [0, 'withArgs', 1] },
      arguments: [{ authentication: { type: 'token', key: 'k' }, withArgs: [{ on: { tick: '[Function]' } }, '[Function]', 1.1], responseCallback: '[Function]', kite: { name: 'kite-console', username: 'anonymous' } }],
    }])
    expect(text).toContain('1.10')
    expect(sent(kite.call('m', '{"one":"[Function]"}').text)).toMatchObject({ callbacks: { 3: [0, 'responseCallback'], 4: [0, 'withArgs', 0, 'one'] } })
  })

  it('packs and unpacks SockJS, whose first word tells that it is spoken', () => {
    const kite = new KiteDialect(undefined, undefined)
    const read = (text: string): readonly Incoming[] => kite.read(text)
    expect(read('o')).toEqual([{ kind: 'nothing' }])
    const [message] = JSON.parse(kite.call('m', '').text) as [string]
    expect(sent(message)).toMatchObject({ method: 'm', arguments: [{ authentication: null, withArgs: [] }] })
    expect(read('h')).toEqual([{ kind: 'nothing' }])
    expect(read('a["{\\"method\\":0,\\"arguments\\":[{\\"error\\":null,\\"result\\":[9007199254740993]}]}"]')).toMatchObject([{ kind: 'answer', id: 0, result: '[9007199254740993]', fault: undefined }])
    expect(read('m"{\\"method\\":\\"kite.ping\\",\\"arguments\\":[{}],\\"callbacks\\":{\\"4\\":[0,\\"responseCallback\\"]}}"')).toMatchObject([{ kind: 'said', name: ':call', reply: '["{\\"method\\":4,\\"arguments\\":[{\\"error\\":null,\\"result\\":\\"pong\\"}],\\"callbacks\\":{},\\"links\\":[]}"]' }])
    expect(read('c[3000,"Go away!"]')).toEqual([{ kind: 'goodbye', code: 3000, reason: 'Go away!' }])
    expect(['x', 'a{}', 'a[1]', 'a["no json"]', 'a["[]"]', 'm1', ''].map((text) => refusal(() => read(text)))).toEqual(['ws.notSockJs', 'ws.notSockJs', 'ws.notSockJs', 'ws.notJson', 'ws.notJson', 'ws.notSockJs', 'ws.notSockJs'])
  })

  it('shows callbacks with the path where they stood, known or not', () => {
    const kite = new KiteDialect(undefined, false)
    kite.call('m', '[{"on":["[Function]"]}]')
    expect([kite.read('{"method":1,"arguments":[1.10,{"a":2}]}'), kite.read('{"method":"1","arguments":[]}'), kite.read('{"method":77}')]).toMatchObject([
      [{ kind: 'said', name: ':callback', shown: '{"callback":"withArgs[0].on[0]","arguments":[1.10,{"a":2}]}' }], [{ shown: '{"callback":"withArgs[0].on[0]","arguments":[]}' }], [{ shown: '{"callback":"77","arguments":[]}' }],
    ])
  })

  it('takes errors for what they are', () => {
    const answer = (error: string): unknown => {
      const kite = new KiteDialect(undefined, false)
      kite.call('m', '')
      const [incoming] = kite.read(`{"method":0,"arguments":[{"error":${error}}]}`)
      return incoming?.kind === 'answer' ? [incoming.fault?.text.params, incoming.fault?.hint?.key] : incoming
    }
    expect([answer('{"type":"authenticationError","message":"no"}'), answer('{"type":"methodNotFound","message":""}'), answer('"text"'), answer('null')]).toEqual([
      [{ type: 'authenticationError', message: 'no' }, 'ws.authenticationHint'], [{ type: 'methodNotFound', message: '{"type":"methodNotFound","message":""}' }, 'ws.methodNotFoundHint'], [{ type: 'genericError', message: 'text' }, undefined], [undefined, undefined],
    ])
  })

  it('ends every damaged text in a meaning or an error of ours', () => {
    const texts = ['o', 'a["{\\"method\\":0,\\"arguments\\":[{\\"error\\":null,\\"result\\":1}],\\"callbacks\\":{\\"1\\":[0,\\"x\\"]}}"]', 'm"{}"', 'c[3000,"x"]', '{"method":"kite.ping","arguments":[],"callbacks":{"1":[0,"responseCallback"]}}', '{"jsonrpc":"2.0","id":1,"result":[1,2]}']
    fc.assert(fc.property(fc.constantFrom(...texts), fc.array(fc.tuple(fc.nat(90), fc.integer({ min: 32, max: 126 })), { minLength: 1, maxLength: 5 }), fc.constantFrom(true, false), (text, damage, isSockJs) => {
      const letters = [...text]
      for (const [at, code] of damage) letters[at % letters.length] = String.fromCharCode(code)
      for (const dialect of [new KiteDialect(undefined, isSockJs), new JsonRpc()]) {
        dialect.call('m', '')
        try {
          expect(dialect.read(letters.join('')).length).toBeGreaterThanOrEqual(0)
        } catch (caught) {
          expect(caught).toBeInstanceOf(KiteError)
        }
      }
    }), { numRuns: 20_000 })
  })
})
