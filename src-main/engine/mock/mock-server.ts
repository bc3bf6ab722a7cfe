// One running mock: services of an IDL on one port, answered from stubs or with generated examples, registered as a Kitex server would
// be and taken out again when it stops.

import { networkInterfaces } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { KiteError, fail } from '../../../shared/base/error.ts'
import { Emitter } from '../../../shared/base/emitter.ts'
import type { Disposable } from '../../../shared/base/disposable.ts'
import type { IdlSet, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { MockHit, MockOptions, MockStatus } from '../../../shared/model/mock.ts'
import type { ErrorData } from '../../../shared/base/error.ts'
import type { Registration, Registry } from '../discovery/registry.ts'
import { exampleValueOf } from '../idl/example.ts'
import { systemClock, sleep } from '../kernel/clock.ts'
import type { SpanExporter } from '../telemetry/exporter.ts'
import { formatAddress, parseAddress } from '../transport/address.ts'
import type { MessageServer } from '../transport/server.ts'
import type { Served, ServedAnswer, ServedCall } from './served-call.ts'
import { serveThrift } from './service-server.ts'
import { bindStubs, findStub, type BoundStub } from './stub-book.ts'
import { readStubFile } from './stub-file.ts'
import { watchStubFile } from './watch-stubs.ts'

export interface MockParts {
  readonly id: string
  readonly idl: IdlSet
  readonly options: MockOptions
  readonly baseDir: string
  readonly exporter: SpanExporter | undefined
  openRegistry(url: string): Promise<Registry>
}

export class MockServer {
  readonly #parts: MockParts
  readonly #services: readonly ServiceDescriptor[]
  readonly #hit = new Emitter<MockHit>()
  readonly #changed = new Emitter<void>()
  readonly onDidHit = this.#hit.event
  readonly onDidChange = this.#changed.event
  readonly #registrations: { readonly name: string; readonly registration: Registration }[] = []
  readonly #startedAtMs = Date.now()
  #stubs: readonly BoundStub[] = []
  #problem: ErrorData | undefined
  #server: MessageServer | undefined
  #watch: Disposable | undefined
  #hits = 0

  constructor(parts: MockParts) {
    this.#parts = parts
    this.#services = servicesOf(parts.idl, parts.options.service)
  }

  get status(): MockStatus {
    const names = this.#registrations.map(({ name }) => name)
    return {
      id: this.#parts.id,
      address: this.#server?.address ?? '',
      services: this.#services.map(({ name }) => name),
      ...(names.length === 0 ? {} : { registered: names.join(', ') }),
      hits: this.#hits,
      startedAtMs: this.#startedAtMs,
      stubs: this.#stubs.length,
      ...(this.#problem === undefined ? {} : { stubProblem: this.#problem }),
    }
  }

  /** Listens, then registers: nobody may find a server that does not answer yet. Throws KiteError; nothing is left running then. */
  async start(signal: AbortSignal): Promise<void> {
    const { options, idl, exporter } = this.#parts
    const stubPath = this.#stubPath()
    if (stubPath !== undefined) this.#stubs = this.#load(await readStubFile(stubPath))
    const address = parseAddress(options.listen)
    if (address.kind !== 'tcp') throw fail('usage', 'mock', 'mock.listenTcp', { address: options.listen })
    this.#server = await serveThrift({
      idl, exporter, services: this.#services, host: address.host, port: address.port,
      name: options.registerAs ?? this.#services.map(({ name }) => name.toLowerCase()).join(','),
      handle: (call) => this.#handle(call),
      onServed: (served) => this.#remember(served),
    })
    try {
      if (stubPath !== undefined) this.#watch = await watchStubFile(stubPath, () => void this.#reload(stubPath))
      if (options.register !== undefined) await this.#register(options.register, signal)
    } catch (caught) {
      await this.stop()
      throw caught
    }
  }

  /** Deregisters first, so that nobody is sent to a closed port. */
  async stop(): Promise<void> {
    this.#watch?.dispose()
    const registrations = this.#registrations.splice(0)
    const gone = await Promise.allSettled(registrations.map(({ registration }) => registration.deregister()))
    await this.#server?.close()
    this.#hit.dispose()
    this.#changed.dispose()
    const failed = gone.find((each) => each.status === 'rejected')
    if (failed !== undefined) throw KiteError.from(failed.reason, 'mock')
  }

  async #register(url: string, signal: AbortSignal): Promise<void> {
    const { options } = this.#parts
    const registry = await this.#parts.openRegistry(url)
    const names = options.registerAs === undefined ? this.#services.map(({ name }) => name.toLowerCase()) : [options.registerAs]
    for (const name of names) {
      const registration = await registry.register({ service: name, address: advertised(this.#server), weight: options.weight, tags: options.tags }, signal)
      this.#registrations.push({ name, registration })
    }
  }

  #stubPath(): string | undefined {
    const { options: { stubFile }, baseDir } = this.#parts
    return stubFile === undefined || isAbsolute(stubFile) ? stubFile : resolve(baseDir, stubFile)
  }

  /** A stub for a service that is not served here would never answer. */
  #load(written: Parameters<typeof bindStubs>[1]): readonly BoundStub[] {
    const stubs = bindStubs(this.#parts.idl, written)
    for (const stub of stubs) {
      if (this.#services.some(({ methods }) => methods.includes(stub.method))) continue
      throw fail('file', 'mock', 'mock.stubNotServed', { method: stub.method.name, services: this.#services.map(({ name }) => name) }, { at: written[stub.index]?.place(['method']) ?? {} })
    }
    return stubs
  }

  async #reload(path: string): Promise<void> {
    try {
      this.#stubs = this.#load(await readStubFile(path))
      this.#problem = undefined
    } catch (caught) {
      this.#problem = KiteError.from(caught, 'mock').data
    }
    this.#changed.fire()
  }

  async #handle(call: ServedCall): Promise<ServedAnswer> {
    const stub = findStub(this.#stubs, call)
    if (stub !== undefined && stub.delayMs > 0) await sleep(systemClock, stub.delayMs, call.signal)
    const by = stub === undefined ? 'example' : `stub ${stub.index}`
    const outcome = stub?.outcome ?? { kind: 'reply', json: exampleValueOf(this.#parts.idl, call.method.returns) }
    return { outcome, backward: stub?.backward ?? [], attributes: { 'kite.mock.by': by }, ...(stub?.encoded === undefined ? {} : { encoded: stub.encoded }) }
  }

  #remember(served: Served): void {
    this.#hits += 1
    const by = served.answer?.attributes?.['kite.mock.by']
    const index = typeof by === 'string' ? /^stub (\d+)$/.exec(by)?.[1] : undefined
    this.#hit.fire({
      mock: this.#parts.id,
      seq: this.#hits,
      atMs: served.startedAtMs,
      method: served.method,
      transport: served.transport,
      peer: served.peer,
      request: served.body,
      by: index !== undefined ? { kind: 'stub', index: Number(index) } : by === 'example' ? { kind: 'example' } : { kind: 'refused' },
      ...toldOf(served.outcome),
      durationMs: served.durationMs,
      ...(served.traceId === undefined ? {} : { traceId: served.traceId }),
    })
  }
}

function toldOf(outcome: Served['outcome']): Pick<MockHit, 'outcome' | 'response'> {
  switch (outcome.kind) {
    case 'reply': return { outcome: 'reply', response: outcome.json }
    case 'exception': return { outcome: 'exception', response: outcome.json }
    case 'biz': return { outcome: 'biz_error', response: JSON.stringify({ status: outcome.status, message: outcome.message, extra: outcome.extra }) }
    case 'fault': return { outcome: 'remote_exception', response: JSON.stringify({ typeId: outcome.typeId, message: outcome.message }) }
  }
}

/** Throws KiteError `usage` when the IDL has no such service, or none at all. */
function servicesOf(idl: IdlSet, wanted: string | undefined): readonly ServiceDescriptor[] {
  const known = idl.services.map(({ name }) => name)
  const served = idl.services.filter(({ name }) => wanted === undefined || name === wanted)
  if (served.length === 0) throw fail('usage', 'mock', wanted === undefined ? 'mock.noService' : 'mock.unknownService', { name: wanted ?? '', known })
  return served
}

/** Kitex advertises a local address where the server listens on all of them. */
function advertised(server: MessageServer | undefined): string {
  const { host = '127.0.0.1', port = 0 } = server ?? {}
  if (host !== '0.0.0.0' && host !== '::') return formatAddress(host, port)
  const outer = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).find(({ family, internal }) => family === 'IPv4' && !internal)
  return formatAddress(outer?.address ?? '127.0.0.1', port)
}
