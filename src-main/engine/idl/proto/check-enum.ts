// Enums: at least one value, the first of an open one zero, numbers once unless aliases are allowed, reserved ones not at all.

import type { EnumProto } from './model.ts'
import { memberOf } from './option-value.ts'
import { Ranges } from './ranges.ts'
import type { Report } from './report.ts'

/** Rules of one enum. */
export function checkEnum(one: EnumProto, report: Report): void {
  const { node } = one
  if (node === undefined) return
  const [first] = one.values
  if (first === undefined) return node.sound ? report(node.name, 'empty-enum', { name: one.name }) : undefined
  if (one.features?.enumType === 'open' && first.number !== 0) report(first.node?.number, 'enum-first-zero', { name: one.name, value: first.name })
  checkNumbers(one, report)
  checkReserved(one, report)
  checkJsonNames(one, report)
}

// Languages strip the enum's name off its values: what is left must differ, unless the numbers are the same.
function checkJsonNames(one: EnumProto, report: Report): void {
  if (one.features?.json !== 'allow' || memberOf(one.options, 'deprecated_legacy_json_field_conflicts') === true) return
  const prefix = one.name.replaceAll('_', '').toLowerCase()
  const known = new Map<string, EnumProto['values'][number]>()
  for (const value of one.values) {
    const short = withoutPrefix(value.name, prefix)
    const other = known.get(short)
    if (other === undefined) known.set(short, value)
    else if (other.name !== value.name && other.number !== value.number) report(value.node?.name, 'enum-name-conflict', { name: value.name, other: other.name, owner: one.name })
  }
}

// protoc's PrefixRemover: the prefix is matched without underscores and case, and must leave something behind.
function withoutPrefix(name: string, prefix: string): string {
  let at = 0
  let taken = 0
  for (; at < name.length && taken < prefix.length; at++) {
    if (name[at] === '_') continue
    if (name.charAt(at).toLowerCase() !== prefix[taken]) return camel(name)
    taken++
  }
  if (taken < prefix.length) return camel(name)
  while (name[at] === '_') at++
  return camel(at === name.length ? name : name.slice(at))
}

const camel = (name: string): string => name.toLowerCase().replace(/(^|_)([a-z0-9])/g, (_, _before, letter: string) => letter.toUpperCase()).replaceAll('_', '')

function checkNumbers(one: EnumProto, report: Report): void {
  const allowed = memberOf(one.options, 'allow_alias') === true
  const byNumber = new Map<number, string>()
  let aliases = 0
  for (const value of one.values) {
    if (value.number < -(2 ** 31) || value.number > 2 ** 31 - 1) report(value.node?.number, 'enum-range', { name: value.name, value: value.node?.number.text.slice(0, 40) ?? '' })
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
  const nodes = one.node?.reserved.flatMap(({ ranges: written }) => written) ?? []
  const ranges = one.reserved.map((range, index) => ({ ...range, node: nodes[index] })).sort((a, b) => a.from - b.from)
  for (const [index, { from, to, node }] of ranges.entries()) {
    const before = ranges[index - 1]
    if (to < from) report(node, 'range-order', { from, to })
    else if (before !== undefined && from <= before.to) report(node, 'range-overlap', { from, to, other: `reserved ${before.from} to ${before.to}` })
  }
  const names = new Set(one.reservedNames)
  const reserved = new Ranges(one.reserved.map(({ from, to }) => ({ from, to: to + 1 })))
  for (const value of one.values) {
    if (names.has(value.name)) report(value.node?.name, 'reserved-name', { name: value.name, owner: one.name })
    if (reserved.has(value.number)) report(value.node?.number, 'reserved-number', { name: value.name, number: value.number, owner: one.name })
  }
}
