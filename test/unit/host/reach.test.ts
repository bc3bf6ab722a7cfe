// What a page may make the host read, next to what the desktop's window may: the true engine and workspace, files that stand beside it.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorData } from '../../../shared/base/error.ts'
import type { StreamInput, StreamName } from '../../../shared/ipc/streams.ts'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import { type InProcess, openInProcess } from '../../support/in-process.ts'

let around: string
let shop: string
let host: InProcess

beforeEach(async () => {
  around = await mkdtemp(join(tmpdir(), 'kite-reach-'))
  shop = join(around, 'shop')
  await mkdir(join(shop, 'env'), { recursive: true })
  await writeFile(join(shop, 'kite.json'), '{"format":1,"name":"shop","idl":{"paths":["s.thrift","../listed.thrift"]}}')
  await writeFile(join(shop, 's.thrift'), 'struct R { 1: binary b }\nservice S { R Get(1: R r) }')
  await writeFile(join(around, 'listed.thrift'), 'struct Listed { 1: i32 a }')
  await writeFile(join(around, 'secret.txt'), 'secret')
  await writeFile(join(around, 'beside.thrift'), 'struct Beside { 1: i32 a }')
  await writeFile(join(shop, 'mine.txt'), 'mine')
  await symlink(join(around, 'secret.txt'), join(shop, 'link.txt'))
})

afterEach(async () => {
  await host.dispose()
  await rm(around, { recursive: true, force: true })
})

/** What became of a call with this file in its body: the first error, and there always is one, since nothing listens at port 1. */
function callWith(file: string, idl: readonly string[] = []): Promise<string | undefined> {
  return new Promise((resolve) => {
    host.platform.openStream('call.run', {
      idl: { paths: [...idl] }, method: 'S/Get', body: JSON.stringify({ b: { $file: file } }), target: { kind: 'direct', endpoints: ['127.0.0.1:1'] },
    }, {
      onItems: (events) => {
        for (const event of events) if (event.kind === 'ended') resolve(event.record.error?.code)
      },
      onError: ({ text }: ErrorData) => resolve(text.key),
    })
  })
}

const get = (more: Partial<CallRequestInput>): CallRequestInput => ({ idl: { paths: ['s.thrift'] }, method: 'S/Get', body: '{}', target: { kind: 'direct', endpoints: ['127.0.0.1:1'] }, ...more })

/** Why a stream failed; undefined where it did not. */
function streamKey<S extends StreamName>(stream: S, input: StreamInput<S>): Promise<string | undefined> {
  return new Promise((resolve) => {
    host.platform.openStream(stream, input, { onItems: () => undefined, onError: ({ text }: ErrorData) => resolve(text.key), onEnd: () => resolve(undefined) })
  })
}

const keyOf = async (work: Promise<{ readonly ok: boolean; readonly error?: ErrorData }>): Promise<string | undefined> => (await work).error?.text.key

describe('a page', () => {
  beforeEach(async () => { host = await openInProcess({ workspace: shop, host: 'page' }) })

  it.each(['mine.txt', './env/../mine.txt'])('sends a file of the workspace: %s', async (path) => expect(await callWith(path)).toBe('get_connection'))

  it('sends no file from elsewhere, however it is named', async () => {
    for (const path of ['../secret.txt', join(around, 'secret.txt'), 'link.txt', '/etc/hostname', '../nothing.txt']) expect(await callWith(path), path).toBe('codec.body.fileUnreadable')
  })

  it('takes IDLs of the workspace and those it lists, and no others', async () => {
    expect(await callWith('mine.txt', ['s.thrift', '../listed.thrift'])).toBe('get_connection')
    expect(await callWith('mine.txt', ['../secret.txt'])).toBe('workspace.pageReach')
    expect(await keyOf(host.platform.request('workspace.addIdl', { paths: ['/etc/passwd'] }))).toBe('workspace.pageReach')
    expect(await keyOf(host.platform.request('workspace.addIdl', { paths: ['grpc-reflection://no port'] }))).toBe('reflection.badAddress')
  })

  it('opens no other folder, and starts no mock with files or a registry from elsewhere', async () => {
    expect(await keyOf(host.platform.request('workspace.open', { path: around }))).toBe('workspace.pageReach')
    const idl = { paths: ['s.thrift'] }
    for (const more of [{ stubFile: '../secret.txt' }, { register: `file:${join(around, 'registry.yaml')}` }, { idl: { paths: ['s.thrift'], includeDirs: ['/'] } }]) {
      expect(await keyOf(host.platform.request('mock.start', { idl, ...more })), JSON.stringify(more)).toBe('workspace.pageReach')
    }
  })

  it('opens no folder that it could have filled itself', async () => {
    const text = JSON.stringify({ format: 1, name: 'mine', idl: { paths: ['/'], includeDirs: ['/'] } })
    await host.platform.request('workspace.addIdlText', { files: [{ name: 'kite.json', text }] })
    for (const path of ['idl', 'idl/kite.json', join(shop, 'idl'), '..', 'reflect:/../..', '../listed.thrift']) expect(await keyOf(host.platform.request('workspace.open', { path })), path).toBe('workspace.pageReach')
    expect(await keyOf(host.platform.request('workspace.open', { path: '.' }))).toBeUndefined()
    expect(host.host.workspace.state.root).toBe(shop)
  })

  // The server may have been started in any folder, such as its user's home.
  it('names files from its workspace on, wherever the server was started', async () => {
    expect(await host.platform.request('workspace.addIdl', { paths: ['s.thrift'] })).toMatchObject({ ok: true, value: { idl: { paths: ['s.thrift', '../listed.thrift'] } } })
    expect(await keyOf(host.platform.request('stream.sendFile', { callId: 'none', path: '../secret.txt' }))).toBe('workspace.pageReach')
    expect(await keyOf(host.platform.request('stream.sendFile', { callId: 'none', path: 'mine.txt' }))).toBe('stream.unknown')
  })

  it('writes no file: its browser saves', async () => {
    for (const path of ['kite.json', '.git/config', join(shop, 'new.json'), '/tmp/x']) {
      expect(await streamKey('reply.save', { callId: 'none', path }), path).toBe('workspace.pageReach')
      expect(await streamKey('stream.export', { callId: 'none', path }), path).toBe('workspace.pageReach')
    }
    expect(await streamKey('reply.save', { callId: 'none' })).toBe('app.reply.notKept')
  })

  it('has no file of elsewhere included by an IDL of its own', async () => {
    const includes = ['../../secret.txt', join(around, 'secret.txt'), '/etc/passwd', '../link.txt']
    await host.platform.request('workspace.addIdlText', { files: [{ name: 'own.thrift', text: includes.map((path) => `include "${path}"`).join('\n') }] })
    const loaded = await host.platform.request('idl.load', undefined)
    expect(loaded.ok && loaded.value.diagnostics.map(({ code }) => code)).toEqual(includes.map(() => 'include-not-found'))
    expect(await callWith('mine.txt', ['idl/own.thrift'])).toBe('idl.includeNotFound')
    expect(await keyOf(host.platform.request('mock.start', { idl: { paths: ['idl/own.thrift'] }, listen: '127.0.0.1:0' }))).toBe('idl.includeNotFound')
  })

  it('still has what stands beside the IDLs that its owner listed', async () => {
    await writeFile(join(around, 'listed.thrift'), 'include "beside.thrift"\nstruct Listed { 1: beside.Beside a }')
    const loaded = await host.platform.request('idl.load', undefined)
    expect(loaded.ok && [loaded.value.diagnostics, Object.keys(loaded.value.structs).length]).toEqual([[], 3])
  })

  it('takes no registry from elsewhere, however its path is written', async () => {
    for (const path of ['../registry.yaml', 'a\n/../../registry.yaml', '//../registry.yaml', '///etc/passwd']) {
      expect(await streamKey('call.run', get({ target: { kind: 'service', service: 's', registry: `file:${path}` } })), path).toBe('workspace.pageReach')
    }
  })

  it('dials no socket of the file system', async () => {
    for (const address of ['/var/run/docker.sock', 'unix:/var/run/docker.sock', 'unix:x', '\\\\.\\pipe\\docker_engine']) {
      expect(await streamKey('call.run', get({ target: { kind: 'direct', endpoints: [address] } })), address).toBe('workspace.pageReach')
      expect(await streamKey('call.run', get({ idl: { paths: [`grpc-reflection://${address}`] } })), address).toBe('workspace.pageReach')
      expect(await keyOf(host.platform.request('probe.run', { address })), address).toBe('workspace.pageReach')
      expect(await keyOf(host.platform.request('workspace.addServerIdl', { address })), address).toBe('workspace.pageReach')
    }
  })

  it('has certificates and keys read from its workspace only', async () => {
    for (const caFile of ['../secret.txt', '/etc/passwd', 'link.txt', 'env']) expect(await streamKey('call.run', get({ tls: { caFile } })), caFile).toBe('tls.fileUnreadable')
    expect(await streamKey('call.run', get({ tls: { caFile: 'mine.txt' } }))).toBe('tls.notCertificate')
  })

  it('opens no port beyond loopback', async () => {
    const start = (listen: string): Promise<string | undefined> => keyOf(host.platform.request('mock.start', { idl: { paths: ['s.thrift'] }, listen }))
    for (const listen of ['0.0.0.0:0', ':0', '[::]:0', '127.0.0.1.example:0', 'localhost.example:0']) expect(await start(listen), listen).toBe('workspace.pageListens')
    expect(await start('127.0.0.1:0')).toBeUndefined()
  })
})

describe('a page without a workspace', () => {
  beforeEach(async () => { host = await openInProcess({ host: 'page' }) })

  it('has no file read, also none of the folder where the server was started', async () => {
    for (const caFile of ['package.json', '/etc/passwd']) expect(await streamKey('call.run', get({ idl: { paths: [] }, transport: 'http', tls: { caFile } })), caFile).toBe('tls.fileUnreadable')
    expect(await keyOf(host.platform.request('workspace.open', { path: '.' }))).toBe('workspace.pageReach')
  })

  it('takes IDLs as text, which include each other and nothing else', async () => {
    const files = [{ name: 'a.thrift', text: 'include "b.thrift"\ninclude "/etc/passwd"\nservice A { void f(1: b.B b) }' }, { name: 'b.thrift', text: 'struct B {}' }]
    await host.platform.request('workspace.addIdlText', { files })
    const loaded = await host.platform.request('idl.load', undefined)
    expect(loaded.ok && loaded.value.diagnostics.map(({ code }) => code)).toEqual(['include-not-found'])
  })
})

describe('the window of the desktop', () => {
  beforeEach(async () => { host = await openInProcess({ workspace: shop }) })

  it('sends any file that its user may read, relative ones from the workspace', async () => {
    for (const path of ['mine.txt', '../secret.txt', join(around, 'secret.txt'), 'link.txt']) expect(await callWith(path), path).toBe('get_connection')
  })
})
