// Every entry of a stream, kept on disk for as long as its host wants it, in bounded memory: a window shows any of a million messages by
// position, searches them and saves them. Where the room ends the oldest fall out; where the disk ends entries are counted only, and the
// state says so. Entries are gathered in blocks; the newest block stands in memory, so that following a stream touches no disk.

import { fail, type ErrorData } from '../../../shared/base/error.ts'
import { StreamCounter } from '../../../shared/logic/stream/counter.ts'
import type { StreamFilter, StreamHits, StreamLogState, StreamRows } from '../../../shared/model/stream-view.ts'
import type { StreamEntry } from '../../../shared/model/stream.ts'
import { BlockIndex, type Positions } from './block-index.ts'
import { readLine, writeLine } from './log-line.ts'
import { LogStore, type OpenLogFile } from './log-store.ts'
import { matcherOf, type Matcher } from './match-entry.ts'

export interface StreamLogOptions {
  /** Where its files are; made when needed. */
  readonly folder: string
  /** On disk; default: 1 GiB. */
  readonly maxBytes?: number
  readonly isCountOnly?: boolean
  /** For tests. */
  readonly openFile?: OpenLogFile
}

export interface SearchRequest {
  readonly text: string
  readonly filter: StreamFilter
  /** Position to begin with. */
  readonly from: number
  readonly maxHits: number
}

interface OpenBlock {
  readonly entries: StreamEntry[]
  readonly lines: string[]
  chars: number
  readonly start: Positions
}

interface ParsedBlock {
  readonly offset: number
  readonly entries: readonly StreamEntry[]
}

const gib = 1024 * 1024 * 1024
const blockEntries = 256
const blockChars = 64 * 1024
const maxWaitingBytes = 4 * 1024 * 1024
/** Blocks that were read a moment ago and are likely read again, of those that are no larger than usual. */
const rememberedBlocks = 8
const searchSliceMs = 30

export class StreamLog {
  readonly #maxBytes: number
  readonly #store: LogStore
  readonly #index = new BlockIndex()
  readonly #counter = new StreamCounter()
  readonly #remembered: ParsedBlock[] = []
  /** Positions after the last entry. */
  #end: Positions = { all: 0, sent: 0, received: 0 }
  #open: OpenBlock = { entries: [], lines: [], chars: 0, start: this.#end }
  #skipped = 0
  #isCountOnly: boolean
  #error: ErrorData | undefined
  #isDisposed = false

  constructor({ folder, maxBytes = gib, isCountOnly = false, openFile }: StreamLogOptions) {
    this.#maxBytes = maxBytes
    this.#isCountOnly = isCountOnly
    const onError = (caught: unknown, writtenTo: number): void => this.#failed(caught, writtenTo)
    this.#store = new LogStore({ folder, fileBytes: Math.max(blockChars, Math.ceil(maxBytes / 16)), maxWaitingBytes, onError, ...(openFile === undefined ? {} : { openFile }) })
  }

  get state(): StreamLogState {
    const first = this.#first
    const rows = (filter: StreamFilter): StreamRows => ({ first: first[filter], end: this.#end[filter] })
    return {
      counts: this.#counter.counts,
      rows: { all: rows('all'), sent: rows('sent'), received: rows('received') },
      dropped: first.all,
      skipped: this.#skipped,
      isCountOnly: this.#isCountOnly || this.#error !== undefined,
      bytes: this.#store.end - this.#store.first,
      ...(this.#error === undefined ? {} : { error: this.#error }),
    }
  }

  /** Counting only keeps what frames the messages, and no message. Switching it off tries the disk again. */
  setCountOnly(isCountOnly: boolean): void {
    this.#isCountOnly = isCountOnly
    if (!isCountOnly) this.#error = undefined
  }

  /** Takes entries in order. A promise means that the disk is behind: wait for it before more. */
  append(entries: readonly StreamEntry[]): Promise<void> | undefined {
    if (this.#isDisposed) return undefined
    for (const entry of entries) {
      this.#counter.add(entry)
      if (this.#keeps(entry)) this.#keep(entry)
      else this.#skipped += 1
    }
    return this.#store.drained()
  }

  /** Entries of a filter from a position on, at most `count`; the position is moved up when what stood there fell out. */
  async read(from: number, count: number, filter: StreamFilter = 'all'): Promise<{ readonly from: number; readonly entries: readonly StreamEntry[] }> {
    const start = Math.max(from, this.#first[filter])
    const found: StreamEntry[] = []
    let position = start
    while (found.length < count && position < this.#end[filter]) {
      const { entries, start: blockStart } = await this.#blockOf(position, filter)
      const matching = filter === 'all' ? entries : entries.filter((entry) => isIn(entry, filter))
      const part = matching.slice(position - blockStart[filter], position - blockStart[filter] + count - found.length)
      if (part.length === 0) break
      found.push(...part)
      position += part.length
    }
    return { from: start, entries: found }
  }

  /** Positions of entries that hold a text, regardless of case, from a position on. Gives up its turn often; a signal ends it where it is. */
  async search({ text, filter, from, maxHits }: SearchRequest, signal: AbortSignal): Promise<StreamHits> {
    const matcher = matcherOf(text)
    const hits: number[] = []
    let position = Math.max(from, this.#first[filter])
    let sliceEnd = performance.now() + searchSliceMs
    while (position < this.#end[filter] && hits.length < maxHits && !signal.aborted) {
      position = await this.#searchBlock(matcher, filter, Math.max(position, this.#first[filter]), hits, maxHits)
      if (performance.now() < sliceEnd) continue
      await new Promise((resolve) => setImmediate(resolve))
      sliceEnd = performance.now() + searchSliceMs
    }
    return { hits, searchedTo: position }
  }

  /** All that is kept now, in pieces. */
  async* entries(filter: StreamFilter = 'all'): AsyncGenerator<readonly StreamEntry[], void, undefined> {
    const end = this.#end[filter]
    for (let position = this.#first[filter]; position < end;) {
      const page = await this.read(position, Math.min(blockEntries, end - position), filter)
      if (page.entries.length === 0) return
      yield page.entries
      position = page.from + page.entries.length
    }
  }

  /** Gives disk and memory back; the log is empty then. */
  async dispose(): Promise<void> {
    this.#isDisposed = true
    this.#remembered.length = 0
    this.#index.dropBefore(Number.POSITIVE_INFINITY)
    this.#open = { entries: [], lines: [], chars: 0, start: this.#end }
    await this.#store.dispose()
  }

  get #first(): Positions {
    return this.#index.at(0) ?? this.#open.start
  }

  #keeps({ event }: StreamEntry): boolean {
    if (!this.#isCountOnly && this.#error === undefined) return true
    return event !== 'send' && event !== 'message' && event !== 'unreadable' && event !== 'stall' && this.#error === undefined
  }

  #keep(entry: StreamEntry): void {
    const line = writeLine(entry)
    const open = this.#open
    open.entries.push(entry)
    open.lines.push(line)
    open.chars += line.length
    const { all, sent, received } = this.#end
    this.#end = { all: all + 1, sent: sent + (isIn(entry, 'sent') ? 1 : 0), received: received + (isIn(entry, 'received') ? 1 : 0) }
    if (open.entries.length >= blockEntries || open.chars >= blockChars) this.#seal()
  }

  #seal(): void {
    const { lines, start } = this.#open
    const bytes = Buffer.from(lines.join(''))
    const offset = this.#store.append(bytes)
    this.#index.add({ offset, length: bytes.length, ...start })
    this.#open = { entries: [], lines: [], chars: 0, start: this.#end }
    while (this.#store.end - this.#store.first > this.#maxBytes && this.#store.dropOldest()) this.#index.dropBefore(this.#store.first)
  }

  async #blockOf(position: number, filter: StreamFilter): Promise<{ readonly entries: readonly StreamEntry[]; readonly start: Positions }> {
    if (position >= this.#open.start[filter]) return this.#open
    const block = this.#index.at(this.#index.find(position, filter))
    if (block === undefined) return { entries: [], start: this.#end }
    return { entries: await this.#parsed(block.offset, block.length), start: block }
  }

  async #parsed(offset: number, length: number): Promise<readonly StreamEntry[]> {
    const known = this.#remembered.find((each) => each.offset === offset)
    if (known !== undefined) return known.entries
    const entries = linesOf((await this.#store.read(offset, length)).toString()).map(readLine)
    if (length <= blockChars * 4) this.#remembered.unshift({ offset, entries })
    if (this.#remembered.length > rememberedBlocks) this.#remembered.pop()
    return entries
  }

  /** Looks through the block of a position; gives the position to go on with. */
  async #searchBlock(matcher: Matcher, filter: StreamFilter, position: number, hits: number[], maxHits: number): Promise<number> {
    const { start, entries } = await this.#matchingBlock(matcher, filter, position)
    let at = start[filter]
    for (const entry of entries) {
      if (!isIn(entry, filter)) continue
      if (at >= position && matcher.matches(entry)) hits.push(at)
      at += 1
      if (hits.length >= maxHits) return at
    }
    return Math.max(entries.length === 0 ? this.#afterBlock(start, filter) : at, position + 1)
  }

  /** The block of a position; without entries where none of them can match. */
  async #matchingBlock(matcher: Matcher, filter: StreamFilter, position: number): Promise<{ readonly start: Positions; readonly entries: readonly StreamEntry[] }> {
    const block = position >= this.#open.start[filter] ? undefined : this.#index.at(this.#index.find(position, filter))
    if (block === undefined) return this.#open
    const text = (await this.#store.read(block.offset, block.length)).toString()
    return { start: block, entries: matcher.mayBeIn(text) ? linesOf(text).map(readLine) : [] }
  }

  /** First position of a filter after a block. */
  #afterBlock(start: Positions, filter: StreamFilter): number {
    const next = this.#index.at(this.#index.find(start.all, 'all') + 1)
    return (next ?? this.#open.start)[filter]
  }

  #failed(caught: unknown, writtenTo: number): void {
    const reason = caught instanceof Error && 'code' in caught ? String(caught.code) : String(caught)
    this.#error = fail('file', 'engine', 'stream.logFailed', { reason }).data
    const lostFrom = this.#index.find(Number.POSITIVE_INFINITY, 'all')
    let first: Positions = this.#open.start
    for (let row = lostFrom; row >= 0; row -= 1) {
      const block = this.#index.at(row)
      if (block === undefined || block.offset < writtenTo) break
      first = block
    }
    this.#index.dropFrom(writtenTo)
    this.#skipped += this.#end.all - first.all
    this.#end = { all: first.all, sent: first.sent, received: first.received }
    this.#open = { entries: [], lines: [], chars: 0, start: this.#end }
  }
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  lines.pop()
  return lines
}

function isIn({ event }: StreamEntry, filter: StreamFilter): boolean {
  if (filter === 'all') return true
  return filter === 'sent' ? event === 'send' : event === 'message' || event === 'unreadable'
}
