// What all parsing functions share: the scanner, findings, and the ways to expect, skip and resynchronise. A parse function returns
// undefined after it has reported; whoever loops over a body then skips to the next statement, so that one run finds all errors of a file.

import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { noRange, type Name, type Range } from './ast.ts'
import { mark, Scanner, token } from './scanner.ts'

/** Nesting of messages and option values beyond this is refused: protoc takes half of it, and a hostile file must not use up the stack. */
export const maxDepth = 64

const bodyWords: ReadonlySet<string> = new Set(['message', 'enum', 'service', 'oneof', 'extend', 'export', 'local'])
const statementWords: ReadonlySet<string> = new Set([
  'option', 'reserved', 'extensions', 'rpc', 'optional', 'required', 'repeated', 'import', 'package', 'syntax', 'edition',
])

export class Parser {
  readonly scan: Scanner
  readonly source: SourceFile
  /** Of messages and values around the cursor. */
  depth = 0
  readonly #findings: Findings

  constructor(source: SourceFile, findings: Findings) {
    this.source = source
    this.#findings = findings
    this.scan = new Scanner(source, findings)
    this.scan.next()
  }

  get isFull(): boolean {
    return this.#findings.isFull(this.source)
  }

  report(code: DiagnosticCode, range: Range, params?: TextParams, suggestion?: Text): void {
    if (this.scan.muted) return
    this.#findings.add(this.source, { code, start: range.start, end: range.end, ...(params === undefined ? {} : { params }), ...(suggestion === undefined ? {} : { suggestion }) })
  }

  /** Reports the token under the cursor; `expected` is a catalogue key below `idl.expected.` or a mark. */
  unexpected(expected: string): undefined {
    const { scan } = this
    // The scanner has already said what is wrong with this character.
    if (scan.kind === token.bad || scan.muted) return undefined
    // Something missing is best shown where it should stand, not at whatever comes lines later.
    const isMissing = scan.newlineBefore && scan.previousEnd > 0
    const at = isMissing ? { start: scan.previousEnd, end: scan.previousEnd } : { start: scan.start, end: Math.min(scan.end, scan.start + 80) }
    if (scan.kind === token.eof) this.report('unexpected-end', at)
    else {
      const isMark = expected.length === 1
      const params = { found: scan.text.slice(scan.start, Math.min(scan.end, scan.start + 40)), ...(isMark ? { mark: expected } : {}) }
      this.#findings.add(this.source, { code: 'unexpected-token', key: `idl.expected.${isMark ? 'mark' : expected}`, ...at, params })
    }
    return undefined
  }

  take(kind: number): boolean {
    if (this.scan.kind !== kind) return false
    this.scan.next()
    return true
  }

  takeWord(word: string): boolean {
    if (!this.scan.isWord(word)) return false
    this.scan.next()
    return true
  }

  expect(kind: number): boolean {
    if (this.scan.kind === kind) {
      this.scan.next()
      return true
    }
    this.unexpected(String.fromCharCode(kind))
    return false
  }

  /** One identifier. */
  name(expected: string): Name | undefined {
    const { scan } = this
    if (scan.kind !== token.name || scan.dotted) return this.unexpected(expected)
    const name = { text: scan.lexeme, start: scan.start, end: scan.end }
    scan.next()
    return name
  }

  /** A name with dots, a leading one too. Blanks around dots are legal, and dropped. */
  path(expected: string): Name | undefined {
    const { scan } = this
    const { start } = scan
    let text = ''
    if (scan.kind === mark.dot) {
      text = '.'
      scan.next()
    }
    if (scan.kind !== token.name) return this.unexpected(expected)
    text += scan.lexeme
    scan.next()
    while (scan.kind === mark.dot) {
      scan.next()
      if (scan.kind !== token.name) return this.unexpected(expected)
      text += `.${scan.lexeme}`
      scan.next()
    }
    return { text, start, end: scan.previousEnd }
  }

  /** Comments above the token under the cursor. Ask before parsing a node. */
  leadingDoc(): Range {
    return this.scan.leadStart < 0 ? noRange : { start: this.scan.leadStart, end: this.scan.leadEnd }
  }

  /** The leading comments, or else those that follow the node on its last line. Ask after parsing it. */
  docOf(leading: Range): Range {
    if (leading.start >= 0 || this.scan.trailStart < 0) return leading
    return { start: this.scan.trailStart, end: this.scan.trailEnd }
  }

  /** Skips a broken statement: behind its semicolon or its block, or before the end of the body or a line that begins like a statement. */
  skipStatement(): void {
    const { scan } = this
    const from = scan.start
    for (let depth = 0; scan.kind !== token.eof; scan.next()) {
      const { kind } = scan
      if (depth === 0 && scan.newlineBefore && scan.start > from && this.#mayStartStatement()) return
      if (kind === mark.openBrace) depth++
      else if (kind === mark.closeBrace) {
        if (depth === 0) return
        if (--depth === 0) return scan.next()
      } else if (kind === mark.semicolon && depth === 0) return scan.next()
    }
  }

  /** A definition that stands only at the top of a file begins here: inside a body it means that the body's end is missing. */
  atTopLevel(): boolean {
    const { scan } = this
    if (scan.kind !== token.name || !scan.newlineBefore) return false
    if (scan.isWord('service')) return scan.lookAhead(() => (scan.next(), scan.kind === token.name && (scan.next(), scan.kind === mark.openBrace)))
    if (scan.isWord('import')) return scan.lookAhead(() => (scan.next(), scan.kind === token.literal))
    if (scan.isWord('syntax')) return scan.lookAhead(() => (scan.next(), scan.kind === mark.equal && (scan.next(), scan.kind === token.literal)))
    return false
  }

  #mayStartStatement(): boolean {
    const { scan } = this
    if (scan.kind !== token.name) return false
    const word = scan.lexeme
    if (statementWords.has(word)) return true
    return scan.lookAhead(() => {
      scan.next()
      if (scan.kind === mark.less) return word === 'map'
      if (scan.kind !== token.name || scan.newlineBefore) return false
      scan.next()
      return scan.kind === mark.equal || (scan.kind === mark.openBrace && bodyWords.has(word))
    })
  }

  /** Skips what is left of a block, its closing brace too. */
  skipRest(): void {
    const { scan } = this
    for (let depth = 1; scan.kind !== token.eof; ) {
      const { kind } = scan
      if (kind === mark.openBrace) depth++
      else if (kind === mark.closeBrace) depth--
      scan.next()
      if (depth === 0) return
    }
  }

  /** Skips a block whose opening mark is under the cursor; iterative, so the depth of the input does not matter. */
  skipBlock(): void {
    const { scan } = this
    let depth = 0
    do {
      const { kind } = scan
      if (kind === mark.openBrace || kind === mark.openBracket || kind === mark.less) depth++
      else if (kind === mark.closeBrace || kind === mark.closeBracket || kind === mark.greater) depth--
      scan.next()
    } while (depth > 0 && scan.kind !== token.eof)
  }
}
