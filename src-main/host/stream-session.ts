// One stream of a window's call: what it sent and got (its log), what it was asked to send (its queue), and whether it reads. The call
// knows it as a port; the window knows it by the contract's `stream.*`. It outlives the call, so that its messages can be looked at.

import { Emitter, type Event } from '../../shared/base/emitter.ts'
import { KiteError, fail, type ErrorData } from '../../shared/base/error.ts'
import { JsonSplitter, type JsonPiece } from '../../shared/logic/json/split.ts'
import type { Parsed } from '../../shared/ipc/contract.ts'
import type { MethodKind } from '../../shared/model/idl.ts'
import type { StreamFilter, StreamHits, StreamPage, StreamRow, StreamState } from '../../shared/model/stream-view.ts'
import type { StreamEntry } from '../../shared/model/stream.ts'
import { messagesOf, openInputQueue, openStreamLog, pace, type InputQueue, type StreamLog, type StreamMessage, type StreamPort } from '../engine/index.ts'
import { textOfFile } from './text-of-file.ts'

/** Changes are announced at most this often. */
const announceMs = 100
const searchMs = 200
/** Of one page of entries, all together. */
const pageCharacters = 64 * 1024 * 1024

type ReadRequest = Omit<Parsed<'stream.read'>, 'callId'>
type SearchRequest = Omit<Parsed<'stream.search'>, 'callId'>
type FileToSend = Omit<Parsed<'stream.sendFile'>, 'callId'>

interface Held {
  readonly until: Promise<void>
  readonly letGo: () => void
}

export class StreamSession {
  readonly #log: StreamLog
  readonly #queue: InputQueue
  readonly #body: string
  readonly #changed = new Emitter<StreamState>()
  readonly #over = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #hasEntries = false
  #isSendClosed = false
  #isLetGo = false
  #held: Held | undefined
  #sending: { done: number; readonly rate: number } | undefined
  #sendError: ErrorData | undefined

  static async open(folder: string, body: string): Promise<StreamSession> {
    const [log, queue] = await Promise.all([openStreamLog({ folder }), openInputQueue()])
    return new StreamSession(log, queue, body)
  }

  private constructor(log: StreamLog, queue: InputQueue, body: string) {
    this.#log = log
    this.#queue = queue
    this.#body = body
  }

  readonly port: StreamPort = {
    input: (kind) => this.#messages(kind),
    onEntries: (entries) => this.#take(entries),
    onRefused: (error) => {
      this.#sendError = error
      this.#announce()
    },
  }

  /** False: the call was no stream, or nothing happened on it. */
  get isStream(): boolean {
    return this.#hasEntries
  }

  get isOpen(): boolean {
    return !this.#over.signal.aborted
  }

  readonly onDidChange: Event<StreamState> = this.#changed.event

  get state(): StreamState {
    return {
      ...this.#log.state,
      isOpen: this.isOpen,
      isSendClosed: this.#isSendClosed || this.#queue.isClosed,
      isPaused: this.#held !== undefined,
      queued: this.#queue.length,
      ...(this.#sending === undefined ? {} : { sending: { ...this.#sending } }),
      ...(this.#sendError === undefined ? {} : { sendError: this.#sendError }),
    }
  }

  send(json: string): void {
    this.#sendError = undefined
    // A person at a window is no faster than flow control for long; what waits is told in the state.
    void this.#queue.add(json)
    this.#announce()
  }

  /** Begins to send a file; how far it is stands in the state. */
  sendFile({ path, text, rate }: FileToSend): void {
    if (this.#sending !== undefined) throw fail('contract', 'ipc', 'stream.fileRunning')
    if (this.#queue.isClosed) throw fail('contract', 'ipc', this.isOpen ? 'stream.sendClosed' : 'stream.notRunning')
    this.#sendError = undefined
    const sending = { done: 0, rate }
    this.#sending = sending
    void this.#sendAll(path === undefined ? [text ?? ''] : textOfFile(path, this.#over.signal), sending).catch((caught: unknown) => {
      if (this.isOpen) this.#sendError = KiteError.from(caught, 'ipc').data
    }).finally(() => {
      this.#sending = undefined
      this.#announce()
    })
  }

  closeSend(): void {
    this.#queue.close()
    this.#announce()
  }

  pause(): void {
    if (this.#held !== undefined || !this.isOpen || this.#isLetGo) return
    let letGo = (): void => undefined
    const until = new Promise<void>((resolve) => { letGo = resolve })
    this.#held = { until, letGo }
    this.#announce()
  }

  resume(): void {
    this.#held?.letGo()
    this.#held = undefined
    this.#announce()
  }

  /** The call was cancelled: who waits for it to end must not wait for a pause. */
  letGo(): void {
    this.#isLetGo = true
    this.resume()
  }

  setCountOnly(isCountOnly: boolean): void {
    this.#log.setCountOnly(isCountOnly)
    this.#announce()
  }

  async read({ from, count, filter, maxChars }: ReadRequest): Promise<StreamPage> {
    const page = await this.#log.read(from, count, filter)
    let left = pageCharacters
    const entries = page.entries.map((entry) => {
      const row = cut(entry, Math.min(maxChars, left))
      if (row.event === 'send' || row.event === 'message') left -= row.json.length
      return row
    })
    return { from: page.from, entries }
  }

  search(request: SearchRequest, signal: AbortSignal): Promise<StreamHits> {
    return this.#log.search(request, AbortSignal.any([signal, AbortSignal.timeout(searchMs)]))
  }

  /** All that is kept now. */
  entries(filter: StreamFilter): AsyncIterable<readonly StreamEntry[]> {
    return this.#log.entries(filter)
  }

  /** The call is over. */
  end(): void {
    this.#over.abort()
    this.#queue.end()
    this.resume()
    this.#tell()
  }

  async dispose(): Promise<void> {
    this.end()
    clearTimeout(this.#timer)
    this.#changed.dispose()
    await this.#log.dispose()
  }

  /** The body's messages first; then, where more may follow, what the window sends until it ends sending. */
  async* #messages(kind: MethodKind): AsyncGenerator<StreamMessage, void, undefined> {
    yield* messagesOf(this.#body)
    if (kind === 'client' || kind === 'bidi') yield* this.#queue
    else this.#queue.close()
  }

  #take(entries: readonly StreamEntry[]): void | Promise<void> {
    this.#hasEntries = true
    if (entries.some(({ event }) => event === 'half-close' || event === 'end')) this.#isSendClosed = true
    const wait = this.#log.append(entries)
    this.#announce()
    const held = this.#held
    if (held === undefined) return wait
    return wait === undefined ? held.until : wait.then(() => held.until)
  }

  async #sendAll(chunks: AsyncIterable<string> | Iterable<string>, sending: { done: number; readonly rate: number }): Promise<void> {
    const splitter = new JsonSplitter()
    const { wait } = pace(sending.rate, this.#over.signal)
    const sendWhole = async (): Promise<void> => {
      for (let piece: JsonPiece | undefined = splitter.next(); piece !== undefined; piece = splitter.next()) {
        await wait()
        await this.#queue.add(piece)
        sending.done += 1
        this.#announce()
      }
    }
    for await (const chunk of chunks) {
      splitter.feed(chunk)
      await sendWhole()
    }
    splitter.end()
    await sendWhole()
  }

  #announce(): void {
    this.#timer ??= setTimeout(() => this.#tell(), announceMs)
  }

  #tell(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#changed.isHeard) this.#changed.fire(this.state)
  }
}

/** Long messages are cut for a list; the whole is read alone. */
function cut(entry: StreamEntry, maxChars: number): StreamRow {
  if ((entry.event !== 'send' && entry.event !== 'message') || entry.json.length <= maxChars) return entry
  return { ...entry, json: entry.json.slice(0, maxChars), cut: entry.json.length }
}
