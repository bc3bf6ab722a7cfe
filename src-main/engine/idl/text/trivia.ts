// What stands between tokens, as a table over ASCII. Each language has its own, and that is all that its trivia differ in.

import { classTable } from './characters.ts'

// Classes of a trivia table; a character of no class begins a token. A slash of class `comment` begins one only with the character after it.
export const space = 1
export const lineBreak = 2
export const comment = 3
export const strange = 4

export interface TriviaCharacters {
  readonly spaces: string
  /** What begins a comment. */
  readonly comments: string
  /** Passed over as spaces are, but reported: the language has no use for them. */
  readonly strange: string
}

export const triviaTable = (of: TriviaCharacters): Uint8Array => classTable(of.spaces, '\r\n', of.comments, of.strange)
