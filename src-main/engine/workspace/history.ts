// The calls that were made, newest first. The file is append-only lines; memory holds an index of entries with their offsets. Another
// process (the command line) may append to the same file: what is new is read before each answer. When nothing can be written, records
// stay in memory and are written with the next one that can be.

import { join } from 'node:path'
import type { ErrorData } from '../../../shared/base/error.ts'
import { KiteError, fail } from '../../../shared/base/error.ts'
import type { CallRecord } from '../../../shared/model/call.ts'
import type { HistoryEntry } from '../../../shared/model/workspace.ts'
import { type Files, isMissing, readError, writeError } from './files.ts'
import { entryOf, readEntry, readRecord, recordLimit, writeLine } from './history-line.ts'
import { createQueue } from './serial.ts'
import { writeAtomic } from './write-atomic.ts'

/** What history offers to hosts. */
export interface History {
  /** Remembers a finished call. Never throws: a failed write is told by `problem`, and the record stays in memory. */
  append(record: CallRecord): Promise<void>
  /** Newest first. */
  list(limit: number): Promise<readonly HistoryEntry[]>
  /** Throws KiteError `file` for an id that is not there. */
  get(id: string): Promise<CallRecord>
  clear(): Promise<void>
  /** Why the last record is in memory only. */
  readonly problem: ErrorData | undefined
}

interface Line {
  readonly entry: HistoryEntry
  readonly start: number
  readonly length: number
}

interface Options {
  readonly files: Files
  /** `.kite` of a workspace, or the data folder's scratch. */
  readonly folder: string
  /** Records kept; the file is rewritten when it holds half as many again. */
  readonly limit: () => number
  readonly recordLimit?: number
}

const newline = 0x0a

/** Opens the history of a folder; nothing is read before it is asked for. */
export function createHistory(options: Options): History {
  return new FileHistory(options)
}

class FileHistory implements History {
  readonly #options: Options
  readonly #path: string
  readonly #queue = createQueue()
  /** By id, oldest first, as in the file. A disk that filled up may hold a record twice: once torn at its newline, once written again. */
  readonly #lines = new Map<string, Line>()
  /** Records that could not be written yet, oldest first. */
  #pending: CallRecord[] = []
  #fileId = ''
  /** End of the last whole line that was read or written. */
  #end = 0
  /** The file's size: beyond `#end` lies a torn line. */
  #size = 0
  #problem: ErrorData | undefined

  constructor(options: Options) {
    this.#options = options
    this.#path = join(options.folder, 'history', 'records.jsonl')
  }

  get problem(): ErrorData | undefined {
    return this.#problem
  }

  append(record: CallRecord): Promise<void> {
    return this.#queue(async () => {
      this.#pending.push(record)
      this.#pending.splice(0, this.#pending.length - this.#options.limit())
      await this.#flush()
    })
  }

  list(limit: number): Promise<readonly HistoryEntry[]> {
    return this.#queue(async () => {
      await this.#refresh()
      const kept = Math.min(limit, this.#options.limit())
      return [...[...this.#lines.values()].map((line) => line.entry), ...this.#pending.map(entryOf)].slice(-kept).reverse()
    })
  }

  get(id: string): Promise<CallRecord> {
    return this.#queue(async () => {
      const pending = this.#pending.find((record) => record.id === id)
      if (pending !== undefined) return pending
      await this.#refresh()
      const line = this.#lines.get(id)
      const record = line === undefined ? undefined : readRecord(await this.#read(line))
      if (record?.id !== id) throw fail('file', 'workspace', 'workspace.noRecord', { id }, { hint: { key: 'workspace.noRecordHint' } })
      return record
    })
  }

  clear(): Promise<void> {
    return this.#queue(async () => {
      try {
        await this.#options.files.remove(this.#path)
      } catch (caught) {
        throw writeError(this.#path, caught)
      }
      this.#pending = []
      this.#forget()
    })
  }

  async #flush(): Promise<void> {
    try {
      await this.#refresh()
      // A disk that filled up in mid-write may have taken some of them.
      this.#pending = this.#pending.filter(({ id }) => !this.#lines.has(id))
      await this.#appendPending()
      await this.#compact()
      this.#problem = undefined
    } catch (caught) {
      this.#problem = fail('file', 'workspace', 'workspace.historyInMemory', { count: this.#pending.length }, { cause: KiteError.from(caught).data }).data
    }
  }

  async #appendPending(): Promise<void> {
    // A torn line, from a crash or a full disk, is closed by a newline of its own and then skipped by every reader.
    const start = this.#size > this.#end ? '\n' : ''
    const lines = this.#pending.map((record) => writeLine(record, this.#options.recordLimit ?? recordLimit).line)
    try {
      await this.#options.files.makeFolder(join(this.#options.folder, 'history'), 'private')
      await this.#options.files.appendFile(this.#path, start + lines.join(''))
    } catch (caught) {
      throw writeError(this.#path, caught)
    }
    this.#pending = []
    await this.#refresh()
  }

  async #compact(): Promise<void> {
    const limit = this.#options.limit()
    if (this.#lines.size <= limit * 1.5) return
    const kept: string[] = []
    for (const line of [...this.#lines.values()].slice(-limit)) kept.push((await this.#read(line)).toString('utf8'))
    await writeAtomic(this.#options.files, this.#path, kept.map((line) => `${line}\n`).join(''), 'private')
    this.#forget()
    await this.#refresh()
  }

  /** Reads what was appended since the last look; all of it when the file is another one. */
  async #refresh(): Promise<void> {
    const facts = await this.#stat()
    if (facts === undefined) return this.#forget()
    if (facts.id !== this.#fileId || facts.size < this.#end) this.#forget()
    this.#fileId = facts.id
    this.#size = facts.size
    if (facts.size === this.#end) return
    const tail = await this.#options.files.readRange(this.#path, this.#end, facts.size - this.#end)
    this.#take(tail)
  }

  async #stat(): Promise<{ readonly size: number; readonly id: string } | undefined> {
    try {
      return await this.#options.files.stat(this.#path)
    } catch (caught) {
      if (isMissing(caught)) return undefined
      throw readError(this.#path, caught)
    }
  }

  #take(bytes: Buffer): void {
    let from = 0
    for (let at = bytes.indexOf(newline, from); at >= 0; at = bytes.indexOf(newline, from)) {
      const entry = readEntry(bytes.subarray(from, at))
      if (entry !== undefined) this.#lines.set(entry.id, { entry, start: this.#end + from, length: at - from })
      from = at + 1
    }
    this.#end += from
  }

  #read(line: Line): Promise<Buffer> {
    return this.#options.files.readRange(this.#path, line.start, line.length)
  }

  #forget(): void {
    this.#lines.clear()
    this.#fileId = ''
    this.#end = 0
    this.#size = 0
  }
}
