// Bytes of a file to text that a parser can take. thriftgo reads any bytes, and old files carry GBK in their comments, so bytes
// that are no UTF-8 are a warning; a NUL means that the file is no text at all.

import { isAscii, isUtf8 } from 'node:buffer'
import type { Text, TextParams } from '../../../shared/base/error.ts'

/** Larger IDL files are refused before they are read. */
export const maxFileBytes = 64 * 1024 * 1024

/** Reads one file; throws what `node:fs` throws. May return text that an editor has not saved yet. */
export type ReadFile = (path: string, signal?: AbortSignal) => Promise<Uint8Array | string>

export type SourceText =
  | { readonly ok: true; readonly text: string; readonly invalidAt: number | undefined }
  | { readonly ok: false; readonly code: 'file-binary' | 'file-too-large'; readonly params?: TextParams; readonly suggestion?: Text }

/** Decodes, with a byte order mark taken off; `invalidAt` is the offset of the first text that was no UTF-8. */
export function toSourceText(content: Uint8Array | string): SourceText {
  const bytes = typeof content === 'string' ? content.length : content.byteLength
  if (bytes > maxFileBytes) return { ok: false, code: 'file-too-large', params: { megabytes: Math.ceil(bytes / 1048576), limit: maxFileBytes / 1048576 } }
  if (typeof content === 'string') return textOf(content)
  const buffer = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  if (startsWithUtf16Mark(buffer)) return { ok: false, code: 'file-binary', suggestion: { key: 'idl.hint.saveAsUtf8' } }
  if (isAscii(buffer)) return textOf(buffer.toString('latin1'))
  const text = buffer.toString('utf8')
  return textOf(text, isUtf8(buffer) ? undefined : Math.max(0, text.indexOf('\ufffd')))
}

function textOf(text: string, invalidAt?: number): SourceText {
  if (text.includes('\0')) return { ok: false, code: 'file-binary' }
  const hasMark = text.charCodeAt(0) === 0xfeff
  return { ok: true, text: hasMark ? text.slice(1) : text, invalidAt: invalidAt === undefined ? undefined : invalidAt - (hasMark ? 1 : 0) }
}

const startsWithUtf16Mark = (buffer: Buffer): boolean => buffer.length >= 2 && ((buffer[0] === 0xff && buffer[1] === 0xfe) || (buffer[0] === 0xfe && buffer[1] === 0xff))
