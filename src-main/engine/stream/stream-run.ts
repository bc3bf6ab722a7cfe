// One stream as it runs: numbers its entries, counts them, keeps what the record keeps, and tells the host. The chain's end drives it; what the
// wire is it does not know.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { CallRequest } from '../../../shared/model/call.ts'
import type { MethodKind } from '../../../shared/model/idl.ts'
import type { StreamEntry, StreamSummary } from '../../../shared/model/stream.ts'
import type { Clock } from '../kernel/clock.ts'
import { messagesOf, type JsonPiece } from './messages-of.ts'
import type { StreamMessage, StreamPort } from './port.ts'
import { StreamSummaryBuilder } from './summary.ts'

/** An entry before it has its number and time. */
export type NewEntry = StreamEntry extends infer E ? (E extends StreamEntry ? Omit<E, 'seq' | 'atNs'> : never) : never

export interface StreamRunParts {
  readonly clock: Clock
  readonly request: CallRequest
  readonly kind: MethodKind
  readonly port: StreamPort | undefined
}

/** Counts are announced at most this often. */
const announceEveryNs = 50e6

export class StreamRun {
  readonly kind: MethodKind
  readonly rate: number
  readonly recvTimeoutMs: number
  readonly #clock: Clock
  readonly #body: string
  readonly #port: StreamPort | undefined
  readonly #summary = new StreamSummaryBuilder()
  #startedAt = 0
  #announcedAt = 0
  #onEvent: ((event: CallEvent) => void) | undefined
  #seq = 0

  constructor({ clock, request, kind, port }: StreamRunParts) {
    this.kind = kind
    this.rate = request.stream?.rate ?? 0
    this.recvTimeoutMs = request.stream?.recvTimeoutMs ?? 0
    this.#clock = clock
    this.#body = request.body
    this.#port = port
  }

  begin(startedAt: number, onEvent: ((event: CallEvent) => void) | undefined): void {
    this.#startedAt = startedAt
    this.#onEvent = onEvent
  }

  /** What is to be sent: the host's messages, or the body's. */
  messages(): AsyncIterator<JsonPiece> {
    const { input } = this.#port ?? {}
    return input === undefined ? fromBody(this.#body) : fromHost(typeof input === 'function' ? input(this.kind) : input)
  }

  /** Remembers entries in order; a returned promise asks the reader to wait. */
  add(entries: readonly NewEntry[]): void | Promise<void> {
    const atNs = this.#clock.now() - this.#startedAt
    const numbered = entries.map((entry): StreamEntry => ({ ...entry, seq: this.#seq++, atNs }))
    for (const entry of numbered) this.#summary.add(entry)
    this.#announce(atNs)
    return this.#port?.onEntries?.(numbered)
  }

  /** True: the host was told of a message that cannot be sent, and the stream goes on. */
  refuses(error: ErrorData): boolean {
    const { onRefused } = this.#port ?? {}
    onRefused?.(error)
    return onRefused !== undefined
  }

  get summary(): StreamSummary {
    return this.#summary.summary
  }

  #announce(atNs: number): void {
    if (this.#onEvent === undefined || atNs - this.#announcedAt < announceEveryNs) return
    this.#announcedAt = atNs
    this.#onEvent({ kind: 'streamed', counts: this.#summary.counts, atNs })
  }
}

async function* fromBody(body: string): AsyncGenerator<JsonPiece> {
  yield* messagesOf(body)
}

/** A host's message stands by itself, unless it says where it stands. */
async function* fromHost(input: AsyncIterable<StreamMessage>): AsyncGenerator<JsonPiece> {
  for await (const message of input) yield typeof message === 'string' ? { json: message, offset: 0, line: 1, column: 1 } : message
}
