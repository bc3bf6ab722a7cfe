// Apache Thrift as a peer: its compiler generates JavaScript, its `thrift` package serves and calls. It speaks what Kitex calls Framed
// and Buffered, each in Binary and in Compact, and serves both over HTTP.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, type RunningPeer, startPeer } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/apache')
const packages = join(import.meta.dirname, '../../../node_modules')

export const apacheIdl = join(sources, 'apache.thrift')
export type ApacheTransport = 'framed' | 'buffered'
export type ApacheProtocol = 'binary' | 'compact'

export interface ApacheServer extends RunningPeer {
  readonly addressOf: (transport: ApacheTransport, protocol?: ApacheProtocol) => string
  /** Thrift over HTTP: messages are posted to a path per protocol. Oneway calls get no HTTP response, as the package has it. */
  readonly http: { readonly address: string; readonly pathOf: (protocol: ApacheProtocol) => string }
}

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

/** A server for each transport and protocol. */
export async function startApacheServer(): Promise<ApacheServer> {
  const peer = await startPeer(process.execPath, [join(sources, 'peer.cjs'), await generated(), 'serve'], { env })
  return {
    ...peer,
    addressOf: (transport, protocol = 'binary') => `127.0.0.1:${peer.ports[`${transport} ${protocol}`]}`,
    http: { address: `127.0.0.1:${peer.ports['http']}`, pathOf: (protocol) => `/${protocol}` },
  }
}

/** What Apache's client got from each of its calls. */
export async function runApacheClient(address: string, transport: ApacheTransport, protocol: ApacheProtocol = 'binary'): Promise<Readonly<Record<string, unknown>>> {
  return JSON.parse(await run(process.execPath, [join(sources, 'peer.cjs'), await generated(), 'call', address, transport, protocol], { env })) as Record<string, unknown>
}
