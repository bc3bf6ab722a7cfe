// Source text of one encoder and one decoder per struct. Generated straight code was measured against closures (DECISIONS.md) and won;
// it runs in the main process and its workers only, never in a page. Nothing from an IDL reaches the source but integers and names
// quoted by JSON.stringify.

import { UnsupportedTypeError, unknownField } from './generated-support.ts'
import type { Decoder, Encoder, FieldPlan, Shape, StructPlan, TypePlan } from './plan-model.ts'
import { ThriftMap } from './value.ts'
import { fixedSize } from './wire.ts'

/** Nesting of containers within one field; straight code grows with it. */
export const maxContainerNesting = 32

/** Structs that the code of one struct calls, by the name it calls them. */
export class Links {
  readonly plans: StructPlan[] = []

  nameOf(plan: StructPlan): string {
    const known = this.plans.indexOf(plan)
    return `s[${known === -1 ? this.plans.push(plan) - 1 : known}]`
  }
}

const quote = (text: string): string => JSON.stringify(text)
/** A field's property as source text. */
export const property = (field: Pick<FieldPlan, 'property'>): string => `[${quote(field.property)}]`

/** One shape for all values of a struct keeps property access fast. */
export function compileShape(plan: StructPlan): Shape {
  const body = [...plan.fields.map((field) => `this${property(field)} = undefined`), 'this.$unknown = undefined'].join('\n')
  const shape: Shape = new Function(`return function () {\n${body}\n}`)()
  return shape
}

/** Writes the set fields in id order, then what the IDL does not know, then the stop byte. */
export function compileEncoder(plan: StructPlan): Encoder {
  const links = new Links()
  const fields = plan.fields.map((field) => writeField(field, links))
  const source = `return function (w, v) {
let b = w.bytes, p = w.at, view = w.view, x
${fields.join('\n')}
x = v.$unknown
if (x !== undefined) for (const u of x) {
w.at = p; w.u8(u.type); w.u8(u.id >> 8 & 255); w.u8(u.id & 255); w.raw(u.bytes); ${reload}
}
${room('1')}
b[p] = 0
w.at = p + 1
}`
  const encode: Encoder = new Function('s', source)(links.plans)
  return encode
}

const reload = 'p = w.at; b = w.bytes; view = w.view'
const room = (size: string): string => `if (p + ${size} > b.length) { w.at = p; b = w.grow(${size}); view = w.view }`

function writeField(field: FieldPlan, links: Links): string {
  const size = fixedSize(field.type.wire)
  const header = `b[p] = ${field.type.wire}; b[p + 1] = ${(field.id >> 8) & 255}; b[p + 2] = ${field.id & 255}; p += 3`
  const value = size === undefined ? writeValue(field.type, 'x', links, 0) : writeFixed(field.type, 'x')
  return `x = v${property(field)}\nif (x !== undefined) {\n${room(String(3 + (size ?? 0)))}\n${header}\n${value}\n}`
}

/** Where room has been made already. */
function writeFixed(type: TypePlan, x: string): string {
  switch (type.kind) {
    case 'bool':
      return `b[p++] = ${x} ? 1 : 0`
    case 'i8':
      return `b[p++] = ${x}`
    case 'i16':
      return `view.setInt16(p, ${x}); p += 2`
    case 'i32':
    case 'enum':
      return `view.setInt32(p, ${x}); p += 4`
    case 'i64':
      return `if (typeof ${x} === 'bigint') view.setBigInt64(p, ${x}); else { view.setInt32(p, Math.floor(${x} / 4294967296)); view.setInt32(p + 4, ${x} | 0) }; p += 8`
    case 'double':
      return `view.setFloat64(p, ${x}); p += 8`
    case 'uuid':
      return `w.at = p; w.uuid(${x}); ${reload}`
    default:
      throw new UnsupportedTypeError(type.kind)
  }
}

function writeValue(type: TypePlan, x: string, links: Links, nesting: number): string {
  if (nesting > maxContainerNesting) throw new UnsupportedTypeError(type.written)
  const n = nesting
  const size = fixedSize(type.wire)
  if (size !== undefined) return `${room(String(size))}\n${writeFixed(type, x)}`
  switch (type.kind) {
    case 'string':
    case 'binary':
      return `w.at = p; w.${type.kind}(${x}); ${reload}`
    case 'struct':
      return `w.at = p; ${links.nameOf(type.struct)}.encode(w, ${x}); ${reload}`
    case 'list':
    case 'set':
      return `${room('5')}
b[p] = ${type.element.wire}; view.setInt32(p + 1, ${x}.length); p += 5
for (let i${n} = 0; i${n} < ${x}.length; i${n}++) {\nconst x${n} = ${x}[i${n}]\n${writeValue(type.element, `x${n}`, links, n + 1)}\n}`
    case 'map':
      return `${room('6')}
b[p] = ${type.key.wire}; b[p + 1] = ${type.value.wire}; view.setInt32(p + 2, ${x}.keys.length); p += 6
for (let i${n} = 0; i${n} < ${x}.keys.length; i${n}++) {\nconst k${n} = ${x}.keys[i${n}], x${n} = ${x}.values[i${n}]
${writeValue(type.key, `k${n}`, links, n + 1)}\n${writeValue(type.value, `x${n}`, links, n + 1)}\n}`
    default:
      throw new UnsupportedTypeError(type.kind)
  }
}

/**
 * Reads one struct at `reader.at`; the last of a repeated field wins, as in generated Go code. Fields are tried in id order, each against
 * the next header, because that is how everybody writes them: such a struct is read in one pass of comparisons that all succeed. One in
 * another order takes more passes; a pass that takes nothing meets a field that the IDL does not have.
 */
export function compileDecoder(plan: StructPlan): Decoder {
  const links = new Links()
  // 24 bytes for the object itself, a slot for each field.
  const cost = 24 + 8 * plan.fields.length
  const fields = plan.fields.map((field) => `if (k === ${(field.type.wire << 16) | (field.id & 0xffff)}) {
p += 3\n${readValue(field.type, `o${property(field)}`, links, 0)}\n${nextHeader}\n}`)
  const source = `return function (r, d) {
if (d > r.maxDepth) r.tooDeep()
r.spend(${cost})
const b = r.bytes, e = r.end, view = r.view, o = new Shape()
let p = r.at, h = 0, k = 0
for (;;) {
const before = p
${nextHeader}
${fields.join('\n')}
if (k >>> 16 === 0) break
if (p === before) { r.at = p; unknownField(r, o, d); p = r.at }
}
r.at = p + 1
return o
}`
  const decode: Decoder = new Function('s', 'Shape', 'ThriftMap', 'unknownField', source)(links.plans, plan.shape, ThriftMap, unknownField)
  return decode
}

/**
 * Wire type and field id of the header at p as one number, 0 to 0xffff for a stop. One load reads a byte too much, which all but the last
 * headers of a message have behind them.
 */
const nextHeader = 'k = p + 4 <= e ? view.getInt32(p) >> 8 : r.lastHeader(p)'

function readValue(type: TypePlan, into: string, links: Links, nesting: number): string {
  if (nesting > maxContainerNesting) throw new UnsupportedTypeError(type.written)
  const n = nesting
  const fixed = (size: number, read: string): string => `if (p + ${size} > e) r.short(p, ${size})\n${into} = ${read}; p += ${size}`
  const called = (read: string): string => `r.at = p; ${into} = ${read}; p = r.at`
  switch (type.kind) {
    case 'bool':
      return fixed(1, 'b[p] === 1')
    case 'i8':
      return fixed(1, 'b[p] << 24 >> 24')
    case 'i16':
      return fixed(2, 'view.getInt16(p)')
    case 'i32':
    case 'enum':
      return fixed(4, 'view.getInt32(p)')
    case 'double':
      return fixed(8, 'view.getFloat64(p)')
    case 'i64':
      return `if (p + 8 > e) r.short(p, 8)\nh = view.getInt32(p)
${into} = h < 2097152 && h >= -2097152 ? h * 4294967296 + view.getUint32(p + 4) : view.getBigInt64(p); p += 8`
    case 'string':
    case 'binary':
    case 'uuid':
      return called(`r.${type.kind}()`)
    case 'struct':
      return called(`${links.nameOf(type.struct)}.decode(r, d + ${n + 1})`)
    case 'list':
    case 'set':
      return `if (d + ${n + 1} > r.maxDepth) r.tooDeep()
r.at = p; const n${n} = r.listHeader(${type.element.wire}), a${n} = new Array(n${n}); p = r.at
for (let i${n} = 0; i${n} < n${n}; i${n}++) {\n${readValue(type.element, `a${n}[i${n}]`, links, n + 1)}\n}\n${into} = a${n}`
    case 'map':
      return `if (d + ${n + 1} > r.maxDepth) r.tooDeep()
r.at = p; const n${n} = r.mapHeader(${type.key.wire}, ${type.value.wire}), k${n} = new Array(n${n}), a${n} = new Array(n${n}); p = r.at
for (let i${n} = 0; i${n} < n${n}; i${n}++) {\n{ ${readValue(type.key, `k${n}[i${n}]`, links, n + 1)} }\n{ ${readValue(type.value, `a${n}[i${n}]`, links, n + 1)} }\n}
${into} = new ThriftMap(k${n}, a${n})`
    default:
      throw new UnsupportedTypeError(type.kind)
  }
}
