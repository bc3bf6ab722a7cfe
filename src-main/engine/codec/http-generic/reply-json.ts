// A reply's body as JSON text, whatever it is: JSON stays to the letter, other text becomes a JSON string, bytes become
// `{"$binary": base64, "type": content type}`, and no body is `null`. So a response is always JSON and nothing of it is lost.

import { isUtf8 } from 'node:buffer'
import { fail, type ErrorData } from '../../../../shared/base/error.ts'
import { readHttpHead } from '../../../../shared/logic/http-message.ts'
import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { quoteJson } from '../../../../shared/logic/json/write.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'

/** A reply that a transport handed on as an HTTP message. */
export interface HttpReplyMessage {
  readonly status: number
  readonly headers: readonly Pair[]
  readonly body: Buffer
}

/** Throws KiteError when the message is no reply. */
export function readReplyMessage(message: Buffer): HttpReplyMessage {
  const head = readHttpHead(message)
  const status = /^(?:HTTP\/\d\.\d )?(\d{3})\b/.exec(head?.start ?? '')?.[1]
  if (head === undefined || status === undefined) throw fail('protocol', 'codec', 'http.noReplyMessage', {}, { at: { offset: 0 } })
  return { status: Number(status), headers: head.headers, body: message.subarray(head.bodyAt) }
}

/** The last value of a header. */
export const headerValue = (headers: readonly Pair[], name: string): string | undefined => headerValues(headers, name).at(-1)

/** All values of a header, in order. */
export function headerValues(headers: readonly Pair[], name: string): readonly string[] {
  const wanted = name.toLowerCase()
  return headers.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
}

/** JSON text of a body, with what is doubtful about it. */
export interface BodyJson {
  readonly json: string
  readonly isJson: boolean
  /** Of `json`, where it has been read. */
  readonly root?: JsonNode
  readonly warnings: readonly ErrorData[]
}

/** A body as JSON text. */
export function bodyJson({ headers, body }: Pick<HttpReplyMessage, 'headers' | 'body'>): BodyJson {
  if (body.length === 0) return { json: 'null', isJson: true, warnings: [] }
  const type = headerValue(headers, 'content-type') ?? ''
  const coding = headerValue(headers, 'content-encoding')
  if (coding !== undefined) return { json: binaryJson(body, type), isJson: false, warnings: [fail('protocol', 'codec', 'http.unknownCoding', { coding }).data] }
  const media = (type.split(';')[0] ?? '').trim().toLowerCase()
  const saysJson = /[/+]json$/.test(media)
  const text = textOf(body, type)
  const trimmed = text === undefined ? '' : text.replace(/^\ufeff/, '').trim()
  // Servers send JSON as text/plain, or without a type, often enough; a bare word or number there is text.
  const mayBeJson = saysJson || ((media === '' || media === 'text/plain' || media === 'text/json') && /^[[{]/.test(trimmed))
  const root = mayBeJson ? strictJson(trimmed) : undefined
  if (root !== undefined) return { json: trimmed, isJson: true, root, warnings: [] }
  const warnings = saysJson ? [fail('protocol', 'codec', 'http.replyNotJson', { type }).data] : []
  if (text === undefined || hasControl(text)) return { json: binaryJson(body, type), isJson: false, warnings }
  return { json: quoteJson(text), isJson: false, warnings }
}

const binaryJson = (body: Buffer, type: string): string => `{"$binary":"${body.toString('base64')}","type":${quoteJson(type)}}`

/** What our own reader tolerates, other readers of a record would not. */
function strictJson(text: string): JsonNode | undefined {
  const { root, issues } = readJson(text)
  return issues.every(({ text: said }) => said.key === 'codec.json.repeatedKey') ? root : undefined
}

/** Undefined where the bytes are no text of the named charset. */
function textOf(body: Buffer, type: string): string | undefined {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8'
  // A decoder is dear to make, and nearly all replies are UTF-8.
  if (/^utf-?8$/i.test(charset)) return isUtf8(body) ? body.toString() : undefined
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return undefined
  }
}

// Tab, line breaks, form feed and escape (colours in logs) occur in text; others tell bytes.
const hasControl = (text: string): boolean => /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(text)
