// Durations for eyes: three significant digits, the unit that fits.

/** `0 ns`, `812 ns`, `4.31 us`, `83.1 ms`, `1.25 s`, `3 min 20 s`. */
export function formatNs(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`
  if (ns < 999_500) return `${digits(ns / 1e3)} us`
  if (ns < 999_500_000) return `${digits(ns / 1e6)} ms`
  if (ns < 119.95e9) return `${digits(ns / 1e9)} s`
  const seconds = Math.round(ns / 1e9)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

const digits = (value: number): string => (value < 9.995 ? value.toFixed(2) : value < 99.95 ? value.toFixed(1) : value.toFixed(0))
