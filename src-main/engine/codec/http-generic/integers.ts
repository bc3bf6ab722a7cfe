// Integers of both languages from JSON, exact and checked against the range of their type.

import type { IdlType } from '../../../../shared/model/idl.ts'

/** Smallest and largest value of each integer type. */
export const wholeRanges: Readonly<Partial<Record<IdlType['kind'], readonly [bigint, bigint]>>> = {
  i8: [-0x80n, 0x7fn],
  i16: [-0x8000n, 0x7fffn],
  i32: [-0x8000_0000n, 0x7fff_ffffn],
  u32: [0n, 0xffff_ffffn],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
}

/** The value, or why there is none. Digits with a fraction of zeros or an exponent (`1.0`, `1e3`) are whole too. */
export function readWhole(raw: string, kind: IdlType['kind']): bigint | 'malformed' | 'fraction' | 'range' {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(raw)
  const range = wholeRanges[kind]
  if (parts === null || range === undefined) return 'malformed'
  const [, sign = '', digits = '', fraction = '', exponent = '0'] = parts
  const all = (digits + fraction).replace(/^0+/, '')
  if (all === '') return 0n
  const shift = Number(exponent) - fraction.length
  // The largest integer has 20 digits; beyond that no digit needs to be made.
  if (all.length + shift > 20) return 'range'
  const kept = shift >= 0 ? all + '0'.repeat(shift) : all.slice(0, Math.max(0, all.length + shift))
  if (shift < 0 && /[1-9]/.test(all.slice(kept.length))) return 'fraction'
  const value = BigInt(`${sign}${kept === '' ? '0' : kept}`)
  return value >= range[0] && value <= range[1] ? value : 'range'
}
