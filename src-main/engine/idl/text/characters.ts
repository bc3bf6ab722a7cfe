// What scanners ask about single characters. The answers that a scanner needs for each character it passes come from tables.

export const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_'
export const digits = '0123456789'

export const newline = 10
export const carriageReturn = 13
export const slash = 47
export const star = 42
export const backslash = 92

export const codeOf = (char: string): number => char.charCodeAt(0)
export const isDigit = (code: number): boolean => code >= 48 && code <= 57
export const isQuote = (code: number): boolean => code === 34 || code === 39
export const isLineBreak = (code: number): boolean => code === newline || code === carriageReturn

/** For each ASCII code the number of the class that has it, counted from 1; 0 where none has. */
export function classTable(...classes: readonly string[]): Uint8Array {
  const table = new Uint8Array(128)
  for (const [index, members] of classes.entries()) for (const char of members) table[codeOf(char)] = index + 1
  return table
}

/** Full-width marks that an input method leaves behind, and what was meant. */
export const twins: Readonly<Record<string, string>> = {
  '，': ',', '；': ';', '：': ':', '（': '(', '）': ')', '｛': '{', '｝': '}', '［': '[', '］': ']', '＜': '<', '＞': '>', '＝': '=', '“': '"', '”': '"', '‘': "'", '’': "'",
}

/** Spaces beyond ASCII: no language has a use for them, and nobody can see that they are none. */
export const strangeSpace = /[\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/

/** A character by its number, for what cannot be seen. */
export function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** A piece of text as a message may quote it. */
export const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (control) => codePoint(control.charCodeAt(0)))
