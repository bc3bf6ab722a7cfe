// Turns .proto text into tokens, one ahead. It allocates nothing per token: the parser asks for the text of those it keeps. Lexical rules
// are protoc's (google/protobuf/io/tokenizer.cc); a dotted name is one token here, since nearly every type is written as one.

import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'

/** Kinds of tokens; a mark's kind is its own character code, all of which are above these. */
export const token = { eof: 0, name: 1, int: 2, float: 3, literal: 4, bad: 5 } as const

const c = (char: string): number => char.charCodeAt(0)
/** Character codes of the marks that Protobuf uses. */
export const mark = {
  open: c('('), close: c(')'), openBrace: c('{'), closeBrace: c('}'), openBracket: c('['), closeBracket: c(']'), less: c('<'), greater: c('>'),
  comma: c(','), semicolon: c(';'), colon: c(':'), equal: c('='), dot: c('.'), minus: c('-'), slash: c('/'),
} as const

const isMark = new Uint8Array(128)
for (const code of Object.values(mark)) isMark[code] = 1
// 1 letter or _, 2 digit.
const nameClass = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  nameClass[code] = /[A-Za-z_]/.test(char) ? 1 : /[0-9]/.test(char) ? 2 : 0
}
const isDigit = (code: number): boolean => code >= 48 && code <= 57
const newline = 10
const carriageReturn = 13
const dot = 46

/** Full-width marks that an input method leaves behind, and what was meant. */
const twins: Readonly<Record<string, string>> = {
  '，': ',', '；': ';', '：': ':', '（': '(', '）': ')', '｛': '{', '｝': '}', '［': '[', '］': ']', '＜': '<', '＞': '>', '＝': '=', '“': '"', '”': '"', '‘': "'", '’': "'",
}
const strangeSpaces = /[\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/

export class Scanner {
  readonly source: SourceFile
  readonly text: string
  /** The token under the cursor. */
  kind: number = token.eof
  start = 0
  end = 0
  /** The name under the cursor has dots in it. */
  dotted = false
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
      const kind = nameClass[code]
      if (kind === 1) this.#name(start)
      else if (kind === 2 || (code === dot && isDigit(this.text.charCodeAt(start + 1)))) this.#number(start, code)
      else if (isMark[code] === 1) this.#take(code, start + 1)
      else if (code === 34 || code === 39) this.#literal(start, code)
      else this.#foreign(start)
    } else if (start >= this.text.length) this.#take(token.eof, start)
    else this.#foreign(start)
  }

  /** Tries something and comes back; nothing is reported meanwhile. */
  lookAhead<T>(look: () => T): T {
    const { kind, start, end, dotted, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted } = this
    this.muted = true
    const answer = look()
    Object.assign(this, { kind, start, end, dotted, previousEnd, newlineBefore, leadStart, leadEnd, trailStart, trailEnd, muted })
    return answer
  }

  #take(kind: number, end: number): void {
    this.kind = kind
    this.end = end
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
      if (code === 32 || code === 9 || code === 11 || code === 12) pos++
      else if (code === newline || code === carriageReturn) {
        pos += code === carriageReturn && text.charCodeAt(pos + 1) === newline ? 2 : 1
        lines++
        linesSinceComment++
      } else if (code === 47 && (text.charCodeAt(pos + 1) === 47 || text.charCodeAt(pos + 1) === 42)) {
        const end = this.#comment(pos)
        if (lines === 0 && from > 0) {
          if (this.trailStart < 0) this.trailStart = pos
          this.trailEnd = end
        } else {
          // A blank line cuts a comment off: a licence above a package documents nothing.
          if (this.leadStart < 0 || linesSinceComment > 1) this.leadStart = pos
          this.leadEnd = end
        }
        pos = end
        linesSinceComment = 0
      } else if (code > 127 && strangeSpaces.test(text.charAt(pos))) {
        this.#report('bad-character', pos, pos + 1, { character: codePoint(code) }, { key: 'idl.hint.usePlainSpace' })
        pos++
      } else break
    }
    if (linesSinceComment > 1) this.leadStart = -1
    this.newlineBefore = lines > 0 || from === 0
    return pos
  }

  #comment(start: number): number {
    const { text } = this
    if (text.charCodeAt(start + 1) === 42) {
      const close = text.indexOf('*/', start + 2)
      if (close >= 0) return close + 2
      this.#report('unterminated-comment', start, start + 2, {})
      return text.length
    }
    return this.#lineEnd(start)
  }

  #lineEnd(start: number): number {
    const { text } = this
    let pos = start
    for (; pos < text.length; pos++) {
      const code = text.charCodeAt(pos)
      if (code === newline || code === carriageReturn) break
    }
    return pos
  }

  // A literal ends on its line: an open quote costs one line, not the file.
  #literal(start: number, quote: number): void {
    const { text } = this
    for (let pos = start + 1; pos < text.length; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) return this.#take(token.literal, pos + 1)
      if (code === newline || code === carriageReturn) return this.#unclosed(start, pos, quote)
      if (code === 92 && text.charCodeAt(pos + 1) !== newline && text.charCodeAt(pos + 1) !== carriageReturn) pos++
    }
    this.#unclosed(start, text.length, quote)
  }

  #unclosed(start: number, end: number, quote: number): void {
    this.#report('unterminated-literal', start, end, { text: this.text.slice(start, Math.min(end, start + 40)) }, { key: 'idl.hint.closeLiteral', params: { quote: String.fromCharCode(quote) } })
    this.#take(token.literal, end)
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
    if (kind === token.int && first !== 48 && pos === plainEnd) return this.#take(kind, pos)
    this.#numberToken(start, pos, kind === token.int ? /^(0[0-7]*|[1-9][0-9]*)$/ : /^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$/, kind)
  }

  #numberToken(start: number, end: number, valid: RegExp, kind: number): void {
    const text = this.text.slice(start, end)
    if (!valid.test(text)) this.#report('bad-number', start, end, { text: text.slice(0, 40) })
    this.#take(kind, end)
  }

  // What Protobuf has no use for: reported once a run, then read as what was probably meant, so that one slip is one error.
  #foreign(start: number): void {
    const { text } = this
    const char = String.fromCodePoint(text.codePointAt(start) ?? 0)
    const twin = twins[char]
    const end = start + char.length
    if (twin !== undefined) {
      this.#report('bad-character', start, end, { character: char }, { key: 'idl.hint.useInstead', params: { right: twin } })
      return twin === '"' || twin === "'" ? this.#take(token.literal, this.#foreignLiteralEnd(end)) : this.#take(c(twin), end)
    }
    let pos = end
    while (pos < text.length && text.charCodeAt(pos) > 127 && twins[text.charAt(pos)] === undefined) pos++
    this.#report('bad-character', start, pos, { character: printable(text.slice(start, Math.min(pos, start + 20))) })
    this.#take(token.bad, pos)
  }

  #foreignLiteralEnd(from: number): number {
    const line = this.text.slice(from, this.#lineEnd(from))
    const close = line.search(/[“”‘’"']/)
    return close < 0 ? from + line.length : from + close + 1
  }

  #report(code: DiagnosticCode, start: number, end: number, params: Record<string, string>, suggestion?: { key: string; params?: Record<string, string> }): void {
    if (this.muted) return
    this.#findings.add(this.source, { code, start, end, params, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => codePoint(control.charCodeAt(0)))

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}
