// Checks a body against its IDL type while it is typed: unknown fields with the nearest name, wrong types, numbers out of range, missing
// required fields. The codec checks again when it encodes; this one says all at once, with ranges for an editor.

import type { Text } from '../../base/error.ts'
import type { EnumDescriptor, FieldDescriptor, IdlSet, IdlType, StructDescriptor } from '../../model/idl.ts'
import type { JsonArray, JsonNode, JsonObject } from '../json/node.ts'
import { readJson } from '../json/read.ts'
import { splitJson } from '../json/split.ts'
import { nearest as nearestName } from '../nearest.ts'
import { fieldsOf, keyOf, rootSpot, spotName, type BodyShape, type Spot } from './shape.ts'
import { wellKnown, type WellKnownForm } from './well-known.ts'

/** A finding at `[start, end)` in UTF-16 units. */
export interface BodyIssue {
  readonly start: number
  readonly end: number
  readonly severity: 'error' | 'warning' | 'note'
  readonly text: Text
}

/** Everything that is wrong with a body, in the order of the text. Without a shape only the JSON itself is checked. */
export function checkBody(text: string, shape: BodyShape | undefined): readonly BodyIssue[] {
  if (shape?.isMany !== true) return checkValue(text, shape)
  const found: BodyIssue[] = []
  for (const { json, offset } of splitJson(text)) for (const issue of checkValue(json, shape)) found.push({ ...issue, start: issue.start + offset, end: issue.end + offset })
  return found
}

function checkValue(text: string, shape: BodyShape | undefined): readonly BodyIssue[] {
  const { root, issues } = readJson(text)
  const found: BodyIssue[] = issues.filter(({ severity }) => severity !== 'note').map((issue) => ({ start: issue.start, end: Math.max(issue.end, issue.start + 1), severity: issue.severity, text: issue.text }))
  if (root !== undefined && shape !== undefined) new Checker(shape.set, found).value(rootSpot(shape, root), root)
  return found.sort((a, b) => a.start - b.start)
}

/** Bounds of the integers; i64 needs bigint. */
const integerBits = { i8: 8n, i16: 16n, i32: 32n, i64: 64n, u32: 32n, u64: 64n } as const

class Checker {
  readonly #set: IdlSet
  readonly #found: BodyIssue[]

  constructor(set: IdlSet, found: BodyIssue[]) {
    this.#set = set
    this.#found = found
  }

  value(spot: Spot, node: JsonNode): void {
    if (spot.kind === 'args') this.#struct(node, spot.fields, spot, undefined)
    else this.#typed(spot.type, node)
  }

  #typed(type: IdlType, node: JsonNode): void {
    switch (type.kind) {
      case 'void': return
      case 'bool': return node.kind === 'boolean' ? undefined : this.#wrong(type.written, node)
      case 'i8': case 'i16': case 'i32': case 'i64': case 'u32': case 'u64': return this.#integer(type.kind, type.written, node)
      case 'double': case 'float': return node.kind === 'number' || (node.kind === 'string' && /^(NaN|-?Infinity)$|^-?\d/.test(node.value)) ? undefined : this.#wrong(type.written, node)
      case 'string': case 'uuid': return node.kind === 'string' ? undefined : this.#wrong(type.written, node)
      case 'binary': return node.kind === 'string' || (node.kind === 'object' && node.members.some(({ key }) => key === '$file')) ? undefined : this.#wrong(type.written, node)
      case 'enum': return this.#enum(this.#set.enums[type.id], type.written, node)
      case 'list': case 'set': return node.kind === 'array' ? this.#items(type.element, node) : this.#wrong(type.written, node)
      case 'map': return this.#map(type.key, type.value, type.written, node)
      case 'struct': {
        const struct = this.#set.structs[type.id]
        const known = wellKnown(struct)
        if (known !== undefined) return this.#wellKnown(known.form, struct, type.written, node)
        return struct === undefined ? undefined : this.#struct(node, fieldsOf({ kind: 'typed', type }, this.#set) ?? [], { kind: 'typed', type }, struct)
      }
    }
  }

  #wellKnown(form: WellKnownForm, struct: StructDescriptor | undefined, written: string, node: JsonNode): void {
    const only = struct?.fields[0]
    if (form === 'wrapped' && only !== undefined) return this.#typed(only.type, node)
    const expected = form === 'text' ? 'string' : form === 'object' ? 'object' : form === 'list' ? 'array' : node.kind
    if (node.kind !== expected) this.#wrong(written, node)
  }

  #items(element: IdlType, node: JsonArray): void {
    for (const item of node.items) this.#typed(element, item)
  }

  #integer(kind: keyof typeof integerBits, written: string, node: JsonNode): void {
    const raw = node.kind === 'number' ? node.raw : node.kind === 'string' ? node.value : undefined
    if (raw === undefined) return this.#wrong(written, node)
    const value = exactInteger(raw)
    if (value === undefined) return this.#report(node, 'error', 'app.body.notInteger', { raw, type: written })
    const isSigned = kind !== 'u32' && kind !== 'u64'
    const limit = 1n << (isSigned ? integerBits[kind] - 1n : integerBits[kind])
    const least = isSigned ? -limit : 0n
    if (value < least || value >= limit) this.#report(node, 'error', 'app.body.outOfRange', { raw, type: written, min: String(least), max: String(limit - 1n) })
  }

  #enum(descriptor: EnumDescriptor | undefined, written: string, node: JsonNode): void {
    if (node.kind === 'number') return exactInteger(node.raw) === undefined ? this.#report(node, 'error', 'app.body.notInteger', { raw: node.raw, type: written }) : undefined
    if (node.kind !== 'string') return this.#wrong(written, node)
    if (descriptor === undefined || descriptor.values.some(({ name }) => name === node.value) || /^-?\d+$/.test(node.value)) return
    this.#named(node, 'app.body.unknownEnum', node.value, written, descriptor.values.map(({ name }) => name))
  }

  #map(key: IdlType, value: IdlType, written: string, node: JsonNode): void {
    if (node.kind === 'object') {
      for (const member of node.members) {
        if (key.kind === 'enum') this.#enum(this.#set.enums[key.id], key.written, { kind: 'string', start: member.keyStart, end: member.keyEnd, value: member.key })
        else if (key.kind !== 'string' && key.kind !== 'binary') this.#keyText(key, member)
        this.#typed(value, member.value)
      }
    } else if (node.kind === 'array') {
      for (const pair of node.items) {
        const [first, second] = pair.kind === 'array' ? pair.items : []
        if (first === undefined || second === undefined || (pair.kind === 'array' && pair.items.length !== 2)) this.#report(pair, 'error', 'app.body.notPair', { type: written })
        else {
          this.#typed(key, first)
          this.#typed(value, second)
        }
      }
    } else this.#wrong(written, node)
  }

  /** Keys of an object that stand for numbers or booleans. */
  #keyText(key: IdlType, member: { readonly key: string; readonly keyStart: number; readonly keyEnd: number }): void {
    const at = { start: member.keyStart, end: member.keyEnd }
    if (key.kind === 'bool') this.#typed(key, /^(true|false)$/.test(member.key) ? { kind: 'boolean', value: true, ...at } : { kind: 'string', value: member.key, ...at })
    else this.#typed(key, { kind: 'string', value: member.key, ...at })
  }

  #struct(node: JsonNode, fields: readonly FieldDescriptor[], spot: Spot, struct: StructDescriptor | undefined): void {
    if (node.kind !== 'object') return this.#wrong(spotName(spot), node)
    const byName = new Map(fields.flatMap((field) => [[field.name, field], [keyOf(field), field]] as const))
    this.#oneofs(node, byName)
    for (const member of node.members) {
      const field = byName.get(member.key)
      if (field !== undefined) {
        // null means unset, wherever that may be.
        if (member.value.kind !== 'null' || field.requiredness === 'required') this.#typed(field.type, member.value)
      } else if (member.key !== '$unknown') this.#named({ start: member.keyStart, end: member.keyEnd }, 'app.body.unknownField', member.key, spotName(spot), fields.map(keyOf))
    }
    if (struct?.kind === 'union') this.#union(node, spotName(spot))
    this.#missing(node, fields, spotName(spot))
  }

  /** Two members of one oneof: the later would silently win. */
  #oneofs(node: JsonObject, byName: ReadonlyMap<string, FieldDescriptor>): void {
    const taken = new Map<string, string>()
    for (const { key, keyStart, keyEnd, value } of node.members) {
      const oneof = byName.get(key)?.proto?.oneof
      if (oneof === undefined || value.kind === 'null') continue
      const other = taken.get(oneof)
      if (other !== undefined) this.#report({ start: keyStart, end: keyEnd }, 'error', 'app.body.oneof', { name: key, other, oneof })
      taken.set(oneof, key)
    }
  }

  #union(node: JsonObject, name: string): void {
    const members = node.members.filter(({ key }) => key !== '$unknown').length
    if (members !== 1) this.#report({ start: node.start, end: node.start + 1 }, 'error', 'app.body.union', { type: name, count: members })
  }

  #missing(node: JsonObject, fields: readonly FieldDescriptor[], name: string): void {
    const keys = new Set(node.members.map(({ key }) => key))
    for (const field of fields) {
      if (field.requiredness === 'required' && field.defaultValue === undefined && !keys.has(field.name) && !keys.has(keyOf(field))) this.#report({ start: node.start, end: node.start + 1 }, 'error', 'app.body.missing', { name: field.name, type: name, fieldType: field.type.written })
    }
  }

  #named(at: { readonly start: number; readonly end: number }, key: string, name: string, type: string, names: readonly string[]): void {
    const nearest = nearestName(name, names)
    if (nearest === undefined) this.#report(at, 'error', key, { name, type })
    else this.#report(at, 'error', `${key}Near`, { name, type, nearest })
  }

  #wrong(expected: string, node: JsonNode): void {
    this.#report(node, 'error', 'app.body.wrongType', { expected, found: node.kind })
  }

  #report(at: { readonly start: number; readonly end: number }, severity: BodyIssue['severity'], key: string, params: Readonly<Record<string, string | number>>): void {
    this.#found.push({ start: at.start, end: at.end, severity, text: { key, params } })
  }
}

/** The integer that a literal stands for, also written `1e3` or `2.0`; undefined where it is none. */
export function exactInteger(raw: string): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(raw.trim())
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', power = '0'] = match
  const digits = whole + fraction
  const shift = Number(power) - fraction.length
  if (shift < 0 && !/^0*$/.test(digits.slice(digits.length + shift))) return undefined
  const value = shift >= 0 ? BigInt(digits + '0'.repeat(shift)) : BigInt(digits.slice(0, digits.length + shift) || '0')
  return sign === '-' ? -value : value
}

