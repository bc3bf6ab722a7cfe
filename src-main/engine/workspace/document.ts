// How every file of a workspace is read: text -> JSON -> format number -> upgrade -> schema. The raw document is kept beside the parsed
// one, so that a later write changes what it means to change and unknown keys, also nested ones, survive.

import type * as z from 'zod'
import { type ErrorData, type KiteError, fail } from '../../../shared/base/error.ts'
import { type Files, readError } from './files.ts'
import { type JsonObject, isObject, parseJson } from './parse-json.ts'
import { currentFormat, upgrade } from './upgrade.ts'

/** A file that could be read. */
export interface Document<T> {
  readonly value: T
  readonly raw: JsonObject
  /** Set when the file's format is newer than this version knows: shown as well as possible, never written. */
  readonly newer?: ErrorData
}

/** Reads one file. Throws KiteError `file` with place and cause. */
export async function readDocument<S extends z.ZodType>(files: Files, path: string, schema: S): Promise<Document<z.output<S>>> {
  return parseDocument(await readText(files, path), path, schema)
}

async function readText(files: Files, path: string): Promise<string> {
  try {
    return (await files.readFile(path)).toString('utf8')
  } catch (caught) {
    throw readError(path, caught)
  }
}

/** The same, for text that was read already. */
export function parseDocument<S extends z.ZodType>(text: string, path: string, schema: S): Document<z.output<S>> {
  const raw = parseJson(text, path)
  if (!isObject(raw)) throw fail('file', 'workspace', 'workspace.notAnObject', { path }, { at: { file: path, line: 1, column: 1 } })
  const format = formatOf(raw, path)
  const isNewer = format > currentFormat
  const upgraded = isNewer ? { ...raw, format: currentFormat } : upgrade(raw, format)
  const parsed = schema.safeParse(upgraded)
  if (!parsed.success) throw isNewer ? newerFormat(path, format) : schemaError(path, parsed.error)
  return { value: parsed.data, raw: isNewer ? raw : upgraded, ...(isNewer ? { newer: newerFormat(path, format).data } : {}) }
}

function formatOf(raw: JsonObject, path: string): number {
  const { format } = raw
  if (typeof format === 'number' && Number.isInteger(format) && format >= 1) return format
  throw fail('file', 'workspace', 'workspace.noFormat', { path }, { at: { file: path, path: 'format' }, hint: { key: 'workspace.noFormatHint' } })
}

function newerFormat(path: string, format: number): KiteError {
  return fail('file', 'workspace', 'workspace.newerFormat', { path, format, known: currentFormat }, { at: { file: path, path: 'format' }, hint: { key: 'workspace.newerFormatHint' } })
}

function schemaError(path: string, error: z.ZodError): KiteError {
  const [first] = error.issues
  const at = { file: path, ...(first === undefined || first.path.length === 0 ? {} : { path: first.path.map(String).join('.') }) }
  return fail('file', 'workspace', 'workspace.wrongShape', { path, cause: first?.message ?? '' }, { at })
}
