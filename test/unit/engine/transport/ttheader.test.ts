import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bizStatusFromHeader, bizStatusToStrings } from '../../../../src-main/engine/transport/ttheader/biz-status.ts'
import { backwardFromHeader, headerInt, headerString, metainfoFromHeader, metainfoToHeader } from '../../../../src-main/engine/transport/ttheader/metainfo.ts'

describe('metainfo in a header', () => {
  it('is carried under the prefixes of Kitex, in order, without empty keys and values', () => {
    const transient = [['tk', '1'], ['', 'x'], ['empty', ''], ['gdpr-token', 'token']] as const
    expect(metainfoToHeader({ transient, persistent: [['pk', '2'], ['TraceId', '3']] })).toEqual({
      strings: [['RPC_TRANSIT_tk', '1'], ['RPC_PERSIST_pk', '2'], ['RPC_PERSIST_TraceId', '3']],
      aclToken: 'token',
    })
  })

  it('comes back by its lifetime, upstream values apart', () => {
    const strings = [['isn', 'Peer'], ['RPC_TRANSIT_tk', '1'], ['RPC_TRANSIT_UPSTREAM_old', '0'], ['RPC_PERSIST_pk', '2'], ['RPC_TRANSIT_', 'x'], ['RPC_PERSIST_e', '']] as const
    expect(metainfoFromHeader({ strings, ints: [], aclToken: 'token' })).toEqual({
      transient: [['gdpr-token', 'token'], ['tk', '1']],
      persistent: [['pk', '2']],
      upstream: [['old', '0']],
    })
  })

  it('goes there and back for any pairs', () => {
    const key = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !text.startsWith('UPSTREAM_') && text !== 'gdpr-token')
    const pairs = fc.array(fc.tuple(key, fc.string({ minLength: 1, maxLength: 20 })), { maxLength: 8 })
    fc.assert(fc.property(pairs, pairs, (transient, persistent) => {
      expect(metainfoFromHeader({ ints: [], ...metainfoToHeader({ transient, persistent }) })).toEqual({ transient, persistent, upstream: [] })
    }))
  })

  it('has backward values under their bare keys, apart from the keys of the framework', () => {
    const strings = [['back', '1'], ['biz-status', '42'], ['biz-message', 'm'], ['crrst', '1'], ['isn', 'x'], ['PV_check', 'x'], ['pce', '5'], ['back', '2']] as const
    expect(backwardFromHeader({ strings, ints: [] })).toEqual([['back', '1'], ['back', '2']])
  })

  it('reads the last of repeated keys, as a map would', () => {
    const header = { strings: [['k', '1'], ['k', '2']], ints: [[22, '2'], [22, '3']] } as const
    expect([headerString(header, 'k'), headerString(header, 'x'), headerInt(header, 22), headerInt(header, 1)]).toEqual(['2', undefined, '3', undefined])
  })
})

describe('a business error in a header', () => {
  it('is written as Kitex writes it, HTML escaped', () => {
    expect(bizStatusToStrings({ status: 42, message: 'no', extra: { k: '<v>&' } })).toEqual([['biz-status', '42'], ['biz-message', 'no'], ['biz-extra', '{"k":"\\u003cv\\u003e\\u0026"}']])
    expect(bizStatusToStrings({ status: -1, message: '', extra: {} })).toEqual([['biz-status', '-1'], ['biz-message', '']])
  })

  it('comes back, and is none where the status is 0 or absent', () => {
    const biz = { status: -7, message: '不行', extra: { k: '<v>&' } }
    expect(bizStatusFromHeader({ strings: bizStatusToStrings(biz), ints: [] })).toEqual(biz)
    expect(bizStatusFromHeader({ strings: [['biz-status', '0']], ints: [] })).toBeUndefined()
    expect(bizStatusFromHeader({ strings: [], ints: [] })).toBeUndefined()
    expect(bizStatusFromHeader({ strings: [['biz-status', '5']], ints: [] })).toEqual({ status: 5, message: '', extra: {} })
  })

  it('keeps extra values that are no text as JSON, whatever they are', () => {
    const read = bizStatusFromHeader({ strings: [['biz-status', '5'], ['biz-extra', '{"n":1,"o":{"toString":null,"valueOf":2},"s":"x"}']], ints: [] })
    expect(read?.extra).toEqual({ n: '1', o: '{"toString":null,"valueOf":2}', s: 'x' })
  })

  it('is refused when it cannot be read', () => {
    expect(() => bizStatusFromHeader({ strings: [['biz-status', 'x']], ints: [] })).toThrow('transport.bizStatusNotANumber')
    expect(() => bizStatusFromHeader({ strings: [['biz-status', '5'], ['biz-extra', '[1]']], ints: [] })).toThrow('transport.bizExtraNotAnObject')
  })
})
