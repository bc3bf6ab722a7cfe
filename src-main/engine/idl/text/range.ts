// Places in a text as syntax trees keep them: bare offsets, so that a clean parse never pays for lines and columns.

/** Offsets of a range in the text; `end` is one past the last character. */
export interface Range {
  readonly start: number
  readonly end: number
}

export interface Name extends Range {
  readonly text: string
}

/** Where there is nothing, such as the comments of a node without any. */
export const noRange: Range = { start: -1, end: -1 }
