// JSON.parse for texts of strangers. It rounds integers of more than 53 bits, so those are quoted beforehand; and what is small as text
// may be gigabytes as values, so containers are counted before anything is made. One pass over the text, whatever stands in it.

import { maxObjects } from './wire-reader.ts'

const quote = 0x22
const backslash = 0x5c

/** Throws SyntaxError for what is no JSON, or holds too many objects and lists. */
export const parseExact = (text: string): unknown => JSON.parse(quoteLongIntegers(text))

/** The same JSON with integers of 16 digits and more as strings. Text that is no JSON comes out as something that is none either. */
function quoteLongIntegers(text: string): string {
  let out = ''
  let from = 0
  let containers = 0
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === quote) at = stringEnd(text, at)
    else if (unit === 0x7b || unit === 0x5b) {
      containers += 1
      if (containers > maxObjects) throw new SyntaxError(`more than ${maxObjects} objects and lists in one request`)
    } else if (isDigit(unit) || unit === 0x2d) {
      const end = numberEnd(text, at)
      if (end - at >= 16 && /^-?\d{16,}$/.test(text.slice(at, end))) {
        out += `${text.slice(from, at)}"${text.slice(at, end)}"`
        from = end
      }
      at = end - 1
    }
  }
  return from === 0 ? text : out + text.slice(from)
}

/** Of the closing quote, or the end of a text that has none. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    if (unit === quote) return at
    if (unit === backslash) at += 1
  }
  return text.length
}

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39

/** Digits, point, exponent and signs: whatever could belong to a number. */
function numberEnd(text: string, start: number): number {
  let at = start + 1
  for (let unit = text.charCodeAt(at); isDigit(unit) || unit === 0x2e || unit === 0x2b || unit === 0x2d || unit === 0x65 || unit === 0x45; unit = text.charCodeAt(at)) at += 1
  return at
}
