// Bytes in a body, whatever codec takes them: base64 in either alphabet, or `{"$file": path}`, whose file the host reads.

import type { JsonNode, JsonObject } from '../../../../shared/logic/json/node.ts'
import { readBase64 } from './binary-text.ts'
import { BodyFault, wrongType } from './fault.ts'

/** Reads the file that `{"$file": path}` names; undefined where a host gives none. */
export type ReadBodyFile = ((path: string) => Uint8Array) | undefined

/** The bytes that a value stands for; `written` is its type in the IDL. Throws {@link BodyFault}. */
export function bytesFromJson(written: string, node: JsonNode, readFile: ReadBodyFile): Buffer {
  if (node.kind === 'object') return file(written, node, readFile)
  if (node.kind !== 'string') return wrongType('binary', written, node)
  const bytes = readBase64(node.value)
  if (bytes === undefined) throw new BodyFault(node, 'codec.body.badBase64', { type: written })
  return bytes
}

function file(written: string, node: JsonObject, readFile: ReadBodyFile): Buffer {
  const [member] = node.members
  if (node.members.length !== 1 || member?.key !== '$file' || member.value.kind !== 'string') return wrongType('binary', written, node)
  const path = member.value.value
  if (readFile === undefined) throw new BodyFault(node, 'codec.body.noFiles', { path })
  try {
    return Buffer.from(readFile(path))
  } catch (thrown) {
    throw new BodyFault(node, 'codec.body.fileUnreadable', { path, reason: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}
