// "Did you mean" for names typed by hand in a body. A swap of two letters counts two edits, and is the commonest slip of all, so two
// edits are forgiven from four letters on; shorter names are too much alike for guesses.

import { distance } from 'fastest-levenshtein'

/** The nearest known name, case counting little; undefined where a guess would mislead. */
export function nearestName(wrong: string, known: Iterable<string>): string | undefined {
  const limit = wrong.length < 3 ? 0 : wrong.length === 3 ? 1 : Math.max(2, Math.floor(wrong.length / 3))
  let best: { readonly name: string; readonly edits: number } | undefined
  for (const name of known) {
    if (Math.abs(name.length - wrong.length) > limit) continue
    const edits = distance(wrong.toLowerCase(), name.toLowerCase())
    if (edits <= limit && (best === undefined || edits < best.edits)) best = { name, edits }
  }
  return best?.name
}
