// Literals and numbers of Protobuf as values (google/protobuf/io/tokenizer.cc: ParseStringAppend, ParseInteger, ParseFloat).

/** The bytes of literals that stand next to each other, each with its quotes. */
export function literalBytes(literals: readonly string[]): Buffer {
  return Buffer.concat(literals.map((raw) => (raw.includes('\\') ? escapedBytes(inner(raw)) : Buffer.from(inner(raw), 'utf8'))))
}

/** The same as text; bytes that are no UTF-8 are replaced. */
export function literalText(literals: readonly string[]): string {
  const [only] = literals
  if (only !== undefined && literals.length === 1 && !only.includes('\\')) return inner(only)
  return literalBytes(literals).toString('utf8')
}

// An unclosed literal was reported; it has no second quote to take off.
function inner(raw: string): string {
  const closed = raw.length > 1 && raw.endsWith(raw.charAt(0))
  return raw.slice(1, closed ? -1 : undefined)
}

const plain: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\', '?': '?', '\'': '\'', '"': '"' }

function escapedBytes(text: string): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (const found of text.matchAll(/\\(?:[xX]([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g)) {
    parts.push(Buffer.from(text.slice(from, found.index), 'utf8'))
    from = found.index + found[0].length
    const [, hex, octal, short, long, char = ''] = found
    if (hex !== undefined || octal !== undefined) parts.push(Buffer.from([hex === undefined ? Number.parseInt(octal ?? '0', 8) & 255 : Number.parseInt(hex, 16)]))
    else if (short !== undefined || long !== undefined) parts.push(Buffer.from(codePointText(Number.parseInt(short ?? long ?? '0', 16)), 'utf8'))
    else parts.push(Buffer.from(plain[char] ?? char, 'utf8'))
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'))
  return Buffer.concat(parts)
}

const codePointText = (code: number): string => (code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd')

/** True for escapes that no tokenizer of Protobuf takes. */
export const hasBadEscape = (raw: string): boolean => raw.includes('\\') && /\\(?:[xX](?![0-9a-fA-F])|u(?![0-9a-fA-F]{4})|U(?!00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|[^xXuU0-7abfnrtv\\?'"])/.test(raw.replaceAll('\\\\', ''))

/** A number as fields and values have it: any that is small and decimal needs no more than this. */
export function smallNumber(text: string): number | undefined {
  const { length } = text
  if (length === 0 || length > 9 || (text.charCodeAt(0) === 48 && length > 1)) return undefined
  let value = 0
  for (let at = 0; at < length; at++) {
    const digit = text.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return value
}

/** Decimal, hexadecimal or octal, with or without a minus; undefined for what is no integer. */
export function readInteger(text: string): bigint | undefined {
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  if (!/^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(digits) || digits.length > 100) return undefined
  const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)
  return negative ? -value : value
}
