// TLS that does not come about: the call ends with the reason and the next step, files are named before anything is dialled, and not a byte is
// ever sent in plaintext instead, neither by the call nor by what looks for the reason afterwards.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KiteError } from '../../../shared/base/error.ts'
import type { CallRecord, TlsRequest } from '../../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../../src-main/engine/index.ts'
import { badProtocols, type Ask } from '../../support/bad/protocols.ts'
import { RawServers, type RawServer } from '../../support/bad/raw-server.ts'
import { wordingFault } from '../../support/fuzz/decoder.ts'
import { makeCertificates, type Certificates } from '../../support/peers/certificates.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-bad-tls-'))
const servers = new RawServers()
let engine: Engine
let certificates: Certificates
let self: { readonly cert: string; readonly key: string }

beforeAll(async () => {
  engine = createEngine(systemPorts({ baseDir: folder }))
  certificates = await makeCertificates(folder)
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256', extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }] })
  self = { cert: made.cert, key: made.private }
  writeFileSync(join(folder, 'empty.pem'), '')
})
afterAll(async () => {
  await engine.dispose()
  await servers.stop()
  rmSync(folder, { recursive: true })
})

const identity = ({ cert, key }: { readonly cert: string; readonly key: string }): { readonly cert: Buffer; readonly key: Buffer } => ({ cert: readFileSync(cert), key: readFileSync(key) })
const alpn = { ALPNProtocols: ['h2', 'http/1.1'] }

const call = (address: string, ask: Ask, tls: Partial<TlsRequest>): Promise<CallRecord> => (
  engine.call({ target: { kind: 'direct', endpoints: [address] }, timeoutMs: 20_000, connectTimeoutMs: 5000, ...ask, tls }))

/** First byte of a TLS handshake record (RFC 8446 5.1). */
const handshake = 0x16

/** How it ended, and the first bytes of what was sent in plaintext. */
async function ends(server: RawServer, ask: Ask, tls: Partial<TlsRequest>): Promise<readonly [end: string, plaintext: readonly string[]]> {
  const { outcome, error } = await call(server.address, ask, tls)
  const words = error === undefined ? undefined : wordingFault(new KiteError(error))
  expect(server.connections.length).toBeGreaterThan(0)
  return [words ?? `${outcome} ${error?.code ?? ''} ${error?.text.key ?? ''}`, server.connections.filter((bytes) => bytes.length > 0 && bytes[0] !== handshake).map((bytes) => bytes.toString('latin1', 0, 40))]
}

const protocols = ['framed', 'ttheader-framed', 'ttheader-streaming', 'grpc, one reply', 'http', 'Thrift over http', 'grpc-web', 'connect', 'jsonrpc-ws'] as const

describe.each(protocols)('%s over TLS', (name) => {
  const ask = badProtocols[name]?.ask ?? { idl: { paths: [] }, method: '', body: '' }

  it('is refused for a certificate that cannot be trusted', async () => {
    const trusted = { caFile: certificates.ca }
    const from = async (certificate: { readonly cert: string | Buffer; readonly key: string | Buffer }, tls: Partial<TlsRequest>): Promise<unknown> => ends(await servers.startTls({ ...certificate, ...alpn }), ask, tls)
    expect(await Promise.all([
      from(self, {}), from(identity(certificates.expired), trusted), from(identity(certificates.wrongHost), trusted), from(identity(certificates), { caFile: certificates.otherCa }), from(identity(certificates), { ...trusted, serverName: 'elsewhere.example' }),
    ])).toEqual([
      ['failed get_connection tls.selfSigned', []], ['failed get_connection tls.expired', []], ['failed get_connection tls.wrongHost', []], ['failed get_connection tls.unknownAuthority', []], ['failed get_connection tls.wrongHost', []],
    ])
  })

  it('is refused by a server in plaintext and by one that hangs up', async () => {
    const answer = Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')
    expect(await Promise.all([
      ends(await servers.start(() => answer), ask, { insecure: true }), ends(await servers.start(() => Buffer.alloc(0), { upTo: 0, then: 'end' }), ask, { insecure: true }),
    ])).toEqual([['failed get_connection tls.notTls', []], ['failed get_connection tls.closedInHandshake', []]])
  })

  it.each([1, 2, 3])('goes on in plaintext for no question either, where TLS works %i times and then no more', async (times) => {
    const server = await servers.startTls({ ...identity(certificates), ...alpn }, 'end', times)
    const [end, plaintext] = await ends(server, ask, { caFile: certificates.ca })
    expect([end.split(' ').slice(0, 2).join(' '), plaintext]).toEqual(['failed remote_or_network', []])
  })
})

describe('a file of TLS', () => {
  it.each<readonly [string, (all: Certificates) => Partial<TlsRequest>, string, string]>([
    ['of authorities that is missing', () => ({ caFile: 'gone.pem' }), 'file tls.fileMissing', 'gone.pem'],
    ['of authorities that is a folder', () => ({ caFile: '.' }), 'file tls.fileUnreadable', '.'],
    ['of authorities that is empty', () => ({ caFile: 'empty.pem' }), 'file tls.notCertificate', 'empty.pem'],
    ['with a key where a certificate is due', ({ key }) => ({ caFile: key }), 'file tls.keyForCertificate', 'server.key'],
    ['with a certificate and no key', ({ clientCert }) => ({ certFile: clientCert }), 'usage tls.certificateWithoutKey', 'client.pem'],
    ['with a key and no certificate', ({ clientKey }) => ({ keyFile: clientKey }), 'usage tls.keyWithoutCertificate', 'client.key'],
    ['with a key that is missing', ({ clientCert }) => ({ certFile: clientCert, keyFile: 'gone.key' }), 'file tls.fileMissing', 'gone.key'],
    ['with the key of another certificate', ({ clientCert, key }) => ({ certFile: clientCert, keyFile: key }), 'file tls.keyMismatch', 'server.key'],
  ])('%s stops the call before anything is dialled, and is named', async (_, tls, says, file) => {
    const server = await servers.start(() => undefined)
    const caught: unknown = await call(server.address, { idl: { paths: [] }, method: 'GET /', body: '', transport: 'http' }, tls(certificates)).then(() => 'no error', (error: unknown) => error)
    if (!(caught instanceof KiteError)) throw new Error(`expected an error of ours, got ${String(caught)}`)
    const { code, text, at } = caught.data
    expect([`${code} ${text.key}`, at?.file?.split('/').at(-1), wordingFault(caught), server.connections.length]).toEqual([says, file, undefined, 0])
  })
})
