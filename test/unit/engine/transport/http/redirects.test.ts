import { describe, expect, it } from 'vitest'
import type { Pair } from '../../../../../shared/model/metainfo.ts'
import { nextHop } from '../../../../../src-main/engine/transport/http/redirects.ts'

const secrets: readonly Pair[] = [['Authorization', 'Bearer t'], ['Cookie', 's=1'], ['Proxy-Authorization', 'p'], ['X-Own', '1']]
const from = (location: string, { status = 307, isTls = true, host = 'a.example' } = {}) =>
  nextHop({ method: 'POST', path: '/x', headers: secrets, body: Buffer.from('b') }, { isTls, host }, { status, headers: [['Location', location]] })

describe('a redirect', () => {
  it.each(['https://b.example/', 'https://a.example:8443/', '//b.example/', 'https://a.example.b.example/', 'https://a.example@b.example/'])('to another origin takes no credentials along: %s', (location) => {
    expect(from(location)?.parts.headers).toEqual([['X-Own', '1']])
  })

  it.each(['/y', 'https://a.example/y', 'https://A.EXAMPLE:443/y', '?q'])('within the origin keeps them: %s', (location) => {
    expect(from(location)?.parts.headers).toEqual(secrets)
    expect(from(location)?.address).toBeUndefined()
  })

  it.each(['http://a.example/', 'http://b.example/y', 'HTTP://a.example:443/'])('from TLS to plaintext is not followed: %s', (location) => {
    expect(() => from(location)).toThrow('http.redirectToPlaintext')
    expect(from(location, { isTls: false })).toBeDefined()
  })

  it('leads to http and https only', () => {
    for (const location of ['file:///etc/passwd', 'ftp://a.example/', 'javascript:alert(1)', 'http://[']) expect(() => from(location, { isTls: false }), location).toThrow('http.badLocation')
  })
})
