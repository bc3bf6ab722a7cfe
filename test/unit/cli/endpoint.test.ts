import { describe, expect, it } from 'vitest'
import { placeInMethod, placeOf } from '../../../src-main/cli/call/endpoint.ts'

describe('an endpoint', () => {
  it.each([
    ['127.0.0.1:8888', { address: '127.0.0.1:8888', secure: false, path: '', scheme: '' }],
    ['unix:///run/kite.sock', { address: 'unix:///run/kite.sock', secure: false, path: '', scheme: '' }],
    ['HTTPS://shop.test/api', { address: 'shop.test:443', secure: true, path: '/api', scheme: 'https' }],
    ['ws://127.0.0.1:4000/', { address: '127.0.0.1:4000', secure: false, path: '', scheme: 'ws' }],
    ['grpcs://orders.test', { address: 'orders.test:443', secure: true, path: '', scheme: 'grpcs' }],
  ])('%s', (text, place) => {
    expect(placeOf(text)).toEqual(place)
  })

  it('may stand in the method of a plain HTTP request', () => {
    expect(['GET https://shop.test/users/7?a=b', 'POST http://127.0.0.1:80', 'GET http://h?x=1', 'GET /users', 'Peer/Say'].map(placeInMethod)).toEqual([
      { method: 'GET /users/7?a=b', endpoint: 'https://shop.test' }, { method: 'POST /', endpoint: 'http://127.0.0.1:80' }, { method: 'GET /?x=1', endpoint: 'http://h' }, undefined, undefined,
    ])
  })
})
