// The call as it happens, one object a line (cli.md `ndjson`): what went out, what came, what each node did; the record comes last.

import { RawJson, stringifyExact } from '../../../shared/logic/json/write.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { ErrorData } from '../../../shared/base/error.ts'
import { entryLines } from '../../../shared/logic/stream/lines.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'

/** Writes lines in order; `done` resolves when the last one is out. */
export class EventLines {
  readonly #write: (line: string) => Promise<void>
  /** Of a stream: how errors are told. */
  readonly #word: ((error: ErrorData) => unknown) | undefined
  #last: Promise<void> = Promise.resolve()
  #seq = 0

  /** `word` is given for a stream, whose messages come by {@link entry}. */
  constructor(write: (line: string) => Promise<void>, word?: (error: ErrorData) => unknown) {
    this.#write = write
    this.#word = word
  }

  get done(): Promise<void> {
    return this.#last
  }

  add(event: CallEvent): void {
    switch (event.kind) {
      case 'started':
        return this.#line('start', 0, { id: event.id, traceId: event.traceId, service: event.service, method: event.method, startTimeUnixNano: event.startTimeUnixNano })
      case 'entered':
        this.#line('enter', event.atNs, { n: event.n, parent: event.parent, kind: event.nodeKind, name: event.name, attempt: event.attempt })
        if (event.nodeKind === 'wire' && this.#word === undefined) this.#line('send', event.atNs, { attempt: event.attempt ?? 1 })
        return
      case 'left': {
        const { n, kind, name, verdict, attempt, reason, endNs, ownNs } = event.node
        return this.#line('leave', endNs, { n, kind, name, verdict, attempt, reasonCode: reason.key, ownNs: String(ownNs) })
      }
      case 'streamed':
        return
      case 'ended':
        return this.#ended(event.record)
    }
  }

  /** What happened on a stream. Its end is told with the record, when retries and policies have had their say too. */
  entry(entry: StreamEntry): void {
    const word = this.#word
    if (word === undefined || entry.event === 'end') return
    for (const { event, fields } of entryLines(entry, word)) this.#line(event, entry.atNs, fields)
  }

  #ended(record: CallRecord): void {
    const at = record.durationNs
    if (this.#word !== undefined) return this.#line('end', at, { outcome: record.outcome })
    for (const [key, value] of record.headers) this.#line('header', at, { key, value })
    if (record.response !== undefined) this.#line('message', at, { value: new RawJson(record.response) })
    for (const [key, value] of record.trailers) this.#line('trailer', at, { key, value })
    this.#line('end', at, { outcome: record.outcome })
  }

  #line(event: string, atNs: number, more: Readonly<Record<string, unknown>>): void {
    const line = stringifyExact({ event, seq: this.#seq, atNs: String(Math.round(atNs)), ...more })
    this.#seq += 1
    this.#last = this.#last.then(() => this.#write(line))
  }
}
