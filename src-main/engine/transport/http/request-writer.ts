// The bytes of a request, and what each of them means. Headers stand as the user wrote them: order, case, repeats. What HTTP/1.1 cannot do
// without (`Host`, `Content-Length`) is added in front and behind only where it is missing.

import { fail } from '../../../../shared/base/error.ts'
import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import type { Captured } from '../transport.ts'
import { headerOf, type HttpRequestParts } from './types.ts'

/** Methods whose request is expected to have a body, so that an empty one is announced (RFC 9110 8.6). */
const withBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const unfit = /[\r\n\0]/

/** A request in bytes; its body is left to whoever knows what it is. Throws KiteError of code `usage` for what cannot stand in a request. */
export function writeRequest(parts: HttpRequestParts, address: string): Captured {
  if (!token.test(parts.method)) throw fail('usage', 'frame', 'http.badMethod', { method: parts.method })
  if (!/^\S+$/.test(parts.path) || unfit.test(parts.path)) throw fail('usage', 'frame', 'http.badPath', { path: parts.path })
  const lines = [`${parts.method} ${parts.path} HTTP/1.1\r\n`, ...allHeaders(parts, address).map(headerLine)]
  const head = lines.map((line) => Buffer.from(line))
  const body = parts.body ?? noBytes
  const bytes = Buffer.concat([...head, crlf, body])
  const children: ByteNode[] = []
  let at = 0
  head.forEach((line, index) => {
    children.push(index === 0 ? requestLine(line.toString(), parts) : headerNode(at, line.toString()))
    at += line.length
  })
  children.push({ start: at, end: at + 2, name: 'end of head', kind: 'stop' })
  const start = at + 2
  return { bytes, nodes: [{ start: 0, end: bytes.length, name: 'HTTP request', kind: 'frame', children }], messages: body.length > 0 ? [{ start, end: bytes.length }] : [] }
}

const crlf = Buffer.from('\r\n')
const noBytes = Buffer.alloc(0)

function allHeaders({ method, headers, body, authority }: HttpRequestParts, address: string): readonly Pair[] {
  const host: readonly Pair[] = headerOf(headers, 'host') === undefined ? [['Host', authority ?? hostOf(address)]] : []
  const measured = headerOf(headers, 'content-length') !== undefined || headerOf(headers, 'transfer-encoding') !== undefined
  const needsLength = !measured && (body !== undefined || withBody.has(method))
  return [...host, ...headers, ...(needsLength ? [['Content-Length', String(body?.length ?? 0)] as const] : [])]
}

/** The path of a Unix socket is no host. */
const hostOf = (address: string): string => (/^(unix:|\/|\\\\)/.test(address) ? 'localhost' : address)

function headerLine([name, value]: Pair): string {
  if (!token.test(name)) throw fail('usage', 'frame', 'http.badHeaderName', { name })
  if (unfit.test(value)) throw fail('usage', 'frame', 'http.badHeaderValue', { name })
  return `${name}: ${value}\r\n`
}

function requestLine(line: string, { method, path }: HttpRequestParts): ByteNode {
  const verbEnd = method.length
  const pathEnd = verbEnd + 1 + Buffer.byteLength(path)
  const end = Buffer.byteLength(line)
  return {
    start: 0, end, name: 'request line', kind: 'header', value: shownText(line.trimEnd()), children: [
      { start: 0, end: verbEnd, name: 'method', kind: 'value', type: 'string', value: method },
      { start: verbEnd + 1, end: pathEnd, name: 'path', kind: 'value', type: 'string', value: shownText(path) },
      { start: pathEnd + 1, end: end - 2, name: 'version', kind: 'value', type: 'string', value: 'HTTP/1.1' },
    ],
  }
}

/** A header line that begins at `start`. */
export function headerNode(start: number, line: string): ByteNode {
  const colon = line.indexOf(':')
  return { start, end: start + Buffer.byteLength(line), name: line.slice(0, colon).trim(), kind: 'info', type: 'header', value: shownText(line.slice(colon + 1).trim()) }
}
