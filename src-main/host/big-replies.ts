// Replies that are too large for a window: it gets the beginning, at once, and the whole lies in a file from which it can be saved. Neither the
// window nor its connection ever holds a reply of a hundred megabytes. Where the system allows it the file has no name: a crash leaves nothing,
// and nobody else's clearing up takes it away.

import { mkdir, open, unlink, type FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { KiteError, fail } from '../../shared/base/error.ts'
import type { ReplySaving } from '../../shared/ipc/streams.ts'
import type { CallRecord } from '../../shared/model/call.ts'

/** What a window shows of a reply, in UTF-16 units. */
export const shownCharacters = 512 * 1024
const pieceCharacters = 4 * 1024 * 1024
const keptReplies = 4

/** Windows refuses to take the name of an open file away. */
const isNameless = process.platform !== 'win32'

class Kept {
  /** Settles when the file is whole. */
  readonly written: Promise<FileHandle>
  readonly #path: string
  #readers = 0
  #isDropped = false

  constructor(path: string, text: string) {
    this.#path = path
    this.written = write(path, text)
    // Whoever saves hears of a failure; nobody else waits.
    this.written.catch(() => undefined)
  }

  async* text(): AsyncGenerator<string, void, undefined> {
    this.#readers += 1
    try {
      const file = await this.written
      for await (const chunk of file.createReadStream({ autoClose: false, start: 0, highWaterMark: pieceCharacters, encoding: 'utf8' })) yield String(chunk)
    } finally {
      this.#readers -= 1
      await this.#closeUnread()
    }
  }

  async drop(): Promise<void> {
    this.#isDropped = true
    await this.#closeUnread()
  }

  async #closeUnread(): Promise<void> {
    if (!this.#isDropped || this.#readers > 0) return
    const file = await this.written.catch(() => undefined)
    await file?.close().catch(() => undefined)
    if (!isNameless) await unlink(this.#path).catch(() => undefined)
  }
}

export class BigReplies {
  readonly #folder: string
  readonly #byCall = new Map<string, Kept>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The record as a window gets it. */
  shorten(record: CallRecord): CallRecord {
    const { id, response } = record
    if (response === undefined || response.length <= shownCharacters) return record
    this.#byCall.set(id, new Kept(join(this.#folder, `kite-reply-${process.pid}-${id}`), response))
    void this.#dropOld()
    return { ...record, response: wholeCharacters(response.slice(0, shownCharacters)), responseCut: { characters: response.length } }
  }

  /** Copies a reply to `path`, or yields its text in parts where there is none. */
  async* save(callId: string, path: string | undefined, signal: AbortSignal): AsyncGenerator<ReplySaving, void, undefined> {
    const kept = this.#byCall.get(callId)
    if (kept === undefined) throw fail('contract', 'ipc', 'app.reply.notKept')
    await kept.written
    const target = path === undefined ? undefined : await opened(path)
    try {
      let bytes = 0
      for await (const text of kept.text()) {
        if (signal.aborted) return
        await target?.writeFile(text)
        bytes += Buffer.byteLength(text)
        yield target === undefined ? { bytes, text } : { bytes }
      }
    } finally {
      await target?.close()
    }
  }

  async dispose(): Promise<void> {
    const all = [...this.#byCall.values()]
    this.#byCall.clear()
    await Promise.all(all.map((kept) => kept.drop()))
  }

  async #dropOld(): Promise<void> {
    const old = [...this.#byCall].slice(0, Math.max(0, this.#byCall.size - keptReplies))
    for (const [id] of old) this.#byCall.delete(id)
    await Promise.all(old.map(([, kept]) => kept.drop()))
  }
}

/** In pieces, so that nothing else waits long. */
async function write(path: string, text: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(path, 'wx+', 0o600)
  try {
    if (isNameless) await unlink(path)
    for (let at = 0; at < text.length;) {
      const piece = wholeCharacters(text.slice(at, at + pieceCharacters))
      await file.writeFile(piece)
      at += piece.length
    }
    return file
  } catch (caught) {
    await file.close()
    throw caught
  }
}

/** A cut never parts the two halves of one character. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff && text.length > 1 ? text.slice(0, -1) : text
}

async function opened(path: string) {
  try {
    return await open(path, 'w')
  } catch (caught) {
    throw new KiteError({ ...KiteError.from(caught, 'ipc').data, code: 'file', at: { file: path } })
  }
}
