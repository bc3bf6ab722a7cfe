// A workspace that has a server's own IDL beside files: through the host as a window asks, against grpc-go with and without reflection.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord } from '../../shared/model/call.ts'
import { makeCertificates } from '../support/peers/certificates.ts'
import { openInProcess, type InProcess } from '../support/in-process.ts'
import { grpcGoMissing, startGrpcGoServer, type GrpcGoServer } from '../support/peers/grpc-go.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { newRequest, requestToSend } from '../../src-renderer/store/requests.ts'

const go = grpcGoMissing()
describe.skipIf(go !== undefined)(go === undefined ? 'the IDL of a server in a workspace' : `the IDL of a server in a workspace is skipped: ${go}`, () => {
  let peer: GrpcGoServer
  let folder: string
  let host: InProcess
  beforeAll(async () => {
    peer = await startGrpcGoServer()
    folder = mkdtempSync(join(tmpdir(), 'kite-server-idl-'))
    writeFileSync(join(folder, 'kite.json'), '{"format":1,"name":"w","idl":{"paths":["s.thrift"]}}')
    writeFileSync(join(folder, 's.thrift'), 'service S { string Say(1: string text) }')
    host = await openInProcess({ workspace: folder })
  }, buildPatienceMs)
  afterAll(async () => {
    await host.dispose()
    await peer.stop()
    rmSync(folder, { recursive: true })
  })

  const services = async (): Promise<unknown> => {
    const loaded = await host.platform.request('idl.load', undefined)
    return loaded.ok ? [loaded.value.services.map(({ name }) => name), loaded.value.diagnostics.map(({ code, at }) => [code, at.file])] : loaded.error.text.key
  }
  const call = async (method: string, address: string): Promise<CallRecord | string> => {
    const state = await host.platform.request('workspace.state', undefined)
    if (!state.ok) return state.error.text.key
    const request = requestToSend(newRequest(method, '{}', { kind: 'direct', endpoints: [address] }, state.value), state.value)
    return new Promise((resolve) => {
      host.platform.openStream('call.run', request, {
        onItems: (items) => items.forEach((item) => {
          if (item.kind === 'ended') resolve(item.record)
        }),
        onError: ({ text }) => resolve(text.key),
      })
    })
  }

  it('is refused with the reason where the server has none, and nothing is kept', async () => {
    const refused = await host.platform.request('workspace.addServerIdl', { address: peer.bare })
    expect([refused.ok ? undefined : refused.error.text.key, refused.ok ? undefined : refused.error.hint?.key]).toEqual(['reflection.none', 'reflection.giveIdl'])
    expect((await host.platform.request('workspace.addServerIdl', { address: 'no address' })).ok).toBe(false)
    expect(JSON.parse(readFileSync(join(folder, 'kite.json'), 'utf8'))).toMatchObject({ idl: { paths: ['s.thrift'] } })
  })

  it('is kept by its address, beside the files, and once', async () => {
    await host.platform.request('workspace.addServerIdl', { address: peer.grpc })
    const added = await host.platform.request('workspace.addServerIdl', { address: peer.grpc })
    expect(added.ok && added.value.idl.paths).toEqual(['s.thrift', `grpc-reflection://${peer.grpc}`])
    expect(JSON.parse(readFileSync(join(folder, 'kite.json'), 'utf8'))).toMatchObject({ idl: { paths: ['s.thrift', `grpc-reflection://${peer.grpc}`] } })
    expect(await services()).toEqual([['S', 'kite.peer.v1.Peer'], []])
    expect(await call('kite.peer.v1.Peer/Echo', peer.grpc)).toMatchObject({ outcome: 'ok', transport: 'grpc' })
  })

  it('is kept with whom its TLS trusts, relative to the workspace, and never with a client certificate', async () => {
    mkdirSync(join(folder, 'certs'))
    const certificates = await makeCertificates(join(folder, 'certs'))
    const secure = await startGrpcGoServer({ tls: certificates })
    const address = secure.tls ?? ''
    const path = `grpc-reflection://${address}?tls&cacert=certs%2Fca.pem`
    try {
      const untrusted = await host.platform.request('workspace.addServerIdl', { address, tls: { insecure: false } })
      expect(untrusted.ok ? undefined : untrusted.error.code).toBe('get_connection')
      const tls = { caFile: 'certs/ca.pem', certFile: certificates.clientCert, keyFile: certificates.clientKey, insecure: false }
      const added = await host.platform.request('workspace.addServerIdl', { address, tls })
      expect(added.ok ? added.value.idl.paths.at(-1) : added.error).toBe(path)
      expect(JSON.parse(readFileSync(join(folder, 'kite.json'), 'utf8')).idl.paths).toContain(path)
      await host.platform.request('workspace.removeIdl', { path: `grpc-reflection://${peer.grpc}` })
      expect(await services()).toEqual([['S', 'kite.peer.v1.Peer'], []])
    } finally {
      await host.platform.request('workspace.removeIdl', { path })
      await host.platform.request('workspace.addServerIdl', { address: peer.grpc })
      await secure.stop()
    }
  })

  it('is a problem when the server is gone, and what stands in files is there and is called', async () => {
    await peer.stop()
    await host.platform.request('workspace.refreshIdl', undefined)
    expect(await services()).toEqual([['S'], [['no-reflection', `grpc-reflection://${peer.grpc}`]]])
    expect(await call('S/Say', '127.0.0.1:1')).toMatchObject({ outcome: 'failed', error: { code: 'get_connection', text: { params: { address: '127.0.0.1:1' } } } })
    expect(await call('kite.peer.v1.Peer/Echo', peer.grpc)).toBe('transport.refused')
  })

  it('is taken out by its address', async () => {
    const left = await host.platform.request('workspace.removeIdl', { path: `grpc-reflection://${peer.grpc}` })
    expect([left.ok && left.value.idl.paths, await services()]).toEqual([['s.thrift'], [['S'], []]])
  })
})
