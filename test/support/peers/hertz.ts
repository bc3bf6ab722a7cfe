// A real Hertz (v0.10.0) whose models and routes its own generator made from an annotated IDL, built from test/peers/hertz by Go.

import { spawnSync } from 'node:child_process'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, startPeer } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/hertz')

/** The IDL that the peer serves. */
export const hertzIdl = join(sources, 'idl/gateway.thrift')

/** Why there is no Hertz peer here; undefined when it can be built. In CI nothing may be missing. */
export function hertzMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  const version = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '')
  if (version === null) return 'Go is not installed'
  return Number(version[1]) >= 24 ? undefined : `Go 1.24 or newer is needed, this is ${version[0]}`
}

const goEnvironment = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' }

/** Path of the server's binary. Slow only the first time. */
async function buildHertz(): Promise<string> {
  const folder = await buildOnce('hertz', await hashOfFolder(sources), async (target) => {
    const tools = join(target, 'tools')
    const source = join(target, 'source')
    await cp(join(sources, 'tools'), tools, { recursive: true })
    await run('go', ['build', '-o', join(tools, 'hz'), 'github.com/cloudwego/hertz/cmd/hz'], { cwd: tools, env: goEnvironment })
    await run('go', ['build', '-o', join(tools, 'thriftgo'), 'github.com/cloudwego/thriftgo'], { cwd: tools, env: goEnvironment })
    await mkdir(source)
    for (const name of ['go.mod', 'go.sum', 'idl']) await cp(join(sources, name), join(source, name), { recursive: true })
    await run(join(tools, 'hz'), ['new', '--mod', 'kite.test/hertzpeer', '--idl', 'idl/gateway.thrift', '--force'], { cwd: source, env: { ...goEnvironment, PATH: `${tools}:${process.env['PATH'] ?? ''}` } })
    for (const name of ['router.go', 'router_gen.go', 'biz/handler/ping.go']) await rm(join(source, name))
    await cp(join(sources, 'main.go'), join(source, 'main.go'))
    await cp(join(sources, 'handler/gateway.go'), join(source, 'biz/handler/gateway/gateway.go'))
    await run('go', ['build', '-o', join(target, 'peer'), '.'], { cwd: source, env: goEnvironment })
    await rm(source, { recursive: true })
    await rm(tools, { recursive: true })
  })
  return join(folder, 'peer')
}

export interface HertzServer {
  readonly http: string
  /** Only with a certificate. */
  readonly https: string
  stop(): Promise<void>
}

/** Starts the server; `certificate` are paths of PEM files. */
export async function startHertz(certificate?: { readonly cert: string; readonly key: string }): Promise<HertzServer> {
  const { ports, stop } = await startPeer(await buildHertz(), certificate === undefined ? [] : [certificate.cert, certificate.key])
  return { http: `127.0.0.1:${ports['http']}`, https: `127.0.0.1:${ports['https']}`, stop: () => stop() }
}
