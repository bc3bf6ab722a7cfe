// What a page of this application cannot do, whatever got into it; and what the window keeps over a crash and a restart.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from '@playwright/test'
import type { WindowBridge } from '../../shared/ipc/window-bridge.ts'
import { electronFlags, type Kite, launchKite, root } from './support/launch.ts'

declare global {
  interface Window {
    readonly kite?: WindowBridge
  }
}

/** Electron has it and its types do not. */
interface Reported {
  getLastWebPreferences(): Readonly<Record<string, unknown>>
}

let kite: Kite
test.beforeAll(async () => {
  kite = await launchKite()
})
test.afterAll(() => kite.close())

const address = 'app://kite/index.html'

test.describe('the window', () => {
  test('is sandboxed and isolated, and its page sees no Node', async () => {
    expect(await kite.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => {
      const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = (window.webContents as unknown as Reported).getLastWebPreferences()
      return { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity }
    }))).toEqual([{ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, webSecurity: true }])
    expect(await kite.window.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter((name) => name in window))).toEqual([])
  })

  test('has three functions and the path of a file, which it cannot replace', async () => {
    expect(await kite.window.evaluate(() => {
      const before = window.kite?.request
      try {
        Object.assign(window.kite ?? {}, { request: () => 'mine' })
      } catch {
        // Frozen objects throw in strict code.
      }
      return [Object.keys(window.kite ?? {}), window.kite?.request === before]
    })).toEqual([['request', 'cancel', 'openStream', 'pathOf'], true])
  })

  test('comes with a content policy that has no unsafe-eval', async () => {
    const policy = await kite.window.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'; script-src 'self';")
    expect(policy).not.toContain('unsafe-eval')
  })

  test('runs no text as code', async () => {
    expect(await kite.window.evaluate(async () => {
      // A debugger's evaluation may use eval until its first pause; the page itself may not.
      await new Promise((resolve) => setTimeout(resolve))
      const attempt = (run: () => unknown): string => {
        try {
          return `ran: ${String(run())}`
        } catch (error) {
          return error instanceof Error ? error.name : 'other'
        }
      }
      const inject = (set: (script: HTMLScriptElement) => void): Promise<string> => new Promise((resolve) => {
        const script = document.createElement('script')
        // Those of eval above are announced late, and under another name.
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
          if (effectiveDirective === 'script-src-elem') resolve(effectiveDirective)
        })
        set(script)
        document.head.append(script)
        if ((window as unknown as { injected?: boolean }).injected === true) resolve('ran')
      })
      return [
        attempt(() => (0, eval)('1 + 1')),
        attempt(() => new Function('return 1')()),
        await inject((script) => { script.textContent = 'window.injected = true' }),
        await inject((script) => { script.src = 'data:text/javascript,window.injected = true' }),
        await inject((script) => { script.src = 'https://127.0.0.1:1/x.js' }),
      ]
    })).toEqual(['EvalError', 'EvalError', 'script-src-elem', 'script-src-elem', 'script-src-elem'])
  })

  test('talks to nobody but its own origin', async () => {
    expect(await kite.window.evaluate(async () => {
      const failed = (promise: Promise<unknown>): Promise<boolean> => promise.then(() => false, () => true)
      return [await failed(fetch('http://127.0.0.1:4318/')), await failed(fetch('https://example.com/')), await failed(fetch('file:///etc/hostname'))]
    })).toEqual([true, true, true])
  })

  test('reads no file outside of the build', async () => {
    expect(await kite.window.evaluate(async () => {
      const paths = ['app://kite/../package.json', 'app://kite/%2e%2e/package.json', 'app://kite/..%2fapp%2fmain.mjs', 'app://kite/..%5capp%5cmain.mjs', 'app://kite/none']
      return Promise.all(paths.map(async (path) => (await fetch(path)).status))
    })).toEqual([404, 404, 404, 404, 404])
  })

  test('goes nowhere and opens nothing', async () => {
    for (const target of ['https://example.com/', 'file:///etc/hostname', 'data:text/html,elsewhere', 'app://other/index.html']) {
      await kite.window.evaluate((url) => {
        const link = Object.assign(document.createElement('a'), { href: url })
        document.body.append(link)
        link.click()
        link.remove()
        location.href = url
      }, target)
      expect(await kite.window.evaluate((url) => window.open(url) === null, target)).toBe(true)
    }
    expect([kite.window.url(), kite.app.windows().length]).toEqual([address, 1])
  })

  test('gets no permission', async () => {
    expect(await kite.window.evaluate(async () => {
      const named = (promise: Promise<unknown>): Promise<string> => promise.then((value) => String(value), (error: unknown) => (error instanceof Error || error instanceof DOMException ? error.name : String(error)))
      return [
        await Notification.requestPermission(),
        await new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve('a place'), (error) => resolve(error.code === error.PERMISSION_DENIED ? 'denied' : `code ${error.code}`))),
        await named(navigator.clipboard.readText()),
        (await navigator.permissions.query({ name: 'geolocation' })).state,
      ]
    })).toEqual(['denied', 'denied', 'NotAllowedError', 'denied'])
  })
})

test.describe('a message to the engine', () => {
  test('is refused on a channel that the contract does not name, and with an input that does not parse', async () => {
    expect(await kite.window.evaluate(async () => [
      await window.kite?.request('shell.run', { command: 'id' }, 901).then(() => 'sent', (error: unknown) => String(error)),
      await window.kite?.request('workspace.open', { path: 7 }, 902),
    ])).toMatchObject(['Error: no such channel: shell.run', { ok: false, error: { code: 'contract', text: { key: 'workspace.badInput' } } }])
  })

  test('is refused from a page that is not ours, even with our preload script', async () => {
    const answer = await kite.app.evaluate(async ({ BrowserWindow, app }) => {
      const stranger = new BrowserWindow({ show: false, webPreferences: { preload: `${app.getAppPath()}/dist/preload/bridge.cjs`, sandbox: true, contextIsolation: true } })
      await stranger.loadURL('data:text/html,<p>stranger')
      const result: unknown = await stranger.webContents.executeJavaScript("window.kite.request('app.info', undefined, 1)")
      stranger.destroy()
      return result
    })
    expect(answer).toMatchObject({ ok: false, error: { code: 'contract', text: { key: 'workspace.untrustedSender' } } })
  })
})

test.describe('the application', () => {
  test('speaks the language of the settings in its menu', async () => {
    const labels = (): Promise<readonly string[]> => kite.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label) ?? [])
    await expect.poll(labels).toEqual(['File', 'Edit', 'View'])
    await kite.window.evaluate(() => window.kite?.request('app.setSettings', { language: 'zh-CN' }, 903))
    await expect.poll(labels).toEqual(['文件', '编辑', '视图'])
    await kite.window.evaluate(() => window.kite?.request('app.setSettings', { language: 'auto' }, 904))
  })

  test('copies text by the contract', async () => {
    await kite.window.evaluate(() => window.kite?.request('app.copyText', { text: 'copied 文字' }, 905))
    expect(await kite.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('copied 文字')
  })

  test('starts once: a second start hands over and ends', async () => {
    const { KITE_TEST_ELECTRON = '', ...env } = process.env
    const second = spawn(KITE_TEST_ELECTRON, [...electronFlags(), `--user-data-dir=${kite.userData}/electron`, root], { env: { ...env, KITE_DATA_DIR: kite.userData }, stdio: 'ignore' })
    expect((await once(second, 'exit'))[0]).toBe(0)
    expect(kite.app.windows()).toHaveLength(1)
  })

  test('loads a window that died again, drafts and all', async () => {
    const own = await launchKite()
    try {
      const draft = { id: 'd1', title: 'half typed', dirty: true, request: { idl: { paths: [] }, method: 'S/m', body: '{"half": ', target: { kind: 'direct', endpoints: ['127.0.0.1:1'] } } }
      await own.window.evaluate((tab) => window.kite?.request('workspace.saveDrafts', { format: 1, tabs: [tab] }, 906), draft)
      const inPage = (code: string): Promise<unknown> => own.app.evaluate(({ BrowserWindow }, script) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(script) as Promise<unknown>, code)
      await inPage('window.beforeCrash = true')
      await own.app.evaluate(({ BrowserWindow }) => new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        contents?.once('did-finish-load', () => resolve())
        contents?.forcefullyCrashRenderer()
      }))
      expect(await inPage('[location.href, window.beforeCrash]')).toEqual([address, undefined])
      expect(await inPage("window.kite.request('workspace.loadDrafts', undefined, 1).then((r) => r.value.tabs.map((t) => [t.title, t.request.body]))")).toEqual([['half typed', '{"half": ']])
    } finally {
      await own.close()
    }
  })

  test('remembers where its window was', async () => {
    const wanted = { x: 120, y: 90, width: 1100, height: 700 }
    const first = await launchKite()
    await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), wanted)
    await expect.poll(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(wanted)
    await first.close({ keepUserData: true })
    const second = await launchKite({ userData: first.userData })
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())).toEqual(wanted)
    await second.close()
  })
})
