import { describe, expect, it } from 'vitest'
import { isLocalHost, isLocalOrigin } from '../../../../src-main/engine/telemetry/receiver/guard.ts'
import { sniff } from '../../../../src-main/engine/telemetry/receiver/sniff.ts'

describe('telling callers apart by their first bytes', () => {
  it.each([
    ['PRI * HTTP/2.0\r\n\r\nSM', 'http2'], ['PRI * HT', undefined], ['P', undefined], ['POST /v1', 'http1'], ['OPTIONS / HTTP/1.1', 'http1'], ['GE', undefined],
    ['\x16\x03\x01\x02', 'tls'], ['\x16', undefined], ['\x00\x00\x00\x48\x10\x00\x00\x00', 'ttheader'], ['\x00\x00\x00', undefined], ['\x00\x00\x00\x19\x80\x01', 'unknown'], ['hello?', 'unknown'],
  ])('%j is %s', (bytes, spoken) => expect(sniff(Buffer.from(bytes, 'latin1'))).toBe(spoken))

  it('decides the same however the bytes are cut', () => {
    for (const text of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'DELETE /x HTTP/1.1\r\n']) {
      const firsts = Array.from({ length: text.length }, (_, n) => sniff(Buffer.from(text.slice(0, n + 1))))
      expect(new Set(firsts.filter((first) => first !== undefined)).size).toBe(1)
    }
  })
})

describe('who may talk to the receiver', () => {
  it.each(['127.0.0.1:4318', 'localhost:4318', 'LOCALHOST', '[::1]:4318', 'app.localhost', 'host.docker.internal:4318', '192.168.1.7', undefined])('the host %s', (host) => expect(isLocalHost(host)).toBe(true))
  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', 'notlocalhost'])('not the host %s', (host) => expect(isLocalHost(host)).toBe(false))
  it.each(['http://localhost:3000', 'https://127.0.0.1', 'http://[::1]:8080', 'http://app.localhost'])('the origin %s', (origin) => expect(isLocalOrigin(origin)).toBe(true))
  it.each(['http://localhost.evil.example', 'null', 'file://', 'http://evil.example', 'http://localhost:1@evil.example'])('not the origin %s', (origin) => expect(isLocalOrigin(origin)).toBe(false))
})
