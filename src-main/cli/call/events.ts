// The call as it happens, one object a line (cli.md `ndjson`): what went out, what came, what each node did; the record comes last.

import { RawJson, stringifyExact } from '../../../shared/logic/json/write.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { CallRecord } from '../../../shared/model/call.ts'

/** Writes lines in order; `done` resolves when the last one is out. */
export class EventLines {
  readonly #write: (line: string) => Promise<void>
  #last: Promise<void> = Promise.resolve()
  #seq = 0

  constructor(write: (line: string) => Promise<void>) {
    this.#write = write
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
        if (event.nodeKind === 'wire') this.#line('send', event.atNs, { attempt: event.attempt ?? 1 })
        return
      case 'left': {
        const { n, kind, name, verdict, attempt, reason, endNs, ownNs } = event.node
        return this.#line('leave', endNs, { n, kind, name, verdict, attempt, reasonCode: reason.key, ownNs: String(ownNs) })
      }
      case 'ended':
        return this.#ended(event.record)
    }
  }

  #ended(record: CallRecord): void {
    const at = record.durationNs
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
