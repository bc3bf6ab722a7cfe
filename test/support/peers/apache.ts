// Apache Thrift as a peer: its compiler generates JavaScript, its `thrift` package serves and calls. It speaks what Kitex calls Framed
// and Buffered.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, type RunningPeer, startPeer } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/apache')
const packages = join(import.meta.dirname, '../../../node_modules')

export const apacheIdl = join(sources, 'apache.thrift')
export type ApacheTransport = 'framed' | 'buffered'

/** Why there is no Apache peer here. In CI it may not be missing. */
export function apacheMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  return spawnSync('thrift', ['--version']).status === 0 ? undefined : 'Apache\'s compiler is not installed (Debian: thrift-compiler)'
}

const generated = async (): Promise<string> =>
  buildOnce('apache-es6', await hashOfFolder(sources), async (folder) => {
    await run('thrift', ['--gen', 'js:node,es6', '-out', folder, apacheIdl])
  })

const env = { NODE_PATH: packages }

/** A server for each transport. */
export async function startApacheServer(): Promise<RunningPeer & { readonly addressOf: (transport: ApacheTransport) => string }> {
  const peer = await startPeer(process.execPath, [join(sources, 'peer.cjs'), await generated(), 'serve'], { env })
  return { ...peer, addressOf: (transport) => `127.0.0.1:${peer.ports[transport]}` }
}

/** What Apache's client got from each of its calls. */
export async function runApacheClient(address: string, transport: ApacheTransport): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await run(process.execPath, [join(sources, 'peer.cjs'), await generated(), 'call', address, transport], { env })) as Record<string, unknown>
}
