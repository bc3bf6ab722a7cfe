// Apache Thrift for Python: a second implementation by other hands than the npm package's, in an environment of its own in the cache.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { apacheIdl, apacheMissing, type ApacheProtocol, type ApacheTransport } from './apache.ts'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, startPeer, type RunningPeer } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/apache-python')

/** Why there is no such peer here. In CI it may not be missing. */
export function apachePythonMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  return apacheMissing() ?? (spawnSync('python3', ['--version']).status === 0 ? undefined : 'Python 3 is not installed')
}

async function build(): Promise<string> {
  const hash = `${await hashOfFolder(sources)}-${await hashOfFolder(join(apacheIdl, '..'))}`
  return await buildOnce('apache-python', hash, async (folder) => {
    // An environment that is moved keeps working when its interpreter is called by path, as here.
    await run('python3', ['-m', 'venv', join(folder, 'venv')])
    await run(join(folder, 'venv/bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(sources, 'requirements.txt')])
    await run('thrift', ['--gen', 'py', '-out', folder, apacheIdl])
  })
}

const python = (folder: string): string => join(folder, 'venv/bin/python')

/** A server for each transport and protocol. */
export async function startApachePythonServer(): Promise<RunningPeer & { readonly addressOf: (transport: ApacheTransport, protocol: ApacheProtocol) => string }> {
  const folder = await build()
  const peer = await startPeer(python(folder), [join(sources, 'peer.py'), folder, 'serve'])
  return { ...peer, addressOf: (transport, protocol) => `127.0.0.1:${peer.ports[`${transport} ${protocol}`]}` }
}

/** What Apache's Python client got from each of its calls. */
export async function runApachePythonClient(address: string, transport: ApacheTransport, protocol: ApacheProtocol): Promise<Readonly<Record<string, unknown>>> {
  const folder = await build()
  return JSON.parse(await run(python(folder), [join(sources, 'peer.py'), folder, 'call', address, transport, protocol])) as Record<string, unknown>
}
