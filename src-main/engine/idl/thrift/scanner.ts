// Tokens of Thrift text. Lexical rules are thriftgo's (parser/thrift.peg); where Apache's lexer takes more, so does this one.

import type { Text, TextParams } from '../../../../shared/base/error.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { BaseScanner } from '../text/base-scanner.ts'
import { backslash, classTable, codeOf as c, digits, isDigit, isQuote, letters } from '../text/characters.ts'
import { commonMarks, token } from '../text/token.ts'
import { triviaTable } from '../text/trivia.ts'

/** Character codes of the marks that Thrift uses. */
export const mark = { ...commonMarks, star: c('*'), ampersand: c('&') } as const

const isMark = classTable(String.fromCharCode(...Object.values(mark)))
// 1 letter or _, 2 digit, 3 dot: a name starts with 1 and goes on with any of them.
const nameClass = classTable(letters, digits, '.')
const trivia = triviaTable({ spaces: ' \t\v', comments: '/#', strange: '\f' })

export class Scanner extends BaseScanner {
  #unclosed = 0

  constructor(source: SourceFile, findings: Findings) {
    super(source, findings, trivia)
  }

  /** The value of the literal under the cursor: thriftgo unescapes the literal's own quote and nothing else. */
  literalValue(): string {
    const closed = this.end - this.start > 1 && this.text.charCodeAt(this.end - 1) === this.text.charCodeAt(this.start)
    const raw = this.text.slice(this.start + 1, closed ? this.end - 1 : this.end)
    if (!raw.includes('\\')) return raw
    const quote = this.text.charAt(this.start)
    const isEscape = /\\[nrt\\0abfvxu]/.test(raw)
    if (isEscape) this.report('literal-escape', this.start, this.end)
    return raw.replace(/\\([\s\S])/g, (pair, char: string) => (char === quote ? quote : pair))
  }

  protected override scanToken(start: number, code: number): void {
    if (nameClass[code] === 1) this.#name(start)
    else if (isMark[code] === 1) this.take(code, start + 1)
    else if (isQuote(code)) this.#literal(start, code)
    else this.#number(start, code)
  }

  /** A finding that has nothing else to say quotes what it is about. */
  protected override report(code: DiagnosticCode, start: number, end: number, params: TextParams = this.quoted(start, end), suggestion?: Text): void {
    super.report(code, start, end, params, suggestion)
  }

  #name(start: number): void {
    const { text } = this
    let pos = start + 1
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code < 128 && nameClass[code] !== 0) pos++
      else break
    }
    this.take(token.name, pos)
  }

  #literal(start: number, quote: number): void {
    const { text } = this
    const lineEnd = this.lineEnd(start)
    // A literal may span lines, but a file full of open quotes must not be searched to its end for each of them.
    const end = this.#literalEnd(start, quote, this.#unclosed < 16 ? text.length : lineEnd)
    // thriftgo lets the second of two backslashes hide the quote that ends "C:\\\\". Where that runs on to other lines it was not meant.
    const isMeant = end !== undefined && end <= lineEnd
    const other = isMeant ? undefined : this.#pairedLiteralEnd(start, quote, lineEnd)
    const found = other ?? end
    if (found !== undefined) return this.take(token.literal, found)
    this.#unclosed++
    this.unclosedLiteral(start, lineEnd, quote)
  }

  // thriftgo: a backslash right before either quote hides it, whatever stands before the backslash.
  #literalEnd(start: number, quote: number, limit: number): number | undefined {
    const { text } = this
    for (let pos = start + 1; pos < limit; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return pos + 1
      if (code !== backslash) continue
      if (isQuote(text.charCodeAt(pos + 1))) pos++
    }
    return undefined
  }

  // Apache: a doubled backslash is a backslash and hides nothing.
  #pairedLiteralEnd(start: number, quote: number, limit: number): number | undefined {
    const { text } = this
    for (let pos = start + 1; pos < limit; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return pos + 1
      if (code === backslash) pos++
    }
    return undefined
  }

  #number(start: number, first: number): void {
    const { text } = this
    const signed = first === 43 || first === 45
    let pos = signed ? start + 1 : start
    const from = pos
    if (text.charCodeAt(pos) === 48 && (text.charCodeAt(pos + 1) | 32) === 120) return this.#prefixed(start, pos + 2, signed)
    if (text.charCodeAt(pos) === 48 && text.charCodeAt(pos + 1) === 111) return this.#prefixed(start, pos + 2, false)
    while (isDigit(text.charCodeAt(pos))) pos++
    const whole = pos - from
    let kind: number = token.int
    if (text.charCodeAt(pos) === 46) {
      if (isDigit(text.charCodeAt(pos + 1))) {
        for (pos++; isDigit(text.charCodeAt(pos)); ) pos++
        kind = token.float
      } else if (whole > 0) {
        this.report('bad-number', start, pos + 1, undefined, { key: 'idl.hint.digitAfterPoint', params: { number: text.slice(start, pos) } })
        return this.take(token.float, pos + 1)
      }
    }
    if (whole === 0 && kind === token.int) return this.foreign(start)
    const exponent = (text.charCodeAt(pos) | 32) === 101 ? this.#exponentEnd(pos + 1) : undefined
    if (exponent !== undefined) return this.take(token.float, exponent)
    this.take(kind, pos)
  }

  #exponentEnd(from: number): number | undefined {
    const { text } = this
    const sign = text.charCodeAt(from)
    let pos = sign === 43 || sign === 45 ? from + 1 : from
    if (!isDigit(text.charCodeAt(pos))) return undefined
    while (isDigit(text.charCodeAt(pos))) pos++
    return pos
  }

  #prefixed(start: number, from: number, signed: boolean): void {
    const { text } = this
    let pos = from
    while (text.charCodeAt(pos) < 128 && nameClass[text.charCodeAt(pos)] !== 0) pos++
    const valid = text.charCodeAt(from - 1) === 111 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/
    if (!valid.test(text.slice(from, pos))) this.report('bad-number', start, pos)
    else if (signed || text.charCodeAt(from - 1) === 88) this.report('signed-hex', start, pos)
    this.take(token.int, pos)
  }
}
