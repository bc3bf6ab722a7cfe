// The matrix as the table that docs/protocols.md shows: a row a protocol, codec, peer and kind; a mark for what was proven in this run.

import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Row } from './rows.ts'

export const cells = ['ok', 'error', 'cancel', 'deadline'] as const
export type Cell = (typeof cells)[number]

const document = resolve(import.meta.dirname, '../../../docs/protocols.md')
const [begin, end] = ['<!-- matrix -->', '<!-- /matrix -->']

/** What there is to prove of a row. */
export const cellsOf = (row: Row): readonly Cell[] => [...(['ok'] as const), ...(row.error === undefined ? [] : (['error'] as const)), ...(row.slow === undefined ? [] : (['cancel', 'deadline'] as const))]

/** Markdown; `proven` says of each row and cell whether it was. */
export function tableOf(rows: readonly Row[], proven: (row: Row, cell: Cell) => boolean): string {
  const mark = (row: Row, cell: Cell): string => (!cellsOf(row).includes(cell) ? '–' : proven(row, cell) ? '✓' : '✗')
  const lines = rows.map((row) => `| ${[row.transport, row.codec, row.idl.length === 0 ? `${row.kind}, no IDL` : row.kind, row.peer, ...cells.map((cell) => mark(row, cell))].join(' | ')} |`)
  return ['| transport | codec | kind | peer | ok | error | cancel | deadline |', '|---|---|---|---|---|---|---|---|', ...lines].join('\n')
}

/** The table that the document holds now. */
export function documented(): string {
  const text = readFileSync(document, 'utf8')
  return text.slice(text.indexOf(begin) + begin.length, text.indexOf(end)).trim()
}

/** Puts a table into the document. */
export function write(table: string): void {
  const text = readFileSync(document, 'utf8')
  writeFileSync(document, `${text.slice(0, text.indexOf(begin) + begin.length)}\n${table}\n${text.slice(text.indexOf(end))}`)
}
