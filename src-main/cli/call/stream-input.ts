// The messages of a stream from a file or standard input, as they come: a stream may be longer than memory, and a person types the next
// message when the last was answered.

import { access, constants } from 'node:fs/promises'
import { fail } from '../../../shared/base/error.ts'
import { JsonSplitter, type JsonPiece } from '../../../shared/logic/json/split.ts'
import { textOfFile } from '../../host/text-of-file.ts'
import type { Host } from '../command.ts'
import type { CallFlags } from './flags.ts'

/** Messages where `--data` or `--file` names a file or standard input; undefined: the body is on the command line. Throws KiteError `file`. */
export async function streamInput({ data, file }: CallFlags, host: Host): Promise<AsyncIterable<JsonPiece> | undefined> {
  const path = data === undefined ? file : data.startsWith('@') ? data.slice(1) : undefined
  if (path === undefined) return undefined
  if (path === '-') return pieces(textOf(host.stdin()))
  await access(path, constants.R_OK).catch((caught: unknown) => {
    throw fail('file', 'usage', 'call.cli.bodyUnreadable', { path, reason: caught instanceof Error && 'code' in caught ? String(caught.code) : String(caught) })
  })
  return pieces(textOfFile(path, host.signal))
}

async function* pieces(texts: AsyncIterable<string>): AsyncGenerator<JsonPiece, void, undefined> {
  const splitter = new JsonSplitter()
  for await (const text of texts) {
    splitter.feed(text)
    for (let piece = splitter.next(); piece !== undefined; piece = splitter.next()) yield piece
  }
  splitter.end()
  for (let piece = splitter.next(); piece !== undefined; piece = splitter.next()) yield piece
}

async function* textOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of chunks) yield decode(() => decoder.decode(chunk, { stream: true }))
  yield decode(() => decoder.decode())
}

function decode(work: () => string): string {
  try {
    return work()
  } catch {
    throw fail('body', 'usage', 'call.cli.bodyNotUtf8', {}, { hint: { key: 'call.cli.bodyNotUtf8Hint' } })
  }
}
