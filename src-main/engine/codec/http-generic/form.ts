// Bodies of type application/x-www-form-urlencoded, and query strings: the same pairs of text.

import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import { readJson } from '../../../../shared/logic/json/read.ts'
import { BodyFault, bodyError } from '../common/fault.ts'

/** A JSON object as a form: a list repeats its name, a nested value is its JSON text. Text that is no JSON is taken as a form already (`a=1&b=2`). */
export function formOf(text: string): string {
  const { root } = readJson(text)
  if (root === undefined || text.trim() === '') return text.trim()
  if (root.kind !== 'object') throw bodyError(new BodyFault(root, 'http.body.formNeedsObject', { found: root.kind }), text, root)
  return encodePairs(root.members.flatMap(({ key, value }) => textsOf(value, text).map((one) => [key, one] as const)))
}

/** Values of one member; null is none. */
export function textsOf(node: JsonNode, source: string): readonly string[] {
  if (node.kind === 'array') return node.items.flatMap((item) => (item.kind === 'array' ? [source.slice(item.start, item.end)] : textsOf(item, source)))
  switch (node.kind) {
    case 'null':
      return []
    case 'string':
      return [node.value]
    case 'number':
      return [node.raw]
    case 'boolean':
      return [String(node.value)]
    default:
      return [source.slice(node.start, node.end)]
  }
}

/** `a=1&b=2` by the rules of forms: a blank is `+`. */
export const encodePairs = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([name, value]) => `${encodeFormText(name)}=${encodeFormText(value)}`).join('&')

/** `a=1&b=2` by the rules of URLs: a blank is `%20`, which every server reads. */
export const encodeQuery = (pairs: readonly (readonly [string, string])[]): string => pairs.map(([name, value]) => `${encodeText(name)}=${encodeText(value)}`).join('&')

/** Percent-encodes all but RFC 3986's unreserved characters; half a surrogate pair has no UTF-8 form and becomes U+FFFD. */
export const encodeText = (text: string): string => encodeURIComponent(text.replaceAll(loneSurrogate, '\ufffd')).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)

const encodeFormText = (text: string): string => encodeText(text).replaceAll('%20', '+').replaceAll('~', '%7E')

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
