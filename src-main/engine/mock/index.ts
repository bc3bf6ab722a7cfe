// Mocks as hosts see them: start, stop, list, and the hits as they come. Hosts enter through the engine.

import { randomBytes } from 'node:crypto'
import { KiteError, fail } from '../../../shared/base/error.ts'
import { Emitter, type Event } from '../../../shared/base/emitter.ts'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { IdlBounds, IdlSource } from '../idl-area.ts'
import { mockOptionsSchema, type MockHit, type MockStatus } from '../../../shared/model/mock.ts'
import type * as z from 'zod'
import type { Registry } from '../discovery/registry.ts'
import type { SpanExporter } from '../telemetry/exporter.ts'
import { MockServer } from './mock-server.ts'

export { serveThrift, type ServiceServerOptions } from './service-server.ts'
export type { Served, ServedAnswer, ServedCall, ServedOutcome } from './served-call.ts'

export type MockOptionsInput = z.input<typeof mockOptionsSchema>

export interface MocksParts {
  loadIdl(source: IdlSource): Promise<IdlSet>
  openRegistry(url: string): Promise<Registry>
  /** Where relative stub files start. */
  readonly baseDir: string
  /** Gets the span of each call that was served, and is disposed with the mocks; undefined: none are made. */
  readonly exporter: SpanExporter | undefined
}

export interface Mocks {
  /** Throws KiteError: IDL or stub file with its place, port taken with the next free one, registry out of reach. */
  start(options: MockOptionsInput, signal: AbortSignal, bounds?: IdlBounds): Promise<MockStatus>
  /** Deregisters and closes. Unknown ids are ignored: two windows may stop the same mock. */
  stop(id: string): Promise<void>
  list(): readonly MockStatus[]
  /** The last 1,000, oldest first. */
  readonly hits: readonly MockHit[]
  readonly onDidHit: Event<MockHit>
  /** After a start, a stop, a reload of stubs, and (at most ten times a second) after hits. */
  readonly onDidChange: Event<readonly MockStatus[]>
  dispose(): Promise<void>
}

const keptHits = 1000
const changeEveryMs = 100
/** How long the last spans may take to get out. */
const flushMs = 1000

/** Makes the area; nothing listens until a mock is started. */
export function createMocks(parts: MocksParts): Mocks {
  return new MockArea(parts)
}

class MockArea implements Mocks {
  readonly #parts: MocksParts
  readonly #running = new Map<string, MockServer>()
  readonly #hit = new Emitter<MockHit>()
  readonly #changed = new Emitter<readonly MockStatus[]>()
  readonly onDidHit = this.#hit.event
  readonly onDidChange = this.#changed.event
  readonly #hits: MockHit[] = []
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(parts: MocksParts) {
    this.#parts = parts
  }

  get hits(): readonly MockHit[] {
    return [...this.#hits]
  }

  async start(input: MockOptionsInput, signal: AbortSignal, bounds: IdlBounds = {}): Promise<MockStatus> {
    const options = mockOptionsSchema.parse(input)
    const idl = await this.#parts.loadIdl({ ...options.idl, ...bounds })
    const broken = idl.diagnostics.find(({ severity }) => severity === 'error')
    if (broken !== undefined) throw new KiteError({ code: 'idl', layer: 'idl', text: broken.text, at: broken.at, ...(broken.suggestion === undefined ? {} : { hint: broken.suggestion }) })
    if (signal.aborted) throw fail('cancelled', 'mock', 'error.cancelled')
    const id = randomBytes(6).toString('hex')
    const server = new MockServer({ id, idl, options, baseDir: this.#parts.baseDir, exporter: this.#parts.exporter, openRegistry: (url) => this.#parts.openRegistry(url) })
    server.onDidHit((hit) => this.#remember(hit))
    server.onDidChange(() => this.#changed.fire(this.list()))
    await server.start(signal)
    this.#running.set(id, server)
    this.#changed.fire(this.list())
    return server.status
  }

  async stop(id: string): Promise<void> {
    const server = this.#running.get(id)
    this.#running.delete(id)
    if (server === undefined) return
    try {
      await server.stop()
    } finally {
      this.#changed.fire(this.list())
    }
  }

  list(): readonly MockStatus[] {
    return [...this.#running.values()].map(({ status }) => status)
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#timer)
    const servers = [...this.#running.values()]
    this.#running.clear()
    await Promise.allSettled(servers.map((server) => server.stop()))
    await this.#parts.exporter?.flush(AbortSignal.timeout(flushMs))
    this.#parts.exporter?.dispose()
    this.#hit.dispose()
    this.#changed.dispose()
  }

  #remember(hit: MockHit): void {
    this.#hits.push(hit)
    if (this.#hits.length > keptHits) this.#hits.shift()
    this.#hit.fire(hit)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#changed.fire(this.list())
    }, changeEveryMs).unref()
  }
}
