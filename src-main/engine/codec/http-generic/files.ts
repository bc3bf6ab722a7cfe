// What bodies are made of and with: their bytes and type, and the files that they name.

import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'

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
