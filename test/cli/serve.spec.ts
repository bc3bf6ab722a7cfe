import { execFileSync } from 'node:child_process'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { request } from 'node:http'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { CallEvent } from '../../shared/model/call-event.ts'
import { type ServedPage, pagePlatform, redeem, servePage, trySocket } from '../support/serve-page.ts'
import { root, runKite } from '../support/run-kite.ts'

let page: ServedPage | undefined
afterEach(async () => {
  await page?.stop()
  page = undefined
})
beforeAll(() => {
  execFileSync(process.execPath, ['src-main/launch/dev.js', 'build', 'renderer'], { cwd: root, stdio: 'inherit' })
})

async function serve(...args: readonly string[]): Promise<ServedPage> {
  page = await servePage(...args)
  return page
}

/** Plain HTTP with any Host header, which fetch does not allow. */
async function statusOf(origin: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const { hostname, port } = new URL(origin)
  const asked = request({ hostname, port, path, headers })
  asked.end()
  const [response] = await once(asked, 'response') as [{ statusCode: number; resume(): void }]
  response.resume()
  return response.statusCode
}

describe('kite serve', () => {
  it('prints an address on stdout whose token works once, for one browser', async () => {
    const { address, origin, kite } = await serve()
    expect(kite.stdout()).toBe(`${address}\n`)
    expect(await statusOf(origin, '/')).toBe(403)
    const cookie = await redeem(address)
    expect(cookie).toMatch(/^kite_session_\d+=[\w-]{43}$/)
    expect(await redeem(address)).toBe('')
    expect((await fetch(address)).status).toBe(403)
    expect(await statusOf(origin, '/', { cookie })).toBe(200)
    expect(await statusOf(origin, `/${new URL(address).search}`, { cookie })).toBe(302)
    expect([await statusOf(origin, '/session', { cookie }), await statusOf(origin, '/session')]).toEqual([204, 401])
  })

  it('serves the window with the content policy and nothing outside of its folder', async () => {
    const { address, origin } = await serve()
    const cookie = await redeem(address)
    const response = await fetch(origin, { headers: { cookie } })
    expect(await response.text()).toBe(await readFile(join(root, 'dist/renderer/index.html'), 'utf8'))
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-eval')
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2f..%2fpackage.json', '/assets/..%5c..%5cpackage.json', '/none', '/%ff', '/assets']) {
      expect([path, await statusOf(origin, path, { cookie })]).toEqual([path, 404])
    }
    expect((await fetch(origin, { method: 'POST', headers: { cookie } })).status).toBe(405)
  })

  it.each([
    ['another Host (a name re-pointed to loopback)', { host: 'evil.example' }, 403],
    ['a Host that only begins like ours', { host: '127.0.0.1.evil.example' }, 403],
    ['another Origin', { origin: 'http://evil.example' }, 403],
    ['an Origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['no cookie', { cookie: '' }, 403],
    ['a wrong cookie', { cookie: 'kite_session=x' }, 403],
  ])('refuses %s, over HTTP and for the socket', async (_what, wrong, status) => {
    const { address, origin } = await serve()
    const good = { cookie: await redeem(address), origin }
    expect(await trySocket(origin, good)).toBe(101)
    expect(await statusOf(origin, '/', { ...good, ...wrong })).toBe(status)
    expect(await trySocket(origin, { ...good, ...wrong })).toBe(status)
  })

  it('refuses a socket that names no Origin', async () => {
    const { address, origin } = await serve()
    expect(await trySocket(origin, { cookie: await redeem(address) })).toBe(403)
  })

  it('takes a forwarded port: another port in Host and Origin, still this machine', async () => {
    const { address, origin } = await serve()
    expect(await trySocket(origin, { cookie: await redeem(address), host: 'localhost:9000', origin: 'http://localhost:9000' })).toBe(101)
  })

  it('speaks the contract: dropped IDL text, exact numbers, a call and its events', async () => {
    const { address, origin } = await serve()
    const { platform, close } = pagePlatform(origin, await redeem(address))
    try {
      const text = 'const i64 big = 9007199254740993\nstruct R { 1: i64 id }\nservice S { R get(1: R r) }'
      expect(await platform.request('workspace.addIdlText', { files: [{ name: 'a.thrift', text }] })).toMatchObject({ ok: true })
      const idl = await new Promise<IdlSet>((resolve) => {
        const stream = platform.openStream('idl.watch', undefined, { onItems: ([set]) => {
          stream.close()
          if (set !== undefined) resolve(set)
        } })
      })
      expect(idl.files.map((file) => (file.kind === 'thrift' ? file.consts : []))[0]).toMatchObject([{ name: 'big', value: 9007199254740993n }])
      const events = await new Promise<readonly CallEvent[]>((resolve, reject) => {
        const seen: CallEvent[] = []
        const request = { idl: { paths: [] }, method: 'S/get', body: '{"id": 1}', target: { kind: 'direct' as const, endpoints: ['127.0.0.1:1'] } }
        platform.openStream('call.run', request, { onItems: (items) => seen.push(...items), onEnd: () => resolve(seen), onError: (error) => reject(new Error(JSON.stringify(error))) })
      })
      expect([events[0]?.kind, events.at(-1)?.kind]).toEqual(['started', 'ended'])
      expect(await platform.request('history.list', {})).toMatchObject({ ok: true, value: [{ method: 'S/get', outcome: 'failed' }] })
      expect(await platform.request('app.pickFolder', undefined)).toMatchObject({ ok: false, error: { code: 'unsupported' } })
      expect(await platform.request('app.info', undefined)).toMatchObject({ ok: true, value: { host: 'page', language: 'en' } })
    } finally {
      close()
    }
  })

  it('ends a socket that speaks something else', async () => {
    const { address, origin } = await serve()
    const { WebSocket } = await import('ws')
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/socket`, { headers: { origin, cookie: await redeem(address) } })
    await once(socket, 'open')
    socket.send('hello')
    expect((await once(socket, 'close'))[0]).toBe(1002)
  })

  it('opens the workspace that it stands in or is told', async () => {
    const first = await serve()
    await writeFile(join(first.dataDir, 'kite.json'), '{"format":1,"name":"here"}')
    const second = await servePage('-C', first.dataDir)
    const { platform, close } = pagePlatform(second.origin, await redeem(second.address))
    expect(await platform.request('workspace.state', undefined)).toMatchObject({ ok: true, value: { name: 'here', root: first.dataDir } })
    close()
    await second.stop()
  })

  it('as json prints one object with the address, and stops at Ctrl-C', async () => {
    const { kite, address } = await serve('-o', 'ndjson', '-q')
    expect(JSON.parse(kite.stdout())).toEqual({ event: 'listening', address: address.replace(/"}$/, '') })
    expect(await kite.stop()).toBe(130)
    expect(kite.stderr()).toBe('')
  })

  it('says what is wrong with the address to listen on', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const bound = taken.address()
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0
    const results = await Promise.all([['--listen', '0.0.0.0:0'], ['--listen', 'nonsense'], ['--listen', `127.0.0.1:${port}`]].map((args) => runKite(['serve', ...args])))
    taken.close()
    expect(results.map(({ code, stdout, stderr }) => [code, stdout, stderr.split('\n')[0]])).toEqual([
      [2, '', 'kite: 0.0.0.0 can be reached from other machines. Listen on 127.0.0.1 and forward the port (ssh -L), or add --allow-remote if everybody who reaches this address may use it.'],
      [2, '', 'kite: "nonsense" is not an address to listen on. Write HOST:PORT, such as 127.0.0.1:7700, or [::1]:7700.'],
      [1, '', `kite: Cannot listen on 127.0.0.1:${port}: another program does. Name another port, or 0 for any free one.`],
    ])
  })
})
