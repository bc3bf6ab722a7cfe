// The bytes of a log on disk: blocks one after another over several files, the oldest of which can be given back to the disk. Nothing is
// opened before the first block, and where the system allows it a file has no name, so that a crash leaves nothing behind.

import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** What is done with a file; tests put a disk that fills up behind it. */
export interface LogFile {
  write(bytes: Buffer, position: number): Promise<void>
  read(bytes: Buffer, position: number): Promise<void>
  close(): Promise<void>
}
export type OpenLogFile = (path: string) => Promise<LogFile>

export interface LogStoreOptions {
  readonly folder: string
  /** Of one file. */
  readonly fileBytes: number
  /** Bytes that wait for the disk above which {@link LogStore.drained} makes writers wait. */
  readonly maxWaitingBytes: number
  readonly onError: (caught: unknown, writtenTo: number) => void
  readonly openFile?: OpenLogFile
}

interface Part {
  readonly start: number
  end: number
  file: Promise<LogFile> | undefined
  readers: number
  isDropped: boolean
}

const batchBytes = 1024 * 1024
let counter = 0

export class LogStore {
  readonly #options: LogStoreOptions
  readonly #parts: Part[] = []
  readonly #waiting: { readonly part: Part; readonly offset: number; readonly bytes: Buffer }[] = []
  #waitingBytes = 0
  #end = 0
  #writtenTo = 0
  #writing: Promise<void> | undefined

  constructor(options: LogStoreOptions) {
    this.#options = options
  }

  /** Offset after the last byte. */
  get end(): number {
    return this.#end
  }

  /** Offset of the oldest byte. */
  get first(): number {
    return this.#parts[0]?.start ?? this.#end
  }

  /** Undefined while few bytes wait; else resolves when the disk has taken what waits. */
  drained(): Promise<void> | undefined {
    return this.#waitingBytes > this.#options.maxWaitingBytes ? this.#writing : undefined
  }

  /** Takes a block; it can be read at once. */
  append(bytes: Buffer): number {
    const offset = this.#end
    let part = this.#parts.at(-1)
    if (part === undefined || part.end - part.start + bytes.length > this.#options.fileBytes) {
      part = { start: offset, end: offset, file: undefined, readers: 0, isDropped: false }
      this.#parts.push(part)
    }
    this.#end += bytes.length
    part.end = this.#end
    this.#waiting.push({ part, offset, bytes })
    this.#waitingBytes += bytes.length
    this.#writing ??= this.#write()
    return offset
  }

  /** Gives the oldest file back, unless it is the only one. */
  dropOldest(): boolean {
    const [oldest, next] = this.#parts
    if (oldest === undefined || next === undefined) return false
    this.#parts.shift()
    oldest.isDropped = true
    closeUnread(oldest)
    return true
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const waiting = this.#waiting.find((each) => each.offset === offset)
    if (waiting !== undefined) return waiting.bytes
    const part = this.#parts.find(({ start, end }) => offset >= start && offset < end)
    if (part?.file === undefined) throw new Error('believed: only what is kept is read')
    part.readers += 1
    try {
      const bytes = Buffer.allocUnsafe(length)
      await (await part.file).read(bytes, offset - part.start)
      return bytes
    } finally {
      part.readers -= 1
      closeUnread(part)
    }
  }

  /** Forgets everything and gives the disk back. */
  async dispose(): Promise<void> {
    for (const part of this.#parts) part.isDropped = true
    await this.#writing
    const files = this.#parts.splice(0).map(async ({ file }) => (await file)?.close())
    await Promise.allSettled(files)
  }

  async #write(): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const batch = this.#batch(first.part)
      if (!first.part.isDropped && !await this.#writeBatch(first.part, first.offset, batch)) break
      this.#waiting.splice(0, batch.length)
      for (const bytes of batch) {
        this.#waitingBytes -= bytes.length
        this.#writtenTo += bytes.length
      }
    }
    this.#writing = undefined
  }

  #batch(part: Part): readonly Buffer[] {
    const batch: Buffer[] = []
    let length = 0
    for (const each of this.#waiting) {
      if (each.part !== part || length > batchBytes) break
      batch.push(each.bytes)
      length += each.bytes.length
    }
    return batch
  }

  async #writeBatch(part: Part, offset: number, batch: readonly Buffer[]): Promise<boolean> {
    try {
      part.file ??= this.#open()
      await (await part.file).write(batch.length === 1 && batch[0] !== undefined ? batch[0] : Buffer.concat(batch), offset - part.start)
      return true
    } catch (caught) {
      this.#fail(caught)
      return false
    }
  }

  #open(): Promise<LogFile> {
    counter += 1
    return (this.#options.openFile ?? openFile)(join(this.#options.folder, `kite-stream-${process.pid}-${counter}`))
  }

  /** What waits is lost; what was written can still be read. */
  #fail(caught: unknown): void {
    this.#waiting.length = 0
    this.#waitingBytes = 0
    this.#end = this.#writtenTo
    while ((this.#parts.at(-1)?.start ?? -1) >= this.#end) this.#parts.pop()
    const last = this.#parts.at(-1)
    if (last !== undefined) last.end = this.#end
    this.#options.onError(caught, this.#writtenTo)
  }
}

function closeUnread(part: Part): void {
  if (!part.isDropped || part.readers > 0) return
  const { file } = part
  part.file = undefined
  // A file that cannot be closed is closed when the process ends.
  void file?.then((opened) => opened.close()).catch(() => undefined)
}

async function openFile(path: string): Promise<LogFile> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const handle = await open(path, 'wx+', 0o600)
  // Windows refuses to take the name of an open file away.
  const isNameless = process.platform !== 'win32'
  if (isNameless) await unlink(path)
  return {
    write: (bytes, position) => writeAll(handle, bytes, position),
    read: (bytes, position) => readAll(handle, bytes, position),
    close: async () => {
      await handle.close()
      if (!isNameless) await unlink(path)
    },
  }
}

async function writeAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

async function readAll(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, position + done)
    if (bytesRead === 0) throw new Error('believed: the log file is as long as what was written')
    done += bytesRead
  }
}
