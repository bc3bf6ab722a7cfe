// Tokens of .proto text. Lexical rules are protoc's (google/protobuf/io/tokenizer.cc); a dotted name is one token here, since nearly every
// type is written as one.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { BaseScanner } from '../text/base-scanner.ts'
import { backslash, classTable, codeOf as c, digits, isDigit, isLineBreak, isQuote, letters } from '../text/characters.ts'
import { commonMarks, token } from '../text/token.ts'
import { triviaTable } from '../text/trivia.ts'

/** Character codes of the marks that Protobuf uses. */
export const mark = { ...commonMarks, dot: c('.'), minus: c('-'), slash: c('/') } as const

const isMark = classTable(String.fromCharCode(...Object.values(mark)))
// 1 letter or _, 2 digit.
const nameClass = classTable(letters, digits)
const trivia = triviaTable({ spaces: ' \t\v\f', comments: '/', strange: '' })
const dot = 46

export class Scanner extends BaseScanner {
  /** The name under the cursor has dots in it. */
  dotted = false

  constructor(source: SourceFile, findings: Findings) {
    super(source, findings, trivia)
  }

  override lookAhead<T>(look: () => T): T {
    const { dotted } = this
    const answer = super.lookAhead(look)
    this.dotted = dotted
    return answer
  }

  protected override scanToken(start: number, code: number): void {
    const kind = nameClass[code]
    if (kind === 1) this.#name(start)
    else if (kind === 2 || (code === dot && isDigit(this.text.charCodeAt(start + 1)))) this.#number(start, code)
    else if (isMark[code] === 1) this.take(code, start + 1)
    else if (isQuote(code)) this.#literal(start, code)
    else this.foreign(start)
  }

  #name(start: number): void {
    const { text } = this
    let pos = start + 1
    this.dotted = false
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code < 128 && nameClass[code] !== 0) pos++
      else if (code === dot && nameClass[text.charCodeAt(pos + 1)] === 1) {
        this.dotted = true
        pos += 2
      } else break
    }
    this.take(token.name, pos)
  }

  // A literal ends on its line: an open quote costs one line, not the file.
  #literal(start: number, quote: number): void {
    const { text } = this
    for (let pos = start + 1; pos < text.length; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return this.take(token.literal, pos + 1)
      if (isLineBreak(code)) return this.unclosedLiteral(start, pos, quote)
      if (code === backslash && !isLineBreak(text.charCodeAt(pos + 1))) pos++
    }
    this.unclosedLiteral(start, text.length, quote)
  }

  #number(start: number, first: number): void {
    const { text } = this
    let pos = start
    let kind: number = token.int
    if (first === 48 && (text.charCodeAt(start + 1) | 32) === 120) {
      for (pos += 2; nameClass[text.charCodeAt(pos)] !== undefined && nameClass[text.charCodeAt(pos)] !== 0; ) pos++
      return this.#numberToken(start, pos, /^0[xX][0-9a-fA-F]+$/, token.int)
    }
    while (isDigit(text.charCodeAt(pos))) pos++
    if (text.charCodeAt(pos) === dot) {
      kind = token.float
      for (pos++; isDigit(text.charCodeAt(pos)); ) pos++
    }
    if ((text.charCodeAt(pos) | 32) === 101) {
      kind = token.float
      const sign = text.charCodeAt(pos + 1)
      for (pos += sign === 43 || sign === 45 ? 2 : 1; isDigit(text.charCodeAt(pos)); ) pos++
    }
    const plainEnd = pos
    while (nameClass[text.charCodeAt(pos)] !== undefined && nameClass[text.charCodeAt(pos)] !== 0) pos++
    if (kind === token.int && first !== 48 && pos === plainEnd) return this.take(kind, pos)
    this.#numberToken(start, pos, kind === token.int ? /^(0[0-7]*|[1-9][0-9]*)$/ : /^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/, kind)
  }

  #numberToken(start: number, end: number, valid: RegExp, kind: number): void {
    const text = this.text.slice(start, end)
    if (!valid.test(text)) this.report('bad-number', start, end, this.quoted(start, end))
    this.take(kind, end)
  }
}
