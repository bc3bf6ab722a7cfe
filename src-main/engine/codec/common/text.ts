// UTF-8 with nothing lost: bytes that are no UTF-8 become lone low surrogates U+DC80-U+DCFF, one a byte, and go back to the very
// same bytes (the idea of Python's surrogateescape, PEP 383). So a broken string can be shown, edited and sent again.

import { isUtf8 } from 'node:buffer'

/** Text of bytes; see the head of this file for bytes that are no UTF-8. */
export function decodeUtf8(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  // A replacement character either stood there or marks damage; only the latter needs the slow way.
  return !text.includes('\ufffd') || isUtf8(bytes.subarray(start, end)) ? text : decodeDamaged(bytes, start, end)
}

function decodeDamaged(bytes: Buffer, start: number, end: number): string {
  const parts: string[] = []
  let good = start
  let at = start
  while (at < end) {
    const length = sequenceLength(bytes, at, end)
    if (length > 0) {
      at += length
      continue
    }
    if (at > good) parts.push(bytes.toString('utf8', good, at))
    parts.push(String.fromCharCode(0xdc00 + (bytes[at] ?? 0)))
    good = ++at
  }
  if (at > good) parts.push(bytes.toString('utf8', good, at))
  return parts.join('')
}

/** Length of the well-formed sequence at `at`, or 0 (Unicode 3.9, table 3-7). */
function sequenceLength(bytes: Buffer, at: number, end: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = bytes[at + 1] ?? 0
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return 0
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** Bytes of a text with lone surrogates U+DC80-U+DCFF back as single bytes. */
export function encodeEscaped(text: string): Buffer {
  const parts: Buffer[] = []
  let good = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0xd800 && unit < 0xdc00 && isLow(text.charCodeAt(at + 1))) at++
    else if (isEscapedByte(unit)) {
      if (at > good) parts.push(Buffer.from(text.slice(good, at), 'utf8'))
      parts.push(Buffer.of(unit - 0xdc00))
      good = at + 1
    }
  }
  parts.push(Buffer.from(text.slice(good), 'utf8'))
  return Buffer.concat(parts)
}

// With the u flag, a surrogate is matched only where it is no half of a pair.
const loneSurrogate = /\p{Surrogate}/u

/** Whether a text holds lone surrogates: what was read from bytes then stands for bytes that are no UTF-8. */
export const hasEscapedBytes = (text: string): boolean => loneSurrogate.test(text)

/** Offset of a lone surrogate that stands for no byte, or -1. */
export function strangeSurrogate(text: string): number {
  if (!hasEscapedBytes(text)) return -1
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0xd800 || unit > 0xdfff || isEscapedByte(unit)) continue
    if (unit >= 0xdc00 || !isLow(text.charCodeAt(at + 1))) return at
    at++
  }
  return -1
}

const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff
const isEscapedByte = (unit: number): boolean => unit >= 0xdc80 && unit <= 0xdcff
