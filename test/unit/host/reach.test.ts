// What a page may make the host read, next to what the desktop's window may: the true engine and workspace, files that stand beside it.

import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorData } from '../../../shared/base/error.ts'
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

  it('opens no port beyond loopback', async () => {
    const start = (listen: string): Promise<string | undefined> => keyOf(host.platform.request('mock.start', { idl: { paths: ['s.thrift'] }, listen }))
    for (const listen of ['0.0.0.0:0', ':0', '[::]:0', '127.0.0.1.example:0', 'localhost.example:0']) expect(await start(listen), listen).toBe('workspace.pageListens')
    expect(await start('127.0.0.1:0')).toBeUndefined()
  })
})

describe('the window of the desktop', () => {
  beforeEach(async () => { host = await openInProcess({ workspace: shop }) })

  it('sends any file that its user may read, relative ones from the workspace', async () => {
    for (const path of ['mine.txt', '../secret.txt', join(around, 'secret.txt'), 'link.txt']) expect(await callWith(path), path).toBe('get_connection')
  })
})
