// Parsers for flag values, shared by the commands, for commander's `.option(flags, description, parse, default)`. Each throws the
// error that names the flag and what it would have taken.

import { usage } from './usage.ts'

/** For flags that may be given several times. */
export const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

export type Pair = readonly [key: string, value: string]

/** For `--meta k=v`, repeated; order and repeats are kept. */
export const pairs = (flag: string, separator: '=' | ':' = '=') => (value: string, previous: readonly Pair[] = []): readonly Pair[] => {
  const at = value.indexOf(separator)
  if (at <= 0) throw usage('cli.notAPair', { flag, value, form: separator === '=' ? 'key=value' : 'key: value' })
  return [...previous, [value.slice(0, at).trim(), separator === ':' ? value.slice(at + 1).trim() : value.slice(at + 1)]]
}

export const choice = <T extends string>(flag: string, choices: readonly T[]) => (value: string): T => {
  const found = choices.find((each) => each === value)
  if (found === undefined) throw usage('cli.flagNotOneOf', { flag, value, choices })
  return found
}

const unitMs: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `50ms`, `1s`, `1.5s`, `1m30s`; a bare number is milliseconds. Result in milliseconds. */
export const duration = (flag: string) => (value: string): number => {
  if (/^\d+$/.test(value)) return Number(value)
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== value) throw usage('cli.notADuration', { flag, value })
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ''] ?? 0), 0)
}

/** A port to listen on; 0 takes a free one. */
export const port = (flag: string) => (value: string): number => {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) throw usage('cli.notAPort', { flag, value })
  return Number(value)
}

export const wholeNumber = (flag: string, least = 0) => (value: string): number => {
  const number = /^\d+$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(number) || number < least) throw usage('cli.notAWholeNumber', { flag, value, least })
  return number
}
