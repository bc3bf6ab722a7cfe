// What a probe says of ports that nobody here wrote, row by row: each protocol that is spoken is found, and none that is not.

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import type { ProbeReport, ProbeSubject } from '../../shared/model/probe.ts'
import { askHttp } from '../../src-main/engine/probe/http.ts'
import { whatInstead, whatSilence } from '../../src-main/engine/probe/instead.ts'
import { probe } from '../../src-main/engine/probe/probe.ts'
import { apacheMissing, startApacheServer } from '../support/peers/apache.ts'
import { makeCertificates } from '../support/peers/certificates.ts'
import { startTap } from '../support/peers/tap.ts'
import { buildPatienceMs, kitexMissing, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'

const kitexGone = kitexMissing()
const apacheGone = apacheMissing()

const signal = new AbortController().signal
/** Machines under load answer late; silence is what it is for any length. */
const ask = (address: string, more: { readonly path?: string; readonly method?: string } = {}): Promise<ProbeReport> => probe(address, { connectTimeoutMs: 5000, answerMs: 700, signal, ...more })
const spokenOf = ({ findings }: ProbeReport): readonly ProbeSubject[] => findings.filter(({ verdict }) => verdict !== 'no').map(({ subject }) => subject)

describe.skipIf(kitexGone !== undefined)(`a probe of Kitex${kitexGone === undefined ? '' : ` (skipped: ${kitexGone})`}`, () => {
  let kitex: KitexServer

  beforeAll(async () => {
    kitex = await startKitexServer()
  }, buildPatienceMs)
  afterAll(() => kitex.stop())

  it('finds every framing of a Thrift server, its streams and gRPC, and no Protobuf', async () => {
    const report = await ask(kitex.thrift, { method: 'Say' })
    expect(spokenOf(report)).toEqual(['ttheader-framed', 'ttheader', 'framed', 'buffered', 'ttheader-streaming', 'grpc', 'http2'])
    expect(report).toMatchObject({ best: { transport: 'ttheader-framed', codec: 'thrift-binary' }, tls: false })
    expect(report.findings.find(({ subject }) => subject === 'framed')?.evidence).toMatchObject({ key: 'probe.exception', params: { typeId: 7 } })
  })

  it('finds Kitex Protobuf and gRPC of a Protobuf server, and no Thrift', async () => {
    const report = await ask(kitex.pb, { method: 'Echo' })
    expect(spokenOf(report).filter((subject) => subject !== 'ttheader-streaming')).toEqual(['ttheader-framed-protobuf', 'framed-protobuf', 'grpc', 'http2'])
    expect(report.best).toEqual({ transport: 'ttheader-framed', codec: 'protobuf' })
  })

  it('leaves the codec open where no method is known, since Kitex answers either', async () => {
    const report = await ask(kitex.thrift)
    expect(report.findings.filter(({ verdict }) => verdict === 'likely').map(({ subject, evidence }) => [subject, evidence.key])).toEqual([
      ['ttheader-framed', 'probe.eitherCodec'], ['ttheader', 'probe.eitherCodec'], ['framed', 'probe.eitherCodec'], ['buffered', 'probe.eitherCodec'],
      ['ttheader-framed-protobuf', 'probe.eitherCodec'], ['framed-protobuf', 'probe.eitherCodec'], ['ttheader-streaming', 'probe.streamSilence'],
    ])
    expect(report.best).toEqual({ transport: 'ttheader-framed' })
  })

  it('is told with a call that failed, where the call was wrong, and not where it was right', async () => {
    const failed = { address: kitex.thrift, language: 'thrift', connectTimeoutMs: 5000, signal } as const
    expect(await Promise.all([
      whatInstead({ ...failed, transport: 'framed', codec: 'thrift-compact' }), whatInstead({ ...failed, transport: 'framed', codec: 'thrift-binary' }),
      whatInstead({ ...failed, language: 'none', transport: 'http', codec: 'json' }), whatSilence({ ...failed, transport: 'framed', codec: 'thrift-binary' }),
      whatInstead({ ...failed, address: kitex.mux, transport: 'framed', codec: 'thrift-binary' }),
    ])).toEqual([
      { key: 'probe.hint.noCompact', params: { transport: 'framed' } }, undefined, { key: 'probe.hint.speaks', params: { transport: 'ttheader-framed' } }, undefined,
      { key: 'probe.hint.speaks', params: { transport: 'ttheader-framed' } },
    ])
  })

  it('knows a multiplexing server by its silence on the rest', async () => {
    expect(spokenOf(await ask(kitex.mux, { method: 'Say' }))).toEqual(['ttheader-framed', 'ttheader', 'mux-only'])
  })
})

describe.skipIf(apacheGone !== undefined)(`a probe of Apache Thrift${apacheGone === undefined ? '' : ` (skipped: ${apacheGone})`}`, () => {
  it('finds the one framing that each of its servers speaks', async () => {
    const server = await startApacheServer()
    try {
      const [framed, buffered] = await Promise.all([ask(server.addressOf('framed')), ask(server.addressOf('buffered'))])
      expect([spokenOf(framed), spokenOf(buffered)]).toEqual([['framed'], ['buffered']])
      const failed = { language: 'thrift', codec: 'thrift-binary', connectTimeoutMs: 5000, signal } as const
      expect(await Promise.all([
        whatInstead({ ...failed, address: server.addressOf('framed', 'compact'), transport: 'framed' }), whatSilence({ ...failed, address: server.addressOf('framed'), transport: 'ttheader-streaming' }),
        whatSilence({ ...failed, address: server.http.address, transport: 'ttheader' }),
      ])).toEqual([
        { key: 'probe.hint.speaksCodec', params: { transport: 'framed', codec: 'thrift-compact' } }, { key: 'probe.hint.speaks', params: { transport: 'framed' } },
        { key: 'probe.hint.speaks', params: { transport: 'http' } },
      ])
    } finally {
      await server.stop()
    }
  }, buildPatienceMs)
})

describe('a probe of Node\'s own servers', () => {
  it('finds HTTP, and a WebSocket where it is', async () => {
    const http = createServer((_request, response) => response.writeHead(404).end())
    const sockets = new WebSocketServer({ server: http, path: '/rpc' })
    await new Promise<void>((resolve) => { http.listen(0, '127.0.0.1', resolve) })
    const address = `127.0.0.1:${(http.address() as AddressInfo).port}`
    try {
      const [root, rpc] = [await ask(address), await ask(address, { path: '/rpc' })]
      expect([spokenOf(root), spokenOf(rpc)]).toEqual([['http'], ['http', 'websocket'].toSorted()])
    } finally {
      sockets.close()
      http.close()
    }
  })

  it('finds HTTP behind TLS that agrees to no HTTP/2', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kite-probe-'))
    const { cert, key } = await makeCertificates(folder)
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) => response.writeHead(404).end())
    const address = await listening(server)
    try {
      const report = await ask(address)
      expect([spokenOf(report), report.tls, report.best]).toEqual([['tls', 'http'], true, { transport: 'http' }])
      expect(evidenceOf(report, 'grpc')).toBe('tls.alpnRefused')
      expect(await whatInstead({ address, language: 'none', transport: 'http', codec: 'json', connectTimeoutMs: 5000, signal })).toEqual({ key: 'probe.hint.tls' })
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('waits longer where the path to the port has shown to be long', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kite-probe-'))
    const { cert, key } = await makeCertificates(folder)
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) => response.writeHead(404).end())
    const path = await startTap(await listening(server), { delayMs: 150 })
    try {
      const secure = { id: 'far', insecure: true, options: { rejectUnauthorized: false } }
      expect(await askHttp({ address: path.address, connectTimeoutMs: 5000, answerMs: 100, secure, signal })).toMatchObject({ verdict: 'yes', evidence: { key: 'probe.http', params: { status: '404' } } })
    } finally {
      path.close()
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('says of a port that wants a client certificate that it wants one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kite-probe-'))
    const { ca, cert, key } = await makeCertificates(folder)
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }, (_request, response) => response.end())
    const address = await listening(server)
    try {
      const report = await ask(address)
      expect([spokenOf(report), report.best]).toEqual([['tls'], undefined])
      expect((['http', 'framed', 'websocket'] as const).map((subject) => evidenceOf(report, subject))).toEqual(Array.from({ length: 3 }, () => 'tls.clientCertificateRequired'))
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('asks nothing in plaintext of a port whose TLS refuses', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kite-probe-'))
    const { ca, cert, key } = await makeCertificates(folder)
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key), ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' }, (_request, response) => response.end())
    const address = await listening(server)
    let plain = 0
    server.on('tlsClientError', (error) => { if (/http request|wrong version|unknown protocol/i.test(error.message)) plain++ })
    const secure = { id: 'told', insecure: false, options: { ca: readFileSync(ca) } }
    try {
      for (const more of [{ secure }, {}]) {
        const report = await probe(address, { connectTimeoutMs: 5000, answerMs: 700, signal, ...more })
        expect([report.tls, report.findings.map(({ subject, verdict }) => [subject, verdict]), plain]).toEqual([true, [['tls', 'yes']], 0])
      }
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('takes a port that only upgrades for a WebSocket', async () => {
    const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(sockets, 'listening')
    try {
      const report = await ask(`127.0.0.1:${(sockets.address() as AddressInfo).port}`)
      expect([spokenOf(report), report.best]).toEqual([['websocket'], { transport: 'jsonrpc-ws' }])
    } finally {
      sockets.close()
    }
  })
})

const evidenceOf = ({ findings }: ProbeReport, subject: ProbeSubject): string | undefined => findings.find((finding) => finding.subject === subject)?.evidence.key

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
