// A real Kitex (v0.16.3) as server and client, built from test/peers/kitex by Go. Sources are copied into the cache and generated
// there, so that no generated code ever lies in the work tree.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, type RunningPeer, startPeer } from './child.ts'

/** Looked for upward, since benches run bundled, from another folder. */
function sourcesFrom(folder: string): string {
  const sources = join(folder, 'test/peers/kitex')
  if (existsSync(sources)) return sources
  if (dirname(folder) === folder) throw new Error('believed: test/peers/kitex lies somewhere above')
  return sourcesFrom(dirname(folder))
}

const sources = sourcesFrom(import.meta.dirname)

/** The IDL that the peer serves: services Peer and Second, unary. */
export const kitexIdl = join(sources, 'idl/peer.thrift')

/** Service Streams of the same port: every streaming kind, over TTHeader Streaming and gRPC. */
export const kitexStreamsIdl = join(sources, 'idl/streams.thrift')

/** Services PbPeer and PbSecond, over Kitex Protobuf and gRPC. */
export const kitexProto = join(sources, 'idl/peerpb.proto')

/** Why there is no Kitex peer here; undefined when it can be built. In CI nothing may be missing. */
export function kitexMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  const version = /go1\.(\d+)/.exec(spawnSync('go', ['version'], { encoding: 'utf8' }).stdout ?? '')
  if (version === null) return 'Go is not installed'
  return Number(version[1]) >= 24 ? undefined : `Go 1.24 or newer is needed, this is ${version[0]}`
}

const goEnvironment = { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' }

/** For hooks that may have to build first: minutes on a cold and busy machine. */
export const buildPatienceMs = 15 * 60_000

/** Path of the peer's binary: `serve`, `call`, `stream` and `bench`. Slow only the first time. `gzip`: with Kitex's only compressor linked in. */
export async function buildKitexPeer(options: { readonly gzip?: boolean } = {}): Promise<string> {
  const folder = await buildOnce('kitex', await hashOfFolder(sources), async (target) => {
    const source = await generated(target)
    await run('go', ['build', '-o', join(target, 'peer'), '.'], { cwd: source, env: goEnvironment })
    await run('go', ['build', '-tags', 'gzip', '-o', join(target, 'peer-gzip'), '.'], { cwd: source, env: goEnvironment })
  })
  return join(folder, options.gzip === true ? 'peer-gzip' : 'peer')
}

/** Path of the binary that registers in etcd and exports spans. */
export async function buildKitexPeerX(): Promise<string> {
  const folder = await buildOnce('kitexx', await hashOfFolder(sources), async (target) => {
    const source = await generated(target)
    await run('go', ['build', '-o', join(target, 'peerx'), '.'], { cwd: join(source, 'peerx'), env: goEnvironment })
  })
  return join(folder, 'peerx')
}

/** A copy of the sources with kitex_gen made by Kitex's own generator. */
async function generated(target: string): Promise<string> {
  const source = join(target, 'source')
  const generator = join(target, 'kitexgen')
  await cp(sources, source, { recursive: true })
  await run('go', ['build', '-o', generator, 'github.com/cloudwego/kitex/tool/cmd/kitex'], { cwd: source, env: goEnvironment })
  const generate = (...rest: readonly string[]): Promise<string> => run(generator, ['-module', 'kite.test/kitexpeer', '-I', 'idl', ...rest], { cwd: source, env: goEnvironment })
  await generate('idl/peer.thrift')
  await generate('-streamx', 'idl/streams.thrift')
  await generate('-streamx', 'idl/peerpb.proto')
  return source
}

export interface KitexServer {
  /** With the TTHeader handler: business errors and `crrst` travel. Services Peer, Second and Streams; unary, TTHeader Streaming and gRPC on one port. */
  readonly thrift: string
  /** Without it. */
  readonly bare: string
  /** With Kitex's multiplexing transport: answers out of order. */
  readonly mux: string
  /** Services PbPeer and PbSecond over Kitex Protobuf and gRPC. */
  readonly pb: string
  /** TLS before `thrift` and `pb`, with ALPN h2; the `…Mtls` ones ask for a client certificate too. Empty where the server has no certificate. */
  readonly thriftTls: string
  readonly thriftMtls: string
  readonly pbTls: string
  readonly pbMtls: string
  readonly pid: number
  stop(signal?: NodeJS.Signals): Promise<void>
}

export interface KitexServerOptions {
  readonly name?: string
  readonly port?: number
  /** Of the `pb` server. */
  readonly pbPort?: number
  readonly processors?: number
  /** With Kitex's gzip codec; without it a reply to `grpc-accept-encoding: gzip` alone is refused. */
  readonly gzip?: boolean
  /** PEM files for the TLS ports; `clients` is the authority of client certificates. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clients?: string }
}

/** Starts `peer serve` on free loopback ports. */
export async function startKitexServer(options: KitexServerOptions = {}): Promise<KitexServer> {
  const { tls } = options
  const secure = tls === undefined ? [] : ['-cert', tls.cert, '-key', tls.key, ...(tls.clients === undefined ? [] : ['-clients', tls.clients])]
  const args = ['serve', '-name', options.name ?? 'peer', '-port', String(options.port ?? 0), '-pbport', String(options.pbPort ?? 0), ...secure]
  const { ports, pid, stop } = await startPeer(await buildKitexPeer({ gzip: options.gzip ?? false }), args, { env: processors(options.processors) })
  const address = (name: string): string => (ports[name] === undefined ? '' : `127.0.0.1:${ports[name]}`)
  return {
    thrift: address('thrift'), bare: address('bare'), mux: address('mux'), pb: address('pb'),
    thriftTls: address('thriftTls'), thriftMtls: address('thriftMtls'), pbTls: address('pbTls'), pbMtls: address('pbMtls'), pid, stop,
  }
}

export interface KitexServiceOptions {
  /** Name to register. */
  readonly service: string
  readonly name?: string
  readonly port?: number
  /** `host:port` of etcd. */
  readonly etcd?: string
  readonly weight?: number
  readonly tags?: Readonly<Record<string, string>>
  /** `host:port` of an OTLP gRPC receiver. */
  readonly otlp?: string
  /** Service, or `host:port`, that `Say` asks in turn. */
  readonly downstream?: string
  /** Lease of the registration; Kitex's registry takes 60 s. */
  readonly leaseSeconds?: number
}

/** Starts a Kitex service that registers itself in etcd and exports spans; SIGTERM deregisters it, SIGKILL leaves its lease behind. */
export async function startKitexService(options: KitexServiceOptions): Promise<RunningPeer & { readonly address: string }> {
  const flags: Readonly<Record<string, string | undefined>> = {
    service: options.service,
    name: options.name,
    port: options.port === undefined ? undefined : String(options.port),
    etcd: options.etcd,
    weight: options.weight === undefined ? undefined : String(options.weight),
    tags: options.tags === undefined ? undefined : Object.entries(options.tags).map(([key, value]) => `${key}=${value}`).join(','),
    otlp: options.otlp,
    downstream: options.downstream,
  }
  const args = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`-${name}`, value]))
  // Spans are exported in batches every 5 s by default: too long for a test.
  const env = { OTEL_BSP_SCHEDULE_DELAY: '100', ...(options.leaseSeconds === undefined ? {} : { KITEX_ETCD_REGISTRY_LEASE_TTL: String(options.leaseSeconds) }) }
  const peer = await startPeer(await buildKitexPeerX(), args, { env })
  return { ...peer, address: `127.0.0.1:${peer.ports['thrift']}` }
}

/** One call by Kitex's own client. */
export interface KitexOrder {
  readonly transport: 'buffered' | 'framed' | 'ttheader' | 'ttheader-framed' | 'grpc'
  readonly service?: 'Peer' | 'Second' | 'Streams' | 'PbPeer' | 'PbSecond'
  readonly method: string
  /** The arguments as Go's JSON of the args struct: enums as numbers, binary as base64. */
  readonly args?: Readonly<Record<string, unknown>>
  readonly transient?: Readonly<Record<string, string>>
  readonly persistent?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  /** Without Kitex's ClientTTHeaderHandler: no service name, no business errors. */
  readonly noHandler?: boolean
}

export type KitexErrorKind = 'biz' | 'exception' | 'ttstream' | 'grpc' | 'timeout' | 'connection' | 'other'

/** What Kitex's client saw. `result` is Go's JSON of the result struct. */
export interface KitexOutcome {
  readonly result: Readonly<Record<string, unknown>> | null
  readonly backward: Readonly<Record<string, string>>
  readonly error: { readonly kind: KitexErrorKind; readonly code: number; readonly message: string; readonly extra?: Readonly<Record<string, string>> } | null
}

/** Makes calls with Kitex's own client, one after the other, and returns what each gave. */
export async function runKitexClient(address: string, orders: readonly KitexOrder[]): Promise<readonly KitexOutcome[]> {
  return (await runKitexClientLines(address, orders.map((order) => JSON.stringify(order)))).map((line) => JSON.parse(line) as KitexOutcome)
}

/** The same on JSON text, of which no digit is lost. */
export async function runKitexClientLines(address: string, orders: readonly string[]): Promise<readonly string[]> {
  const lines = await run(await buildKitexPeer(), ['call', '-addr', address], { input: orders.map((order) => `${order}\n`).join('') })
  return lines.trim().split('\n')
}

/** One stream by Kitex's own client. */
export interface KitexStreamOrder {
  readonly transport: 'ttstream' | 'grpc'
  readonly idl: 'thrift' | 'pb'
  readonly method: 'Collect' | 'List' | 'Chat' | 'Tell'
  /** Go's JSON of the messages, sent in order before the half-close. */
  readonly messages: readonly Readonly<Record<string, unknown>>[]
  readonly transient?: Readonly<Record<string, string>>
  readonly persistent?: Readonly<Record<string, string>>
  /** gRPC metadata. */
  readonly metadata?: Readonly<Record<string, string>>
  /** Deadline of the whole stream. */
  readonly timeoutMs?: number
  /** Receives one message after each that was sent. */
  readonly pingPong?: boolean
  /** Cancels once so many messages came. */
  readonly cancelAfter?: number
}

/** What Kitex's client saw of a stream. */
export interface KitexStreamOutcome {
  readonly header: Readonly<Record<string, string>> | null
  readonly trailer: Readonly<Record<string, string>> | null
  /** The first hundred, as Go's JSON. */
  readonly messages: readonly Readonly<Record<string, unknown>>[]
  readonly count: number
  readonly error: KitexOutcome['error']
}

/** Opens streams with Kitex's own client, one after the other, and returns what each gave. */
export async function runKitexStreams(address: string, orders: readonly KitexStreamOrder[]): Promise<readonly KitexStreamOutcome[]> {
  const lines = await run(await buildKitexPeer(), ['stream', '-addr', address], { input: orders.map((order) => `${JSON.stringify(order)}\n`).join('') })
  return lines.trim().split('\n').map((line) => JSON.parse(line) as KitexStreamOutcome)
}

/** Kitex's own client in a closed loop over TTHeaderFramed. */
export interface KitexBench {
  readonly calls: number
  readonly failed: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export async function runKitexBench(address: string, options: { readonly connections: number; readonly mux?: number; readonly grpc?: number; readonly seconds: number; readonly bytes: number; readonly processors?: number }): Promise<KitexBench> {
  const args = ['bench', '-addr', address, '-conns', String(options.connections), '-mux', String(options.mux ?? 0), '-grpc', String(options.grpc ?? 0), '-time', `${options.seconds}s`, '-bytes', String(options.bytes)]
  return JSON.parse(await run(await buildKitexPeer(), args, { env: processors(options.processors) })) as KitexBench
}

/** How many threads Go may run at once; all cores if not said. */
const processors = (count: number | undefined): Readonly<Record<string, string>> => (count === undefined ? {} : { GOMAXPROCS: String(count) })
