// How well a typed query fits a text, for palettes and filters. Every word of the query must occur, in order of letters; runs and starts
// of words count more, so that `bgu` finds BatchGetUsers before a text that merely holds those letters.

/** 0: no match; higher is better. Empty queries match everything equally. */
export function matchText(query: string, text: string): number {
  let total = 1
  for (const word of query.trim().toLowerCase().split(/[\s/]+/)) {
    if (word === '') continue
    const score = matchWord(word, text)
    if (score === 0) return 0
    total += score
  }
  return total
}

function matchWord(word: string, text: string): number {
  const lower = text.toLowerCase()
  const at = lower.indexOf(word)
  if (at >= 0) return 100 + word.length * 4 - Math.min(at, 50) + (isStart(text, at) ? 30 : 0) + (lower.length === word.length ? 40 : 0)
  return matchLetters(word, text, lower)
}

function matchLetters(word: string, text: string, lower: string): number {
  let score = 1
  let from = 0
  let starts = 0
  for (const letter of word) {
    const start = nextStart(letter, text, lower, from)
    const at = start >= 0 ? start : lower.indexOf(letter, from)
    if (at < 0) return 0
    if (isStart(text, at)) {
      starts++
      score += 8
    } else if (at === from && from > 0) score += 4
    from = at + 1
  }
  // Letters strewn through a long text are no match that a person meant.
  return starts * 2 >= word.length ? score : 0
}

function nextStart(letter: string, text: string, lower: string, from: number): number {
  for (let at = lower.indexOf(letter, from); at >= 0; at = lower.indexOf(letter, at + 1)) if (isStart(text, at)) return at
  return -1
}

function isStart(text: string, at: number): boolean {
  if (at === 0) return true
  const before = text.charAt(at - 1)
  const here = text.charAt(at)
  return !/[\p{L}\p{N}]/u.test(before) || (/\p{Lu}/u.test(here) && !/\p{Lu}/u.test(before)) || (/\p{N}/u.test(here) && !/\p{N}/u.test(before))
}
