// A file's text in pieces, however large it is. Bytes that are no UTF-8 are an error with their offset rather than a silent loss.

import { createReadStream } from 'node:fs'
import { fail } from '../../shared/base/error.ts'

/** Throws KiteError `file`. */
export async function* textOfFile(path: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let offset = 0
  const decode = (bytes: Buffer | undefined): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true })
    } catch {
      throw fail('file', 'usage', 'stream.fileNotUtf8', {}, { at: { file: path, offset } })
    }
  }
  const bytes = createReadStream(path, { signal, highWaterMark: 256 * 1024 })
  try {
    for await (const chunk of bytes) {
      if (!Buffer.isBuffer(chunk)) throw new Error('believed: a stream without encoding gives bytes')
      yield decode(chunk)
      offset += chunk.length
    }
    yield decode(undefined)
  } catch (caught) {
    throw unreadable(caught, path)
  }
}

function unreadable(caught: unknown, path: string): unknown {
  if (!(caught instanceof Error) || !('syscall' in caught) || !('code' in caught)) return caught
  return fail('file', 'usage', 'stream.fileUnreadable', { reason: String(caught.code) }, { at: { file: path } })
}
