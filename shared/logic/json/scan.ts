// Blanks, comments and escapes: the parts of JSON reading that need no state.

/** Told about comments while blanks are skipped. */
export interface BlankReport {
  comment(start: number, end: number): void
  openComment(start: number): never
}

/** First offset at or after `from` that is neither blank nor comment. */
export function skipBlank(text: string, from: number, report: BlankReport): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09) at++
    else if (unit === 0x2f) {
      const end = commentEnd(text, at, report)
      if (end === at) return at
      report.comment(at, end)
      at = end
    } else return at
  }
}

function commentEnd(text: string, start: number, report: BlankReport): number {
  const second = text.charCodeAt(start + 1)
  if (second === 0x2f) {
    const end = text.indexOf('\n', start)
    return end === -1 ? text.length : end
  }
  if (second !== 0x2a) return start
  const end = text.indexOf('*/', start + 2)
  return end === -1 ? report.openComment(start) : end + 2
}

const simpleEscapes: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/** The escape that begins at the backslash at `at`, or undefined when it is none of JSON's. */
export function readEscape(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const letter = text.charAt(at + 1)
  if (letter !== 'u') {
    const value = Object.hasOwn(simpleEscapes, letter) ? simpleEscapes[letter] : undefined
    return value === undefined ? undefined : { value, end: at + 2 }
  }
  const digits = text.slice(at + 2, at + 6)
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined
  return { value: String.fromCharCode(Number.parseInt(digits, 16)), end: at + 6 }
}
