// What parsing functions of every language share: the scanner, findings, and the ways to expect. A parse function returns undefined after it
// has reported; whoever loops over a list then goes on where the language's own parser says, so that one run finds all errors of a file.

import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import type { BaseScanner } from './base-scanner.ts'
import { noRange, type Name, type Range } from './range.ts'
import { token } from './token.ts'

/** Nesting beyond this is refused: no real file comes near, protoc takes half of it, and a hostile file must not use up the stack. */
export const maxDepth = 64

export abstract class BaseParser<S extends BaseScanner> {
  readonly scan: S
  readonly source: SourceFile
  readonly #findings: Findings

  constructor(scan: S, findings: Findings) {
    this.scan = scan
    this.source = scan.source
    this.#findings = findings
    scan.next()
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
    if (this.take(kind)) return true
    this.unexpected(String.fromCharCode(kind))
    return false
  }

  name(expected: string): Name | undefined {
    return this.scan.kind === token.name ? this.takeName() : this.unexpected(expected)
  }

  protected takeName(): Name {
    const { scan } = this
    const name = { text: scan.lexeme, start: scan.start, end: scan.end }
    scan.next()
    return name
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
}
