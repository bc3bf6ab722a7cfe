// Apache Thrift for Go: the library that most Thrift servers beside Kitex are written with.

import { spawnSync } from 'node:child_process'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { apacheIdl, apacheMissing, type ApacheProtocol, type ApacheTransport } from './apache.ts'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, startPeer, type RunningPeer } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/apache-go')

/** Why there is no such peer here. In CI it may not be missing. */
export function apacheGoMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  return apacheMissing() ?? (spawnSync('go', ['version']).status === 0 ? undefined : 'Go is not installed')
}

async function program(): Promise<string> {
  const hash = `${await hashOfFolder(sources)}-${await hashOfFolder(join(apacheIdl, '..'))}`
  const folder = await buildOnce('apache-go', hash, async (target) => {
    const source = join(target, 'source')
    await cp(sources, source, { recursive: true })
    await mkdir(join(source, 'gen'))
    await run('thrift', ['--gen', 'go:package_prefix=apachepeer/gen/', '-out', join(source, 'gen'), apacheIdl])
    // Programs of their own, which the compiler makes beside the package.
    for (const service of ['apache', 'newer']) await rm(join(source, 'gen/apache', `${service}-remote`), { recursive: true })
    await run('go', ['build', '-o', join(target, 'peer'), '.'], { cwd: source, env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' } })
  })
  return join(folder, 'peer')
}

/** A server for each transport and protocol. */
export async function startApacheGoServer(): Promise<RunningPeer & { readonly addressOf: (transport: ApacheTransport, protocol: ApacheProtocol) => string }> {
  const peer = await startPeer(await program(), ['serve'])
  return { ...peer, addressOf: (transport, protocol) => `127.0.0.1:${peer.ports[`${transport} ${protocol}`]}` }
}

/** What Apache's Go client got from each of its calls. */
export async function runApacheGoClient(address: string, transport: ApacheTransport, protocol: ApacheProtocol): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await run(await program(), ['call', address, transport, protocol])) as Record<string, unknown>
}
