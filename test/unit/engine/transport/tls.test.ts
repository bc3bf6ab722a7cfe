// TLS of every pool against OpenSSL's servers: what is verified, what each refusal says, and that nothing is ever sent in plaintext instead.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import * as http2 from 'node:http2'
import * as net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tls from 'node:tls'
import { generate } from 'selfsigned'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import type { TlsRequest } from '../../../../shared/model/call.ts'
import { measureMessage } from '../../../../src-main/engine/codec/index.ts'
import { createHttp2Pool } from '../../../../src-main/engine/transport/http2/pool.ts'
import { createMuxPool } from '../../../../src-main/engine/transport/mux-pool.ts'
import { secureOf } from '../../../../src-main/engine/transport/secure.ts'
import { createLongPool, createShortPool } from '../../../../src-main/engine/transport/serial-pool.ts'
import type { ConnectionPool, Secure } from '../../../../src-main/engine/transport/transport.ts'
import { makeCertificates, type Certificates } from '../../../support/peers/certificates.ts'
import { readStringMessage, stringMessage } from '../../../support/transport/messages.ts'
import { call } from './http2/grpc-call.ts'
import { grpcMessage } from './http2/scripted-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-tls-'))
let certificates: Certificates
let selfSigned: { readonly cert: string; readonly key: string }
const open: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  certificates = await makeCertificates(folder)
  const made = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec', algorithm: 'sha256' })
  selfSigned = { cert: file('self.pem', made.cert), key: file('self.key', made.private) }
})
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(async () => {
  for (const stop of open.splice(0)) await stop()
})

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const request = (more: Partial<TlsRequest> = {}): TlsRequest => ({ caFile: certificates.ca, insecure: false, ...more })
const secure = (more: Partial<TlsRequest> = {}, alpn: readonly string[] = ['h2']): Secure => secureOf(request(more), (path) => readFileSync(path), alpn.length === 0 ? undefined : alpn)

async function listening(server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const bound = server.address()
  return `127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`
}

/** A gRPC server over TLS that answers every call. */
function grpcServer(options: http2.SecureServerOptions = {}): Promise<string> {
  const server = http2.createSecureServer({ cert: readFileSync(certificates.cert), key: readFileSync(certificates.key), ...options })
  server.on('sessionError', () => undefined).on('tlsClientError', () => undefined)
  server.on('stream', (stream) => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(grpcMessage(Buffer.from('safe')))
  })
  return listening(server)
}

function http2Pool(): ConnectionPool {
  const pool = createHttp2Pool('mux')
  open.push(() => pool.dispose())
  return pool
}

async function refusal(address: string, what: Secure): Promise<ErrorData> {
  try {
    await call(http2Pool(), address, { secure: what, signal: AbortSignal.timeout(5000) })
  } catch (caught) {
    if (caught instanceof KiteError) return caught.data
    throw caught
  }
  throw new Error('it was not refused')
}

describe('a verified server', () => {
  it('is called, and the connection says what the handshake came to', async () => {
    const pool = http2Pool()
    const address = await grpcServer()
    const lease = await pool.acquire(address, 5000, new AbortController().signal, secure())
    expect(lease.facts.tls).toEqual({ version: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/), alpn: 'h2', subject: 'CN=localhost', validTo: expect.stringMatching(/GMT$/), insecure: false })
    lease.release(true)
    expect((await call(pool, address, { secure: secure() })).reply?.message.toString()).toBe('safe')
  })

  it('knows its client by a certificate', async () => {
    const address = await grpcServer({ ca: readFileSync(certificates.ca), requestCert: true, rejectUnauthorized: true })
    const mutual = secure({ certFile: certificates.clientCert, keyFile: certificates.clientKey })
    expect((await call(http2Pool(), address, { secure: mutual })).reply?.message.toString()).toBe('safe')
  })

  it('is verified by the name that was given instead of the address', async () => {
    const address = await grpcServer({ cert: readFileSync(certificates.wrongHost.cert), key: readFileSync(certificates.wrongHost.key) })
    expect((await call(http2Pool(), address, { secure: secure({ serverName: 'elsewhere.example' }) })).reply?.message.toString()).toBe('safe')
  })

  it('shares no connection with calls that trust something else', async () => {
    const pool = http2Pool()
    const address = await grpcServer()
    await call(pool, address, { secure: secure() })
    const other = await pool.acquire(address, 5000, new AbortController().signal, secure({ insecure: true }))
    const same = await pool.acquire(address, 5000, new AbortController().signal, secure())
    expect([other.facts.reused, other.facts.tls?.insecure, same.facts.reused]).toEqual([false, true, true])
  })
})

describe('each refusal says its cause, as a connection that could not be had', () => {
  it.each<readonly [what: string, server: () => http2.SecureServerOptions, client: () => Secure, key: string]>([
    ['expired', () => pem(certificates.expired), () => secure(), 'tls.expired'],
    ['for another host', () => pem(certificates.wrongHost), () => secure(), 'tls.wrongHost'],
    ['signed by itself', () => pem(selfSigned), () => secure(), 'tls.selfSigned'],
    ['signed by an authority that is not trusted', () => ({}), () => secure({ caFile: certificates.otherCa }), 'tls.unknownAuthority'],
    ['for another name than was asked', () => ({}), () => secure({ serverName: 'other.example' }), 'tls.wrongHost'],
    ['in want of a client certificate', () => ({ ca: readFileSync(certificates.ca), requestCert: true, rejectUnauthorized: true }), () => secure(), 'tls.clientCertificateRequired'],
    ['in want of a client certificate over TLS 1.2', () => ({ ca: readFileSync(certificates.ca), requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }), () => secure(), 'tls.handshakeFailure'],
    ['that speaks too old a TLS', () => ({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }), () => secure(), 'tls.version'],
  ])('a server %s', async (_, server, client, key) => {
    const error = await refusal(await grpcServer(server()), client())
    expect([error.code, error.text.key, error.hint?.key]).toEqual(['get_connection', key, `${key}Hint`])
  })

  it('a server that ends the connection over the client\'s certificate, without a word', async () => {
    const address = await grpcServer({ ca: readFileSync(certificates.otherCa), requestCert: true, rejectUnauthorized: true })
    const error = await refusal(address, secure({ certFile: certificates.clientCert, keyFile: certificates.clientKey }))
    expect([error.code, error.text.key]).toEqual(['remote_or_network', 'http2.closedAfterHandshake'])
  })

  it('a server that speaks none of the protocols that were offered', async () => {
    const address = await listening(tls.createServer({ ...pem(certificates), ALPNProtocols: ['spdy/3'] }).on('tlsClientError', () => undefined))
    expect((await refusal(address, secure())).text.key).toBe('tls.alpnRefused')
  })

  it('a server without ALPN', async () => {
    const address = await listening(tls.createServer({ cert: readFileSync(certificates.cert), key: readFileSync(certificates.key) }))
    expect((await refusal(address, secure())).text).toEqual({ key: 'tls.alpnRefused', params: { address, alpn: 'h2', reason: '' } })
  })

  it.each<readonly [what: string, answer: (socket: net.Socket) => void, key: string]>([
    ['answers in plain HTTP/2', (socket) => socket.write(Buffer.from('000006040000000000000300000064', 'hex')), 'tls.notTls'],
    ['answers in plain HTTP/1', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'tls.notTls'],
    ['closes', (socket) => socket.end(), 'tls.closedInHandshake'],
  ])('a plaintext server that %s gets a handshake and nothing else', async (_, answer, key) => {
    const seen: Buffer[] = []
    const address = await listening(net.createServer((socket) => {
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => seen.push(chunk)).once('data', () => answer(socket))
    }))
    expect((await refusal(address, secure())).text.key).toBe(key)
    // One connection, which began as a TLS handshake record: a second one in plaintext was never tried.
    expect([seen.length, seen[0]?.[0]]).toEqual([1, 0x16])
  })

  it('a server that never answers the handshake is left at the connect timeout', async () => {
    const address = await listening(net.createServer(() => undefined))
    await expect(http2Pool().acquire(address, 50, new AbortController().signal, secure())).rejects.toMatchObject({ data: { code: 'get_connection', text: { key: 'transport.dialTimedOut' } } })
  })

  it('an unverified call goes through where it is asked for', async () => {
    const address = await grpcServer(pem(selfSigned))
    const insecure = secure({ insecure: true })
    expect([(await call(http2Pool(), address, { secure: insecure })).reply?.message.toString(), insecure.insecure]).toEqual(['safe', true])
  })
})

const pem = ({ cert, key }: { readonly cert: string; readonly key: string }): { readonly cert: Buffer; readonly key: Buffer } => ({ cert: readFileSync(cert), key: readFileSync(key) })

describe('Thrift over TLS', () => {
  it.each([['short', createShortPool], ['long', createLongPool], ['mux', createMuxPool]] as const)('is carried by the %s pool, apart from plaintext', async (_, createPool) => {
    const server = tls.createServer(pem(certificates), (socket) => {
      // A TTHeader frame comes back as it went, which is a reply with the same sequence id.
      socket.on('error', () => undefined).on('data', (chunk: Buffer) => socket.write(chunk))
    })
    const address = await listening(server)
    const pool = createPool()
    open.push(() => pool.dispose())
    for (let time = 0; time < 2; time++) {
      const lease = await pool.acquire(address, 5000, new AbortController().signal, secure({}, []))
      expect(lease.facts.tls?.version).toBe('TLSv1.3')
      const message = stringMessage('call', 'Say', time + 1, 'over TLS')
      const { reply } = await lease.exchange({ transport: 'ttheader-framed', seqId: time + 1, header: { strings: [], ints: [] }, message }, { meter: measureMessage, maxFrameBytes: 1000, oneway: false }, AbortSignal.timeout(5000))
      expect(readStringMessage(reply?.message ?? Buffer.alloc(0)).text).toBe('over TLS')
      lease.release(true)
    }
    await expect(pool.acquire(address, 5000, new AbortController().signal, secure({ caFile: certificates.otherCa }, []))).rejects.toMatchObject({ data: { code: 'get_connection', text: { key: 'tls.unknownAuthority' } } })
  })
})

describe('files', () => {
  const at = (more: Partial<TlsRequest>): ErrorData => {
    try {
      secure(more)
    } catch (caught) {
      if (caught instanceof KiteError) return caught.data
      throw caught
    }
    throw new Error('it was taken')
  }
  it.each<readonly [what: string, tls: () => Partial<TlsRequest>, key: string, code: string, file: () => string]>([
    ['that do not exist', () => ({ caFile: join(folder, 'none.pem') }), 'tls.fileMissing', 'file', () => join(folder, 'none.pem')],
    ['that are folders', () => ({ caFile: folder }), 'tls.fileUnreadable', 'file', () => folder],
    ['that hold no certificate', () => ({ caFile: file('words.pem', 'hello') }), 'tls.notCertificate', 'file', () => join(folder, 'words.pem')],
    ['that hold a broken certificate', () => ({ caFile: file('broken.pem', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n') }), 'tls.certificateBroken', 'file', () => join(folder, 'broken.pem')],
    ['that are swapped', () => ({ certFile: certificates.clientKey, keyFile: certificates.clientCert }), 'tls.keyForCertificate', 'file', () => certificates.clientKey],
    ['that hold a certificate for a key', () => ({ certFile: certificates.clientCert, keyFile: certificates.clientCert }), 'tls.certificateForKey', 'file', () => certificates.clientCert],
    ['that hold no key', () => ({ certFile: certificates.clientCert, keyFile: file('words.key', 'hello') }), 'tls.notKey', 'file', () => join(folder, 'words.key')],
    ['that hold a broken key', () => ({ certFile: certificates.clientCert, keyFile: file('broken.key', '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n') }), 'tls.keyBroken', 'file', () => join(folder, 'broken.key')],
    ['that hold the key of another', () => ({ certFile: certificates.clientCert, keyFile: certificates.key }), 'tls.keyMismatch', 'file', () => certificates.key],
    ['of a certificate without its key', () => ({ certFile: certificates.clientCert }), 'tls.certificateWithoutKey', 'usage', () => certificates.clientCert],
    ['of a key without its certificate', () => ({ keyFile: certificates.clientKey }), 'tls.keyWithoutCertificate', 'usage', () => certificates.clientKey],
  ])('%s stop the call before anything is dialled, by name', (_, tlsRequest, key, code, name) => {
    const error = at(tlsRequest())
    expect([error.text.key, error.code, error.text.params?.['file'], error.at?.file, error.hint?.key]).toEqual([key, code, name(), name(), `${key}Hint`])
  })

  it('that protect a key by a passphrase are refused with a way out', async () => {
    const made = await generate([{ name: 'commonName', value: 'kite' }], { keyType: 'ec', algorithm: 'sha256', passphrase: 'secret' })
    expect(at({ certFile: file('locked.pem', made.cert), keyFile: file('locked.key', made.private) }).text.key).toBe('tls.keyEncrypted')
  })

  it('may hold certificate and key together', () => {
    const both = file('both.pem', Buffer.concat([readFileSync(certificates.clientKey), readFileSync(certificates.clientCert)]))
    expect(secure({ certFile: both }).options.key).toEqual(readFileSync(both))
  })

  it('tell apart what must not share a connection', () => {
    const ids = [secure(), secure({ caFile: certificates.otherCa }), secure({ serverName: 'x' }), secure({ insecure: true }), secure({}, []), secure({ certFile: certificates.clientCert, keyFile: certificates.clientKey })].map(({ id }) => id)
    expect([new Set(ids).size, secure().id]).toEqual([ids.length, ids[0]])
  })
})
