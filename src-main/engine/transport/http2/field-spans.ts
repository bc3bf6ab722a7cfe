// Where each field of a header block begins and ends (RFC 7541 section 6). Needs no table, since the bounds do not depend on it.

export interface FieldSpan {
  readonly start: number
  readonly end: number
  readonly kind: 'indexed' | 'literal, added' | 'literal' | 'literal, never indexed' | 'table size'
}

/** The fields of a block, as far as it is whole. */
export function fieldSpans(bytes: Buffer, start: number, end: number): readonly FieldSpan[] {
  const spans: FieldSpan[] = []
  let at = start
  while (at < end) {
    const first = bytes[at] ?? 0
    const kind = kindOf(first)
    let next = integerEnd(bytes, at, prefixBits[kind]).end
    if (kind.startsWith('literal')) {
      if (integerEnd(bytes, at, prefixBits[kind]).value === 0) next = textEnd(bytes, next)
      next = textEnd(bytes, next)
    }
    if (next > end || next <= at) return spans
    spans.push({ start: at, end: next, kind })
    at = next
  }
  return spans
}

const prefixBits = { indexed: 7, 'literal, added': 6, literal: 4, 'literal, never indexed': 4, 'table size': 5 } as const

function kindOf(byte: number): FieldSpan['kind'] {
  if ((byte & 0x80) !== 0) return 'indexed'
  if ((byte & 0x40) !== 0) return 'literal, added'
  if ((byte & 0x20) !== 0) return 'table size'
  return (byte & 0x10) !== 0 ? 'literal, never indexed' : 'literal'
}

function integerEnd(bytes: Buffer, at: number, bits: number): { readonly value: number; readonly end: number } {
  const mask = (1 << bits) - 1
  let value = (bytes[at] ?? 0) & mask
  let end = at + 1
  if (value < mask) return { value, end }
  for (let factor = 1; end < bytes.length; factor *= 128) {
    const byte = bytes[end++] ?? 0
    value += (byte & 0x7f) * factor
    if ((byte & 0x80) === 0) break
  }
  return { value, end }
}

function textEnd(bytes: Buffer, at: number): number {
  const { value, end } = integerEnd(bytes, at, 7)
  return end + value
}
