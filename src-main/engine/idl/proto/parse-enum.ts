// Enums: values, options, reserved numbers and names.

import { noRange } from '../text/range.ts'
import { token } from '../text/token.ts'
import type { EnumNode, EnumValueNode, Visibility } from './ast.ts'
import { parseBody, push } from './parse-body.ts'
import { parseOptionList, parseOptionStatement } from './parse-option.ts'
import { parseReserved } from './parse-reserved.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** `enum Name { … }`, the word already taken. */
export function parseEnum(p: Parser, start: number, visibility: Visibility): EnumNode | undefined {
  const name = p.name('enumName')
  if (name === undefined || p.scan.kind !== mark.openBrace) return name === undefined ? undefined : p.unexpected('{')
  const node: EnumNode & { end: number; sound: boolean } = { sound: false, name, visibility, values: [], reserved: [], options: [], doc: noRange, start, end: start }
  node.sound = parseBody(p, name, () => parseMember(p, node))
  node.end = p.scan.previousEnd
  return node
}

function parseMember(p: Parser, node: EnumNode): boolean {
  const leading = p.leadingDoc()
  if (p.takeWord('option')) return push(node.options, parseOptionStatement(p))
  if (p.takeWord('reserved')) return push(node.reserved, parseReserved(p))
  const value = parseValue(p)
  if (value !== undefined) value.doc = p.docOf(leading)
  return push(node.values, value)
}

function parseValue(p: Parser): EnumValueNode | undefined {
  const { scan } = p
  const { start } = scan
  const name = p.name('enumValue')
  if (name === undefined || !p.expect(mark.equal)) return undefined
  const from = scan.start
  const negative = p.take(mark.minus)
  if (scan.kind !== token.int) return p.unexpected('integer')
  const number = { text: negative ? `-${scan.lexeme}` : scan.lexeme, start: from, end: scan.end }
  scan.next()
  const options = parseOptionList(p)
  if (options === undefined || !p.expect(mark.semicolon)) return undefined
  return { name, number, options, doc: noRange, start, end: scan.previousEnd }
}
