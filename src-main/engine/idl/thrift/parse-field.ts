// Fields: of structs, unions and exceptions in braces, of arguments and throws in parentheses. The same grammar, as in thriftgo.

import type { Requiredness } from '../../../../shared/model/idl.ts'
import { token } from '../text/token.ts'
import type { FieldNode, Name, Range } from './ast.ts'
import { parseConst } from './parse-const.ts'
import { parseAnnotations, parseType } from './parse-type.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** The fields up to and with the closing mark; `owner` is what to name when that mark is missing. */
export function parseFields(p: Parser, close: number, owner: Range): readonly FieldNode[] {
  const { scan } = p
  const fields: FieldNode[] = []
  while (scan.kind !== close) {
    if (p.isFull) break
    if (scan.kind === token.eof || scan.kind === mark.closeBrace || p.atDefinition()) {
      p.report('unclosed-body', owner, { mark: String.fromCharCode(close), name: scan.text.slice(owner.start, Math.min(owner.end, owner.start + 80)) })
      return fields
    }
    const before = scan.start
    const field = parseField(p)
    if (field !== undefined) fields.push(field)
    else if (scan.start === before || !p.startsMember()) skipField(p, close)
  }
  p.take(close)
  return fields
}

function skipField(p: Parser, close: number): void {
  const { scan } = p
  const before = scan.start
  p.skipMember(close)
  const isAtEnd = scan.kind === close || scan.kind === mark.closeBrace || scan.kind === token.eof || p.atDefinition()
  if (scan.start === before && !isAtEnd) scan.next()
}

function parseField(p: Parser): FieldNode | undefined {
  const { scan } = p
  const leading = p.leadingDoc()
  const { start } = scan
  const id = parseId(p)
  if (id === false) return undefined
  const { requiredness, glued } = parseRequiredness(p)
  const type = parseType(p)
  if (type === undefined) return undefined
  if (scan.kind === mark.ampersand) {
    p.report('legacy-keyword', scan, { word: '&' })
    scan.next()
  }
  // An id here means that the name was left out: the next field begins.
  const name: Name | undefined = p.name('fieldName')
  if (name === undefined) return undefined
  let value
  if (p.take(mark.equal)) {
    value = parseConst(p)
    if (value === undefined) return undefined
  }
  parseXsd(p)
  const annotations = parseAnnotations(p)
  const end = scan.previousEnd
  p.separator()
  return { id, requiredness, glued, type, name, value, annotations, start, end, doc: p.docOf(leading) }
}

function parseId(p: Parser): string | undefined | false {
  const { scan } = p
  if (scan.kind !== token.int) return undefined
  const id = scan.lexeme
  scan.next()
  return p.expect(mark.colon) ? id : false
}

// thriftgo reads `required` and `optional` without looking at the next letter, so `requiredFoo x` is a required `Foo`. The
// linker decides between that and a type of the whole name.
function parseRequiredness(p: Parser): { requiredness: Requiredness; glued: string | undefined } {
  const { scan } = p
  if (scan.kind !== token.name) return { requiredness: 'default', glued: undefined }
  for (const word of ['required', 'optional'] as const) {
    if (!scan.text.startsWith(word, scan.start)) continue
    if (scan.end - scan.start > word.length) return gluedRequiredness(p, word)
    scan.next()
    return { requiredness: word, glued: undefined }
  }
  return { requiredness: 'default', glued: undefined }
}

// A container cannot be part of a longer name, so here thriftgo's reading is the only one.
function gluedRequiredness(p: Parser, word: 'required' | 'optional'): { requiredness: Requiredness; glued: string | undefined } {
  const { scan } = p
  const rest = scan.text.slice(scan.start + word.length, scan.end)
  const isContainer = (rest === 'list' || rest === 'set' || rest === 'map') && scan.lookAhead(() => (scan.next(), scan.kind === mark.less))
  if (!isContainer) return { requiredness: 'default', glued: word }
  p.report('glued-requiredness', scan, { word, rest, whole: scan.lexeme })
  scan.start += word.length
  return { requiredness: word, glued: undefined }
}

// Apache's leftovers from XML Schema: `xsd_optional`, `xsd_nillable`, `xsd_attrs { fields }`.
function parseXsd(p: Parser): void {
  const { scan } = p
  while (scan.isWord('xsd_optional') || scan.isWord('xsd_nillable') || scan.isWord('xsd_attrs')) {
    const isAttributes = scan.isWord('xsd_attrs')
    const range = { start: scan.start, end: scan.end }
    if (!isAttributes && scan.lookAhead(() => (scan.next(), scan.kind === token.name && !scan.newlineBefore && !scan.isWord('xsd_nillable') && !scan.isWord('xsd_attrs')))) return
    p.report('legacy-keyword', range, { word: scan.lexeme })
    scan.next()
    if (!isAttributes || !p.take(mark.openBrace)) continue
    p.skipNested([mark.openBrace], [mark.closeBrace], [])
    p.take(mark.closeBrace)
  }
}
