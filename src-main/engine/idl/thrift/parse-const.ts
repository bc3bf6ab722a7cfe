// Constant values as written; what a name stands for and whether a value fits its type is the linker's business.

import { maxDepth } from '../text/base-parser.ts'
import { token } from '../text/token.ts'
import type { ConstNode } from './ast.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** A value: number, literal, name, `[list]` or `{map}`. */
export function parseConst(p: Parser, depth = 0): ConstNode | undefined {
  const { scan } = p
  const { kind, start } = scan
  if (p.startsMember()) return p.unexpected('value')
  if (kind === token.int || kind === token.float || kind === token.name) {
    const text = scan.lexeme
    scan.next()
    return { kind: kind === token.int ? 'int' : kind === token.float ? 'double' : 'name', text, start, end: scan.previousEnd }
  }
  if (kind === token.literal) {
    const text = scan.literalValue()
    scan.next()
    return { kind: 'literal', text, start, end: scan.previousEnd }
  }
  if (kind !== mark.openBracket && kind !== mark.openBrace) return p.unexpected('value')
  if (depth > maxDepth) {
    p.report('too-deep', scan, { limit: maxDepth })
    p.skipNested([mark.openBracket, mark.openBrace], [mark.closeBracket, mark.closeBrace], [])
    return undefined
  }
  scan.next()
  return kind === mark.openBracket ? parseList(p, start, depth) : parseMap(p, start, depth)
}

function parseList(p: Parser, start: number, depth: number): ConstNode | undefined {
  const items: ConstNode[] = []
  while (!p.take(mark.closeBracket)) {
    const item = parseConst(p, depth + 1)
    if (item === undefined) return undefined
    items.push(item)
    p.separator()
  }
  return { kind: 'list', items, start, end: p.scan.previousEnd }
}

function parseMap(p: Parser, start: number, depth: number): ConstNode | undefined {
  const entries: [ConstNode, ConstNode][] = []
  while (!p.take(mark.closeBrace)) {
    const key = parseConst(p, depth + 1)
    if (key === undefined || !p.expect(mark.colon)) return undefined
    const value = parseConst(p, depth + 1)
    if (value === undefined) return undefined
    entries.push([key, value])
    p.separator()
  }
  return { kind: 'map', entries, start, end: p.scan.previousEnd }
}
