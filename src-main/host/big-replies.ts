// Replies that are too large for a window: it gets the beginning, at once, and the whole lies in a file from which it can be saved. Neither the
// window nor its connection ever holds a reply of a hundred megabytes.

import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KiteError, fail } from '../../shared/base/error.ts'
import type { ReplySaving } from '../../shared/ipc/streams.ts'
import type { CallRecord } from '../../shared/model/call.ts'

/** What a window shows of a reply, in UTF-16 units. */
export const shownCharacters = 512 * 1024
const pieceCharacters = 4 * 1024 * 1024
const keptReplies = 4

interface Kept {
  readonly path: string
  readonly characters: number
  /** Settles when the file is whole. */
  readonly written: Promise<void>
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
    const path = join(this.#folder, `${id}.json`)
    const written = this.#write(path, response)
    // Whoever saves hears of a failure; nobody else waits.
    written.catch(() => undefined)
    this.#byCall.set(id, { path, characters: response.length, written })
    void this.#dropOld()
    return { ...record, response: wholeCharacters(response.slice(0, shownCharacters)), responseCut: { characters: response.length } }
  }

  /** Copies a reply to `path`, or yields its text in parts where there is none. */
  async* save(callId: string, path: string | undefined, signal: AbortSignal): AsyncGenerator<ReplySaving, void, undefined> {
    const kept = this.#byCall.get(callId)
    if (kept === undefined) throw fail('contract', 'ipc', 'app.reply.notKept')
    await kept.written
    const source = await opened(kept.path, 'r')
    const target = path === undefined ? undefined : await opened(path, 'w')
    try {
      let bytes = 0
      for await (const chunk of source.createReadStream({ autoClose: false, highWaterMark: pieceCharacters, encoding: 'utf8' })) {
        if (signal.aborted) return
        const text = String(chunk)
        await target?.writeFile(text)
        bytes += Buffer.byteLength(text)
        yield target === undefined ? { bytes, text } : { bytes }
      }
    } finally {
      await source.close()
      await target?.close()
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#byCall.values()].map(({ written }) => written.catch(() => undefined)))
    this.#byCall.clear()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** In pieces, so that nothing else waits long. */
  async #write(path: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    const file = await open(path, 'w', 0o600)
    try {
      for (let at = 0; at < text.length;) {
        const piece = wholeCharacters(text.slice(at, at + pieceCharacters))
        await file.writeFile(piece)
        at += piece.length
      }
    } finally {
      await file.close()
    }
  }

  async #dropOld(): Promise<void> {
    const old = [...this.#byCall].slice(0, Math.max(0, this.#byCall.size - keptReplies))
    for (const [id, { path, written }] of old) {
      this.#byCall.delete(id)
      await written.catch(() => undefined)
      await rm(path, { force: true })
    }
  }
}

/** A cut never parts the two halves of one character. */
function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff && text.length > 1 ? text.slice(0, -1) : text
}

async function opened(path: string, flags: 'r' | 'w') {
  try {
    return await open(path, flags)
  } catch (caught) {
    throw new KiteError({ ...KiteError.from(caught, 'ipc').data, code: 'file', at: { file: path } })
  }
}
