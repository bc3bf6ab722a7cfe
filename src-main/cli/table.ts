// Columns for a terminal: two spaces between, the last one not padded. Chinese characters take two cells.

import { displayWidth } from '../../shared/logic/display-width.ts'

/** Lines with a heading, each ended by a newline. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => displayWidth(line[column] ?? ''))))
  const pad = (text: string, column: number): string => text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(text)))
  return lines.map((line) => `${line.map((text, column) => (column === line.length - 1 ? text : pad(text, column))).join('  ').trimEnd()}\n`).join('')
}
