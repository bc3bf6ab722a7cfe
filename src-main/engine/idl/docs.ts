// Comments as documentation: the marks of `/** */`, `//` and `#` are taken off, the words stay.

import type { Range } from './text/range.ts'

/** The text of comments; undefined where there are none (start -1) or nothing in them. */
export function docText(text: string, range: Range): string | undefined {
  if (range.start < 0) return undefined
  const lines = text.slice(range.start, range.end).split(/\r\n|\r|\n/).map(withoutMarks)
  const words = lines.join('\n').replace(/\n{3,}/g, '\n\n').trim()
  return words === '' ? undefined : words
}

function withoutMarks(line: string): string {
  return withoutEnd(line.trim().replace(/^(\/\*+|\*+(?!\/)|\/\/+|#+)\s?/, '')).trimEnd()
}

// By hand: a regular expression would try each blank of a long row as the first one.
function withoutEnd(text: string): string {
  if (!text.endsWith('*/')) return text
  let end = text.length - 1
  while (text[end - 1] === '*') end -= 1
  return text.slice(0, end)
}
