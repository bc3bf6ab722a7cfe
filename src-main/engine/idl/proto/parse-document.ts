// A whole .proto file: syntax or edition, package, imports, options and definitions.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { token } from '../text/token.ts'
import type { ImportKind, ProtoDocument, Range, Visibility } from './ast.ts'
import { literalText } from './literals.ts'
import { parseEnum } from './parse-enum.ts'
import { push } from './parse-body.ts'
import { parseExtend, parseMessage } from './parse-message.ts'
import { parseLiterals, parseOptionStatement } from './parse-option.ts'
import { parseService } from './parse-service.ts'
import { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** Parses one file; all syntax errors go to the findings, and what could be read is returned. */
export function parseProto(source: SourceFile, findings: Findings): ProtoDocument {
  const p = new Parser(source, findings)
  const document: ProtoDocument = { syntax: undefined, package: undefined, imports: [], options: [], messages: [], enums: [], extends: [], services: [] }
  let statements = 0
  while (p.scan.kind !== token.eof && !p.isFull) {
    if (p.take(mark.semicolon)) continue
    if (!parseTopLevel(p, document, statements++)) {
      // A brace too many ends nothing here.
      if (!p.take(mark.closeBrace)) p.skipStatement()
    }
  }
  return document
}

function parseTopLevel(p: Parser, document: ProtoDocument, index: number): boolean {
  const { scan } = p
  if (scan.kind !== token.name) return p.unexpected('protoDefinition') ?? false
  const leading = p.leadingDoc()
  const { start } = scan
  const word = scan.lexeme
  switch (word) {
    case 'syntax':
    case 'edition':
      return parseSyntax(p, document, word === 'edition', index)
    case 'package':
      return parsePackage(p, document)
    case 'import':
      scan.next()
      return parseImport(p, document)
    case 'option':
      scan.next()
      return push(document.options, parseOptionStatement(p))
    case 'export':
    case 'local':
      scan.next()
      return parseDefinition(p, document, start, word, leading)
    default:
      return parseDefinition(p, document, start, undefined, leading)
  }
}

function parseDefinition(p: Parser, document: ProtoDocument, start: number, visibility: Visibility, leading: Range): boolean {
  if (p.takeWord('message')) return documented(p, document.messages, parseMessage(p, start, visibility), leading)
  if (p.takeWord('enum')) return documented(p, document.enums, parseEnum(p, start, visibility), leading)
  if (visibility === undefined) {
    if (p.takeWord('service')) return documented(p, document.services, parseService(p, start), leading)
    if (p.takeWord('extend')) return push(document.extends, parseExtend(p, start, document))
  }
  return p.unexpected('protoDefinition') ?? false
}

function documented<T extends { doc: Range }>(p: Parser, list: T[], node: T | undefined, leading: Range): boolean {
  if (node !== undefined) node.doc = p.docOf(leading)
  return push(list, node)
}

function parseSyntax(p: Parser, document: ProtoDocument, edition: boolean, index: number): boolean {
  const { scan } = p
  const range = { start: scan.start, end: scan.end }
  scan.next()
  if (!p.expect(mark.equal)) return false
  const literal = parseLiterals(p)
  if (literal === undefined) return false
  if (index > 0) p.report('syntax-not-first', range, { word: edition ? 'edition' : 'syntax' })
  document.syntax ??= { text: literalText(literal.literals), start: literal.start, end: literal.end, edition }
  return p.expect(mark.semicolon)
}

function parsePackage(p: Parser, document: ProtoDocument): boolean {
  const { start } = p.scan
  p.scan.next()
  const name = p.path('packageName')
  if (name === undefined) return false
  if (document.package !== undefined) p.report('second-package', { start, end: name.end }, { name: document.package.text })
  else document.package = name
  return p.expect(mark.semicolon)
}

const importKinds: readonly ImportKind[] = ['public', 'weak', 'option']

function parseImport(p: Parser, document: ProtoDocument): boolean {
  const kind = importKinds.find((word) => p.takeWord(word)) ?? 'plain'
  if (p.scan.kind !== token.literal) return p.unexpected('path') ?? false
  const literal = parseLiterals(p)
  if (literal === undefined) return false
  const path = literalText(literal.literals)
  if (document.imports.some((one) => one.path === path)) p.report('duplicate-import', literal, { path })
  else document.imports.push({ path, kind, start: literal.start, end: literal.end })
  return p.expect(mark.semicolon)
}
