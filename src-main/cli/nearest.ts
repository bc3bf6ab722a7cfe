// The nearest right name for a mistyped one, or nothing when none is near: a wrong suggestion is worse than none.

import { distance } from 'fastest-levenshtein'

/** At most a third of the letters may differ (and always at least two edits are forgiven on names longer than three). */
export function nearest(wrong: string, right: readonly string[]): string | undefined {
  const limit = wrong.length <= 3 ? 1 : Math.max(2, Math.floor(wrong.length / 3))
  const scored = right.map((name) => ({ name, score: distance(wrong.toLowerCase(), name.toLowerCase()) })).filter(({ score }) => score <= limit)
  scored.sort((a, b) => a.score - b.score)
  return scored[0]?.name ?? right.find((name) => wrong.length > 2 && name.startsWith(wrong))
}
