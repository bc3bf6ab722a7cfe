// What a reply looks like: JSON in good order; the text itself where a server answered with text (HTML, plain text), which a record holds as one
// JSON string; nothing where there was no body.

import { readJson } from '../../../shared/logic/json/read.ts'
import { prettyJson } from '../../../shared/logic/json/write.ts'
import type { CallRecord } from '../../../shared/model/call.ts'

export type ShownReply =
  | { readonly kind: 'json' }
  | { readonly kind: 'text'; readonly text: string; readonly type: string }
  | { readonly kind: 'none' }

const largeText = 4 * 1024 * 1024

/** Pretty where it is quick; huge replies are shown as they came. */
export const prettyReply = (text: string): string => (text.length > largeText || readJson(text).root === undefined ? text : prettyJson(text, 2))

/** Of a record that has a response. Only plain HTTP has bodies that are no JSON, or none. */
export function shownReply({ transport, headers, responseCut }: Pick<CallRecord, 'transport' | 'headers' | 'responseCut'>, response: string): ShownReply {
  if (transport !== 'http') return { kind: 'json' }
  const type = headers.findLast(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const saysJson = /[/+]json\b/i.test(type)
  if (response === 'null' && !saysJson) return { kind: 'none' }
  if (!response.startsWith('"') || saysJson) return { kind: 'json' }
  const text = responseCut === undefined ? unquoted(response) : beginning(response)
  return text === undefined ? { kind: 'json' } : { kind: 'text', text, type }
}

/** What the copy button gives: what is shown. */
export function copiedText(record: Pick<CallRecord, 'transport' | 'headers' | 'responseCut' | 'response'>): string {
  const response = record.response ?? ''
  const shown = shownReply(record, response)
  return shown.kind === 'text' ? shown.text : shown.kind === 'none' ? '' : prettyReply(response)
}

const longestEscape = 6

/** Of a string that was cut, perhaps within an escape. */
function beginning(json: string): string | undefined {
  for (let less = 0; less < longestEscape; less++) {
    const text = unquoted(`${json.slice(0, json.length - less)}"`)
    if (text !== undefined) return text
  }
  return undefined
}

function unquoted(json: string): string | undefined {
  try {
    const value = JSON.parse(json) as unknown
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
