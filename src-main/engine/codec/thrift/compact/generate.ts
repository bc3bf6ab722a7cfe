// Source text of one Compact encoder and decoder per struct, as `../generate.ts` makes them for Binary and under the same rule: nothing
// from an IDL reaches the source but integers and names quoted by JSON.stringify.

import { Links, maxContainerNesting, property } from '../generate.ts'
import { UnsupportedTypeError } from '../generated-support.ts'
import type { CompactDecoder, CompactEncoder, FieldPlan, StructPlan, TypePlan } from '../plan-model.ts'
import { ThriftMap } from '../value.ts'
import { compact, compactOfWire } from './types.ts'
import { readUnknown, writeUnknown } from './unknown.ts'

/** A number that no field's key is; keys are id * 256 + type bits. */
const stop = 1 << 30
const zigzag = (x: string): string => `h = ${x} << 1 ^ ${x} >> 31; while ((h & -128) !== 0) { b[p++] = h & 127 | 128; h >>>= 7 } b[p++] = h`
const reload = 'p = w.at; b = w.bytes; view = w.view'
const room = (size: number): string => `if (p + ${size} > b.length) { w.at = p; b = w.grow(${size}); view = w.view }`

/** Writes the set fields in id order, then what the IDL does not know, then the stop byte. */
export function compileCompactEncoder(plan: StructPlan): CompactEncoder {
  const links = new Links()
  const fields = plan.fields.map((field) => writeField(field, links))
  const source = `return function (w, v) {
let b = w.bytes, p = w.at, view = w.view, f = 0, h = 0, x
${fields.join('\n')}
x = v.$unknown
if (x !== undefined) { w.at = p; writeUnknown(w, x, f); ${reload} }
${room(1)}
b[p] = 0
w.at = p + 1
}`
  const encode: CompactEncoder = new Function('s', 'writeUnknown', source)(links.plans, writeUnknown)
  return encode
}

// The header takes up to four bytes; what has a bounded size finds room made with it.
function writeField({ id, type, ...field }: FieldPlan, links: Links): string {
  const bits = type.kind === 'bool' ? `(x ? ${compact.true} : ${compact.false})` : String(compactOfWire(type.wire))
  const value = type.kind === 'bool' ? '' : widest(type) === undefined ? writeValue(type, 'x', links, 0) : writeBounded(type, 'x')
  return `x = v${property(field)}
if (x !== undefined) {
${room(4 + (widest(type) ?? 0))}
h = ${id} - f; if (h > 0 && h < 16) b[p++] = h << 4 | ${bits}; else { b[p++] = ${bits}; ${zigzag(`(${id})`)} }
f = ${id}
${value}
}`
}

/** Most bytes of one value, where the type bounds them. */
function widest({ kind }: TypePlan): number | undefined {
  switch (kind) {
    case 'bool':
    case 'i8':
      return 1
    case 'i16':
    case 'i32':
    case 'enum':
      return 5
    case 'double':
      return 8
    case 'i64':
      return 10
    case 'uuid':
      return 16
    default:
      return undefined
  }
}

/** Where room has been made already. */
function writeBounded(type: TypePlan, x: string): string {
  switch (type.kind) {
    case 'bool':
      return `b[p++] = ${x} ? ${compact.true} : ${compact.false}`
    case 'i8':
      return `b[p++] = ${x}`
    case 'i16':
    case 'i32':
    case 'enum':
      return zigzag(x)
    case 'i64':
      return `if (typeof ${x} === 'number' && ${x} >= -2147483648 && ${x} <= 2147483647) { ${zigzag(x)} } else { w.at = p; w.zigzag64(${x}); p = w.at }`
    case 'double':
      return `view.setFloat64(p, ${x}, true); p += 8`
    case 'uuid':
      return `w.at = p; w.uuid(${x}); ${reload}`
    default:
      throw new UnsupportedTypeError(type.kind)
  }
}

function writeValue(type: TypePlan, x: string, links: Links, nesting: number): string {
  if (nesting > maxContainerNesting) throw new UnsupportedTypeError(type.written)
  const n = nesting
  const size = widest(type)
  if (size !== undefined) return `${room(size)}\n${writeBounded(type, x)}`
  switch (type.kind) {
    case 'string':
    case 'binary':
      return `w.at = p; w.${type.kind}(${x}); ${reload}`
    case 'struct':
      return `w.at = p; ${links.nameOf(type.struct)}.encodeCompact(w, ${x}); ${reload}`
    case 'list':
    case 'set':
      return `w.at = p; w.listHeader(${compactOfWire(type.element.wire)}, ${x}.length); ${reload}
for (let i${n} = 0; i${n} < ${x}.length; i${n}++) {\nconst x${n} = ${x}[i${n}]\n${writeValue(type.element, `x${n}`, links, n + 1)}\n}`
    case 'map':
      return `w.at = p; w.varint32(${x}.keys.length); ${reload}
if (${x}.keys.length > 0) { ${room(1)}; b[p++] = ${(compactOfWire(type.key.wire) << 4) | compactOfWire(type.value.wire)} }
for (let i${n} = 0; i${n} < ${x}.keys.length; i${n}++) {\nconst k${n} = ${x}.keys[i${n}], x${n} = ${x}.values[i${n}]
${writeValue(type.key, `k${n}`, links, n + 1)}\n${writeValue(type.value, `x${n}`, links, n + 1)}\n}`
    default:
      throw new UnsupportedTypeError(type.kind)
  }
}

/**
 * Reads one struct at `reader.at`, in passes over the fields in id order as Binary's decoder does. A header is passed when it is read, since
 * only the one before tells its id: `k` is the key of the header just passed.
 */
export function compileCompactDecoder(plan: StructPlan): CompactDecoder {
  const links = new Links()
  const cost = 24 + 8 * plan.fields.length
  const fields = plan.fields.map((field) => readField(field, links))
  const source = `return function (r, d) {
if (d > r.maxDepth) r.tooDeep()
r.spend(${cost})
const b = r.bytes, e = r.end, view = r.view, o = new Shape()
let p = r.at, h = 0, k = 0, f = 0
${nextHeader}
for (;;) {
const before = p
${fields.join('\n')}
if (k === ${stop}) break
if (p === before) { r.at = p; readUnknown(r, o, d, f, k & 15); p = r.at; ${nextHeader} }
}
r.at = p
return o
}`
  const decode: CompactDecoder = new Function('s', 'Shape', 'ThriftMap', 'readUnknown', source)(links.plans, plan.shape, ThriftMap, readUnknown)
  return decode
}

const nextHeader = `if (p >= e) r.short(p, 1)
h = b[p++]
if (h > 15) { f += h >> 4; k = f << 8 | h & 15 } else if (h === 0) k = ${stop}; else { r.at = p; f = r.fieldId(); p = r.at; k = f << 8 | h }`

function readField(field: FieldPlan, links: Links): string {
  const into = `o${property(field)}`
  const key = (bits: number): number => (field.id << 8) | bits
  if (field.type.kind === 'bool') return `if (k === ${key(compact.true)} || k === ${key(compact.false)}) {\n${into} = k === ${key(compact.true)}\n${nextHeader}\n}`
  return `if (k === ${key(compactOfWire(field.type.wire))}) {\n${readValue(field.type, into, links, 0)}\n${nextHeader}\n}`
}

function readValue(type: TypePlan, into: string, links: Links, nesting: number): string {
  if (nesting > maxContainerNesting) throw new UnsupportedTypeError(type.written)
  const n = nesting
  const fixed = (size: number, read: string): string => `if (p + ${size} > e) r.short(p, ${size})\n${into} = ${read}; p += ${size}`
  const called = (read: string): string => `r.at = p; ${into} = ${read}; p = r.at`
  const varint = (read: string): string => `if (p < e && (h = b[p]) < 128) { p++; ${into} = h >>> 1 ^ -(h & 1) } else { ${called(read)} }`
  switch (type.kind) {
    case 'bool':
      return fixed(1, `b[p] === ${compact.true}`)
    case 'i8':
      return fixed(1, 'b[p] << 24 >> 24')
    case 'i16':
      return varint('r.zigzag16()')
    case 'i32':
    case 'enum':
      return varint('r.zigzag32()')
    case 'i64':
      return varint('r.zigzag64()')
    case 'double':
      return fixed(8, 'view.getFloat64(p, true)')
    case 'string':
    case 'binary':
    case 'uuid':
      return called(`r.${type.kind}()`)
    case 'struct':
      return called(`${links.nameOf(type.struct)}.decodeCompact(r, d + ${n + 1})`)
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
