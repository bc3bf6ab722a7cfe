// The demo: a small shop of real servers on loopback, registered in the registry file of a workspace that people can read and change.
// Nothing in the product knows of it; it is a user of the engine like any other.

import { join } from 'node:path'
import { KiteError, fail } from '../../../shared/base/error.ts'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import { savedCallSchema } from '../../../shared/model/workspace.ts'
import type { Registration, Registry } from '../discovery/registry.ts'
import { seeded } from '../kernel/random.ts'
import { createExporter, createLocalExporter, type SpanExporter } from '../telemetry/exporter.ts'
import type { Span } from '../../../shared/model/trace.ts'
import type { MessageServer } from '../transport/server.ts'
import { places, type Place } from './places.ts'
import { startShopServer, type Caller } from './shop-server.ts'
import { removeStale } from './stale-entries.ts'
import { copyWorkspace } from './workspace-copy.ts'
import { readFile } from 'node:fs/promises'

/** The engine as the shop uses it: its own one, so that its calls stand in nobody's history. */
export interface ShopEngine extends Caller {
  readonly idl: { load(source: { readonly paths: readonly string[] }): Promise<IdlSet> }
  readonly discovery: { open(url: string, baseDir?: string): Promise<Registry> }
  dispose(): Promise<void>
}

export interface DemoOptions {
  /** Absolute; made and filled where it is not there. */
  readonly folder: string
  /** Base URL of an OTLP/HTTP receiver, or a store in this process. */
  readonly exportTo: string | ((spans: readonly Span[]) => void)
  /** Which calls meet a busy warehouse, and all jitter. */
  readonly seed?: number
  /** An engine whose relative paths start at `baseDir`. */
  makeEngine(baseDir: string): ShopEngine
}

export interface DemoInstance {
  readonly service: string
  readonly address: string
  readonly weight: number
  readonly tags: Readonly<Record<string, string>>
}

export interface Demo {
  /** The workspace to open. */
  readonly folder: string
  /** As the workspace's files write it: relative to the folder. */
  readonly registry: string
  readonly instances: readonly DemoInstance[]
  /** The call to begin with: a timeout on v2.1, a retry on v1.9, a trace through all four services. */
  readonly firstCall: CallRequestInput
  /** Sends the spans that wait. */
  flush(signal: AbortSignal): Promise<void>
  /** Deregisters and closes. */
  dispose(): Promise<void>
}

const registryUrl = 'file:registry.yaml'
const idlFiles = ['gateway', 'order', 'stock', 'user'].map((name) => `idl/${name}.thrift`)
const defaultSeed = 7
const flushMs = 1000

/** Copies the workspace, starts all instances, registers them. Throws KiteError; nothing is left running then. */
export async function startDemo(options: DemoOptions, signal: AbortSignal): Promise<Demo> {
  await copyWorkspace(options.folder)
  const demo = new RunningDemo(options)
  try {
    await demo.start(signal)
    return demo
  } catch (caught) {
    await demo.dispose()
    throw caught
  }
}

class RunningDemo implements Demo {
  readonly folder: string
  readonly registry = registryUrl
  readonly #options: DemoOptions
  readonly #engine: ShopEngine
  readonly #exporter: SpanExporter
  readonly #servers: MessageServer[] = []
  readonly #registrations: Registration[] = []
  readonly #instances: DemoInstance[] = []
  #firstCall: CallRequestInput | undefined
  #warmingUp = true

  constructor(options: DemoOptions) {
    const { folder, exportTo } = options
    this.#options = options
    this.folder = folder
    this.#engine = options.makeEngine(folder)
    this.#exporter = typeof exportTo === 'string' ? createExporter(exportTo) : createLocalExporter(exportTo)
  }

  get instances(): readonly DemoInstance[] {
    return this.#instances
  }

  get firstCall(): CallRequestInput {
    if (this.#firstCall === undefined) throw new Error('believed: a demo is given out once it has started')
    return this.#firstCall
  }

  async start(signal: AbortSignal): Promise<void> {
    const idlPaths = idlFiles.map((file) => join(this.folder, file))
    const idl = await this.#engine.idl.load({ paths: idlPaths })
    const broken = idl.diagnostics.find(({ severity }) => severity === 'error')
    if (broken !== undefined) throw new KiteError({ code: 'idl', layer: 'idl', text: broken.text, at: broken.at, hint: { key: 'demo.brokenHint', params: { folder: this.folder } } })
    this.#firstCall = await readFirstCall(this.folder, idlPaths)
    const registry = await this.#engine.discovery.open(registryUrl, this.folder)
    await removeStale(registry, [...new Set(places.map(({ service }) => service))], signal)
    for (const place of places) await this.#open(place, idl, idlPaths, registry, signal)
    await this.#warmUp(idlPaths, signal)
    this.#warmingUp = false
  }

  flush(signal: AbortSignal): Promise<void> {
    return this.#exporter.flush(signal)
  }

  /** Deregisters before closing, so that nobody is sent to a closed port. */
  async dispose(): Promise<void> {
    for (const registration of this.#registrations.splice(0)) await registration.deregister().catch(() => undefined)
    await Promise.all(this.#servers.splice(0).map((server) => server.close()))
    await this.#engine.dispose()
    await this.#exporter.flush(AbortSignal.timeout(flushMs))
    this.#exporter.dispose()
  }

  async #open(place: Place, idl: IdlSet, idlPaths: readonly string[], registry: Registry, signal: AbortSignal): Promise<void> {
    const { seed = defaultSeed } = this.#options
    const server = await startShopServer({
      place, idl, idlPaths, registry: registryUrl, caller: this.#engine, exporter: this.#exporter,
      random: seeded(seed * 10_007 + place.port), isWarmingUp: () => this.#warmingUp,
    })
    this.#servers.push(server)
    const instance = { service: place.service, address: server.address, weight: place.weight, tags: place.tags }
    this.#registrations.push(await registry.register(instance, signal))
    this.#instances.push(instance)
  }

  /** Each instance answers once, through all it asks: codecs get compiled and connections made before anybody measures them. */
  async #warmUp(idlPaths: readonly string[], signal: AbortSignal): Promise<void> {
    const { body } = this.firstCall
    for (const { service, address } of this.#instances.filter((each) => each.service === 'demo.user')) {
      for (let round = 0; round < 3; round += 1) {
        await this.#engine.call({ idl: { paths: [...idlPaths] }, method: 'UserService/GetUser', body, target: { kind: 'direct', endpoints: [address], service }, transport: 'ttheader', timeoutMs: 5000, connectTimeoutMs: 2000 }, { signal })
      }
    }
  }
}

/** The saved call is the one to begin with; a person who changed it gets theirs. */
async function readFirstCall(folder: string, idlPaths: readonly string[]): Promise<CallRequestInput> {
  const file = join(folder, 'calls', 'user', 'get-user.kite.json')
  const parsed = savedCallSchema.safeParse(await readFile(file, 'utf8').then((text): unknown => JSON.parse(text)).catch(() => undefined))
  if (!parsed.success) throw fail('file', 'workspace', 'demo.noFirstCall', {}, { at: { file }, hint: { key: 'demo.brokenHint', params: { folder } } })
  return { ...parsed.data.request, idl: { paths: [...idlPaths] } }
}
