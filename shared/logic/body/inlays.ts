// Quiet notes beside values of a reply: an enum's number, the time that a number probably is. Never more than what is certain from the
// IDL, or plain from the field's name and size.

import { formatTime } from '../format.ts'
import type { IdlSet } from '../../model/idl.ts'
import type { JsonNode } from '../json/node.ts'
import { readJson } from '../json/read.ts'
import { fieldsOf, stepInto, type Spot } from './shape.ts'

/** A note after the value that ends at `end`. */
export interface Inlay { readonly end: number; readonly text: string }

const manyInlays = 2000

/** Notes for a reply of a type. */
export function inlaysOf(text: string, root: Spot | undefined, set: IdlSet): readonly Inlay[] {
  const { root: node } = readJson(text)
  const found: Inlay[] = []
  if (node !== undefined) visit(node, root, '', set, found)
  return found
}

function visit(node: JsonNode, spot: Spot | undefined, name: string, set: IdlSet, found: Inlay[]): void {
  if (found.length >= manyInlays) return
  if (node.kind === 'object') {
    for (const { key, value } of node.members) visit(value, spot === undefined ? undefined : stepInto(spot, key, set), spot !== undefined && fieldsOf(spot, set) === undefined ? name : key, set, found)
  } else if (node.kind === 'array') {
    for (const [index, item] of node.items.entries()) visit(item, spot === undefined ? undefined : stepInto(spot, index, set), name, set, found)
  } else {
    const note = noteOf(node, spot, name, set)
    if (note !== undefined) found.push({ end: node.end, text: note })
  }
}

function noteOf(node: JsonNode, spot: Spot | undefined, name: string, set: IdlSet): string | undefined {
  if (spot?.kind === 'typed' && spot.type.kind === 'enum') {
    const member = set.enums[spot.type.id]?.values.find((one) => (node.kind === 'string' ? one.name === node.value : node.kind === 'number' && String(one.value) === node.raw))
    return member === undefined ? undefined : node.kind === 'string' ? String(member.value) : member.name
  }
  if (node.kind !== 'number' || !/(time|at|date|created|updated|expire|deadline|ts|stamp)s?(_?ms|_?ns|_?us|_?sec)?$/i.test(name)) return undefined
  return timeOf(node.raw)
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size; only years 2000 to 2100. */
export function timeOf(raw: string): string | undefined {
  if (!/^\d{9,19}$/.test(raw)) return undefined
  const value = BigInt(raw)
  for (const perMs of [0n, 1n, 1000n, 1_000_000n]) {
    const ms = Number(perMs === 0n ? value * 1000n : value / perMs)
    if (ms >= 946_684_800_000 && ms < 4_102_444_800_000) return formatTime(ms)
  }
  return undefined
}
