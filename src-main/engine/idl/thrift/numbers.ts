// Integers as thriftgo reads them (Go's ParseInt with base 0): 0x, 0o, and a leading zero means octal. Exact at any size.

export type IntReading = { readonly value: bigint; readonly octal: boolean } | undefined

/** The value of an integer token; undefined where its digits do not fit its base. */
export function readInt(text: string): IntReading {
  const negative = text.startsWith('-')
  const digits = negative || text.startsWith('+') ? text.slice(1) : text
  const octal = /^0\d/.test(digits)
  // A hostile literal of a million digits must not become a million-digit number.
  if (digits.length > 100) return undefined
  if (octal && !/^[0-7]+$/.test(digits)) return undefined
  try {
    const value = BigInt(octal ? `0o${digits.replace(/^0+(?=.)/, '')}` : digits)
    return { value: negative ? -value : value, octal }
  } catch {
    // BigInt throws on digits outside the base; the caller says so.
    return undefined
  }
}

/** Nothing but digits and a sign. */
export const isDecimal = (text: string): boolean => /^[+-]?\d+$/.test(text)

/** A number where it is exact, else a bigint. */
export const plain = (value: bigint): number | bigint => (value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value)
