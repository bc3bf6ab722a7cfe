// Source text of one decoder per message; what `generate-encoder.ts` says of generated code holds here. Fields are tried in order of their
// numbers, each against the next tag, because that is how everybody writes them: such a message is read in one pass of comparisons that
// all succeed. A message of many fields is switched over instead, so that a hostile order costs nothing.

import { Links, property } from './generate-encoder.ts'
import type { Decoder, FieldPlan, MessagePlan, ValuePlan } from './plan-model.ts'
import { tagOf, wire, wireOf } from './wire.ts'

const mostTried = 24

/** Reads one message at `reader.at`; the last of a repeated singular field wins, and messages in it are merged. */
export function compileDecoder(plan: MessagePlan): Decoder {
  const parts = new Parts()
  const cases = plan.fields.flatMap((field) => readField(plan, field, parts))
  // 24 bytes for the object itself, a slot for each field.
  const source = `return function (r, e, d, g, into) {
if (d > r.maxDepth) r.tooDeep()
let o = into
if (o === undefined) { r.spend(${32 + 8 * plan.fields.length}); o = new Shape() }
const b = r.bytes${cases.some(({ body }) => body.includes('view.')) ? ', view = r.view' : ''}
let p = r.at, t = 0, x, n = 0
${nextTag}
for (;;) {
${cases.length > mostTried ? switched(cases) : tried(cases)}
}
if (g !== 0) { r.at = p; r.openGroup(g >>> 3) }
if (p > e) r.overrun(e)
r.at = p
return o
}`
  const decode: Decoder = new Function('s', 'enums', 'Shape', 'empty', source)(parts.plans, parts.enums, plan.shape, emptyBytes)
  return decode
}

const emptyBytes = Buffer.alloc(0)

interface Case { readonly tag: number; readonly body: string }

class Parts extends Links {
  readonly enums: ReadonlyMap<number, string>[] = []

  known(values: ReadonlyMap<number, string>): string {
    const at = this.enums.indexOf(values)
    return `enums[${at === -1 ? this.enums.push(values) - 1 : at}]`
  }
}

/** The next tag into t, or -1 at the end. */
const nextTag = `if (p < e) {
t = b[p++]
if (t > 127) { if (p < e && b[p] < 128) t = t & 127 | b[p++] << 7; else { r.at = p - 1; t = r.tag(); p = r.at } }
} else t = -1`

const unknownTag = `if (t === g && g !== 0) { r.at = p; return o }
r.at = p; r.unknown(o, t, e, d); p = r.at
${nextTag}`

function tried(cases: readonly Case[]): string {
  const tries = cases.map(({ tag, body }) => `if (t === ${tag}) {\n${body}\n}`)
  return `const before = p\n${tries.join('\n')}\nif (t === -1) break\nif (p === before) {\n${unknownTag}\n}`
}

function switched(cases: readonly Case[]): string {
  return `switch (t) {\n${cases.map(({ tag, body }) => `case ${tag}: {\n${body}\nbreak\n}`).join('\n')}\ncase -1: break\ndefault: {\n${unknownTag}\n}\n}\nif (t === -1) break`
}

function readField(plan: MessagePlan, field: FieldPlan, parts: Parts): readonly Case[] {
  const { id, value } = field
  const tag = tagOf(id, wireOf(value.type))
  const into = `o${property(field)}`
  if (field.shape === 'map') return [{ tag: tagOf(id, wire.len), body: readMap(field, into, parts) }]
  if (field.shape === 'repeated') return readRepeated(field, into, parts)
  const others = field.oneof === undefined ? [] : plan.fields.filter((one) => one !== field && one.oneof === field.oneof)
  const clear = others.map((one) => `o${property(one)} = undefined`).join('; ')
  return [{ tag, body: `${readValue(value, 'x', into, parts)}\n${keepKnown(field, clear === '' ? assign(field, into) : `{ ${clear}\n${assign(field, into)} }`, parts)}\n${nextTag}` }]
}

// A zero without presence is as if it were not there.
function assign({ presence, value }: FieldPlan, into: string): string {
  if (presence !== 'implicit') return `${into} = x`
  switch (value.type) {
    case 'string':
    case 'bytes':
      return `${into} = x.length === 0 ? undefined : x`
    case 'float':
    case 'double':
      return `${into} = x === 0 && 1 / x > 0 ? undefined : x`
    default:
      return `${into} = x === ${value.type === 'bool' ? 'false' : '0'} ? undefined : x`
  }
}

function keepKnown({ id, value }: FieldPlan, then: string, parts: Parts): string {
  if (value.kind !== 'enum' || !value.enum.closed) return then
  return `if (!${parts.known(value.enum.byValue)}.has(x)) r.keepEnum(o, ${id}, x); else ${then}`
}

function readRepeated(field: FieldPlan, into: string, parts: Parts): readonly Case[] {
  const { id, value } = field
  const type = wireOf(value.type)
  const open = `let a = ${into}\nif (a === undefined) ${into} = a = []\nconst from = a.length`
  const push = keepKnown(field, 'a.push(x)', parts)
  const tag = tagOf(id, type)
  const plain = { tag, body: `${open}\ndo {\n${readValue(value, 'x', undefined, parts)}\n${push}\n${nextTag}\n} while (t === ${tag})\nr.spend(8 * (a.length - from))` }
  if (type === wire.len || type === wire.group) return [plain]
  const size = type === wire.i32 ? 4 : type === wire.i64 ? 8 : 1
  const check = size === 1 ? '' : `if (n % ${size} !== 0) r.badPacked(p, n, ${size})\n`
  const packed = `${open}\n${readLength('e')}\n${check}const m = p + n\nwhile (p < m) {\n${readValue(value, 'x', undefined, parts, 'm')}\n${push}\n}\nif (p > m) r.overrun(m)
r.spend(8 * (a.length - from))\n${nextTag}`
  return [{ tag: tagOf(id, wire.len), body: packed }, plain]
}

/** A length into n, checked; p stands behind it. */
const readLength = (end: string): string => `n = b[p++]
if (n > 127 || p > ${end}) { r.at = p - 1; n = r.length(${end}); p = r.at } else if (p + n > ${end}) { r.at = p; r.badLength(p - 1, n, ${end}) }`

function readMap({ id, key, value }: FieldPlan, into: string, parts: Parts): string {
  if (key === undefined) throw new Error('believed: a map has keys')
  const keep = value.kind === 'enum' && value.enum.closed ? `if (y !== undefined && !${parts.known(value.enum.byValue)}.has(y)) r.keep(o, ${id}, ${wire.len}, head, m); else ` : ''
  return `let a = ${into}\nif (a === undefined) ${into} = a = new Map()
const head = p
${readLength('e')}
const m = p + n
let k, y
while (p < m) {
r.at = p; t = r.tag(); p = r.at
if (t === ${tagOf(1, wireOf(key.type))}) {\n${readValue(key, 'k', undefined, parts, 'm')}\n}
else if (t === ${tagOf(2, wireOf(value.type))}) {\n${readValue(value, 'y', 'y', parts, 'm')}\n}
else { r.skip(t, m, d); p = r.at }
}
if (p > m) r.overrun(m)
r.spend(64)
${keep}a.set(k === undefined ? ${zeroOf(key, parts)} : k, y === undefined ? ${zeroOf(value, parts)} : y)
${nextTag}`
}

function zeroOf(value: ValuePlan, parts: Parts): string {
  if (value.kind === 'message') return `(r.at = p, ${parts.nameOf(value.message)}.decode(r, p, d + 1, 0))`
  if (value.kind === 'enum') return String(value.enum.first)
  switch (value.type) {
    case 'string':
      return '""'
    case 'bytes':
      return 'empty'
    case 'bool':
      return 'false'
    default:
      return '0'
  }
}

/** One value into x; `merge` is what a message read before stands in. `end` names the end of what it stands in. */
function readValue(value: ValuePlan, x: string, merge: string | undefined, parts: Parts, end = 'e'): string {
  const short = (long: string): string => `${x} = b[p++]\nif (${x} > 127) { r.at = p - 1; ${x} = r.${long}(); p = r.at }`
  const fixed = (size: number, read: string): string => `if (p + ${size} > ${end}) r.short(p, ${size})\n${x} = ${read}; p += ${size}`
  switch (value.type) {
    case 'int32':
    case 'enum':
      return short('int32')
    case 'uint32':
    case 'int64':
    case 'uint64':
      return short(value.type)
    case 'sint32':
      return `${x} = b[p++]\nif (${x} > 127) { r.at = p - 1; ${x} = r.sint32(); p = r.at } else ${x} = ${x} >>> 1 ^ -(${x} & 1)`
    case 'sint64':
      return `r.at = p; ${x} = r.sint64(); p = r.at`
    case 'bool':
      return `${x} = b[p++]\nif (${x} > 127) { r.at = p - 1; ${x} = r.bool(); p = r.at } else ${x} = ${x} !== 0`
    case 'fixed32':
      return fixed(4, 'view.getUint32(p, true)')
    case 'sfixed32':
      return fixed(4, 'view.getInt32(p, true)')
    case 'float':
      return fixed(4, 'view.getFloat32(p, true)')
    case 'double':
      return fixed(8, 'view.getFloat64(p, true)')
    case 'fixed64':
    case 'sfixed64':
      return fixed(8, `r.${value.type}(p)`)
    case 'string':
      return `r.at = p; ${x} = r.${value.kind === 'scalar' && value.validateUtf8 ? 'string' : 'looseString'}(${end}); p = r.at`
    case 'bytes':
      return `r.at = p; ${x} = r.binary(${end}); p = r.at`
    case 'message':
    case 'group':
      return readMessage(value, x, merge, parts, end)
  }
}

function readMessage(value: ValuePlan, x: string, merge: string | undefined, parts: Parts, end: string): string {
  if (value.kind !== 'message') throw new Error('believed: only messages are read as messages')
  const decode = parts.nameOf(value.message)
  const into = merge === undefined ? '' : `, ${merge}`
  // The tag of a group tells its end.
  if (value.type === 'group') return `r.at = p; ${x} = ${decode}.decode(r, ${end}, d + 1, (t & ~7 | ${wire.endGroup}) >>> 0${into}); p = r.at`
  return `${readLength(end)}\nr.at = p; ${x} = ${decode}.decode(r, p + n, d + 1, 0${into}); p = r.at`
}
