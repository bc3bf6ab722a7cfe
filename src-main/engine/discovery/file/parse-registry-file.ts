// The static registry: `services:` maps a name to its instances, in YAML or JSON (JSON is YAML). Entries that are wrong are told with
// their place and left out; a file that is wrong as a whole is one error.

import { parseDocument, isMap, isSeq, LineCounter, type Document, type ParsedNode } from 'yaml'
import { fail, type ErrorData, type KiteError } from '../../../../shared/base/error.ts'
import type { Instance } from '../../../../shared/model/instance.ts'
import { readInstance, unreadable } from '../instance-value.ts'
import type { ServiceTable } from '../mirror.ts'

/** Throws KiteError `service_discovery` with line and column when the text is no such file. */
export function parseRegistryFile(text: string, file: string): Map<string, ServiceTable> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const broken = document.errors[0]
  if (broken !== undefined) throw notARegistry(file, broken.message, lines.linePos(broken.pos[0]))
  if (document.contents === null) return new Map()
  const services = document.get('services', true)
  if (!isMap(services)) throw notARegistry(file, undefined, { line: 1, col: 1 })
  const tables = new Map<string, ServiceTable>()
  for (const { key, value } of services.items) {
    const service = String(key)
    const place = (node: unknown): string => `${file}:${lineOf(node, lines)}`
    tables.set(service, isSeq(value) ? readService(value.items, document, place) : { instances: [], problems: value === null ? [] : [unreadable(place(value), service)] })
  }
  return tables
}

function readService(items: readonly unknown[], document: Document.Parsed<ParsedNode>, place: (node: unknown) => string): ServiceTable {
  const instances = new Map<string, Instance>()
  const problems: ErrorData[] = []
  for (const item of items) {
    const plain: unknown = toPlain(item, document)
    const read = readInstance(typeof plain === 'string' ? { address: plain } : plain, place(item))
    if (read.ok) instances.set(read.value.address, read.value)
    else problems.push(read.error)
  }
  return { instances: [...instances.values()], problems }
}

function toPlain(node: unknown, document: Document.Parsed<ParsedNode>): unknown {
  if (typeof node !== 'object' || node === null || !('toJS' in node) || typeof node.toJS !== 'function') return node
  return Reflect.apply(node.toJS, node, [document])
}

function lineOf(node: unknown, lines: LineCounter): number {
  const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : [0]
  const start: unknown = range[0]
  return lines.linePos(typeof start === 'number' ? start : 0).line
}

/** `cause` is what the YAML parser says; undefined where it had no complaint. */
function notARegistry(file: string, cause: string | undefined, { line, col }: { line: number; col: number }): KiteError {
  const at = { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  const [key, params] = cause === undefined ? ['discovery.noServicesMap', {}] : ['discovery.notARegistryFile', { cause }]
  return fail('service_discovery', 'discovery', key, params, { at, hint: { key: 'discovery.registryFileForm' } })
}
