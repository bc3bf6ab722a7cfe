// Bytes out of hex text as people have it: bare digits, or what xxd, hexdump -C and Wireshark print, with offsets on the left and text on the right.

import { fail } from '../../shared/base/error.ts'

/** An offset, then pairs or words of hex; two blanks or a bar end them. */
const dumpLine = /^\s*[0-9a-f]{4,8}[:\s]\s*([0-9a-f]{2,}(?:\s{1,2}[0-9a-f]{2,})*)(?:\s{2,}\S.*|\s*\|.*|\s*)$/i
/** hexdump -C ends with the length alone. */
const lengthLine = /^\s*[0-9a-f]{4,8}\s*$/i

/** Blanks, line breaks and a leading 0x do not matter. */
export function bytesOfHexDump(text: string): Buffer {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '')
  const digits = (isDump(lines) ? lines.filter((line) => !lengthLine.test(line)).map((line) => dumpLine.exec(line)?.[1] ?? '').join('') : text.replace(/^\s*0x/i, '')).replace(/\s+/g, '')
  const wrong = /[^0-9a-f]/i.exec(digits)
  if (wrong !== null) throw fail('body', 'codec', 'codec.bytes.badHex', { found: wrong[0] })
  if (digits.length % 2 === 1) throw fail('body', 'codec', 'codec.bytes.oddHex', { count: digits.length })
  return Buffer.from(digits, 'hex')
}

/** A dump's first bytes stand at offset 0, which as bare digits would be far too even to be a frame of ours. Titles may stand above (`kite call --bytes`). */
function isDump(lines: readonly string[]): boolean {
  const first = lines.find((line) => !isTitle(line)) ?? ''
  return /^\s*0{4,8}[:\s]\s*[0-9a-f]{2}/i.test(first) && dumpLine.test(first)
}

const isTitle = (line: string): boolean => /^\s*0{4,8}\s*$/.test(line) || (!dumpLine.test(line) && /[^0-9a-fx\s]/i.test(line))
