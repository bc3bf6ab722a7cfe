// Timestamp and Duration as text and back (RFC 3339; google/protobuf/timestamp.proto and duration.proto say the ranges).

/** Seconds and nanoseconds; of a Duration both of one sign. */
export interface Moment {
  readonly seconds: number
  readonly nanos: number
}

const firstSecond = -62_135_596_800
const lastSecond = 253_402_300_799
const longestDuration = 315_576_000_000
const billion = 1_000_000_000

/** `2026-01-31T12:00:00.500Z`, or undefined when it is out of range: the years 1 to 9999. */
export function timestampText({ seconds, nanos }: Moment): string | undefined {
  if (seconds < firstSecond || seconds > lastSecond || nanos < 0 || nanos >= billion) return undefined
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${fraction(nanos)}Z`
}

/** None, three, six or nine digits, as few as are exact. */
function fraction(nanos: number): string {
  if (nanos === 0) return ''
  const digits = String(nanos).padStart(9, '0')
  return `.${digits.endsWith('000000') ? digits.slice(0, 3) : digits.endsWith('000') ? digits.slice(0, 6) : digits}`
}

const time = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/

/** Reads a time with any offset from UTC; `range` for a good text beyond the years 1 to 9999. */
export function readTimestamp(text: string): Moment | 'malformed' | 'range' {
  const parts = time.exec(text)
  if (parts === null) return 'malformed'
  const [, local = '', digits = '', sign, hours = '0', minutes = '0'] = parts
  const ms = Date.parse(`${local}Z`)
  // Date takes the 31st of June for the 1st of July; the text that comes back tells.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 19) !== local) return local.startsWith('0000') ? 'range' : 'malformed'
  if (Number(hours) > 23 || Number(minutes) > 59) return 'malformed'
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
  const seconds = ms / 1000 - offset
  return seconds < firstSecond || seconds > lastSecond ? 'range' : { seconds, nanos: Number(digits.padEnd(9, '0')) }
}

/** `-1.500s`, or undefined when it is out of range or its parts differ in sign. */
export function durationText({ seconds, nanos }: Moment): string | undefined {
  if (Math.abs(seconds) > longestDuration || Math.abs(nanos) >= billion || (seconds > 0 && nanos < 0) || (seconds < 0 && nanos > 0)) return undefined
  return `${seconds < 0 || nanos < 0 ? '-' : ''}${Math.abs(seconds)}${fraction(Math.abs(nanos))}s`
}

const span = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/

/** Reads `1.5s`; `range` for more than 10,000 years. */
export function readDuration(text: string): Moment | 'malformed' | 'range' {
  const parts = span.exec(text)
  if (parts === null) return 'malformed'
  const [, sign = '', whole = '', digits = ''] = parts
  const seconds = Number(whole)
  const nanos = Number(digits.padEnd(9, '0'))
  if (seconds > longestDuration) return 'range'
  // Adding 0 turns -0 into 0.
  return sign === '' ? { seconds, nanos } : { seconds: 0 - seconds, nanos: 0 - nanos }
}
