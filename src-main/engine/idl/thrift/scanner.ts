// Turns Thrift text into tokens, one ahead. It allocates nothing per token: the parser asks for the text of those it keeps.
// Lexical rules are thriftgo's (parser/thrift.peg); where Apache's lexer takes more, so does this one.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'

/** Kinds of tokens; a punctuation mark's kind is its own character code, all of which are above these. */
export const token = { eof: 0, name: 1, int: 2, double: 3, literal: 4, bad: 5 } as const

const c = (char: string): number => char.charCodeAt(0)
/** Character codes of the marks that Thrift uses. */
export const mark = {
  open: c('('), close: c(')'), openBrace: c('{'), closeBrace: c('}'), openBracket: c('['), closeBracket: c(']'), less: c('<'), greater: c('>'),
  comma: c(','), semicolon: c(';'), colon: c(':'), equal: c('='), star: c('*'), ampersand: c('&'),
} as const

const isMark = new Uint8Array(128)
for (const code of Object.values(mark)) isMark[code] = 1
// 1 letter or _, 2 digit, 4 dot: a name starts with 1 and goes on with any of them.
const nameClass = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  nameClass[code] = /[A-Za-z_]/.test(char) ? 1 : /[0-9]/.test(char) ? 2 : char === '.' ? 4 : 0
}
const isDigit = (code: number): boolean => code >= 48 && code <= 57
const newline = 10
const carriageReturn = 13

/** Full-width marks that an input method leaves behind, and what was meant. */
const twins: Readonly<Record<string, string>> = {
  '，': ',', '；': ';', '：': ':', '（': '(', '）': ')', '｛': '{', '｝': '}', '［': '[', '］': ']', '＜': '<', '＞': '>', '＝': '=', '“': '"', '”': '"', '‘': "'", '’': "'",
}
const strangeSpaces = /[\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff\f]/

export class Scanner {
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
  #unclosed = 0
  #lineFrom = 0
  #lineTo = -1
  readonly #findings: Findings

  constructor(source: SourceFile, findings: Findings) {
    this.source = source
    this.text = source.text
    this.#findings = findings
  }

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
    if (code < 128) {
      if (nameClass[code] === 1) this.#name(start)
      else if (isMark[code] === 1) this.#take(code, start + 1)
      else if (code === 34 || code === 39) this.#literal(start, code)
      else this.#number(start, code)
    } else if (start >= this.text.length) this.#take(token.eof, start)
    else this.#foreign(start)
  }

  /** The value of the literal under the cursor: thriftgo unescapes the literal's own quote and nothing else. */
  literalValue(): string {
    const closed = this.end - this.start > 1 && this.text.charCodeAt(this.end - 1) === this.text.charCodeAt(this.start)
    const raw = this.text.slice(this.start + 1, closed ? this.end - 1 : this.end)
    if (!raw.includes('\\')) return raw
    const quote = this.text.charAt(this.start)
    const isEscape = /\\[nrt\\0abfvxu]/.test(raw)
    if (isEscape) this.#report('literal-escape', this.start, this.end)
    return raw.replace(/\\([\s\S])/g, (pair, char: string) => (char === quote ? quote : pair))
  }

  /** Tries something and comes back; nothing is reported meanwhile. */
  lookAhead<T>(look: () => T): T {
    const { kind, start, end, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted } = this
    this.muted = true
    const answer = look()
    Object.assign(this, { kind, start, end, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted })
    return answer
  }

  #take(kind: number, end: number): void {
    this.kind = kind
    this.end = end
  }

  #name(start: number): void {
    const { text } = this
    let pos = start + 1
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code < 128 && nameClass[code] !== 0) pos++
      else break
    }
    this.#take(token.name, pos)
  }

  #skipTrivia(from: number): number {
    const { text } = this
    let pos = from
    let lines = 0
    let linesSinceComment = 0
    this.leadStart = this.trailStart = -1
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code === 32 || code === 9 || code === 11) pos++
      else if (code === newline || code === carriageReturn) {
        pos += code === carriageReturn && text.charCodeAt(pos + 1) === newline ? 2 : 1
        lines++
        linesSinceComment++
      } else if (code === 35 || (code === 47 && (text.charCodeAt(pos + 1) === 47 || text.charCodeAt(pos + 1) === 42))) {
        const end = this.#comment(pos, code)
        if (lines === 0 && from > 0) {
          if (this.trailStart < 0) this.trailStart = pos
          this.trailEnd = end
        } else {
          // A blank line cuts a comment off: a licence above a namespace documents nothing.
          if (this.leadStart < 0 || linesSinceComment > 1) this.leadStart = pos
          this.leadEnd = end
        }
        pos = end
        linesSinceComment = 0
      } else if ((code > 127 || code === 12) && strangeSpaces.test(text.charAt(pos))) {
        this.#report('bad-character', pos, pos + 1, { key: 'idl.hint.usePlainSpace' }, { character: codePoint(code) })
        pos++
      } else break
    }
    if (linesSinceComment > 1) this.leadStart = -1
    this.newlineBefore = lines > 0 || from === 0
    return pos
  }

  #comment(start: number, code: number): number {
    const { text } = this
    if (code === 47 && text.charCodeAt(start + 1) === 42) {
      const close = text.indexOf('*/', start + 2)
      if (close >= 0) return close + 2
      this.#report('unterminated-comment', start, start + 2)
      return text.length
    }
    return this.#lineEnd(start)
  }

  // The last answer is kept: a file may be one long line with many literals.
  #lineEnd(start: number): number {
    if (start >= this.#lineFrom && start <= this.#lineTo) return this.#lineTo
    const { text } = this
    let pos = start
    for (; pos < text.length; pos++) {
      const code = text.charCodeAt(pos)
      if (code === newline || code === carriageReturn) break
    }
    this.#lineFrom = start
    this.#lineTo = pos
    return pos
  }

  #literal(start: number, quote: number): void {
    const { text } = this
    const lineEnd = this.#lineEnd(start)
    // A literal may span lines, but a file full of open quotes must not be searched to its end for each of them.
    const end = this.#literalEnd(start, quote, this.#unclosed < 16 ? text.length : lineEnd)
    // thriftgo lets the second of two backslashes hide the quote that ends "C:\\\\". Where that runs on to other lines it was not meant.
    const isMeant = end !== undefined && end <= lineEnd
    const other = isMeant ? undefined : this.#pairedLiteralEnd(start, quote, lineEnd)
    const found = other ?? end
    if (found !== undefined) return this.#take(token.literal, found)
    this.#unclosed++
    this.#report('unterminated-literal', start, lineEnd, { key: 'idl.hint.closeLiteral', params: { quote: String.fromCharCode(quote) } })
    this.#take(token.literal, lineEnd)
  }

  // thriftgo: a backslash right before either quote hides it, whatever stands before the backslash.
  #literalEnd(start: number, quote: number, limit: number): number | undefined {
    const { text } = this
    for (let pos = start + 1; pos < limit; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return pos + 1
      if (code !== 92) continue
      const next = text.charCodeAt(pos + 1)
      if (next === 34 || next === 39) pos++
    }
    return undefined
  }

  // Apache: a doubled backslash is a backslash and hides nothing.
  #pairedLiteralEnd(start: number, quote: number, limit: number): number | undefined {
    const { text } = this
    for (let pos = start + 1; pos < limit; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return pos + 1
      if (code === 92) pos++
    }
    return undefined
  }

  #number(start: number, first: number): void {
    const { text } = this
    const signed = first === 43 || first === 45
    let pos = signed ? start + 1 : start
    const digits = pos
    if (text.charCodeAt(pos) === 48 && (text.charCodeAt(pos + 1) | 32) === 120) return this.#prefixed(start, pos + 2, signed)
    if (text.charCodeAt(pos) === 48 && text.charCodeAt(pos + 1) === 111) return this.#prefixed(start, pos + 2, false)
    while (isDigit(text.charCodeAt(pos))) pos++
    const whole = pos - digits
    let kind: number = token.int
    if (text.charCodeAt(pos) === 46) {
      if (isDigit(text.charCodeAt(pos + 1))) {
        for (pos++; isDigit(text.charCodeAt(pos)); ) pos++
        kind = token.double
      } else if (whole > 0) {
        this.#report('bad-number', start, pos + 1, { key: 'idl.hint.digitAfterPoint', params: { number: text.slice(start, pos) } })
        return this.#take(token.double, pos + 1)
      }
    }
    if (whole === 0 && kind === token.int) return this.#foreign(start)
    const exponent = (text.charCodeAt(pos) | 32) === 101 ? this.#exponentEnd(pos + 1) : undefined
    if (exponent !== undefined) return this.#take(token.double, exponent)
    this.#take(kind, pos)
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
    if (!valid.test(text.slice(from, pos))) this.#report('bad-number', start, pos)
    else if (signed || text.charCodeAt(from - 1) === 88) this.#report('signed-hex', start, pos)
    this.#take(token.int, pos)
  }

  // What Thrift has no use for: reported once per run, then read as what was probably meant, so that one slip is one error.
  #foreign(start: number): void {
    const { text } = this
    const char = String.fromCodePoint(text.codePointAt(start) ?? 0)
    const twin = twins[char]
    const end = start + char.length
    if (twin !== undefined) {
      this.#report('bad-character', start, end, { key: 'idl.hint.useInstead', params: { right: twin } }, { character: char })
      return twin === '"' || twin === "'" ? this.#take(token.literal, this.#foreignLiteralEnd(end)) : this.#take(c(twin), end)
    }
    let pos = end
    while (pos < text.length && text.charCodeAt(pos) > 127 && twins[text.charAt(pos)] === undefined) pos++
    this.#report('bad-character', start, pos, undefined, { character: printable(text.slice(start, Math.min(pos, start + 20))) })
    this.#take(token.bad, pos)
  }

  #foreignLiteralEnd(from: number): number {
    const line = this.text.slice(from, this.#lineEnd(from))
    const close = line.search(/[“”‘’"']/)
    return close < 0 ? from + line.length : from + close + 1
  }

  #report(code: 'literal-escape' | 'bad-character' | 'unterminated-literal' | 'unterminated-comment' | 'bad-number' | 'signed-hex', start: number, end: number, suggestion?: { key: string; params?: Record<string, string> }, params?: Record<string, string>): void {
    if (this.muted) return
    this.#findings.add(this.source, {
      code,
      start,
      end,
      params: params ?? { text: this.text.slice(start, Math.min(end, start + 40)) },
      ...(suggestion === undefined ? {} : { suggestion }),
    })
  }
}

const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => codePoint(control.charCodeAt(0)))

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
