// The only door into the engine for hosts (window, command line, page): everything that the product does, without knowing who asks.
// What is heavy is loaded when it is first used, so that `kite call` starts fast.

import { setMaxListeners } from 'node:events'
import type { CallRecord, CallRequestInput, TlsRequest } from '../../shared/model/call.ts'
import { Rotation } from './balance/rotation.ts'
import { createCodecArea, type CodecArea } from './codec-area.ts'
import { Registries, type DiscoveryArea } from './discovery-area.ts'
import { IdlLoader, type IdlArea, type LoadedMethod } from './idl-area.ts'
import type { CallOptions, Invoker } from './invoker.ts'
import type { PolicyReading, PolicySubject } from './policy/read-policy.ts'
import type { ProbeReport } from '../../shared/model/probe.ts'
import type { ProbeOptions } from './probe/probe.ts'
import { readTls, type NamedFiles } from './named-files.ts'
import { PolicyStates } from './policy/states.ts'
import { Pools } from './pools.ts'
import { ReflectedIdls } from './reflected-idls.ts'
import type { EnginePorts } from './ports.ts'
import { Lazy } from './lazy.ts'
import type { NameQuestion } from './registered-name.ts'
import type { Demo } from './demo/index.ts'
import type { Mocks } from './mock/index.ts'
import type { Telemetry } from './telemetry/index.ts'
import type { Workspace } from './workspace/workspace.ts'
import type { ContextQuestion, WorkspaceContext } from './workspace/context.ts'

export { systemPorts, type EnginePorts, type Logger } from './ports.ts'
export { isInside } from './inside.ts'
export { isSocketPath } from './transport/address.ts'
export type { CallOptions } from './invoker.ts'
export type { NamedFiles } from './named-files.ts'
export type { StreamMessage, StreamPort } from './stream/port.ts'
export { messagesOf } from './stream/messages-of.ts'
export { openInputQueue, openStreamLog, type InputQueue, type StreamLog } from './stream/lazy.ts'
export { pace } from './stream/pace.ts'
export type { CodecArea, ExplainedFrame } from './codec-area.ts'
export type { ValueFormat } from './codec/codec.ts'
export type { DiscoveryArea } from './discovery-area.ts'
export type { IdlArea, IdlBounds, IdlSource, LoadedMethod } from './idl-area.ts'
export type { PolicyReading, PolicySubject } from './policy/read-policy.ts'
export type { NameQuestion } from './registered-name.ts'
export type { FoundMethod } from './idl/find-method.ts'
export type { Registration, Registry, RegistryEntry, ServicesWatch, ServiceWatch } from './discovery/registry.ts'
export type { Demo, DemoInstance } from './demo/index.ts'
export type { MockOptionsInput, Mocks } from './mock/index.ts'
export type { SummaryJson, Telemetry, TraceSource, TraceStore } from './telemetry/index.ts'
export { encodeTracesJson, offerSpans, openTraceSource, readTraceFile } from './telemetry/lazy.ts'
export type { Workspace } from './workspace/workspace.ts'
export type { ContextQuestion, WorkspaceContext } from './workspace/context.ts'

/** The product as a library. Areas that are functions open on first call and are one and the same afterwards. */
export interface Engine {
  /** Runs one call. Throws KiteError for what is wrong with the request (IDL, method, body, address); all else is in the record. */
  call(request: CallRequestInput, options?: CallOptions): Promise<CallRecord>
  /** The method that a request means, by its IDL, or by the server's own where the request asks for that. Throws KiteError. */
  describe(request: Pick<CallRequestInput, 'idl' | 'method' | 'target' | 'transport' | 'headers' | 'tls'>, signal: AbortSignal): Promise<LoadedMethod>
  readonly idl: IdlArea
  readonly discovery: DiscoveryArea
  readonly codec: CodecArea
  /** The store of traces and the receivers that fill it; once opened, finished calls add their own spans. */
  traces(): Promise<Telemetry>
  /** Mock servers. Their spans go to this engine's store of traces, or by OTLP to `exportTo` (a base URL; the first caller decides). */
  mocks(options?: { readonly exportTo?: string }): Promise<Mocks>
  /** The demo shop, started once. Its workspace is copied to `folder` (default: the data folder, else a temporary one that goes with it). */
  demo(options?: DemoStart): Promise<Demo>
  /** Workspace, history, drafts and settings; once opened, finished calls are remembered in its history. */
  workspace(): Promise<Workspace>
  /** The workspace that a command stands in, read once; undefined: none. */
  context(question: ContextQuestion): Promise<WorkspaceContext | undefined>
  /** The registry's name for the IDL service that has this method, where one goes by a name like it. */
  registeredName(question: NameQuestion, signal: AbortSignal): Promise<string | undefined>
  /**
   * Which protocols a port speaks; nothing is called. Throws KiteError `get_connection` when it cannot be dialled. TLS is found without being told
   * of, and then verifies nobody; with `tls` it is verified as a call would, nothing more is asked of who does not pass, and plaintext only where there is no TLS.
   */
  probe(address: string, options: ProbeQuestion): Promise<ProbeReport>
  /** Reads a policy file: ours, Kitex's, or what a config centre holds for a client. Throws KiteError `file` with the place. */
  readPolicy(path: string, subject: PolicySubject): Promise<PolicyReading>
  /** Ends what runs and closes what is open. */
  dispose(): Promise<void>
}

export interface ProbeQuestion extends Omit<ProbeOptions, 'secure' | 'onlyTls'> {
  readonly tls?: TlsRequest
  /** Which files `tls` may name; default: any, relative to the engine's folder. */
  readonly files?: NamedFiles
}

export interface DemoStart {
  readonly folder?: string
  /** Base URL of an OTLP/HTTP receiver; default: this engine's own, where it listens, else straight to its store. */
  readonly exportTo?: string
  readonly seed?: number
  readonly signal?: AbortSignal
}

export function createEngine(ports: EnginePorts): Engine {
  return new KiteEngine(ports)
}

class KiteEngine implements Engine {
  readonly idl: IdlLoader
  readonly discovery: Registries
  readonly codec: CodecArea
  readonly #ports: EnginePorts
  readonly #pools = new Pools()
  readonly #states: PolicyStates
  readonly #running = new Set<AbortController>()
  /** Calls that have not ended, and who waits for that. */
  #calls = 0
  readonly #whenIdle: (() => void)[] = []
  /** For calls that nobody but the engine's end can stop. */
  readonly #ended = new AbortController()
  readonly #invoker: Lazy<Invoker>
  readonly #traces: Lazy<Telemetry>
  readonly #mocks: Lazy<Mocks>
  readonly #demo: Lazy<Demo>
  readonly #workspace: Lazy<Workspace>
  #exportTo: string | undefined
  #demoStart: DemoStart = {}

  constructor(ports: EnginePorts) {
    this.#ports = ports
    setMaxListeners(0, this.#ended.signal)
    this.#states = new PolicyStates(ports.clock.now)
    this.idl = new IdlLoader(ports.baseDir, new ReflectedIdls(this.#pools))
    this.codec = createCodecArea(ports.baseDir)
    this.discovery = new Registries(ports.baseDir, (address) => this.#forget(address))
    this.#invoker = new Lazy(async () => {
      const { Invoker } = await import('./invoker.ts')
      return new Invoker({ ports, idl: this.idl, registries: this.discovery, pools: this.#pools, states: this.#states, rotation: new Rotation(ports.random) })
    })
    this.#traces = new Lazy(async () => (await import('./telemetry/index.ts')).createTelemetry())
    this.#mocks = new Lazy(async () => {
      const [{ createMocks }, { createExporter, createLocalExporter }] = await Promise.all([import('./mock/index.ts'), import('./telemetry/exporter.ts')])
      const exporter = this.#exportTo === undefined ? createLocalExporter((spans) => void this.#traces.get().then((traces) => traces.addOwn(spans))) : createExporter(this.#exportTo)
      return createMocks({ loadIdl: (source) => this.idl.load(source), openRegistry: (url) => this.discovery.open(url), baseDir: ports.baseDir, exporter })
    })
    this.#demo = new Lazy(async () => (await import('./demo/open.ts')).openDemo(this.#demoStart, { traces: await this.#traces.get(), dataDir: ports.dataDir, makeEngine: (baseDir) => createEngine({ ...ports, baseDir, dataDir: undefined }) }))
    this.#workspace = new Lazy(async () => (await import('./workspace/workspace.ts')).createWorkspace({ dataFolder: ports.dataDir }))
  }

  async describe(request: Parameters<Engine['describe']>[0], signal: AbortSignal): Promise<LoadedMethod> {
    const [{ describeMethod }, { completeRequest }] = await Promise.all([import('./called-method.ts'), import('../../shared/logic/complete-request.ts')])
    const { tls, ...asked } = completeRequest({ ...request, body: '' })
    return await describeMethod(this.idl, asked, tls === undefined ? undefined : await readTls(tls, { baseDir: this.#ports.baseDir }), signal)
  }

  async call(request: CallRequestInput, options: CallOptions = {}): Promise<CallRecord> {
    if (options.signal === undefined) return this.#invoke(request, { ...options, signal: this.#ended.signal })
    const abort = new AbortController()
    const onAbort = (): void => abort.abort(options.signal?.reason)
    options.signal.addEventListener('abort', onAbort, { once: true })
    if (options.signal.aborted) onAbort()
    this.#running.add(abort)
    try {
      return await this.#invoke(request, { ...options, signal: abort.signal })
    } finally {
      this.#running.delete(abort)
      options.signal.removeEventListener('abort', onAbort)
    }
  }

  async #invoke(request: CallRequestInput, options: CallOptions): Promise<CallRecord> {
    this.#calls++
    try {
      const invoker = await this.#invoker.get()
      const record = await invoker.call(request, options)
      if (this.#traces.begun || this.#workspace.begun) await this.#remember(record)
      return record
    } finally {
      if (--this.#calls === 0) for (const wake of this.#whenIdle.splice(0)) wake()
    }
  }

  traces(): Promise<Telemetry> {
    return this.#traces.get()
  }

  mocks(options: { readonly exportTo?: string } = {}): Promise<Mocks> {
    this.#exportTo ??= options.exportTo
    return this.#mocks.get()
  }

  demo(options: DemoStart = {}): Promise<Demo> {
    this.#demoStart = options
    return this.#demo.get()
  }

  workspace(): Promise<Workspace> {
    return this.#workspace.get()
  }

  async context(question: ContextQuestion): Promise<WorkspaceContext | undefined> {
    const { readContext } = await import('./workspace/context.ts')
    return readContext(this.#ports.baseDir, question)
  }

  async registeredName(question: NameQuestion, signal: AbortSignal): Promise<string | undefined> {
    const { registeredName } = await import('./registered-name.ts')
    return registeredName(this.idl, this.discovery, question, signal)
  }

  async readPolicy(path: string, subject: PolicySubject): Promise<PolicyReading> {
    const { readPolicyFile } = await import('./policy-file.ts')
    return readPolicyFile(path, this.#ports.baseDir, subject)
  }

  async probe(address: string, { tls, files, ...options }: ProbeQuestion): Promise<ProbeReport> {
    const { probe } = await import('./probe/probe.ts')
    return probe(address, { ...options, ...(tls === undefined ? {} : { secure: await readTls(tls, files ?? { baseDir: this.#ports.baseDir }) }) })
  }

  async dispose(): Promise<void> {
    this.#ended.abort()
    for (const abort of this.#running) abort.abort()
    // What the aborted ones came to is remembered too, while there is still a place to write it.
    if (this.#calls > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve))
    // Mocks and the demo deregister, for which the registries must still be there.
    await Promise.all([this.#mocks.dispose(), this.#demo.dispose()])
    await Promise.all([this.#pools.dispose(), this.discovery.dispose(), this.#traces.dispose(), this.#workspace.dispose()])
  }

  async #remember(record: CallRecord): Promise<void> {
    const traces = await this.#traces.opened()
    traces?.addRecord(record)
    const workspace = await this.#workspace.opened()
    await workspace?.remember(record).catch((caught: unknown) => this.#ports.log.warn('history was not written', { error: String(caught) }))
  }

  #forget(address: string): void {
    this.#pools.forget(address)
    this.#states.forget(address)
  }
}
