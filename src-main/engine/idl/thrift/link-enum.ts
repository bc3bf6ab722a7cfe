// Enums: implicit values (0, then one more than the last), 32-bit range, no name and no number twice, as thriftgo's checker has it.

import type { Findings } from '../diagnostics.ts'
import type { EnumDescriptor } from '../../../../shared/model/idl.ts'
import type { EnumDefinition, EnumValueNode } from './ast.ts'
import { docText } from '../docs.ts'
import { annotationsOf } from './link-fields.ts'
import { isDecimal, readInt } from './numbers.ts'
import { idOf } from './resolve-type.ts'
import type { FileScope } from './scope.ts'

/** One enum with its values numbered and checked. */
export function linkEnum(scope: FileScope, node: EnumDefinition, findings: Findings): EnumDescriptor {
  const names = new Set<string>()
  const numbers = new Map<number, string>()
  let next = 0
  const values = node.values.map((one) => {
    const value = one.value === undefined ? next : readValue(scope, one, one.value, findings)
    if (value > 2147483647 || value < -2147483648) findings.add(scope.source, { code: 'enum-range', ...rangeOf(one), params: { value: one.value ?? value, name: one.name.text } })
    next = value + 1
    const { text } = one.name
    if (names.has(text)) findings.add(scope.source, { code: 'duplicate-enum-name', start: one.name.start, end: one.name.end, params: { name: text, owner: node.name.text } })
    names.add(text)
    const other = numbers.get(value)
    if (other === undefined) numbers.set(value, text)
    else if (other !== text) findings.add(scope.source, { code: 'duplicate-enum-value', ...rangeOf(one), params: { name: text, other, value, owner: node.name.text } })
    const doc = docText(scope.source.text, one.doc)
    return { name: text, value, ...(doc === undefined ? {} : { doc }) }
  })
  const doc = docText(scope.source.text, node.doc)
  return {
    kind: 'enum',
    id: idOf(scope, node.name.text),
    name: node.name.text,
    values,
    annotations: annotationsOf(node.annotations),
    ...(doc === undefined ? {} : { doc }),
    at: scope.source.place(node.start),
  }
}

function readValue(scope: FileScope, node: EnumValueNode, text: string, findings: Findings): number {
  const reading = readInt(text)
  if (reading === undefined) {
    if (isDecimal(text)) findings.add(scope.source, { code: 'bad-number', ...rangeOf(node), params: { text: text.slice(0, 40) } })
    return 0
  }
  if (reading.octal) findings.add(scope.source, { code: 'octal', ...rangeOf(node), params: { text, value: String(reading.value) } })
  return Number(reading.value)
}

const rangeOf = (node: EnumValueNode): { start: number; end: number } => ({ start: node.valueRange.start, end: node.valueRange.end })
