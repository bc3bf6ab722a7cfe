// Bodies of type multipart/form-data (RFC 7578), files included.

import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { BodyFault, bodyError } from '../common/fault.ts'
import { readBody } from '../common/read-body.ts'
import { fileOf, readNamed, type BodyTools, type HttpBody } from './files.ts'
import { textsOf } from './form.ts'

/** One part of a multipart body. */
export interface Part {
  readonly name: string
  readonly bytes: Buffer
  readonly filename?: string
  readonly type?: string
}

/** A JSON object as parts: text, numbers and nested values as text; `{"$file": path, "filename"?, "type"?}` as a file; a list repeats its name. */
export function multipartOf(text: string, tools: BodyTools): HttpBody {
  const root = readBody(text, { onWarning: tools.onWarning })
  if (root.kind !== 'object') throw bodyError(new BodyFault(root, 'http.body.formNeedsObject', { found: root.kind }), text, root)
  return multipartBody(root.members.flatMap(({ key, value }) => partsOf(key, value, text, tools)))
}

/** The parts of one member. */
export function partsOf(name: string, node: JsonNode, source: string, tools: BodyTools): readonly Part[] {
  if (node.kind === 'array') return node.items.flatMap((item) => partsOf(name, item, source, tools))
  const file = fileOf(node)
  if (file === undefined) return textsOf(node, source).map((text) => ({ name, bytes: Buffer.from(text) }))
  return [{ name, bytes: readNamed(file.path, tools), filename: file.filename ?? basename(file.path), type: file.type ?? typeOfFile(file.path) }]
}

/** Puts parts between boundaries that none of them holds. */
export function multipartBody(parts: readonly Part[]): HttpBody {
  let boundary = newBoundary()
  while (parts.some(({ bytes }) => bytes.includes(boundary))) boundary = newBoundary()
  const pieces = parts.flatMap((part) => [Buffer.from(headOf(part, boundary)), part.bytes, crlf])
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]) }
}

const crlf = Buffer.from('\r\n')
const newBoundary = (): string => `kite-${randomBytes(12).toString('hex')}`

function headOf({ name, filename, type }: Part, boundary: string): string {
  const file = filename === undefined ? '' : `; filename="${escaped(filename)}"`
  const contentType = type === undefined ? '' : `Content-Type: ${type.replaceAll(/[\r\n]/g, ' ')}\r\n`
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${file}\r\n${contentType}\r\n`
}

/** As browsers escape names (the HTML standard's multipart form data). */
const escaped = (text: string): string => text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A')

const types: Readonly<Record<string, string>> = {
  '.json': 'application/json', '.txt': 'text/plain', '.csv': 'text/csv', '.html': 'text/html', '.xml': 'application/xml', '.pdf': 'application/pdf',
  '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.svg': 'image/svg+xml', '.zip': 'application/zip', '.gz': 'application/gzip',
}

const typeOfFile = (path: string): string => types[/\.[A-Za-z0-9]+$/.exec(path)?.[0].toLowerCase() ?? ''] ?? 'application/octet-stream'
