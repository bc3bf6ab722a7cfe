// Reserved numbers and names, and ranges of numbers.

import { token } from '../text/token.ts'
import type { Name, NumberRange, ReservedNode } from './ast.ts'
import { literalText } from './literals.ts'
import { parseLiterals } from './parse-option.ts'
import type { Parser } from './parser.ts'
import { mark } from './scanner.ts'

/** What follows `reserved`: numbers, or names, quoted ones before editions. */
export function parseReserved(p: Parser): ReservedNode | undefined {
  const { scan } = p
  const names: (Name & { quoted: boolean })[] = []
  let ranges: readonly NumberRange[] = []
  if (scan.kind === token.literal || (scan.kind === token.name && !scan.isWord('max'))) {
    do {
      const name = parseReservedName(p)
      if (name === undefined) return undefined
      names.push(name)
    } while (p.take(mark.comma))
  } else ranges = parseRanges(p) ?? []
  if (names.length === 0 && ranges.length === 0) return undefined
  return p.expect(mark.semicolon) ? { ranges, names } : undefined
}

function parseReservedName(p: Parser): (Name & { readonly quoted: boolean }) | undefined {
  if (p.scan.kind !== token.literal) {
    const name = p.name('reservedName')
    return name === undefined ? undefined : { ...name, quoted: false }
  }
  const literal = parseLiterals(p)
  return literal === undefined ? undefined : { text: literalText(literal.literals), start: literal.start, end: literal.end, quoted: true }
}

/** Numbers and ranges of them, commas between. */
export function parseRanges(p: Parser): readonly NumberRange[] | undefined {
  const ranges: NumberRange[] = []
  const { scan } = p
  do {
    const { start } = scan
    const from = parseNumber(p)
    if (from === undefined) return undefined
    let to: string | undefined
    let max = false
    if (p.takeWord('to')) {
      max = p.takeWord('max')
      if (!max) {
        to = parseNumber(p)
        if (to === undefined) return undefined
      }
    }
    ranges.push({ from, to, max, start, end: scan.previousEnd })
  } while (p.take(mark.comma))
  return ranges
}

// Enums reserve negative numbers too.
function parseNumber(p: Parser): string | undefined {
  const { scan } = p
  const negative = p.take(mark.minus)
  if (scan.kind !== token.int) return p.unexpected('integer')
  const text = scan.lexeme
  scan.next()
  return negative ? `-${text}` : text
}
