// Numbers as people read them (look.md): durations with three significant digits, bytes in KiB/MiB, counts with separators of the
// locale, times local with offset. Used by the window and the command line alike.

const durationUnits = [['s', 1e9], ['ms', 1e6], ['us', 1e3], ['ns', 1]] as const

/** `812 us`, `12.3 ms`, `1.04 s`; over a minute `2 min 5 s`. Input in nanoseconds. */
export function formatDuration(ns: number | bigint): string {
  const value = Number(ns)
  if (!Number.isFinite(value)) return '–'
  if (value < 0) return `-${formatDuration(-value)}`
  if (value >= 60e9) return longDuration(value)
  // 999.6 us rounds to 1000 us, which is written 1.00 ms.
  const [unit, size] = durationUnits.find(([, size]) => value >= size * 0.9995) ?? durationUnits[3]
  return `${unit === 'ns' ? String(Math.round(value)) : threeDigits(value / size)} ${unit}`
}

/** A duration given in milliseconds. */
export const formatMs = (ms: number): string => formatDuration(ms * 1e6)

function longDuration(ns: number): string {
  const seconds = Math.round(ns / 1e9)
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min ${seconds % 60} s` : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`
}

const threeDigits = (value: number): string => value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)

/** `212 B`, `1.20 KiB`, `4.00 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let step = 0
  while (value >= 1023.5 && step < units.length - 1) {
    value /= 1024
    step++
  }
  return `${step === 0 ? String(value) : threeDigits(value)} ${units[step] ?? ''}`
}

/** A count with the locale's separators. */
export const formatCount = (count: number | bigint, language: string): string => new Intl.NumberFormat(language).format(count)

/** Milliseconds of a Unix time in nanoseconds given as digits. */
export const nanosToMs = (unixNano: string | bigint): number => Number(BigInt(unixNano) / 1_000_000n)

const two = (value: number): string => String(value).padStart(2, '0')
const three = (value: number): string => String(value).padStart(3, '0')

/** `05:48:32.345`, local. */
export function formatClock(ms: number): string {
  const at = new Date(ms)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${three(at.getMilliseconds())}`
}

/** `2026-11-21`, local. */
export function formatDay(ms: number): string {
  const at = new Date(ms)
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

/** `2026-11-21 05:48:32.345`, local. */
export const formatTime = (ms: number): string => `${formatDay(ms)} ${formatClock(ms)}`

/** `2026-11-21 05:48:32.345 +08:00`: local with its offset. */
export function formatTimeWithOffset(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset()
  const sign = minutes < 0 ? '-' : '+'
  return `${formatTime(ms)} ${sign}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`
}

/** Exact UTC with all nine digits, for hovers. */
export function formatUtcNanos(unixNano: string | bigint): string {
  const total = BigInt(unixNano)
  const seconds = new Date(Number(total / 1_000_000_000n) * 1000).toISOString().slice(0, 19)
  return `${seconds}.${String(total % 1_000_000_000n).padStart(9, '0')}Z`
}
