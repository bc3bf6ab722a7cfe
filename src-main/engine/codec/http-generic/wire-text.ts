// A JSON value as text for paths, queries, headers, cookies and forms: scalars bare, lists element by element, structs and maps as JSON, which
// Hertz reads there too.

import type { JsonNode } from '../../../../shared/logic/json/node.ts'
import type { IdlType } from '../../../../shared/model/idl.ts'
import { BodyFault } from '../common/fault.ts'
import { bytesOf, enumNumber, real, whole, wireJson, wrongType, type Mapping } from './wire-json.ts'

/** Values of a field: several for a list. Throws BodyFault. */
export function wireTexts(type: IdlType, node: JsonNode, mapping: Mapping): readonly string[] {
  if (type.kind !== 'list' && type.kind !== 'set') return [wireText(type, node, mapping)]
  if (node.kind !== 'array') return wrongType(type, node)
  return node.items.map((item) => {
    if (item.kind === 'null') throw new BodyFault(item, 'codec.body.nullElement', { type: type.element.written })
    return wireText(type.element, item, mapping)
  })
}

function wireText(type: IdlType, node: JsonNode, mapping: Mapping): string {
  switch (type.kind) {
    case 'bool':
      return node.kind === 'boolean' ? String(node.value) : wrongType(type, node)
    case 'i8':
    case 'i16':
    case 'i32':
    case 'i64':
    case 'u32':
    case 'u64':
      return whole(type, node)
    case 'double':
    case 'float':
      return real(type, node).replaceAll('"', '')
    case 'string':
    case 'uuid':
      return node.kind === 'string' ? node.value : wrongType(type, node)
    // Servers take the text itself as the bytes (kitex.md 4.3: no base64 in HTTP generic calls).
    case 'binary':
      return bytesOf(type, node, mapping.tools).toString()
    case 'enum':
      return enumNumber(type, node, mapping)
    default:
      return wireJson(type, node, mapping)
  }
}

/** The value of a header or cookie, which may not break its line. Throws BodyFault. */
export function oneLine(text: string, node: JsonNode, where: 'header' | 'cookie'): string {
  const bad = where === 'header' ? /[\r\n\0]/.exec(text) : /[\r\n\0;]/.exec(text)
  if (bad !== null) throw new BodyFault(node, where === 'header' ? 'http.map.lineBreak' : 'http.map.badCookie')
  return text
}
