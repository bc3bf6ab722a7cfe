// The body of a plain HTTP request from what the user typed: JSON, form, multipart or the bytes as they are. Pure but for the files that the
// body names, which a host reads.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { prettyJson } from '../../../../shared/logic/json/write.ts'
import { readBody } from '../thrift/body.ts'
import { formOf } from './form.ts'
import { multipartOf } from './multipart.ts'

/** How a body is sent; `auto` sends JSON text as JSON and all else as it is. */
export type BodyKind = 'auto' | 'json' | 'form' | 'multipart' | 'raw'

export interface HttpBody {
  /** Undefined where there is no body. */
  readonly contentType: string | undefined
  readonly bytes: Buffer
}

export interface BodyTools {
  /** Reads the file that `{"$file": path}` names; undefined where files may not be read. */
  readonly readFile: ((path: string) => Buffer) | undefined
  readonly onWarning?: ((warning: ErrorData) => void) | undefined
}

/** No body and no type. */
export const noBody: HttpBody = { contentType: undefined, bytes: Buffer.alloc(0) }

/** Throws KiteError of code `body` that says line and column. */
export function httpBodyOf(text: string, kind: BodyKind, tools: BodyTools): HttpBody {
  switch (kind) {
    case 'auto':
      return autoBody(text, tools)
    case 'json':
      return jsonBody(text, tools)
    case 'form':
      return { contentType: 'application/x-www-form-urlencoded', bytes: Buffer.from(formOf(text)) }
    case 'multipart':
      return multipartOf(text, tools)
    case 'raw':
      return rawBody(text, tools)
  }
}

function autoBody(text: string, tools: BodyTools): HttpBody {
  if (text.trim() === '') return noBody
  const file = fileNamedBy(text, tools)
  if (file !== undefined) return file
  return readJson(text).root === undefined ? textBody(text) : jsonBody(text, tools)
}

/** What other readers would refuse (comments, trailing commas) is not sent. */
function jsonBody(text: string, tools: BodyTools): HttpBody {
  if (text.trim() === '') return noBody
  readBody(text, { onWarning: tools.onWarning })
  const isStrict = readJson(text).issues.length === 0
  return { contentType: 'application/json', bytes: Buffer.from(isStrict ? text.trim() : prettyJson(text)) }
}

function rawBody(text: string, tools: BodyTools): HttpBody {
  return text === '' ? noBody : fileNamedBy(text, tools) ?? textBody(text)
}

const textBody = (text: string): HttpBody => ({ contentType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) })

/** `{"$file": path, "type"?}` as the whole body: the bytes of that file. */
function fileNamedBy(text: string, tools: BodyTools): HttpBody | undefined {
  if (!text.includes('"$file"')) return undefined
  const { root } = readJson(text)
  const file = root === undefined ? undefined : fileOf(root)
  return file === undefined ? undefined : { contentType: file.type ?? 'application/octet-stream', bytes: readNamed(file.path, tools) }
}

/** A file that a body names. */
export interface NamedFile {
  readonly path: string
  readonly filename: string | undefined
  readonly type: string | undefined
}

/** What `{"$file": path, "filename"?, "type"?}` says, or undefined when a value is no such object. */
export function fileOf(node: JsonNode): NamedFile | undefined {
  if (node.kind !== 'object' || node.members.some(({ key }) => !['$file', 'filename', 'type'].includes(key))) return undefined
  const path = textMember(node, '$file')
  return path === undefined ? undefined : { path, filename: textMember(node, 'filename'), type: textMember(node, 'type') }
}

function textMember({ members }: JsonObject, key: string): string | undefined {
  const value = members.findLast((member) => member.key === key)?.value
  return value?.kind === 'string' ? value.value : undefined
}

/** Throws KiteError of code `body`. */
export function readNamed(path: string, { readFile }: BodyTools): Buffer {
  if (readFile === undefined) throw fail('body', 'codec', 'codec.body.noFiles', { path })
  try {
    return readFile(path)
  } catch (caught) {
    throw fail('body', 'codec', 'codec.body.fileUnreadable', { path, reason: caught instanceof Error ? caught.message : String(caught) })
  }
}
