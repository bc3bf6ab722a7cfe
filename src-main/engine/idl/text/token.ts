// What a token can be in any of the languages. Marks of one language only stand beside its scanner.

import { codeOf as c } from './characters.ts'

/** Kinds of tokens; a mark's kind is its own character code, all of which are above these. */
export const token = { eof: 0, name: 1, int: 2, float: 3, literal: 4, bad: 5 } as const

/** Character codes of the marks that every language uses. */
export const commonMarks = {
  open: c('('), close: c(')'), openBrace: c('{'), closeBrace: c('}'), openBracket: c('['), closeBracket: c(']'), less: c('<'), greater: c('>'),
  comma: c(','), semicolon: c(';'), colon: c(':'), equal: c('='),
} as const
