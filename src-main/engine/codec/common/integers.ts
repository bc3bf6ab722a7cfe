// Integers from JSON, exact and checked: what Kitex's generic calls would wrap around is refused here.

/** Smallest and largest value of each integer type. */
export const integerRanges = {
  i8: [-0x80, 0x7f],
  i16: [-0x8000, 0x7fff],
  i32: [-0x8000_0000, 0x7fff_ffff],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
  u32: [0, 0xffff_ffff],
  u64: [0n, 2n ** 64n - 1n],
} as const
export type IntegerKind = keyof typeof integerRanges

/** Whether a kind of type is one of integers. */
export const isIntegerKind = (kind: string): kind is IntegerKind => kind in integerRanges

/** Outcome of reading an integer: its value, or why there is none. */
export type IntegerReading = number | bigint | 'malformed' | 'fraction' | 'range'

const decimal = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/** Reads decimal digits, also with a fraction of zeros or an exponent (`1.0`, `1e3`); a bigint only beyond 2^53. */
export function readInteger(raw: string, kind: IntegerKind): IntegerReading {
  const short = shortInteger(raw)
  if (short !== undefined) return inRange(short, kind)
  const parts = decimal.exec(raw)
  if (parts === null) return 'malformed'
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits === '') return 0
  const shift = Number(exponent) - fraction.length
  // The largest u64 has 20 digits; beyond that no digit needs to be made.
  if (digits.length + shift > 20) return 'range'
  if (shift >= 0) return exactInRange(BigInt(`${sign}${digits}${'0'.repeat(shift)}`), kind)
  const kept = Math.max(0, digits.length + shift)
  if (/[1-9]/.test(digits.slice(kept))) return 'fraction'
  return exactInRange(BigInt(`${sign}${digits.slice(0, kept)}`), kind)
}

/** Up to 16 digits, if a number holds them exactly: nearly all integers, read without a pattern. */
function shortInteger(raw: string): number | undefined {
  const negative = raw.charCodeAt(0) === 0x2d
  const first = negative ? 1 : 0
  const digits = raw.length - first
  if (digits < 1 || digits > 16) return undefined
  let value = 0
  for (let at = first; at < raw.length; at++) {
    const digit = raw.charCodeAt(at) - 0x30
    if (!(digit >= 0 && digit <= 9)) return undefined
    value = value * 10 + digit
  }
  if (value > Number.MAX_SAFE_INTEGER) return undefined
  return negative ? -value : value
}

function inRange(value: number, kind: IntegerKind): IntegerReading {
  const [low, high] = integerRanges[kind]
  // Adding 0 turns -0 into 0.
  return value >= low && value <= high ? value + 0 : 'range'
}

function exactInRange(value: bigint, kind: IntegerKind): IntegerReading {
  const [low, high] = integerRanges[kind]
  if (value < low || value > high) return 'range'
  const short = Number(value)
  return Number.isSafeInteger(short) ? short : value
}
