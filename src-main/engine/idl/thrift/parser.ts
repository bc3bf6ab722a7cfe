// What all parsing functions share: the scanner, findings, and the ways to expect, skip and resynchronise. A parse function
// returns undefined after it has reported; whoever loops over a list then skips to the next member, so that one run over a
// file finds all of its errors.

import type { TextParams, Text } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import type { DocRange, Name, Range } from './ast.ts'
import { mark, Scanner, token } from './scanner.ts'

/** Nesting of types and constants beyond this is refused: no real file comes near, and a hostile one must not use up the stack. */
export const maxDepth = 64

const bodyWords = ['struct', 'union', 'exception', 'service', 'enum', 'senum'] as const
const lineWords = ['typedef', 'const', 'namespace', 'include', 'cpp_include'] as const
const noDoc: DocRange = { start: -1, end: -1 }

export class Parser {
  readonly scan: Scanner
  readonly source: SourceFile
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
    if (scan.kind === token.bad) return undefined
    if (scan.muted) return undefined
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
    if (this.take(kind)) return true
    this.unexpected(String.fromCharCode(kind))
    return false
  }

  name(expected: string): Name | undefined {
    const { scan } = this
    if (scan.kind !== token.name) return this.unexpected(expected)
    const name = { text: scan.lexeme, start: scan.start, end: scan.end }
    scan.next()
    return name
  }

  separator(): boolean {
    return this.take(mark.comma) || this.take(mark.semicolon)
  }

  /** Comments above the token under the cursor. Ask before parsing a node. */
  leadingDoc(): DocRange {
    return this.scan.leadStart < 0 ? noDoc : { start: this.scan.leadStart, end: this.scan.leadEnd }
  }

  /** The leading comments, or else those that follow the node on its last line. Ask after parsing it. */
  docOf(leading: DocRange): DocRange {
    if (leading.start >= 0 || this.scan.trailStart < 0) return leading
    return { start: this.scan.trailStart, end: this.scan.trailEnd }
  }

  /** A definition or header begins here: inside a body it means that the body's end is missing. */
  atDefinition(): boolean {
    const { scan } = this
    if (scan.kind !== token.name || !scan.newlineBefore) return false
    if (bodyWords.some((word) => scan.isWord(word))) {
      return scan.lookAhead(() => {
        scan.next()
        if (scan.kind !== token.name) return false
        scan.next()
        return scan.kind === mark.openBrace || scan.isWord('extends')
      })
    }
    if (!lineWords.some((word) => scan.isWord(word))) return false
    const isHeader = scan.isWord('include') || scan.isWord('cpp_include')
    return scan.lookAhead(() => {
      scan.next()
      if (isHeader) return scan.kind === token.literal
      if (scan.kind !== token.name) return scan.kind === mark.star
      scan.next()
      return !scan.newlineBefore && (scan.kind === token.name || scan.kind === mark.less)
    })
  }

  /** Skips a broken member up to its separator (taken), the end of the list (left), a new line that looks like a member, or a definition. */
  skipMember(close: number): void {
    const { scan } = this
    const from = scan.start
    for (let depth = 0; scan.kind !== token.eof; scan.next()) {
      if (depth === 0 && scan.newlineBefore && scan.start > from && this.#mayStartMember()) return
      const { kind } = scan
      if (kind === mark.open || kind === mark.openBracket || kind === mark.openBrace) depth++
      else if (depth > 0 && (kind === mark.close || kind === mark.closeBracket || kind === mark.closeBrace)) depth--
      else if (depth === 0 && (kind === close || kind === mark.closeBrace)) return
      else if (depth === 0 && this.separator()) return
      if (scan.kind === token.eof) return
    }
  }

  /** A field with an id, or a definition, begins on this line. */
  startsMember(): boolean {
    const { scan } = this
    if (!scan.newlineBefore) return false
    if (scan.kind === token.int) return scan.lookAhead(() => (scan.next(), scan.kind === mark.colon))
    return this.atDefinition()
  }

  // People write a member a line: a line that begins like one is a better place to go on than the next separator.
  #mayStartMember(): boolean {
    return this.scan.kind === token.int || this.scan.kind === token.name
  }

  /** Skips to the next line that begins a definition or header. */
  skipToDefinition(): void {
    const { scan } = this
    do scan.next()
    while (scan.kind !== token.eof && !this.atDefinition())
  }

  /** Skips what nests too deeply: iterative, so the depth of the input does not matter. Stops after the bracket that closes it. */
  skipNested(open: readonly number[], close: readonly number[], stop: readonly number[]): void {
    const { scan } = this
    let depth = 0
    while (scan.kind !== token.eof && !stop.includes(scan.kind)) {
      if (open.includes(scan.kind)) depth++
      else if (close.includes(scan.kind)) {
        if (depth === 0) return
        depth--
      }
      scan.next()
    }
  }
}
