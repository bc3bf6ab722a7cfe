// A whole file: headers and definitions. thriftgo wants all headers first; Apache does not, so a late one is only warned about.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { token } from '../text/token.ts'
import type { Definition, IncludeNode, NamespaceNode, ThriftDocument } from './ast.ts'
import { definitions } from './parse-definition.ts'
import { parseAnnotations } from './parse-type.ts'
import { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** Namespace words of old Apache files, such as `php_namespace`. */
const legacyNamespaces: ReadonlyMap<string, string> = new Map([
  ['cpp_namespace', 'cpp'], ['php_namespace', 'php'], ['py_module', 'py'], ['perl_package', 'perl'], ['ruby_namespace', 'rb'], ['java_package', 'java'],
  ['smalltalk_category', 'smalltalk.category'], ['smalltalk_prefix', 'smalltalk.prefix'], ['cocoa_prefix', 'cocoa'], ['cocoa_package', 'cocoa'],
  ['csharp_namespace', 'csharp'], ['delphi_namespace', 'delphi'], ['xsd_namespace', 'xsd'],
])

interface Draft {
  readonly includes: IncludeNode[]
  readonly namespaces: NamespaceNode[]
  readonly definitions: Definition[]
  readonly paths: Set<string>
}

/** Parses one file; all syntax errors go to the findings, and what could be read is returned. */
export function parseThrift(source: SourceFile, findings: Findings): ThriftDocument {
  const p = new Parser(source, findings)
  const draft: Draft = { includes: [], namespaces: [], definitions: [], paths: new Set() }
  while (p.scan.kind !== token.eof && !p.isFull) {
    if (!parseTopLevel(p, draft) && p.scan.kind !== token.eof && !p.atDefinition()) p.skipToDefinition()
  }
  return draft
}

function parseTopLevel(p: Parser, draft: Draft): boolean {
  const { scan } = p
  if (scan.kind === mark.comma || scan.kind === mark.semicolon) {
    p.report('separator-after-definition', scan, { mark: scan.lexeme })
    scan.next()
    return true
  }
  if (scan.kind !== token.name) return p.unexpected('definition') ?? false
  const leading = p.leadingDoc()
  const { start } = scan
  const word = scan.lexeme
  const range = { start, end: scan.end }
  const parse = definitions.get(word)
  if (parse !== undefined) {
    scan.next()
    const definition = parse(p, start)
    if (definition === undefined) return false
    draft.definitions.push({ ...definition, doc: p.docOf(leading) })
    return true
  }
  const header = headers.get(word) ?? (legacyNamespaces.has(word) ? parseLegacyNamespace : undefined)
  if (header === undefined) return p.unexpected('definition') ?? false
  if (draft.definitions.length > 0) p.report('header-after-definition', range, { word })
  scan.next()
  return header(p, draft, start, word)
}

const headers: ReadonlyMap<string, (p: Parser, draft: Draft, start: number, word: string) => boolean> = new Map([
  ['include', parseInclude],
  ['cpp_include', (p: Parser) => parsePath(p) !== undefined],
  ['namespace', parseNamespace],
])

function parsePath(p: Parser): string | undefined {
  if (p.scan.kind !== token.literal) return p.unexpected('path')
  const path = p.scan.literalValue()
  p.scan.next()
  return path
}

function parseInclude(p: Parser, draft: Draft): boolean {
  const { start, end } = p.scan
  const path = parsePath(p)
  if (path === undefined) return false
  if (draft.paths.has(path)) p.report('duplicate-include', { start, end }, { path })
  else draft.includes.push({ path, start, end })
  draft.paths.add(path)
  return true
}

function parseNamespace(p: Parser, draft: Draft, start: number): boolean {
  const scope = p.take(mark.star) ? '*' : p.name('namespaceScope')?.text
  if (scope === undefined) return false
  return parseNamespaceName(p, draft, start, scope)
}

function parseLegacyNamespace(p: Parser, draft: Draft, start: number, word: string): boolean {
  const scope = legacyNamespaces.get(word) ?? word
  p.report('legacy-namespace', { start, end: start + word.length }, { word }, { key: 'idl.hint.useInstead', params: { right: `namespace ${scope}` } })
  return parseNamespaceName(p, draft, start, scope)
}

function parseNamespaceName(p: Parser, draft: Draft, start: number, scope: string): boolean {
  // Apache takes a quoted name too, for xsd.
  const name = p.scan.kind === token.literal ? parsePath(p) : p.name('namespaceName')?.text
  if (name === undefined) return false
  parseAnnotations(p)
  draft.namespaces.push({ scope, name, start, end: p.scan.previousEnd })
  return true
}
