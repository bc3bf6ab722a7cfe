// Sums over time spans that may overlap: inner calls of a backup request run at once, and a wait beside a running inner call is no wait.

export interface Interval {
  readonly from: number
  readonly to: number
}

/** The same time as disjoint spans in order; empty ones are left out. */
export function union(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.length < 2) return intervals.filter(({ from, to }) => to > from)
  const sorted = [...intervals].sort((left, right) => left.from - right.from)
  const merged: { from: number; to: number }[] = []
  for (const { from, to } of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else if (to > from) merged.push({ from, to })
  }
  return merged
}

/** What of `intervals` lies outside of `taken` (both as made by {@link union}). */
export function subtract(intervals: readonly Interval[], taken: readonly Interval[]): readonly Interval[] {
  return intervals.flatMap(({ from, to }) => {
    const free: Interval[] = []
    let start = from
    for (const each of taken) {
      if (each.to <= start || each.from >= to) continue
      if (each.from > start) free.push({ from: start, to: each.from })
      start = Math.max(start, each.to)
    }
    if (start < to) free.push({ from: start, to })
    return free
  })
}

export const total = (intervals: readonly Interval[]): number => {
  let sum = 0
  for (const { from, to } of intervals) sum += to - from
  return sum
}
