// "Did you mean": the closest known name, or nothing where the closest is a guess that would only mislead.

import { distance } from 'fastest-levenshtein'

/** The nearest of the candidates by edit distance, case counted little; undefined where none is near. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase()
  let best: string | undefined
  // A third of the letters may differ, two in short names (a transposition is two), and never all of them.
  let bestScore = Math.min(name.length - 0.5, Math.max(name.length < 4 ? 1 : 2, Math.floor(name.length / 3)) + 0.5)
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= bestScore) continue
    const score = distance(wanted, candidate.toLowerCase()) + (candidate === name ? 0 : 0.1)
    if (score < bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}
