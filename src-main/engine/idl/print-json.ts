// JSON text of values that hold bigints, with two spaces, and short lists on one line left to the reader's editor.

import type { ConstValue } from '../../../shared/model/idl.ts'

type Printable = ConstValue | null | undefined | readonly Printable[] | { readonly [name: string]: Printable }

/** As JSON.stringify(value, undefined, indent), but every digit of a bigint is kept and -0 stays -0.0. */
export function printJson(value: unknown, indent = 2): string {
  const lines: string[] = []
  write(value as Printable, indent, '', lines)
  return lines.join('')
}

function write(value: Printable, indent: number, margin: string, out: string[]): void {
  if (typeof value === 'bigint') out.push(String(value))
  else if (typeof value === 'number') out.push(Object.is(value, -0) ? '-0.0' : Number.isFinite(value) ? String(value) : JSON.stringify(String(value)))
  else if (typeof value !== 'object' || value === null) out.push(JSON.stringify(value) ?? 'null')
  else if (Array.isArray(value)) writeAll(value.map((item: Printable) => ({ head: '', item })), '[]', indent, margin, out)
  else {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    writeAll(entries.map(([name, item]) => ({ head: `${JSON.stringify(name)}:${indent > 0 ? ' ' : ''}`, item: item as Printable })), '{}', indent, margin, out)
  }
}

function writeAll(items: readonly { readonly head: string; readonly item: Printable }[], brackets: string, indent: number, margin: string, out: string[]): void {
  if (items.length === 0) return void out.push(brackets)
  const inner = margin + ' '.repeat(indent)
  const glue = indent > 0 ? `\n${inner}` : ''
  out.push(brackets.charAt(0))
  items.forEach(({ head, item }, index) => {
    out.push(index === 0 ? glue : `,${glue}`, head)
    write(item, indent, inner, out)
  })
  out.push(indent > 0 ? `\n${margin}` : '', brackets.charAt(1))
}
