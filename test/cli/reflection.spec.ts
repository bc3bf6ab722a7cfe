// A server's own IDL on the command line, against grpc-go: listed, called by, and what is said where there is none.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCertificates, type Certificates } from '../support/peers/certificates.ts'
import { grpcGoMissing, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { runKite } from '../support/run-kite.ts'

const missing = grpcGoMissing()

describe.skipIf(missing !== undefined)(`reflection${missing === undefined ? '' : ` is skipped: ${missing}`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-reflection-'))
  let peer: GrpcGoServer
  let files: Certificates
  let ca: string
  beforeAll(async () => {
    files = await makeCertificates(folder)
    ca = files.ca
    peer = await startGrpcGoServer({ tls: files })
  }, buildPatienceMs)
  afterAll(async () => {
    await peer.stop()
    rmSync(folder, { recursive: true })
  })

  it('lists what a server has of itself', async () => {
    const { code, stdout, stderr } = await runKite(['idl', 'list', `grpc-reflection://${peer.grpc}`])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.split('\n').map((line) => line.trim().split(/\s+/)).find(([name]) => name === 'kite.peer.v1.Peer/Count')).toEqual(['kite.peer.v1.Peer/Count', 'server', 'kite.peer.v1.CountRequest', 'kite.peer.v1.CountReply'])
  })

  it('calls by it, and knows a stream from a call', async () => {
    const call = (method: string, data: string): Promise<unknown> => runKite(['call', method, '--idl', 'reflect:', '-e', peer.grpc, '-d', data, '--connect-timeout', '2s', '--timeout', '5s'])
    expect(await call('Peer/Echo', '{"text":"hi","number":9007199254740993}')).toEqual({ code: 0, stdout: '{\n  "text": "hi",\n  "number": 9007199254740993\n}\n', stderr: '' })
    expect(await call('Peer/Count', '{"count":2}')).toEqual({ code: 0, stdout: '{}\n{"index":1}\n', stderr: '' })
  })

  it('asks over TLS as the call goes', async () => {
    expect(await runKite(['call', 'Peer/Count', '--idl', 'reflect:', '-e', peer.tls ?? '', '--cacert', ca, '-d', '{"count":1}', '--connect-timeout', '2s', '--timeout', '5s'])).toEqual({ code: 0, stdout: '{}\n', stderr: '' })
  })

  it('tells with -v which TLS a call went over', async () => {
    const { stderr } = await runKite(['call', 'Peer/Echo', '--idl', 'reflect:', '-e', peer.tls ?? '', '--cacert', ca, '-d', '{}', '--connect-timeout', '2s', '--timeout', '5s', '--keepalive', '10m', '-v'])
    expect(stderr).toMatch(/connection to 127\.0\.0\.1:\d+ over TLSv1\.3, /)
  })

  it('asks over TLS and mutual TLS, by flags and by the path itself', async () => {
    const list = async (address: string | undefined, query: string, ...flags: readonly string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await runKite(['idl', 'list', `grpc-reflection://${address}${query}`, ...flags])
      return code === 0 ? stdout.includes('kite.peer.v1.Peer/Echo') : [code, stderr.split('\n')[0]]
    }
    const mine = ['--cert', files.clientCert, '--key', files.clientKey]
    expect(await Promise.all([list(peer.tls, '', '--cacert', ca), list(peer.tls, `?cacert=${ca}`), list(peer.tls, '', '--insecure'), list(peer.mtls, '', '--cacert', ca, ...mine), list(peer.mtls, `?cacert=${ca}`, '--cacert', ca, ...mine)])).toEqual([true, true, true, true, true])
    const [untrusted, plain, missing, word] = await Promise.all([list(peer.tls, '?tls'), list(peer.tls, ''), list(peer.tls, '?cacert=none.pem'), list(peer.tls, '?tls&cert=me.pem')])
    expect(untrusted).toEqual([3, expect.stringContaining('certificate')])
    expect(plain).toEqual([1, expect.stringContaining('--tls')])
    expect(missing).toEqual([2, expect.stringContaining('none.pem')])
    expect(word).toEqual([2, expect.stringContaining('"cert"')])
  })

  it('a probe shows its client certificate, and trusts as a call would once it is told whom', async () => {
    const probe = async (...flags: readonly string[]): Promise<unknown> => {
      const { code, stdout, stderr } = await runKite(['probe', peer.mtls ?? '', ...flags, '-o', 'json'])
      if (stdout === '') return [code, stderr]
      const { best, findings } = JSON.parse(stdout)
      return [code, best?.transport, findings.map(({ subject, verdict }: { subject: string; verdict: string }) => `${subject} ${verdict}`).filter((row: string) => !row.endsWith(' no'))]
    }
    const mine = ['--cert', files.clientCert, '--key', files.clientKey]
    expect(await Promise.all([probe('--cacert', ca, ...mine), probe(), probe('--cacert', files.otherCa, ...mine)])).toEqual([
      [0, 'grpc', ['tls yes', 'grpc yes', 'http2 yes']],
      [0, undefined, ['tls yes']],
      [0, undefined, ['tls yes']],
    ])
    const { stdout } = await runKite(['probe', peer.mtls ?? '', '--cacert', files.otherCa])
    expect(stdout).toMatch(/^tls +yes .*certificate/m)
  })

  it('says that a server has none, and what to do', async () => {
    const { code, stdout, stderr } = await runKite(['call', 'Peer/Echo', '--idl', 'reflect:', '-e', peer.bare, '-d', '{}'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/has no reflection.*--idl FILE/)
  })

  it.each(['gzip', 'snappy', 'zstd'])('compresses with %s in the built program', async (compress) => {
    const { code, stdout } = await runKite(['call', 'Peer/Echo', '--idl', 'reflect:', '-e', peer.grpc, '--compress', compress, '-d', '{"text":"hi"}', '--connect-timeout', '2s', '--timeout', '5s'])
    expect([code, stdout]).toEqual([0, '{\n  "text": "hi"\n}\n'])
  })
})
