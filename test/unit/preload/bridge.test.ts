import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { WindowBridge } from '../../../shared/ipc/window-bridge.ts'

let code: string
beforeAll(async () => {
  const { outputFiles } = await build({ entryPoints: [resolve(import.meta.dirname, '../../../src-main/preload/bridge.ts')], bundle: true, format: 'cjs', platform: 'node', external: ['electron'], write: false, minify: true })
  code = outputFiles[0]?.text ?? ''
})

/** Runs the bundle as Electron would, with an `electron` that notes what is sent. */
function run() {
  const sent: unknown[] = []
  const exposed: Record<string, WindowBridge> = {}
  class File {}
  const electron = {
    contextBridge: { exposeInMainWorld: (name: string, api: WindowBridge) => { exposed[name] = api } },
    ipcRenderer: {
      invoke: async (...message: unknown[]) => sent.push(['invoke', ...message]),
      send: (...message: unknown[]) => sent.push(['send', ...message]),
      postMessage: (...message: unknown[]) => sent.push(['post', ...message]),
    },
    webUtils: { getPathForFile: () => '/dropped/a.thrift' },
  }
  class MessageChannel {
    readonly port1 = 'page end'
    readonly port2 = 'main end'
  }
  const window = { postMessage: (...message: unknown[]) => sent.push(['window', ...message]) }
  runInContext(code, createContext({ require: () => electron, module: { exports: {} }, exports: {}, window, location: { origin: 'app://kite' }, MessageChannel, File }))
  return { sent, exposed, kite: exposed['kite'], File }
}

describe('the preload script', () => {
  it('exposes three functions and the path of a file, and nothing of Electron', () => {
    const { exposed } = run()
    expect(Object.keys(exposed)).toEqual(['kite'])
    expect(Object.keys(exposed['kite'] ?? {})).toEqual(['request', 'cancel', 'openStream', 'pathOf'])
  })

  it('forwards what the contract names', async () => {
    const { kite, sent } = run()
    await kite?.request('workspace.open', { path: 'x' }, 7)
    kite?.cancel(7)
    kite?.openStream('idl.watch', undefined, 'n1')
    expect(sent).toEqual([
      ['invoke', 'kite:request', { channel: 'workspace.open', input: { path: 'x' }, id: 7 }],
      ['send', 'kite:cancel', { id: 7 }],
      ['post', 'kite:stream', { channel: 'idl.watch', input: undefined }, ['main end']],
      ['window', { kind: 'kite-port', nonce: 'n1' }, 'app://kite', ['page end']],
    ])
  })

  it.each(['nope', 'idl.watch', '__proto__', 'toString'])('refuses the request %s without sending anything', async (channel) => {
    const { kite, sent } = run()
    await expect(kite?.request(channel, undefined, 1)).rejects.toThrow('no such channel')
    expect(sent).toEqual([])
  })

  it.each(['nope', 'app.info'])('refuses the stream %s', (channel) => {
    const { kite, sent } = run()
    expect(() => kite?.openStream(channel, undefined, 'n')).toThrow('no such stream')
    expect(sent).toEqual([])
  })

  it('tells the path of a File and of nothing else', () => {
    const { kite, File } = run()
    expect([kite?.pathOf(new File()), kite?.pathOf('/etc/passwd'), kite?.pathOf({})]).toEqual(['/dropped/a.thrift', undefined, undefined])
  })

  it('is a few kB: no schema came along', () => {
    expect(code.length).toBeLessThan(4096)
  })
})
