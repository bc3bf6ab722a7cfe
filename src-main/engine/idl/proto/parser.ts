// Where a Protobuf parser goes on after an error, and its names. What parsers of all languages share stands in `../text/base-parser.ts`.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { BaseParser } from '../text/base-parser.ts'
import type { Name } from '../text/range.ts'
import { token } from '../text/token.ts'
import { mark, Scanner } from './scanner.ts'

const bodyWords: ReadonlySet<string> = new Set(['message', 'enum', 'service', 'oneof', 'extend', 'export', 'local'])
const statementWords: ReadonlySet<string> = new Set([
  'option', 'reserved', 'extensions', 'rpc', 'optional', 'required', 'repeated', 'import', 'package', 'syntax', 'edition',
])

export class Parser extends BaseParser<Scanner> {
  /** Of messages and values around the cursor. */
  depth = 0

  constructor(source: SourceFile, findings: Findings) {
    super(new Scanner(source, findings), findings)
  }

  /** One identifier. */
  override name(expected: string): Name | undefined {
    return this.scan.kind === token.name && !this.scan.dotted ? this.takeName() : this.unexpected(expected)
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
