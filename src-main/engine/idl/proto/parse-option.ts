// Options and their values: `option (a.b).c = 1;`, `[deprecated = true, (x) = { y: 1 }]`, and the text format inside braces.

import { maxDepth } from '../text/base-parser.ts'
import { token } from '../text/token.ts'
import type { EntryNode, Name, OptionNode, ValueNode } from './ast.ts'
import { hasBadEscape } from './literals.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

export const noOptions: readonly OptionNode[] = []

/** `option name = value;`, the word already taken. */
export function parseOptionStatement(p: Parser): OptionNode | undefined {
  const option = parseOption(p)
  return option !== undefined && p.expect(mark.semicolon) ? option : undefined
}

/** `[a = 1, b = 2]` where there is one; undefined after an error. */
export function parseOptionList(p: Parser): readonly OptionNode[] | undefined {
  if (p.scan.kind !== mark.openBracket) return noOptions
  p.scan.next()
  const options: OptionNode[] = []
  do {
    const option = parseOption(p)
    if (option === undefined) return undefined
    options.push(option)
  } while (p.take(mark.comma))
  return p.expect(mark.closeBracket) ? options : undefined
}

function parseOption(p: Parser): OptionNode | undefined {
  const { start } = p.scan
  const parts = parseOptionName(p)
  if (parts === undefined || !p.expect(mark.equal)) return undefined
  const value = parseValue(p)
  return value === undefined ? undefined : { parts, value, start, end: p.scan.previousEnd }
}

function parseOptionName(p: Parser): OptionNode['parts'] | undefined {
  const parts: (Name & { extension: boolean })[] = []
  const { scan } = p
  do {
    if (p.take(mark.open)) {
      const name = p.path('optionName')
      if (name === undefined || !p.expect(mark.close)) return undefined
      parts.push({ ...name, extension: true })
    } else {
      if (scan.kind !== token.name) return p.unexpected('optionName')
      let at = scan.start
      for (const text of scan.lexeme.split('.')) {
        parts.push({ text, start: at, end: at + text.length, extension: false })
        at += text.length + 1
      }
      scan.next()
    }
  } while (p.take(mark.dot))
  return parts
}

function parseValue(p: Parser): ValueNode | undefined {
  const { scan } = p
  if (scan.kind === mark.openBrace) return parseAggregate(p, mark.closeBrace)
  return parseScalar(p)
}

function parseScalar(p: Parser): ValueNode | undefined {
  const { scan } = p
  const { start } = scan
  if (scan.kind === token.literal) return parseLiterals(p)
  const negative = p.take(mark.minus)
  const { kind } = scan
  if (kind !== token.name && kind !== token.int && kind !== token.float) return p.unexpected('value')
  const text = scan.lexeme
  scan.next()
  return { kind: kind === token.name ? 'name' : kind === token.int ? 'int' : 'float', text, negative, start, end: scan.previousEnd }
}

/** Literals that follow each other are one. */
export function parseLiterals(p: Parser): (ValueNode & { readonly kind: 'string' }) | undefined {
  const { scan } = p
  const { start } = scan
  if (scan.kind !== token.literal) return p.unexpected('literal')
  const literals: string[] = []
  while (scan.kind === token.literal) {
    const { lexeme } = scan
    if (hasBadEscape(lexeme)) p.report('bad-escape', scan, { text: lexeme.slice(0, 40) })
    literals.push(lexeme)
    scan.next()
  }
  return { kind: 'string', literals, start, end: scan.previousEnd }
}

function parseAggregate(p: Parser, close: number): ValueNode | undefined {
  const { scan } = p
  const { start } = scan
  if (p.depth >= maxDepth) {
    p.report('too-deep', scan, { limit: maxDepth })
    p.skipBlock()
    return { kind: 'message', entries: [], start, end: scan.previousEnd }
  }
  scan.next()
  p.depth++
  const entries: EntryNode[] = []
  let sound = true
  while (sound && scan.kind !== close && scan.kind !== token.eof) {
    const entry = parseEntry(p)
    if (entry === undefined) sound = false
    else entries.push(entry)
    if (!p.take(mark.comma)) p.take(mark.semicolon)
  }
  p.depth--
  // One slip within braces is one error: what follows them is read as if they were right.
  if (!sound) p.skipRest()
  else if (!p.expect(close)) return undefined
  return { kind: 'message', entries, start, end: scan.previousEnd }
}

function parseEntry(p: Parser): EntryNode | undefined {
  const name = parseEntryName(p)
  if (name === undefined) return undefined
  const { scan } = p
  const colon = p.take(mark.colon)
  if (!colon && scan.kind !== mark.openBrace && scan.kind !== mark.less && scan.kind !== mark.openBracket) return p.unexpected(':')
  const value = parseEntryValue(p)
  return value === undefined ? undefined : { name, value }
}

function parseEntryName(p: Parser): EntryNode['name'] | undefined {
  const { scan } = p
  const { start } = scan
  if (scan.kind !== mark.openBracket) {
    const name = p.name('optionField')
    return name === undefined ? undefined : { ...name, extension: false }
  }
  scan.next()
  const path = p.path('optionName')
  if (path === undefined) return undefined
  let { text } = path
  while (p.take(mark.slash)) {
    const rest = p.path('optionName')
    if (rest === undefined) return undefined
    text += `/${rest.text}`
  }
  return p.expect(mark.closeBracket) ? { text, start, end: scan.previousEnd, extension: true } : undefined
}

function parseEntryValue(p: Parser): ValueNode | undefined {
  const { scan } = p
  if (scan.kind === mark.openBrace) return parseAggregate(p, mark.closeBrace)
  if (scan.kind === mark.less) return parseAggregate(p, mark.greater)
  return scan.kind === mark.openBracket ? parseList(p) : parseScalar(p)
}

function parseList(p: Parser): ValueNode | undefined {
  const { scan } = p
  const { start } = scan
  scan.next()
  const items: ValueNode[] = []
  if (scan.kind !== mark.closeBracket) {
    do {
      // A list in a list is no text format.
      if (scan.kind === mark.openBracket) return p.unexpected('value')
      const item = parseEntryValue(p)
      if (item === undefined) return undefined
      items.push(item)
    } while (p.take(mark.comma))
  }
  return p.expect(mark.closeBracket) ? { kind: 'list', items, start, end: scan.previousEnd } : undefined
}
