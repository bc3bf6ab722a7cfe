import { describe, expect, it } from 'vitest'
import { parseEtcdUrl, splitKey } from '../../../../src-main/engine/discovery/etcd/etcd-url.ts'
import { EtcdTables } from '../../../../src-main/engine/discovery/etcd/etcd-tables.ts'

describe('an etcd address', () => {
  it('has Kitex\'s prefix by default', () => {
    expect(parseEtcdUrl('etcd://127.0.0.1:2379')).toEqual({ hosts: ['http://127.0.0.1:2379'], prefix: 'kitex/registry-etcd', origin: 'etcd://127.0.0.1:2379' })
  })

  it('takes several hosts, a default port, an own prefix and a login, and hides the password', () => {
    expect(parseEtcdUrl('etcd://me:s%40cret@a,b:1/team/reg/')).toEqual({
      hosts: ['http://a:2379', 'http://b:1'], prefix: 'team/reg', origin: 'etcd://a,b:1/team/reg', auth: { username: 'me', password: 's@cret' },
    })
  })

  it('takes a prefix exactly, leading slash and all', () => {
    expect(parseEtcdUrl('etcd://h:1?prefix=/x').prefix).toBe('/x')
    expect(parseEtcdUrl('etcd://h:1?prefix=').prefix).toBe('')
  })

  it.each(['etcd://', 'etcd:///x', 'http://h', 'etcd://h?prefix=%zz', 'etcd://me:100%@h'])('refuses %s', (url) => {
    expect(() => parseEtcdUrl(url)).toThrow(expect.objectContaining({ data: expect.objectContaining({ code: 'usage' }) }))
  })
})

it('a password is not shown where its address is refused', () => {
  expect(() => parseEtcdUrl('etcd://me:100%secret@h')).toThrow(/etcd:\/\/me:\*\*\*@h/)
})

describe('an etcd key', () => {
  it('splits at the last slash', () => {
    expect(splitKey('kitex/registry-etcd/demo.user/127.0.0.1:8888', 'kitex/registry-etcd')).toEqual({ service: 'demo.user', address: '127.0.0.1:8888' })
    expect(splitKey('/demo/h:1', '')).toEqual({ service: 'demo', address: 'h:1' })
    expect(splitKey('kitex/registry-etcd/lonely', 'kitex/registry-etcd')).toBeUndefined()
  })
})

describe('tables of etcd', () => {
  it('keep good entries beside rubbish and name the rubbish by key', () => {
    const tables = new EtcdTables('p')
    tables.put('p/s/h:1', '{"network":"tcp","address":"h:1","weight":7,"tags":{"v":"1"}}')
    tables.put('p/s/h:2', 'rubbish')
    tables.put('p/s/h:3', '{"address":5}')
    const table = tables.table('s')
    expect(table?.instances).toEqual([{ address: 'h:1', weight: 7, tags: { v: '1' } }])
    expect(table?.problems.map(({ text }) => text.params?.['where'])).toEqual(['p/s/h:2', 'p/s/h:3'])
  })

  it('forget a service with its last entry', () => {
    const tables = new EtcdTables('p')
    tables.put('p/s/h:1', '{"address":"h:1"}')
    expect(tables.delete('p/s/h:1')).toBe('s')
    expect(tables.table('s')).toBeUndefined()
  })
})
