// Where a Thrift parser goes on after an error. What parsers of all languages share stands in `../text/base-parser.ts`.

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { BaseParser } from '../text/base-parser.ts'
import { token } from '../text/token.ts'
import { mark, Scanner } from './scanner.ts'

const bodyWords = ['struct', 'union', 'exception', 'service', 'enum', 'senum'] as const
const lineWords = ['typedef', 'const', 'namespace', 'include', 'cpp_include'] as const

export class Parser extends BaseParser<Scanner> {
  constructor(source: SourceFile, findings: Findings) {
    super(new Scanner(source, findings), findings)
  }

  separator(): boolean {
    return this.take(mark.comma) || this.take(mark.semicolon)
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
