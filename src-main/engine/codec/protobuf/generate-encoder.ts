// Source text of one encoder per message. Generated straight code was measured against closures for Thrift (../DECISIONS.md) and won; it runs
// in the main process and its workers only, never in a page. Nothing from an IDL reaches the source but integers and names quoted by
// JSON.stringify.

import type { Encoder, FieldPlan, MessagePlan, Shape, ValuePlan } from './plan-model.ts'
import { tagOf, wire, wireOf } from './wire.ts'

/** Messages that the code of one message calls, by the name it calls them. */
export class Links {
  readonly plans: MessagePlan[] = []

  nameOf(plan: MessagePlan): string {
    const known = this.plans.indexOf(plan)
    return `s[${known === -1 ? this.plans.push(plan) - 1 : known}]`
  }
}

const quote = (text: string): string => JSON.stringify(text)
export const property = (field: FieldPlan): string => `[${quote(field.property)}]`

/** One shape for all values of a message keeps property access fast. */
export function compileShape(plan: MessagePlan): Shape {
  const body = [...plan.fields.map((field) => `this${property(field)} = undefined`), 'this.$unknown = undefined'].join('\n')
  const shape: Shape = new Function(`return function () {\n${body}\n}`)()
  return shape
}

/** Writes from the last field to the first, before them what the IDL does not know: read forward, fields stand in order of their numbers. */
export function compileEncoder(plan: MessagePlan): Encoder {
  const links = new Links()
  const fields = [...plan.fields].reverse().map((field) => writeField(field, links))
  const source = `return function (w, v) {
let b = w.bytes, p = w.at, view = w.view, x = v.$unknown
if (x !== undefined) { w.unknown(x); ${reload} }
${fields.join('\n')}
w.at = p
}`
  const encode: Encoder = new Function('s', source)(links.plans)
  return encode
}

const reload = 'p = w.at; b = w.bytes; view = w.view'
const room = (size: number): string => `if (p < ${size}) { w.at = p; b = w.grow(${size}); p = w.at; view = w.view }`

/** A tag's bytes, the last one first. */
function tag(id: number, type: number): string {
  let rest = tagOf(id, type)
  const bytes: number[] = []
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest & 127) | 128)
  return [...bytes, rest].reverse().map((byte) => `b[--p] = ${byte}`).join('; ')
}

/** The most that a tag and a scalar take. */
const most = 5 + 10

function writeField(field: FieldPlan, links: Links): string {
  const x = `x = v${property(field)}\nif (x !== undefined)`
  if (field.shape === 'map') return `${x} {\n${writeMap(field, links)}\n}`
  if (field.shape === 'single') return `${x} {\n${writeTagged(field.id, field.value, 'x', links)}\n}`
  if (field.packed) return `${x.slice(0, -1)} && x.length > 0) {\n${writePacked(field)}\n}`
  return `${x} for (let i = x.length - 1; i >= 0; i--) {\nconst y = x[i]\n${writeTagged(field.id, field.value, 'y', links)}\n}`
}

function writePacked({ id, value }: FieldPlan): string {
  return `const q = w.end - p
for (let i = x.length - 1; i >= 0; i--) {\nconst y = x[i]\n${room(10)}\n${writeNumber(value, 'y')}\n}
${room(10)}
p = w.varint(p, w.end - p - q)
${tag(id, wire.len)}`
}

function writeMap({ id, key, value }: FieldPlan, links: Links): string {
  if (key === undefined) throw new Error('believed: a map has keys')
  return `const ks = [...x.keys()]
for (let i = ks.length - 1; i >= 0; i--) {
const k = ks[i], y = x.get(k), m = w.end - p
${writeTagged(2, value, 'y', links)}
${writeTagged(1, key, 'k', links)}
${room(10)}
p = w.varint(p, w.end - p - m)
${tag(id, wire.len)}\n}`
}

/** One value and the tag before it. */
function writeTagged(id: number, value: ValuePlan, x: string, links: Links): string {
  const type = wireOf(value.type)
  if (value.kind === 'message') return writeMessage(id, value, x, links)
  if (value.type === 'string' || value.type === 'bytes') {
    return `w.at = p; w.${value.type === 'string' ? 'string' : 'binary'}(${x}); ${reload}\n${room(5)}\n${tag(id, type)}`
  }
  return `${room(most)}\n${writeNumber(value, x)}\n${tag(id, type)}`
}

function writeMessage(id: number, { message, type }: ValuePlan & { kind: 'message' }, x: string, links: Links): string {
  const encode = `w.at = p; ${links.nameOf(message)}.encode(w, ${x}); ${reload}`
  if (type === 'group') return `${room(5)}\n${tag(id, wire.endGroup)}\n${encode}\n${room(5)}\n${tag(id, wire.group)}`
  return `{ const n = w.end - p\n${encode}\n${room(10)}\np = w.varint(p, w.end - p - n) }\n${tag(id, wire.len)}`
}

/** A number, bool or enum where room has been made already. */
function writeNumber(value: ValuePlan, x: string): string {
  switch (value.type) {
    case 'bool':
      return `b[--p] = ${x} ? 1 : 0`
    case 'int32':
    case 'enum':
      return `if (${x} >= 0 && ${x} < 128) b[--p] = ${x}; else p = w.int32(p, ${x})`
    case 'uint32':
      return `if (${x} < 128) b[--p] = ${x}; else p = w.varint(p, ${x})`
    case 'sint32':
    case 'sint64':
      return `p = w.${value.type}(p, ${x})`
    case 'int64':
    case 'uint64':
      return `if (typeof ${x} === 'number' && ${x} >= 0 && ${x} < 128) b[--p] = ${x}; else p = w.int64(p, ${x})`
    case 'fixed32':
    case 'sfixed32':
      return `p -= 4; view.setInt32(p, ${x}, true)`
    case 'float':
      return `p -= 4; view.setFloat32(p, ${x}, true)`
    case 'fixed64':
    case 'sfixed64':
      return `p = w.fixed64(p, ${x})`
    case 'double':
      return `p -= 8; view.setFloat64(p, ${x}, true)`
    default:
      throw new Error(`believed: ${value.type} is no number`)
  }
}
