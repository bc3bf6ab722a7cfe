// Enums: at least one value, the first of an open one zero, numbers once unless aliases are allowed, reserved ones not at all.

import type { EnumProto } from './model.ts'
import { memberOf } from './option-value.ts'
import { readInteger } from './literals.ts'
import type { Report } from './report.ts'

/** Rules of one enum. */
export function checkEnum(one: EnumProto, report: Report): void {
  const { node } = one
  if (node === undefined) return
  const [first] = one.values
  if (first === undefined) return report(node.name, 'empty-enum', { name: one.name })
  if (one.features?.enumType === 'open' && first.number !== 0) report(first.node?.number, 'enum-first-zero', { name: one.name, value: first.name })
  checkNumbers(one, report)
  checkReserved(one, report)
}

function checkNumbers(one: EnumProto, report: Report): void {
  const allowed = memberOf(one.options, 'allow_alias') === true
  const byNumber = new Map<number, string>()
  let aliases = 0
  for (const value of one.values) {
    const number = value.node === undefined ? 0n : (readInteger(value.node.number.text) ?? 0n)
    if (number < -(2n ** 31n) || number > 2n ** 31n - 1n) report(value.node?.number, 'enum-range', { name: value.name, value: value.node?.number.text.slice(0, 40) ?? '' })
    const other = byNumber.get(value.number)
    if (other === undefined) byNumber.set(value.number, value.name)
    else {
      aliases++
      if (!allowed) report(value.node?.number, 'duplicate-enum-value', { name: value.name, other, owner: one.name, value: value.number }, { key: 'idl.hint.allowAlias' })
    }
  }
  if (allowed && aliases === 0) report(one.node?.name, 'needless-alias', { name: one.name })
}

function checkReserved(one: EnumProto, report: Report): void {
  const names = new Set(one.reservedNames)
  for (const value of one.values) {
    if (names.has(value.name)) report(value.node?.name, 'reserved-name', { name: value.name, owner: one.name })
    if (one.reserved.some(({ from, to }) => value.number >= from && value.number <= to)) report(value.node?.number, 'reserved-number', { name: value.name, number: value.number, owner: one.name })
  }
}
