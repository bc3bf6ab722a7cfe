import { mkdir, mkdtemp, readFile, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KiteError } from '../../../../shared/base/error.ts'
import { callRequestSchema } from '../../../../shared/model/call.ts'
import { type Files, diskFiles } from '../../../../src-main/engine/workspace/files.ts'
import { type Workspace, createWorkspace } from '../../../../src-main/engine/workspace/workspace.ts'

let folder: string
let data: string
const open: Workspace[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-workspace-'))
  data = await mkdtemp(join(tmpdir(), 'kite-data-'))
})
afterEach(async () => {
  for (const workspace of open.splice(0)) workspace.dispose()
  await rm(folder, { recursive: true, force: true })
  await rm(data, { recursive: true, force: true })
})

async function make(files: Files = diskFiles, watch = false): Promise<Workspace> {
  const workspace = await createWorkspace({ dataFolder: data, files, watch })
  open.push(workspace)
  return workspace
}

const request = callRequestSchema.omit({ idl: true }).parse({ method: 'UserService/GetUser', body: '{"id": 9007199254740993}', target: { kind: 'direct', endpoints: ['127.0.0.1:8888'] } })

async function put(path: string, content: unknown): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content))
}

const read = async (path: string): Promise<unknown> => JSON.parse(await readFile(join(folder, path), 'utf8'))

const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work
  } catch (caught) {
    return KiteError.from(caught).data
  }
  return undefined
}

describe('a workspace folder', () => {
  it('is read whole: name, IDLs, environments and saved calls', async () => {
    await put('kite.json', { format: 1, name: 'shop', idl: { paths: ['idl/user.thrift'] }, services: { 'demo.user': 'UserService' } })
    await put('env/local.json', { format: 1, registry: 'file:registry.yaml', variables: { who: 'me' } })
    await put('env/prod.json', { format: 1, registry: 'etcd://10.0.0.1:2379', production: true })
    await put('calls/user/get.kite.json', { format: 1, request })
    const workspace = await make()
    expect(await workspace.open(folder)).toEqual({
      root: folder,
      name: 'shop',
      idl: { paths: ['idl/user.thrift'], includeDirs: [] },
      services: { 'demo.user': 'UserService' },
      environments: [
        { name: 'local', registry: 'file:registry.yaml', production: false, variables: { who: 'me' } },
        { name: 'prod', registry: 'etcd://10.0.0.1:2379', production: true, variables: {} },
      ],
      environment: 'local',
      calls: [{ path: 'user/get', name: 'get', request }],
      problems: [],
    })
    expect(workspace.registry()).toEqual({ url: 'file:registry.yaml', baseDir: folder })
  })

  it('opens without a kite.json and writes nothing until something is saved', async () => {
    const workspace = await make()
    const state = await workspace.open(folder)
    expect(state.problems).toEqual([])
    expect(await readdir(folder)).toEqual([])
    await put('user.thrift', 'struct A {}')
    await workspace.addIdl([join(folder, 'user.thrift')])
    expect(await readFile(join(folder, 'kite.json'), 'utf8')).toBe(
      `{\n  "format": 1,\n  "name": "${state.name}",\n  "idl": {\n    "paths": [\n      "user.thrift"\n    ]\n  }\n}\n`,
    )
  })

  it('says where a broken file is broken and works with the rest', async () => {
    await put('kite.json', { format: 1, name: 'shop' })
    await put('env/local.json', '{\n  "format": 1,\n  "registry": file:x\n}')
    await put('env/other.json', { format: 1 })
    await put('calls/a.kite.json', { format: 1, request: { ...request, timeoutMs: -5 } })
    const { problems, environments } = await (await make()).open(folder)
    expect(environments.map(({ name }) => name)).toEqual(['other'])
    expect(problems.map(({ code, text, at }) => [code, text.key, at])).toEqual([
      ['file', 'workspace.notJson', { file: join(folder, 'env/local.json'), line: 3, column: 15 }],
      ['file', 'workspace.wrongShape', { file: join(folder, 'calls/a.kite.json'), path: 'request.timeoutMs' }],
    ])
  })

  it.skipIf(process.platform === 'win32')('reads no device and no giant that stands under the name of a document (needs links)', async () => {
    await put('kite.json', { format: 1, name: 'shop' })
    await put('calls/good.kite.json', { format: 1, request })
    await symlink('/dev/zero', join(folder, 'calls/endless.kite.json'))
    await put('env/giant.json', '{}')
    await truncate(join(folder, 'env/giant.json'), 3 * 1024 ** 3)
    const { calls, problems } = await (await make()).open(folder)
    expect(calls.map(({ path }) => path)).toEqual(['good'])
    expect(problems.map(({ text, at }) => [text.key, at?.file])).toEqual([
      ['workspace.cannotRead', join(folder, 'env/giant.json')], ['workspace.cannotRead', join(folder, 'calls/endless.kite.json')],
    ])
  })

  it.skipIf(process.platform === 'win32')('appends its history to no file that a link leads to (needs links)', async () => {
    await put('profile', 'mine')
    await mkdir(join(folder, '.kite/history'), { recursive: true })
    await symlink(join(folder, 'profile'), join(folder, '.kite/history/records.jsonl'))
    await expect(diskFiles.appendFile(join(folder, '.kite/history/records.jsonl'), 'theirs')).rejects.toMatchObject({ code: 'ELOOP' })
    expect(await readFile(join(folder, 'profile'), 'utf8')).toBe('mine')
  })

  it('never overwrites a kite.json that it cannot read', async () => {
    await put('kite.json', '{ "format": 1, "name": "shop", }')
    await put('a.thrift', '')
    const workspace = await make()
    await workspace.open(folder)
    expect(await errorOf(workspace.addIdl([join(folder, 'a.thrift')]))).toMatchObject({ text: { key: 'workspace.notJson' }, at: { line: 1, column: 32 } })
    expect(await readFile(join(folder, 'kite.json'), 'utf8')).toBe('{ "format": 1, "name": "shop", }')
  })

  it('shows a newer format and refuses to write it', async () => {
    await put('kite.json', { format: 2, name: 'from the future', idl: { paths: ['a.thrift'] }, novelty: true })
    const workspace = await make()
    const state = await workspace.open(folder)
    expect(state.name).toBe('from the future')
    expect(state.idl.paths).toEqual(['a.thrift'])
    expect(state.readOnly).toMatchObject({ text: { key: 'workspace.newerFormat', params: { format: 2, known: 1 } } })
    expect(await errorOf(workspace.saveCall('x', request, false))).toEqual(state.readOnly)
    expect(await read('kite.json')).toEqual({ format: 2, name: 'from the future', idl: { paths: ['a.thrift'] }, novelty: true })
  })

  it('keeps unknown keys, also nested ones, over a write', async () => {
    await put('kite.json', { format: 1, name: 'shop', idl: { paths: [], includeDirs: ['inc'], flavour: 'apache' }, plugin: { x: 1 } })
    await put('calls/a.kite.json', { format: 1, note: 'mine', request: { ...request, later: [1] } })
    await put('b.thrift', '')
    const workspace = await make()
    await workspace.open(folder)
    await workspace.addIdl([join(folder, 'b.thrift')])
    await workspace.saveCall('a', { ...request, body: '{}' }, true)
    expect(await read('kite.json')).toEqual({ format: 1, name: 'shop', idl: { paths: ['b.thrift'], includeDirs: ['inc'], flavour: 'apache' }, plugin: { x: 1 } })
    expect(await read('calls/a.kite.json')).toEqual({ format: 1, note: 'mine', request: { ...request, body: '{}', later: [1] } })
  })

  it('writes a saved call in one order, whatever order it came in', async () => {
    const workspace = await make()
    await workspace.open(folder)
    await workspace.saveCall('a', request, false)
    await workspace.saveCall('b', Object.fromEntries(Object.entries(request).reverse()) as typeof request, false)
    expect(await readFile(join(folder, 'calls/b.kite.json'), 'utf8')).toBe(await readFile(join(folder, 'calls/a.kite.json'), 'utf8'))
    expect((await readFile(join(folder, 'calls/a.kite.json'), 'utf8')).endsWith('}\n')).toBe(true)
  })

  it('replaces a saved call only when told to', async () => {
    const workspace = await make()
    await workspace.open(folder)
    await workspace.saveCall('user/get', request, false)
    expect(await errorOf(workspace.saveCall('user/get', { ...request, body: '1' }, false))).toMatchObject({ code: 'file', text: { key: 'workspace.callExists' } })
    const state = await workspace.saveCall('user/get', { ...request, body: '1' }, true)
    expect(state.calls.map(({ path, request: { body } }) => [path, body])).toEqual([['user/get', '1']])
    expect((await workspace.deleteCall('user/get')).calls).toEqual([])
    expect(await errorOf(workspace.deleteCall('user/get'))).toMatchObject({ text: { key: 'workspace.missing' } })
  })

  it.each(['../escape', '/etc/x', 'a//b', '.hidden', 'a/..', 'c:x', 'a\\b', 'x'.repeat(201), 'dot.'])('refuses %s as the name of a saved call', async (path) => {
    const workspace = await make()
    await workspace.open(folder)
    expect(await errorOf(workspace.saveCall(path, request, true))).toMatchObject({ code: 'usage', text: { key: 'workspace.badCallPath' } })
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps every one of many writes at once and leaves no temporary file', async () => {
    const workspace = await make()
    await workspace.open(folder)
    const names = Array.from({ length: 20 }, (_, n) => `call ${String(n).padStart(2, '0')}`)
    await Promise.all([...names, ...names].map((name) => workspace.saveCall(name, request, true)))
    expect(workspace.state.calls.map(({ path }) => path)).toEqual(names)
    expect(await readdir(join(folder, 'calls'))).toEqual(names.map((name) => `${name}.kite.json`))
  })

  it('writes paths outside of it relative, never absolute', async () => {
    await writeFile(join(data, 'far.thrift'), '')
    const workspace = await make()
    await workspace.open(folder)
    const { idl } = await workspace.addIdl([join(data, 'far.thrift')])
    expect(idl.paths).toEqual([`../${data.split('/').at(-1)}/far.thrift`])
    expect(await workspace.idlSource()).toMatchObject({ paths: [join(data, 'far.thrift')], includeDirs: [] })
    expect(await readFile(join(folder, 'kite.json'), 'utf8')).not.toContain(data)
  })

  it('takes every .thrift file below a folder that is listed', async () => {
    await put('kite.json', { format: 1, name: 'shop', idl: { paths: ['idl'], includeDirs: ['inc'] } })
    await put('idl/b.thrift', '')
    await put('idl/deep/a.thrift', '')
    await put('idl/README.md', '')
    const workspace = await make()
    await workspace.open(folder)
    expect(await workspace.idlSource()).toMatchObject({ paths: [join(folder, 'idl/b.thrift'), join(folder, 'idl/deep/a.thrift')], includeDirs: [join(folder, 'inc')] })
  })

  it('keeps dropped text as a file and never over another one', async () => {
    const workspace = await make()
    await workspace.open(folder)
    const state = await workspace.addIdlText([{ name: 'a.thrift', text: 'struct A {}' }])
    expect(state.idl.paths).toEqual(['idl/a.thrift'])
    expect(await errorOf(workspace.addIdlText([{ name: 'a.thrift', text: 'struct B {}' }]))).toMatchObject({ text: { key: 'workspace.fileExists' } })
    expect(await readFile(join(folder, 'idl/a.thrift'), 'utf8')).toBe('struct A {}')
    expect(await errorOf(workspace.addIdlText([{ name: '..', text: '' }]))).toMatchObject({ text: { key: 'workspace.badFileName' } })
  })

  it('sees changes from outside', async () => {
    await put('kite.json', { format: 1, name: 'before' })
    const workspace = await make(diskFiles, true)
    await workspace.open(folder)
    const changed = new Promise((resolve) => {
      workspace.onDidChange(({ name }) => resolve(name))
    })
    await put('kite.json', { format: 1, name: 'after' })
    expect(await changed).toBe('after')
  })

  it('remembers the environment and keeps .kite out of git', async () => {
    await put('env/a.json', { format: 1 })
    await put('env/b.json', { format: 1 })
    const first = await make()
    await first.open(folder)
    await first.setEnvironment('b')
    expect((await (await make()).open(folder)).environment).toBe('b')
    expect(await readFile(join(folder, '.kite/.gitignore'), 'utf8')).toBe('*\n')
    expect(await errorOf(first.setEnvironment('c'))).toMatchObject({ text: { key: 'workspace.noEnvironment', params: { name: 'c', known: 'a, b' } } })
  })

  it('stays as it was when another one cannot be opened', async () => {
    await put('kite.json', { format: 1, name: 'here' })
    const workspace = await make()
    await workspace.open(folder)
    expect(await errorOf(workspace.open(join(folder, 'nowhere')))).toMatchObject({ code: 'file', text: { key: 'workspace.missing' } })
    expect(workspace.state.name).toBe('here')
  })
})

describe('a disk that refuses', () => {
  const refusing = (code: string): Files => {
    const refuse = async (): Promise<never> => {
      throw Object.assign(new Error(`${code}: refused`), { code })
    }
    return { ...diskFiles, writeFile: refuse, appendFile: refuse, mayWrite: code === 'ENOSPC' ? diskFiles.mayWrite : refuse }
  }

  it('leaves the old file when it is full, says so, and drafts stay in memory', async () => {
    await put('calls/a.kite.json', { format: 1, request })
    const workspace = await make(refusing('ENOSPC'))
    await workspace.open(folder)
    expect(await errorOf(workspace.saveCall('a', { ...request, body: '2' }, true))).toMatchObject({ code: 'file', text: { key: 'workspace.diskFull' }, hint: { key: 'workspace.diskFullHint' } })
    expect(await read('calls/a.kite.json')).toEqual({ format: 1, request })
    expect(await readdir(join(folder, 'calls'))).toEqual(['a.kite.json'])
    const drafts = { format: 1 as const, tabs: [{ id: '1', title: 't', dirty: true, request: { ...request, idl: { paths: [], includeDirs: [] } } }] }
    expect(await errorOf(workspace.saveDrafts(drafts))).toMatchObject({ text: { key: 'workspace.diskFull' } })
    expect(await workspace.loadDrafts()).toEqual(drafts)
  })

  it('opens read-only, says why, and everything that needs no write works', async () => {
    await put('kite.json', { format: 1, name: 'shop' })
    await put('env/local.json', { format: 1, registry: 'file:r.yaml' })
    const workspace = await make(refusing('EROFS'))
    const state = await workspace.open(folder)
    expect(state.readOnly).toMatchObject({ code: 'file', text: { key: 'workspace.notWritable' } })
    expect(await workspace.setEnvironment('local')).toMatchObject({ environment: 'local' })
    expect(await errorOf(workspace.saveCall('a', request, true))).toEqual(state.readOnly)
  })
})

describe('with no workspace open', () => {
  it('keeps IDLs, drafts and settings in the data folder', async () => {
    const first = await make()
    expect(first.state).toMatchObject({ root: undefined, calls: [], environments: [] })
    await first.addIdlText([{ name: 'a.thrift', text: 'struct A {}' }])
    await first.user.setSettings({ theme: 'dark' })
    await first.user.setLayout({ 'split.side': 240 })
    const second = await make()
    expect(second.state.idl.paths).toEqual([join(data, 'scratch/idl/a.thrift')])
    expect(second.user.settings).toMatchObject({ theme: 'dark', language: 'auto' })
    expect(second.user.layout).toEqual({ 'split.side': 240 })
    expect(await errorOf(second.saveCall('a', request, false))).toMatchObject({ text: { key: 'workspace.noneOpen' } })
  })

  it('puts an unreadable settings file and drafts file aside and says so', async () => {
    await writeFile(join(data, 'settings.json'), '{"format":1,"theme":')
    await mkdir(join(data, 'scratch'))
    await writeFile(join(data, 'scratch/drafts.json'), 'half a req')
    const workspace = await make()
    expect(await workspace.loadDrafts()).toEqual({ format: 1, tabs: [] })
    expect(workspace.state.problems.map(({ at }) => at)).toEqual([
      { file: join(data, 'scratch/drafts.json'), line: 1, column: 1 }, { file: join(data, 'settings.json'), line: 1, column: 21 },
    ])
    const kept = [...(await readdir(data)), ...(await readdir(join(data, 'scratch')))].filter((name) => name.includes('unreadable'))
    expect(kept.map((name) => name.replace(/\d+/, 'N')).sort()).toEqual(['drafts.unreadable-N.json', 'settings.unreadable-N.json'])
  })

  it('keeps unknown settings over a write', async () => {
    await writeFile(join(data, 'settings.json'), '{"format":1,"theme":"light","fromTheFuture":{"a":1}}')
    const { user } = await make()
    await user.setSettings({ language: 'zh-CN' })
    expect(JSON.parse(await readFile(join(data, 'settings.json'), 'utf8'))).toMatchObject({ format: 1, theme: 'light', language: 'zh-CN', fromTheFuture: { a: 1 } })
  })

  it('leaves nothing behind without a data folder', async () => {
    const workspace = await createWorkspace({ dataFolder: undefined, watch: false })
    open.push(workspace)
    await workspace.user.setSettings({ theme: 'dark' })
    await workspace.saveDrafts({ format: 1, active: 'x', tabs: [] })
    expect(await workspace.loadDrafts()).toEqual({ format: 1, active: 'x', tabs: [] })
    expect(workspace.user.settings.theme).toBe('dark')
  })
})
