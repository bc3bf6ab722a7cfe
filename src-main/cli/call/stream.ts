// A stream on the command line: each message a line as it comes, so that a pipe sees it at once, and the next is read only when the pipe
// took the last. What frames the messages is for `-v` and `-o ndjson`.

import type { ErrorData } from '../../../shared/base/error.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'
import { compactJson } from '../../../shared/logic/json/write.ts'
import type { StreamMessage, StreamPort } from '../../engine/index.ts'
import type { Host } from '../command.ts'
import type { EventLines } from './events.ts'
import type { StreamKind } from './stream-kind.ts'

export interface StreamPlan {
  readonly kind: StreamKind
  /** Undefined: the request's body holds them. */
  readonly input: AsyncIterable<StreamMessage> | undefined
  /** Stop after so many messages; 0: never. */
  readonly limit: number
  /** With `-o ndjson`. */
  readonly lines: EventLines | undefined
}

export class CommandStream {
  readonly #host: Host
  readonly #plan: StreamPlan
  readonly #enough = new AbortController()
  #received = 0
  #hasUnreadable = false

  constructor(host: Host, plan: StreamPlan) {
    this.#host = host
    this.#plan = plan
  }

  /** Aborts when the user interrupts, and when there were messages enough. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#host.signal, this.#enough.signal])
  }

  /** As many messages came as were asked for: then being cut off is no failure. */
  get isEnough(): boolean {
    return this.#enough.signal.aborted
  }

  /** Some message could not be read. */
  get hasUnreadable(): boolean {
    return this.#hasUnreadable
  }

  get port(): StreamPort {
    const { input } = this.#plan
    return { onEntries: (entries) => this.#print(entries), ...(input === undefined ? {} : { input: () => input }) }
  }

  #print(entries: readonly StreamEntry[]): void | Promise<void> {
    const shown = this.#withinLimit(entries)
    const { lines } = this.#plan
    if (lines !== undefined) {
      for (const entry of shown) lines.entry(entry)
      return shown.some(({ event }) => event === 'message') ? lines.done : undefined
    }
    if (this.#host.output !== 'text') return undefined
    return this.#printText(shown)
  }

  /** Those up to the last message that is wanted. */
  #withinLimit(entries: readonly StreamEntry[]): readonly StreamEntry[] {
    const { limit } = this.#plan
    if (this.isEnough) return entries.filter(({ event }) => event === 'end')
    for (const [at, { event }] of entries.entries()) {
      if (event === 'unreadable') this.#hasUnreadable = true
      if (event !== 'message' && event !== 'unreadable') continue
      this.#received += 1
      if (this.#received !== limit) continue
      this.#enough.abort()
      return entries.slice(0, at + 1)
    }
    return entries
  }

  async #printText(entries: readonly StreamEntry[]): Promise<void> {
    for (const entry of entries) if (entry.event === 'unreadable' || this.#host.verbose) await this.#note(entry)
    // The one answer of a client's stream is printed as that of any other call.
    if (this.#plan.kind === 'client') return
    const text = entries.flatMap((entry) => (entry.event === 'message' ? [`${compactJson(entry.json)}\n`] : [])).join('')
    if (text !== '') await this.#host.write(text)
  }

  async #note(entry: StreamEntry): Promise<void> {
    const translator = await this.#host.translator()
    const word = (error: ErrorData): string => translator.error(error)
    switch (entry.event) {
      case 'unreadable':
        return this.#host.note(translator.t('stream.cli.unreadable', { number: entry.index + 1, error: word(entry.error) }))
      case 'header': case 'trailer':
        for (const [key, value] of entry.pairs) this.#host.note(`${entry.event} ${key}: ${value}`)
        return
      case 'half-close':
        return this.#host.note(translator.t('stream.cli.halfClose'))
      case 'stall':
        return this.#host.note(translator.t('stream.cli.stall', { ms: Math.round(entry.waitedNs / 1e6) }))
      case 'send': case 'message': case 'end':
    }
  }
}
