// A body that came from a file: it must be UTF-8, and what is wrong in it has its place in that file. Calls and `kite encode` share this.

import { isUtf8 } from 'node:buffer'
import { fail, KiteError } from '../../shared/base/error.ts'

/** Bytes that are no UTF-8 would be lost without a word. */
export function textOf(bytes: Buffer, file: string | undefined): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  const text = bytes.toString('utf8')
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n')
  const at = { ...(file === undefined ? {} : { file }), line: before.length, column: (before.at(-1) ?? '').length + 1 }
  throw fail('body', 'usage', 'call.cli.bodyNotUtf8', {}, { at, hint: { key: 'call.cli.bodyNotUtf8Hint' } })
}

/** A place in the body is a place in the file that it came from. */
export function inFile(caught: unknown, file: string | undefined): unknown {
  if (file === undefined || !(caught instanceof KiteError) || caught.data.code !== 'body' || caught.data.at?.line === undefined) return caught
  return new KiteError({ ...caught.data, at: { file, ...caught.data.at } })
}
