// grpc-go and connect-go as servers, and grpc-go as a client, built from test/peers/grpc-go by Go. Sources are copied into the cache and
// generated there, so that no generated code ever lies in the work tree.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, startPeer } from './child.ts'

/** Looked for upward, since benches run bundled, from another folder. */
function sourcesFrom(folder: string): string {
  const sources = join(folder, 'test/peers/grpc-go')
  if (existsSync(sources)) return sources
  if (dirname(folder) === folder) throw new Error('believed: test/peers/grpc-go lies somewhere above')
  return sourcesFrom(dirname(folder))
}

const sources = sourcesFrom(import.meta.dirname)

/** Folder and file of the IDL that the peer serves; Python's peer serves the same. */
export const grpcIdlFolder = join(sources, 'idl')
export const grpcIdl = join(grpcIdlFolder, 'peer.proto')

/** Why there is no grpc-go here; undefined when it can be built. In CI nothing may be missing. */
export function grpcGoMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  const version = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '')
  if (version === null) return 'Go is not installed'
  return Number(version[1]) >= 24 ? undefined : `Go 1.24 or newer is needed, this is ${version[0]}`
}

const goEnvironment = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' }
const plugins = ['google.golang.org/protobuf/cmd/protoc-gen-go', 'google.golang.org/grpc/cmd/protoc-gen-go-grpc', 'connectrpc.com/connect/cmd/protoc-gen-connect-go']

/** Path of the peer's binary: `serve` and `call`. Slow only the first time. */
export async function buildGrpcGoPeer(): Promise<string> {
  const folder = await buildOnce('grpc-go', await hashOfFolder(sources), async (target) => {
    const [source, bin] = [join(target, 'source'), join(target, 'bin')]
    await cp(sources, source, { recursive: true })
    await mkdir(bin)
    await run('go', ['build', '-o', `${bin}/`, ...plugins, './generate'], { cwd: source, env: goEnvironment })
    await run(join(bin, 'generate'), ['idl', '.', ...plugins.map((plugin) => join(bin, plugin.slice(plugin.lastIndexOf('/') + 1)))], { cwd: source })
    await run('go', ['build', '-o', join(target, 'peer'), '.'], { cwd: source, env: goEnvironment })
  })
  return join(folder, 'peer')
}

export interface GrpcGoServer {
  /** grpc-go in plaintext, with reflection v1 and v1alpha. */
  readonly grpc: string
  /** The same without reflection. */
  readonly bare: string
  /** connect-go: Connect, gRPC-Web and gRPC over HTTP/1.1 and h2c. */
  readonly connect: string
  /** grpc-go and connect-go over TLS, where a certificate was given. */
  readonly tls?: string
  readonly connects?: string
  /** grpc-go that asks for a client certificate, where an authority was given. */
  readonly mtls?: string
  readonly pid: number
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface GrpcGoOptions {
  readonly port?: number
  /** PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string }
  /** Flow-control window of stream and connection; absent: grpc-go's own, which grows. */
  readonly windowBytes?: number
  /** Threads that Go may run at once; absent: all. */
  readonly processors?: number
}

/** Starts `peer serve` on free loopback ports. */
export async function startGrpcGoServer({ port, tls, windowBytes, processors }: GrpcGoOptions = {}): Promise<GrpcGoServer> {
  const files = tls === undefined ? [] : ['-cert', tls.cert, '-key', tls.key, ...(tls.ca === undefined ? [] : ['-ca', tls.ca])]
  const args = ['serve', '-port', String(port ?? 0), '-window', String(windowBytes ?? 0), ...files]
  const { ports, pid, stop } = await startPeer(await buildGrpcGoPeer(), args, processors === undefined ? {} : { env: { GOMAXPROCS: String(processors) } })
  const address = (name: string): string => `127.0.0.1:${ports[name]}`
  const secured = { ...(ports['tls'] === undefined ? {} : { tls: address('tls'), connects: address('connects') }), ...(ports['mtls'] === undefined ? {} : { mtls: address('mtls') }) }
  return { grpc: address('grpc'), bare: address('bare'), connect: address('connect'), ...secured, pid, stop }
}

/** One call by grpc-go's client. */
export interface GrpcGoOrder {
  /** Of the Peer service. */
  readonly method: string
  /** ProtoJSON values. */
  readonly messages: readonly unknown[]
  readonly headers?: readonly (readonly [string, string])[]
  readonly compress?: 'gzip' | 'snappy' | 'zstd'
  readonly timeoutMs?: number
}

/** What grpc-go's client saw; `details` as ProtoJSON. */
export interface GrpcGoOutcome {
  readonly messages: readonly unknown[]
  readonly header: Readonly<Record<string, readonly string[]>> | null
  readonly trailer: Readonly<Record<string, readonly string[]>> | null
  readonly code: number
  readonly message: string
  readonly details: readonly unknown[]
}

/** Makes calls with grpc-go's own client, one after the other, and returns what each gave. */
export async function runGrpcGoClient(address: string, orders: readonly GrpcGoOrder[]): Promise<readonly GrpcGoOutcome[]> {
  const lines = await run(await buildGrpcGoPeer(), ['call', '-addr', address], { input: orders.map((order) => `${JSON.stringify(order)}\n`).join('') })
  return lines.trim().split('\n').map((line) => JSON.parse(line) as GrpcGoOutcome)
}
