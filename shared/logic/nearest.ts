// "Did you mean": the closest known name, or nothing where the closest is a guess that would only mislead. One rule for fields, types,
// methods, services and flags, in the window and on the command line.

import { distance } from 'fastest-levenshtein'

/**
 * The nearest of the names by edit distance, case counting little: a third of the letters may differ, two in short names (a swap of two
 * letters is two edits), never all of them. Where none is near, a name that begins with what was typed.
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  let bestScore = Math.min(name.length - 0.5, Math.max(name.length < 4 ? 1 : 2, Math.floor(name.length / 3)) + 0.5)
  let beginning: string | undefined
  for (const candidate of known) {
    const lower = candidate.toLowerCase()
    if (name.length > 2 && lower.startsWith(wanted)) beginning ??= candidate
    if (Math.abs(candidate.length - name.length) >= bestScore) continue
    const score = distance(wanted, lower) + (candidate === name ? 0 : 0.1)
    if (score < bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best ?? beginning
}
