// Columns for a terminal: two spaces between, the last one not padded. Chinese characters take two cells.

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/gu

export const cells = (text: string): number => text.length + (text.match(wide)?.length ?? 0)

/** Lines with a heading, each ended by a newline. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => cells(line[column] ?? ''))))
  const pad = (text: string, column: number): string => text + ' '.repeat(Math.max(0, (widths[column] ?? 0) - cells(text)))
  return lines.map((line) => `${line.map((text, column) => (column === line.length - 1 ? text : pad(text, column))).join('  ').trimEnd()}\n`).join('')
}
