import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { RegistryView, StreamInput, StreamItem, StreamName } from '../../../shared/ipc/streams.ts'
import { type InProcess, openInProcess } from '../../support/in-process.ts'

let folder: string
let window: InProcess
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-join-'))
  await mkdir(join(folder, 'env'))
  await writeFile(join(folder, 'kite.json'), '{"format":1,"name":"shop","idl":{"paths":["user.thrift"]}}')
  await writeFile(join(folder, 'user.thrift'), 'const i64 big = 9007199254740993\nstruct R { 1: required i64 id }\nservice UserService { R GetUser(1: R req) }')
  await writeFile(join(folder, 'env/local.json'), '{"format":1,"registry":"file:registry.yaml"}')
  await writeFile(join(folder, 'registry.yaml'), 'services:\n  demo.user:\n    - address: 127.0.0.1:1\n')
  window = await openInProcess({ workspace: folder })
})
afterEach(async () => {
  await window.dispose()
  await rm(folder, { recursive: true, force: true })
})

/** Collects a stream's items until `enough`. */
function collect<S extends StreamName>(name: S, input: StreamInput<S>, enough: (items: readonly StreamItem<S>[]) => boolean): Promise<readonly StreamItem<S>[]> {
  return new Promise((resolve, reject) => {
    const items: StreamItem<S>[] = []
    const stream = window.platform.openStream(name, input, {
      onItems: (more) => {
        items.push(...more)
        if (!enough(items)) return
        stream.close()
        resolve(items)
      },
      onEnd: () => resolve(items),
      onError: (error) => reject(new Error(JSON.stringify(error))),
    })
  })
}

const request: StreamInput<'call.run'> = { idl: { paths: [] }, method: 'GetUser', body: '{"id": 1}', target: { kind: 'service', service: 'demo.user', registry: 'file:registry.yaml' } }

describe('the renderer joined to the true engine', () => {
  it('opens the folder that was open last, in a desktop window only', async () => {
    const again = async (host: 'electron' | 'page'): Promise<unknown> => {
      const next = await openInProcess({ dataDir: window.dataDir, host })
      const state = await next.platform.request('workspace.state', undefined)
      await next.dispose()
      return state.ok ? state.value.root : state.error
    }
    await window.host.opened
    expect([await again('electron'), await again('page')]).toEqual([folder, undefined])
    await rm(folder, { recursive: true })
    expect(await again('electron')).toBeUndefined()
  })

  it('sees the workspace, its IDLs with exact numbers, and an example body', async () => {
    expect(await window.platform.request('workspace.state', undefined)).toMatchObject({ ok: true, value: { name: 'shop', root: folder, environment: 'local' } })
    const loaded = await window.platform.request('idl.load', undefined)
    expect(loaded.ok && loaded.value.files.flatMap((file) => (file.kind === 'thrift' ? file.consts : []))).toEqual([{ name: 'big', type: 'i64', value: 9007199254740993n }])
    expect(await window.platform.request('idl.example', { method: 'GetUser' })).toMatchObject({ ok: true, value: { body: expect.stringContaining('"id"') } })
    expect(await window.platform.request('idl.example', { method: 'GetUsr' })).toMatchObject({ ok: false, error: { code: 'idl' } })
  })

  it('runs a call through the chain, hears its events, and finds it in the history and among the traces', async () => {
    const events = await collect('call.run', request, () => false)
    const last = events.at(-1)
    expect([events[0]?.kind, last?.kind]).toEqual(['started', 'ended'])
    if (last?.kind !== 'ended') return
    expect(last.record).toMatchObject({ method: 'UserService/GetUser', outcome: 'failed', service: 'demo.user' })
    const entries = await window.platform.request('history.list', {})
    expect(entries.ok && entries.value.map(({ id }) => id)).toEqual([last.record.id])
    expect(await window.platform.request('history.get', { id: last.record.id })).toEqual({ ok: true, value: last.record })
    const spans = await window.platform.request('trace.get', { traceId: last.record.traceId })
    expect(spans.ok && spans.value.map(({ own, startNs }) => [own, typeof startNs])[0]).toEqual([true, 'bigint'])
  })

  it('ends the stream with the error when the request itself is wrong', async () => {
    await expect(collect('call.run', { ...request, method: 'Nope' }, () => false)).rejects.toThrow('"code":"idl"')
    await expect(collect('call.run', { ...request, body: '{' }, () => false)).rejects.toThrow('"code":"body"')
  })

  it('loads the IDLs again when a file changes', async () => {
    let sets: readonly IdlSet[] = []
    await collect('idl.watch', undefined, (items) => {
      if (items.length === 1) void writeFile(join(folder, 'user.thrift'), 'service Renamed { void ping() }')
      sets = items
      return items.length === 2
    })
    expect(sets.map(({ services }) => services.map(({ name }) => name))).toEqual([['UserService'], ['Renamed']])
  })

  it('follows the registry of the environment, and says when there is none', async () => {
    const facts = ({ state, services, origin }: RegistryView): unknown => [state, services.map(({ service, instances }) => [service, instances.map(({ address }) => address)]), origin === '']
    const views = await collect('discovery.watch', undefined, (items) => {
      const last = items.at(-1)
      if (last?.state === 'live' && last.services[0]?.instances.length === 1) void writeFile(join(folder, 'registry.yaml'), 'services:\n  demo.user:\n    - address: 127.0.0.1:1\n    - address: 127.0.0.1:2\n')
      return last?.services[0]?.instances.length === 2
    })
    const last = views.at(-1)
    expect(last && facts(last)).toEqual(['live', [['demo.user', ['127.0.0.1:1', '127.0.0.1:2']]], false])
    await rm(join(folder, 'env/local.json'))
    const none = await collect('discovery.watch', undefined, (items) => items.at(-1)?.state === 'none')
    expect(none.at(-1)).toEqual({ origin: '', services: [], state: 'none' })
  })

  it('sees a workspace file change from outside', async () => {
    const states = await collect('workspace.watch', undefined, (items) => {
      if (items.length === 1) void writeFile(join(folder, 'kite.json'), '{"format":1,"name":"renamed"}')
      return items.at(-1)?.name === 'renamed'
    })
    expect(states[0]?.name).toBe('shop')
  })

  it('starts a mock from the workspace, sees it and its hit', async () => {
    const started = await window.platform.request('mock.start', { idl: { paths: ['user.thrift'] } })
    if (!started.ok) throw new Error(JSON.stringify(started.error))
    const { address, id } = started.value
    await collect('call.run', { ...request, target: { kind: 'direct', endpoints: [address] } }, () => false)
    const hits = await collect('mock.hits', undefined, (items) => items.length === 1)
    expect(hits).toMatchObject([{ mock: id, method: 'UserService/GetUser', outcome: 'reply' }])
    const lists = await collect('mock.watch', undefined, (items) => items.at(-1)?.[0]?.hits === 1)
    expect(lists.at(-1)?.map((each) => each.address)).toEqual([address])
    await window.platform.request('mock.stop', { id })
    expect(await window.platform.request('mock.list', undefined)).toEqual({ ok: true, value: [] })
  })

  it('aborts a running call when its stream or its window closes', async () => {
    const { createServer } = await import('node:net')
    const silent = createServer().listen(0, '127.0.0.1')
    const gone: Promise<void>[] = []
    let connected: () => void = () => undefined
    silent.on('connection', (socket) => {
      gone.push(new Promise((resolve) => socket.on('close', () => resolve()).on('error', () => undefined).resume()))
      connected()
    })
    await new Promise((resolve) => silent.on('listening', resolve))
    const bound = silent.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const call: StreamInput<'call.run'> = { ...request, timeoutMs: 0, transport: 'framed', target: { kind: 'direct', endpoints: [`127.0.0.1:${port}`] } }
    for (const stop of [(close: () => void) => close(), () => window.closeWindow()]) {
      const arrived = new Promise<void>((resolve) => { connected = resolve })
      const stream = window.platform.openStream('call.run', call, { onItems: () => undefined })
      await arrived
      stop(() => stream.close())
      await gone.at(-1)
    }
    silent.close()
    expect(gone).toHaveLength(2)
  })
})
