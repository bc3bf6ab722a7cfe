// Saves what is kept of a stream as `ndjson`, the very lines of `kite call -o ndjson`: to a path, or in parts to a page, whose browser saves.

import { open } from 'node:fs/promises'
import { KiteError, fail, type ErrorData } from '../../shared/base/error.ts'
import type { StreamExport } from '../../shared/ipc/streams.ts'
import { stringifyExact } from '../../shared/logic/json/write.ts'
import { entryLines } from '../../shared/logic/stream/lines.ts'
import type { StreamFilter } from '../../shared/model/stream-view.ts'
import type { StreamEntry } from '../../shared/model/stream.ts'
import type { StreamSession } from './stream-session.ts'

interface Wanted {
  readonly filter: StreamFilter
  readonly path: string | undefined
}

/** Yields how far it is; with parts of the text where there is no path. */
export async function* exportStream(session: StreamSession, { filter, path }: Wanted, signal: AbortSignal): AsyncGenerator<StreamExport, void, undefined> {
  const lines = new Lines()
  let entries = 0
  const file = path === undefined ? undefined : await opened(path)
  try {
    for await (const page of session.entries(filter)) {
      if (signal.aborted) return
      entries += page.length
      const text = page.map((entry) => lines.of(entry)).join('')
      await file?.writeFile(text)
      yield file === undefined ? { entries, text } : { entries }
    }
    // Of nothing there is an empty file, and the window hears that it is done.
    if (entries === 0) yield { entries }
  } finally {
    await file?.close()
  }
}

async function opened(path: string) {
  try {
    return await open(path, 'w')
  } catch (caught) {
    throw new KiteError({ ...KiteError.from(caught, 'ipc').data, code: 'file', at: { file: path } })
  }
}

class Lines {
  #seq = 0

  of(entry: StreamEntry): string {
    let text = ''
    for (const { event, fields } of entryLines(entry, errorFields)) {
      text += `${stringifyExact({ event, seq: this.#seq, atNs: String(entry.atNs), ...fields })}\n`
      this.#seq += 1
    }
    return text
  }
}

/** Codes and keys, which no language changes. */
const errorFields = ({ code, layer, text, at }: ErrorData): unknown => ({ code, layer, key: text.key, params: text.params ?? {}, ...(at === undefined ? {} : { at }) })

export const noStream = (): KiteError => fail('contract', 'ipc', 'stream.unknown')
