// The two doors of OTLP together, and what is told of them: where they listen, what they took and refused, and who knocked at the
// wrong one. A port that is taken is a state, not a failure: calls work without a receiver.

import { KiteError, fail } from '../../../../shared/base/error.ts'
import { Emitter } from '../../../../shared/base/emitter.ts'
import type { ReceiverPort, ReceiverStatus, Stranger } from '../../../../shared/model/trace.ts'
import type { TraceStore } from '../store/trace-store.ts'
import { Door } from './door.ts'
import type { Exchange } from './exchange.ts'
import { httpExport } from './http-export.ts'
import { Ingest } from './ingest.ts'
import { isTaken, nextFree } from './ports.ts'
import { answerQuery, queryPrefix } from './query.ts'
import { bodyDeadlineMs, maxBodyBytes, maxHeldBytes, type BodyLimits } from './read-body.ts'

export interface ReceiverOptions {
  /** 0 takes any free port. */
  readonly grpcPort: number
  readonly httpPort: number
  readonly host?: string
}

/** The ports that every OTLP exporter assumes. */
export const defaultPorts = { grpcPort: 4317, httpPort: 4318 } as const

type DoorKind = 'grpc' | 'http'
const statusEveryMs = 100
const maxStrangers = 16

export class Receiver {
  readonly #store: TraceStore
  readonly #limits: BodyLimits
  readonly #ingest: Ingest
  readonly #doors = new Map<DoorKind, Door>()
  readonly #ports: Record<DoorKind, ReceiverPort> = { grpc: { state: 'off' }, http: { state: 'off' } }
  readonly #strangers = new Map<string, Stranger>()
  readonly #changed = new Emitter<ReceiverStatus>()
  readonly onDidChange = this.#changed.event
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(store: TraceStore, limits: BodyLimits = { maxBytes: maxBodyBytes, deadlineMs: bodyDeadlineMs }) {
    this.#store = store
    this.#limits = { held: { max: maxHeldBytes, bytes: 0 }, ...limits }
    this.#ingest = new Ingest((spans) => store.add(spans))
    this.#ingest.onDidCount(() => this.#announce())
    store.onDidAdd(() => this.#announce())
  }

  get status(): ReceiverStatus {
    const { spans, traces, evicted } = this.#store.counts
    const { rejected, metricsRequests, logsRequests } = this.#ingest
    return { grpc: this.#ports.grpc, http: this.#ports.http, spans, traces, rejected, evicted, metricsRequests, logsRequests, strangers: [...this.#strangers.values()] }
  }

  /** Starts, or moves to other ports. Throws KiteError `listen` for what is no matter of a taken port, such as a foreign address. */
  async start({ grpcPort, httpPort, host = '127.0.0.1' }: ReceiverOptions): Promise<ReceiverStatus> {
    await this.#close()
    await this.#open('grpc', host, grpcPort, httpPort)
    await this.#open('http', host, httpPort, this.#ports.grpc.state === 'taken' ? this.#ports.grpc.next : grpcPort)
    this.#changed.fire(this.status)
    return this.status
  }

  async stop(): Promise<ReceiverStatus> {
    await this.#close()
    this.#changed.fire(this.status)
    return this.status
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#changed.dispose()
    void this.#close()
  }

  async #close(): Promise<void> {
    const doors = [...this.#doors.values()]
    this.#doors.clear()
    this.#ports.grpc = { state: 'off' }
    this.#ports.http = { state: 'off' }
    await Promise.all(doors.map((door) => door.close()))
  }

  async #open(kind: DoorKind, host: string, wanted: number, other: number): Promise<void> {
    const door = new Door({
      kind,
      ingest: this.#ingest,
      limits: this.#limits,
      onExchange: (exchange) => this.#answer(kind, exchange),
      onStranger: (what, peer, path) => this.#note(kind, what, peer, path),
    })
    try {
      const address = await door.listen(host, wanted)
      this.#doors.set(kind, door)
      this.#ports[kind] = { state: 'listening', address, wanted }
    } catch (caught) {
      if (!isTaken(caught)) throw fail('listen', 'telemetry', 'telemetry.cannotListen', { address: `${host}:${wanted}` }, { cause: KiteError.from(caught, 'telemetry').data })
      this.#ports[kind] = { state: 'taken', wanted, next: await nextFree(host, wanted, [other]) }
    }
  }

  async #answer(kind: DoorKind, exchange: Exchange): Promise<void> {
    if (kind === 'http' && exchange.path.startsWith(queryPrefix)) return answerQuery(exchange, { store: this.#store, status: () => this.status })
    return httpExport(exchange, {
      ingest: this.#ingest,
      limits: this.#limits,
      onWrongPath: ({ path, peer }) => this.#note(kind, 'wrong-path', peer, path),
    })
  }

  #note(port: DoorKind, kind: Stranger['kind'], peer: string, path: string | undefined): void {
    const key = `${port} ${kind}`
    const before = this.#strangers.get(key)
    if (before === undefined && this.#strangers.size >= maxStrangers) return
    this.#strangers.set(key, { port, kind, count: (before?.count ?? 0) + 1, lastAtMs: Date.now(), peer, ...(path === undefined ? {} : { path: path.slice(0, 200) }) })
    this.#announce()
  }

  /** Spans come by the thousand; readers are told ten times a second. */
  #announce(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#changed.fire(this.status)
    }, statusEveryMs).unref()
  }
}
