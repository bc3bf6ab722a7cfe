// Turns text into tokens, one ahead: the cursor, all that stands between tokens, and characters that no token begins with. A language adds
// its table of trivia and how its tokens read. Nothing is allocated per token: the parser asks for the text of those it keeps.

import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { carriageReturn, codeOf, codePoint, isLineBreak, isQuote, newline, printable, slash, star, strangeSpace, twins } from './characters.ts'
import { token } from './token.ts'
import { comment, lineBreak, space, strange } from './trivia.ts'

export abstract class BaseScanner {
  readonly source: SourceFile
  readonly text: string
  /** The token under the cursor. */
  kind: number = token.eof
  start = 0
  end = 0
  /** End of the token before. */
  previousEnd = 0
  /** A line break stands between the token before and this one. */
  newlineBefore = false
  /** Comments right above this token; -1 where there are none. */
  leadStart = -1
  leadEnd = -1
  /** Comments after the token before, on its line; -1 where there are none. */
  trailStart = -1
  trailEnd = -1
  /** Silences findings while the parser looks ahead. */
  muted = false
  #lineFrom = 0
  #lineTo = -1
  readonly #trivia: Uint8Array
  readonly #findings: Findings

  constructor(source: SourceFile, findings: Findings, triviaOfLanguage: Uint8Array) {
    this.source = source
    this.text = source.text
    this.#trivia = triviaOfLanguage
    this.#findings = findings
  }

  /** Reads the token at `start`, whose first character is `code`, below 128, and ends in `take` or `foreign`. */
  protected abstract scanToken(start: number, code: number): void

  /** The token's text; of a literal, with its quotes. */
  get lexeme(): string {
    return this.text.slice(this.start, this.end)
  }

  isWord(word: string): boolean {
    return this.kind === token.name && this.end - this.start === word.length && this.text.startsWith(word, this.start)
  }

  next(): void {
    this.previousEnd = this.end
    const start = this.#skipTrivia(this.end)
    this.start = start
    const code = this.text.charCodeAt(start)
    if (code < 128) this.scanToken(start, code)
    else if (start >= this.text.length) this.take(token.eof, start)
    else this.foreign(start)
  }

  /** Tries something and comes back; nothing is reported meanwhile. */
  lookAhead<T>(look: () => T): T {
    const { kind, start, end, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted } = this
    this.muted = true
    const answer = look()
    Object.assign(this, { kind, start, end, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted })
    return answer
  }

  protected take(kind: number, end: number): void {
    this.kind = kind
    this.end = end
  }

  #skipTrivia(from: number): number {
    const { text } = this
    const table = this.#trivia
    let pos = from
    let lines = 0
    let linesSinceComment = 0
    this.leadStart = this.trailStart = -1
    for (;;) {
      const code = text.charCodeAt(pos)
      const found = code < 128 ? table[code] : strangeSpace.test(text.charAt(pos)) ? strange : 0
      if (found === space) pos++
      else if (found === lineBreak) {
        pos += code === carriageReturn && text.charCodeAt(pos + 1) === newline ? 2 : 1
        lines++
        linesSinceComment++
      } else if (found === comment && (code !== slash || text.charCodeAt(pos + 1) === slash || text.charCodeAt(pos + 1) === star)) {
        const end = this.#comment(pos)
        if (lines === 0 && from > 0) {
          if (this.trailStart < 0) this.trailStart = pos
          this.trailEnd = end
        } else {
          // A blank line cuts a comment off: a licence at the head of a file documents nothing.
          if (this.leadStart < 0 || linesSinceComment > 1) this.leadStart = pos
          this.leadEnd = end
        }
        pos = end
        linesSinceComment = 0
      } else if (found === strange) {
        this.report('bad-character', pos, pos + 1, { character: codePoint(code) }, { key: 'idl.hint.usePlainSpace' })
        pos++
      } else break
    }
    if (linesSinceComment > 1) this.leadStart = -1
    this.newlineBefore = lines > 0 || from === 0
    return pos
  }

  #comment(start: number): number {
    const { text } = this
    if (text.charCodeAt(start) === slash && text.charCodeAt(start + 1) === star) {
      const close = text.indexOf('*/', start + 2)
      if (close >= 0) return close + 2
      this.report('unterminated-comment', start, start + 2)
      return text.length
    }
    return this.lineEnd(start)
  }

  /** The last answer is kept: a file may be one long line with many literals. */
  protected lineEnd(start: number): number {
    if (start >= this.#lineFrom && start <= this.#lineTo) return this.#lineTo
    const { text } = this
    let pos = start
    while (pos < text.length && !isLineBreak(text.charCodeAt(pos))) pos++
    this.#lineFrom = start
    this.#lineTo = pos
    return pos
  }

  /** A literal whose quote does not come again is taken up to `end`. */
  protected unclosedLiteral(start: number, end: number, quote: number): void {
    this.report('unterminated-literal', start, end, this.quoted(start, end), { key: 'idl.hint.closeLiteral', params: { quote: String.fromCharCode(quote) } })
    this.take(token.literal, end)
  }

  /** What the language has no use for: reported once a run, then read as what was probably meant, so that one slip is one error. */
  protected foreign(start: number): void {
    const { text } = this
    const char = String.fromCodePoint(text.codePointAt(start) ?? 0)
    const twin = twins[char]
    const end = start + char.length
    if (twin !== undefined) {
      this.report('bad-character', start, end, { character: char }, { key: 'idl.hint.useInstead', params: { right: twin } })
      return isQuote(codeOf(twin)) ? this.take(token.literal, this.#foreignLiteralEnd(end)) : this.take(codeOf(twin), end)
    }
    let pos = end
    while (pos < text.length && text.charCodeAt(pos) > 127 && twins[text.charAt(pos)] === undefined) pos++
    this.report('bad-character', start, pos, { character: printable(text.slice(start, Math.min(pos, start + 20))) })
    this.take(token.bad, pos)
  }

  #foreignLiteralEnd(from: number): number {
    const line = this.text.slice(from, this.lineEnd(from))
    const close = line.search(/[“”‘’"']/)
    return close < 0 ? from + line.length : from + close + 1
  }

  /** A range of the text as a finding quotes it. */
  protected quoted(start: number, end: number): TextParams {
    return { text: this.text.slice(start, Math.min(end, start + 40)) }
  }

  protected report(code: DiagnosticCode, start: number, end: number, params: TextParams = {}, suggestion?: Text): void {
    if (this.muted) return
    this.#findings.add(this.source, { code, start, end, params, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}
