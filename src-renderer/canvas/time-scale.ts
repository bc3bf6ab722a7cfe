// Time to pixels and back. Ranges are nanoseconds after some start, as doubles: a range never spans more than 2^53 ns (104 days), and
// zooming in stops at 100 ns across, where doubles still tell neighbouring pixels apart.

export interface TimeRange {
  readonly startNs: number
  readonly endNs: number
}

const narrowestNs = 100

export const spanOf = (range: TimeRange): number => Math.max(range.endNs - range.startNs, 1)

export const toX = (ns: number, range: TimeRange, width: number): number => ((ns - range.startNs) / spanOf(range)) * width

export const toNs = (x: number, range: TimeRange, width: number): number => range.startNs + (x / Math.max(width, 1)) * spanOf(range)

/** `factor` below 1 zooms in; the instant `atNs` keeps its place on the screen. Never wider than `full`. */
export function zoomAt(range: TimeRange, full: TimeRange, factor: number, atNs: number): TimeRange {
  const span = Math.min(Math.max(spanOf(range) * factor, narrowestNs), spanOf(full))
  const share = (atNs - range.startNs) / spanOf(range)
  return within({ startNs: atNs - span * share, endNs: atNs + span * (1 - share) }, full)
}

/** Moves by nanoseconds, stopping at the ends of `full`. */
export const panBy = (range: TimeRange, full: TimeRange, deltaNs: number): TimeRange =>
  within({ startNs: range.startNs + deltaNs, endNs: range.endNs + deltaNs }, full)

/** Zooms to an interval with a twentieth of it on either side. */
export function zoomTo(interval: TimeRange, full: TimeRange): TimeRange {
  const margin = Math.max(spanOf(interval) / 20, narrowestNs / 2)
  return within({ startNs: interval.startNs - margin, endNs: interval.endNs + margin }, full)
}

function within(range: TimeRange, full: TimeRange): TimeRange {
  const span = Math.min(spanOf(range), spanOf(full))
  const startNs = Math.min(Math.max(range.startNs, full.startNs), full.endNs - span)
  return { startNs, endNs: startNs + span }
}
